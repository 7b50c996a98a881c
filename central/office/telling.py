"""Timelines for pages: an order's with what happened to its parcels, and the names of those who did it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from central.store.store import Store
from central.tracking.answers import TimelineEntry
from central.tracking.reading import timeline


async def with_parcels(
    store: Store, entries: Sequence[TimelineEntry], parcels: Iterable[str]
) -> tuple[TimelineEntry, ...]:
    """An order's timeline with the papers and holds of its parcels, each led by its SSCC."""
    found = list(entries)
    for sscc in parcels:
        told = await timeline(store, f"parcel/{sscc}")
        found += [replace(entry, text=f"{sscc} {entry.text}".strip()) for entry in told]
    return tuple(sorted(found, key=lambda entry: entry.at))


async def names(store: Store, told_by: Iterable[str]) -> dict[str, str]:
    """Of people by their badges; `told_by`: badges, and whatever else did something."""
    badges = sorted(set(told_by) - {""})
    rows = await store.read("people.names_of_badges", (msgspec.json.encode(badges).decode(),)) if badges else ()
    return {row["badge"]: row["name"] for row in rows}
