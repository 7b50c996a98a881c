"""Orders as they are stored, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from central.desk.refused import not_found
from central.orders.address import proposal
from central.orders.answers import OrderAnswer, OrderLine, OrderPage, OrderSummary
from central.orders.finding import Filters, find
from central.orders.model import Complaint, Contact, NewLine, Note
from central.orders.rows import NEVER
from central.orders.urgency import PRIORITIES
from central.payments import reading as payments
from central.payments.answers import Paid
from central.policy.model import Actions
from central.shipping import reading as parcels
from central.shops.comparing import contested_in, differences
from central.shops.model import Difference, Word
from central.shops.reading import told_of
from central.store.store import Page, Reads, Store, of_one_moment
from central.tracking.reading import timeline
from contract.keys import OrderId
from contract.values import Address


async def search(store: Store, filters: Filters, after: str = "", limit: int = 50, sort: str = "") -> OrderPage:
    """Orders that fit, usually newest first. Raises `Refused` for a filter that is none."""
    found = await find(store, filters, after, limit, sort)
    return OrderPage(await listed(store, found.orders), found.next)


async def listed(store: Store, orders: Sequence[str]) -> tuple[OrderSummary, ...]:
    """What a list shows of these orders, as they are given."""
    if not orders:
        return ()
    rows = await store.read("orders.listed", (msgspec.json.encode(orders).decode(),))
    known = {row["order_id"]: row for row in rows}
    return tuple(_summary(known[order]) for order in orders if order in known)


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
        priority=PRIORITIES[row["priority"]],
        version=row["version"],
    )


async def open_by_status(store: Store) -> dict[str, int]:
    """How many orders there are in each status that is not the end of an order's life."""
    return {row["status"]: row["orders"] for row in await store.read("orders.count_open")}


@of_one_moment
async def one(store: Reads, order: OrderId) -> OrderAnswer:
    """Raises `Refused` when there is no such order."""
    rows = await store.read("orders.one", (order,))
    if not rows:
        raise not_found("order", order)
    (row,) = rows
    lines = await store.read("orders.lines_of", (order,))
    ship_to = msgspec.json.decode(row["ship_to"], type=Address)
    held = msgspec.json.decode(row["held"], type=tuple[Complaint, ...])
    decided = msgspec.json.decode(row["decided"], type=Actions) if row["decided"] else Actions()
    merged = await store.read("orders.merged_with", (row["merged_into"],)) if row["merged_into"] else []
    return OrderAnswer(
        order=row["order_id"],
        status=row["status"],
        placed_at=row["placed_at"],
        ship_to=ship_to,
        rules=decided.rules,
        documents=decided.documents,
        proposed=proposal(ship_to),
        contact=Contact(row["email"], row["phone"], row["language"]),
        payment=Paid(
            row["payment"],
            row["payment_method"],
            row["payment_reference"],
            row["paid_amount"],
            row["refunded_amount"],
            max(0, row["total"] - row["paid_amount"]),
            await payments.of_order(store, order),
        ),
        currency=row["currency"],
        total=row["total"],
        service=row["service"],
        gift_note=row["gift_note"],
        notes=msgspec.json.decode(row["notes"], type=tuple[Note, ...]),
        tote=row["tote"],
        warehouse=row["warehouse"],
        pick_list=row["pick_list"],
        photo=row["photo"] or None,
        promised_at=row["promised_at"],
        source=row["source"],
        held=held,
        lines=tuple(msgspec.convert(line, OrderLine) for line in lines),
        parcels=await parcels.of_order(store, order),
        timeline=await timeline(store, f"order/{order}"),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        version=row["version"],
        merged_with=tuple(each["order_id"] for each in merged),
        priority=PRIORITIES[row["priority"]],
        priority_reason=row["priority_reason"],
        due_at=None if row["due_at"] >= NEVER else row["due_at"],
        differs=await _differs(store, order, row, held, lines),
    )


async def _differs(
    store: Reads, order: OrderId, row: Mapping[str, Any], held: Sequence[Complaint], lines: Page
) -> tuple[Difference, ...]:
    """Both sides of what waits for a choice between its shop and the office."""
    contested = contested_in(held)
    told = await told_of(store, order) if contested else None
    if told is None:
        return ()
    ours = Word(
        msgspec.json.decode(row["ship_to"], type=Address),
        row["email"],
        row["phone"],
        row["language"],
        row["gift_note"],
        row["total"],
        (),
        tuple(NewLine(line["sku"], line["ordered"] - line["cancelled"]) for line in lines),
        row["service"],
    )
    return differences(contested, ours, told, row["currency"])
