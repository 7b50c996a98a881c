"""What pages and programs do with batches, the same for both."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from litestar import Request

from central.desk.books import Books
from central.desk.refused import Refused
from central.office.commands import answered, command
from central.office.office import Office
from central.orders.rules import By
from central.picking import reading, rules
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
) -> str:
    """Make a batch of these orders, or of the most urgent ones by the rule; return its number. Raises `Refused`."""
    warehouse = warehouse or office.house.warehouse_codes[0]
    if kind == "zone" and not zone:
        raise Refused("invalid", "Name the zone: the beginning of its bins' names.", "zone")
    if kind != "chosen":
        orders = await reading.candidates(office.store, kind, warehouse, zone if kind == "zone" else "", most)
    batch = batch_number(office.now(), secrets.randbits(10))
    keys = rules.keys_to_begin(batch, orders)

    async def begun(reads: Reads, done: None) -> str:
        return batch

    return await answered(
        office, request, keys, lambda books, by: rules.begin(books, batch, kind, orders, by), begun, str
    )


async def work(
    office: Office, request: Request[Any, Any, Any], batch: str, decide: Callable[[Books, By], None], code: str = ""
) -> None:
    """One step of a picker. Raises `Refused`."""
    await command(office, request, rules.keys_of(batch, code), decide)
