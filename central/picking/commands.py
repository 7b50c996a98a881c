"""What pages and programs do with batches, the same for both."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from litestar import Request

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.office.commands import answered
from central.office.office import Office
from central.orders.rules import By
from central.picking import reading, rules
from central.picking.answers import BatchAnswer
from central.picking.model import BatchKind, batch_number
from central.store.store import Reads
from contract.keys import OrderId


async def begin(
    office: Office,
    request: Request[Any, Any, Any],
    kind: BatchKind,
    orders: tuple[OrderId, ...] = (),
    *,
    warehouse: str = "",
    zone: str = "",
    most: int = 10,
) -> BatchAnswer:
    """Make a batch of these orders, or of the most urgent ones by the rule. Raises `Refused`."""
    warehouse = warehouse or office.house.warehouse_codes[0]
    if kind == "zone" and not zone:
        raise Refused("invalid", "Name the zone: the beginning of its bins' names.", "zone")
    if kind != "chosen":
        orders = await reading.candidates(office.store, kind, warehouse, zone if kind == "zone" else "", most)
    batch = batch_number(office.now(), secrets.randbits(10))
    keys = rules.keys_to_begin(batch, orders)
    return await _told(office, request, batch, keys, lambda books, by: rules.begin(books, batch, kind, orders, by))


async def work(
    office: Office, request: Request[Any, Any, Any], batch: str, decide: Callable[[Books, By], None], code: str = ""
) -> BatchAnswer:
    """One step of a picker. Raises `Refused`."""
    return await _told(office, request, batch, rules.keys_of(batch, code), decide)


async def _told(
    office: Office, request: Request[Any, Any, Any], batch: str, keys: Keys, decide: Callable[[Books, By], None]
) -> BatchAnswer:
    """Carry out one command on a batch and show it as it is then."""

    async def read(reads: Reads, done: None) -> BatchAnswer:
        return await reading.one(reads, batch)

    return await answered(office, request, keys, decide, read, BatchAnswer)
