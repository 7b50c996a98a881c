"""Parcels as they are stored, for routes and pages."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import msgspec

from central.desk.refused import not_found
from central.office.paging import known_filter, page_of
from central.shipping.answers import LabelAnswer, ParcelAnswer, ParcelPage, ParcelSummary
from central.store.store import Reads, Store, of_one_moment
from central.tracking.answers import TimelineEntry, TrackingEvent
from central.tracking.reading import timeline
from central.tracking.vocabulary import Status
from contract.keys import OrderId
from contract.values import Override, PackedLine, Photo, Weighing

FOUND: Final = get_args(Status)
"""The statuses that a list may be narrowed to."""


def _summary(row: Mapping[str, Any]) -> ParcelSummary:
    return ParcelSummary(
        row["sscc"],
        row["status"],
        msgspec.json.decode(row["orders"], type=tuple[str, ...]),
        row["number"],
        row["station"],
        row["badge"],
        row["box"],
        row["grams"],
        row["closed_at"],
        row["carrier"],
        row["tracking_number"],
        row["held"],
        row["status_at"],
    )


async def search(
    store: Store, text: str = "", status: str = "", held: bool = False, after: str = "", limit: int = 50, sort: str = ""
) -> ParcelPage:
    """Parcels, usually newest first. Raises `Refused` for a status that no parcel can have."""
    known_filter("status", status, FOUND)
    query, places = ("shipping.search", (text,)) if text else ("shipping.listed", ())
    rows, more = await page_of(store, query, (status, int(held), *places), sort, after, limit)
    return ParcelPage(tuple(_summary(row) for row in rows), more)


async def of_order(store: Reads, order: OrderId) -> tuple[ParcelSummary, ...]:
    """An order's parcels, the first one first."""
    return tuple(_summary(row) for row in await store.read("shipping.of_order", (order,)))


@of_one_moment
async def one(store: Reads, sscc: str) -> ParcelAnswer:
    """Raises `Refused` when there is no such parcel."""
    rows = await store.read("shipping.one", (sscc,))
    if not rows:
        raise not_found("parcel", sscc)
    return await _whole(store, rows[0])


async def by_token(store: Store, token: str) -> ParcelAnswer | None:
    """The parcel behind a customer's link."""
    rows = await store.read("shipping.by_token", (token,))
    return await _whole(store, rows[0]) if rows else None


async def label_file(store: Store, sscc: str) -> tuple[str, bytes]:
    """What kind of file the label of a parcel's carrier is, and the file. Raises `Refused` where there is none."""
    rows = await store.read("shipping.label_file", (sscc,))
    if not rows:
        raise not_found("carrier's label of parcel", sscc)
    return rows[0]["form"], b64decode(rows[0]["file"])


async def labelled(store: Store, parcels: Iterable[str]) -> frozenset[str]:
    """Which of these parcels have a label from their carrier."""
    rows = await store.read("shipping.labelled", (msgspec.json.encode(list(parcels)).decode(),))
    return frozenset(row["sscc"] for row in rows)


async def _whole(store: Reads, row: Mapping[str, Any]) -> ParcelAnswer:
    labels = await store.read("shipping.label_of", (row["sscc"],))
    events = await store.read("tracking.events_of", (row["sscc"],))
    entries: tuple[TimelineEntry, ...] = await timeline(store, f"parcel/{row['sscc']}")
    return ParcelAnswer(
        sscc=row["sscc"],
        status=row["status"],
        orders=msgspec.json.decode(row["orders"], type=tuple[str, ...]),
        number=row["number"],
        contents=msgspec.json.decode(row["contents"], type=tuple[PackedLine, ...]),
        weighing=msgspec.json.decode(row["weighing"], type=Weighing) if row["weighing"] else None,
        overrides=msgspec.json.decode(row["overrides"] or "[]", type=tuple[Override, ...]),
        station=row["station"],
        badge=row["badge"],
        box=row["box"],
        grams=row["grams"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        booked_at=row["booked_at"],
        carrier=row["carrier"],
        tracking_number=row["tracking_number"],
        carrier_label=msgspec.convert(labels[0], LabelAnswer) if labels else None,
        materials=msgspec.json.decode(row["materials"], type=tuple[str, ...]),
        photo=msgspec.json.decode(row["photo"], type=Photo) if row["photo"] else None,
        tracking_path=f"/t/{row['token']}",
        held=row["held"],
        events=tuple(msgspec.convert(event, TrackingEvent) for event in events),
        timeline=entries,
    )
