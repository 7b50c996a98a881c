"""The queue: what is still to be packed, in the order in which stations draw it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from central.office.paging import page_of
from central.orders.model import Complaint
from central.orders.rows import NEVER
from central.orders.status import Status
from central.orders.urgency import PRIORITIES, Priority
from central.store.store import Store
from contract.values import Address

Part: TypeAlias = Literal["", "ready", "at_station", "stopped"]
"""`ready`: stations draw it, or have it at hand and not opened. `at_station`: one packs it, or put it down.
`stopped`: held, unpaid or without stock."""
Punctuality: TypeAlias = Literal["", "at_risk", "late"]
"""`late`: its carrier has left. `at_risk`: it leaves soon."""


class Queued(Struct, frozen=True):
    """An order that is still to be packed. Moments in milliseconds since the epoch."""

    order: str
    placed_at: int
    status: Status
    name: str
    city: str
    country: str
    payment: str
    service: str
    priority: Priority
    priority_reason: str
    due_at: int | None
    """By when it must be packed to leave in time; null when nothing says so."""
    promised_at: int | None
    punctuality: Punctuality
    pieces: int
    """Still to be packed."""
    reserved: int
    """Of these, on the shelf for it."""
    station: str
    """Where it is being packed, or was put down; empty when it is nowhere."""
    held: tuple[Complaint, ...]


class QueuePage(Struct, frozen=True):
    """One page of the queue, the most urgent first."""

    items: tuple[Queued, ...]
    next: str | None
    """Give it as `after` to get the next page; null on the last one."""
    late: int
    """Of the whole queue."""
    at_risk: int


async def queue(
    store: Store,
    now: int,
    part: Part = "",
    punctuality: Punctuality = "",
    after: str = "",
    limit: int = 50,
    sort: str = "",
) -> QueuePage:
    """What is still to be packed, usually the most urgent first; `at_risk` has what is late too. Raises `Refused`."""
    soon = now + store.standing.warn_ms
    before = {"": NEVER + 1, "at_risk": soon, "late": now}[punctuality]
    rows, more = await page_of(store, "orders.queue", (part, before), sort, after, limit)
    (counted,) = await store.read("orders.punctuality", (now, soon))
    items = tuple(_queued(row, now, soon) for row in rows)
    return QueuePage(items, more, counted["late"], counted["at_risk"])


def _queued(row: Mapping[str, Any], now: int, soon: int) -> Queued:
    address = msgspec.json.decode(row["ship_to"], type=Address)
    due_at = row["due_at"]
    return Queued(
        order=row["order_id"],
        placed_at=row["placed_at"],
        status=row["status"],
        name=row["name"],
        city=address.city,
        country=address.country,
        payment=row["payment"],
        service=row["service"],
        priority=PRIORITIES[row["priority"]],
        priority_reason=row["priority_reason"],
        due_at=None if due_at >= NEVER else due_at,
        promised_at=row["promised_at"],
        punctuality="late" if due_at < now else "at_risk" if due_at < soon else "",
        pieces=row["pieces"],
        reserved=row["reserved"],
        station=row["station"],
        held=msgspec.json.decode(row["held"], type=tuple[Complaint, ...]),
    )


class CutOff(Struct, frozen=True):
    """Orders that must be packed by one moment, to go with one service."""

    due_at: int
    service: str
    orders: int
    stopped: int
    """Held, unpaid or without stock."""
    at_station: int


async def cut_offs(store: Store, limit: int = 8) -> tuple[CutOff, ...]:
    """The next ones, those that have passed first; orders that nothing is due for are not among them."""
    return tuple(msgspec.convert(row, CutOff) for row in await store.read("orders.cutoffs", (limit, NEVER)))
