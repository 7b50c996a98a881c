"""From which warehouse an order goes: one for the whole order."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from central.desk.books import Books
from central.stock.ledger import free, may_oversell
from contract.keys import OrderId, Sku


def choose(books: Books, order: OrderId, at: int) -> None:
    """Route the order unless a person did, it is to be packed with others, or something of it is promised or packed.

    The first warehouse that has all of it, else the one that can send most; of equals the first.
    """
    row = books.orders.get(order)
    if len(books.standing.warehouses) == 1 or row is None or row.routed_by or row.merged_into:
        return
    lines = books.lines.of(order)
    if any(line.reserved or line.packed for line in lines):
        return
    wanted: Counter[Sku] = Counter()
    for line in lines:
        wanted[line.sku] += line.to_pack
    warehouse = max(books.standing.warehouses, key=lambda each: _can_send(books, wanted, each, at))
    if warehouse != row.warehouse:
        books.orders.put(replace(row, warehouse=warehouse))


def _can_send(books: Books, wanted: Counter[Sku], warehouse: str, at: int) -> int:
    return sum(
        pieces if may_oversell(books, sku) else max(0, min(pieces, free(books, sku, warehouse, at)))
        for sku, pieces in wanted.items()
    )
