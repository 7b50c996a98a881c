"""Where pickers should take an order's pieces: the pick bin, then what expires first. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.stock.ledger import Taken, take, warehouse_of
from contract.keys import OrderId, Sku


def proposals(books: Books, order: OrderId, at: int) -> dict[int, list[Taken]]:
    """For each line what is promised to it, by bin and lot. Lines of one product are not sent to the same pieces."""
    warehouse = warehouse_of(books, order)
    wanted: dict[Sku, int] = {}
    for line in books.lines.of(order):
        wanted[line.sku] = wanted.get(line.sku, 0) + line.reserved
    lying = {
        sku: list(take(books, books.level_at(sku, warehouse), pieces, at)) for sku, pieces in wanted.items() if pieces
    }
    found: dict[int, list[Taken]] = {}
    for line in books.lines.of(order):
        rest = line.reserved
        while rest:
            spot = lying[line.sku].pop(0)
            part = min(rest, spot.quantity)
            found.setdefault(line.line, []).append(spot._replace(quantity=part))
            if part < spot.quantity:
                lying[line.sku].insert(0, spot._replace(quantity=spot.quantity - part))
            rest -= part
    return found
