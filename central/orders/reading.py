"""Orders as they are stored, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from central.desk.refused import not_found
from central.office.paging import PAST_ALL, cursor, like, place
from central.orders.answers import OrderAnswer, OrderLine, OrderPage, OrderSummary, Paid
from central.orders.model import Complaint, Contact, Note
from central.shipping import reading as parcels
from central.store.store import Store
from central.tracking.reading import timeline
from contract.keys import OrderId
from contract.values import Address


class Filters(Struct, frozen=True):
    """What a list of orders is narrowed to; empty texts narrow nothing."""

    text: str = ""
    """Number, consignee, e-mail, SKU or tracking number."""
    status: str = ""
    payment: str = ""
    source: str = ""
    placed_from: int = 0
    placed_before: int = PAST_ALL


async def search(store: Store, filters: Filters, after: str = "", limit: int = 50) -> OrderPage:
    """Orders, newest first."""
    placed_at, order = place(after, tuple[int, str], (PAST_ALL, ""))
    text = filters.text.strip()
    rows = await store.read(
        "orders.search",
        (
            text,
            like(text),
            filters.status,
            filters.payment,
            filters.source,
            filters.placed_from,
            filters.placed_before,
            placed_at,
            order,
            limit + 1,
        ),
    )
    more = cursor(rows[limit - 1]["placed_at"], rows[limit - 1]["order_id"]) if len(rows) > limit else None
    return OrderPage(tuple(_summary(row) for row in rows[:limit]), more)


def _summary(row: Mapping[str, Any]) -> OrderSummary:
    address = msgspec.json.decode(row["ship_to"], type=Address)
    return OrderSummary(
        order=row["order_id"],
        placed_at=row["placed_at"],
        status=row["status"],
        name=row["name"],
        city=address.city,
        country=address.country,
        payment=row["payment"],
        currency=row["currency"],
        total=row["total"],
        service=row["service"],
        source=row["source"],
        pieces=row["pieces"],
        packed=row["packed"],
        shipped=row["shipped"],
        held=msgspec.json.decode(row["held"], type=tuple[Complaint, ...]),
        promised_at=row["promised_at"],
    )


async def by_status(store: Store) -> dict[str, int]:
    """How many orders there are in each status."""
    return {row["status"]: row["orders"] for row in await store.read("orders.count_by_status")}


async def one(store: Store, order: OrderId) -> OrderAnswer:
    """Raises `Refused` when there is no such order."""
    rows = await store.read("orders.one", (order,))
    if not rows:
        raise not_found("order", order)
    (row,) = rows
    lines = await store.read("orders.lines_of", (order,))
    return OrderAnswer(
        order=row["order_id"],
        status=row["status"],
        placed_at=row["placed_at"],
        ship_to=msgspec.json.decode(row["ship_to"], type=Address),
        contact=Contact(row["email"], row["phone"], row["language"]),
        payment=Paid(row["payment"], row["payment_method"], row["payment_reference"], row["paid_amount"]),
        currency=row["currency"],
        total=row["total"],
        service=row["service"],
        gift_note=row["gift_note"],
        notes=msgspec.json.decode(row["notes"], type=tuple[Note, ...]),
        tote=row["tote"],
        pick_list=row["pick_list"],
        promised_at=row["promised_at"],
        source=row["source"],
        held=msgspec.json.decode(row["held"], type=tuple[Complaint, ...]),
        lines=tuple(msgspec.convert(line, OrderLine) for line in lines),
        parcels=await parcels.of_order(store, order),
        timeline=await timeline(store, f"order/{order}"),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        version=row["version"],
    )
