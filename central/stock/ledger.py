"""How levels change: every piece that moves and every promise goes through here, so that all stays provable.

Held true: a level's `shelf` and `packed`, and each bin and lot, are sums of movements; `reserved` is the sum of the
promises of the order lines that are routed to its warehouse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from central.desk.books import Books
from central.orders.rows import LineRow
from central.stock.model import day_of
from central.stock.rows import HoldingRow, LevelRow, Location, LotRow, Movement, Reason
from contract.keys import OrderId, Sku
from contract.values import StockLevel

OF_DELIVERY: Final = "delivery/"
"""How the references of movements begin that are counted on a delivery: the audit compares the two."""


class Cause(NamedTuple):
    """Why stock changes: a document or parcel, who did it, when."""

    reference: str
    by: str
    at: int


class Taken(NamedTuple):
    """Pieces of one bin and lot."""

    bin: str
    lot: str
    quantity: int


class Spot(NamedTuple):
    """A bin and a lot; both empty where pieces lie loose."""

    bin: str = ""
    lot: str = ""


LOOSE = Spot()


def move(
    books: Books,
    level: LevelRow,
    source: Location,
    target: Location,
    quantity: int,
    reason: Reason,
    cause: Cause,
    spot: Spot = LOOSE,
    *,
    to: str = "",
    serial: str = "",
) -> LevelRow:
    """Write a movement in the level's warehouse; return the level as it is now.

    `spot` is where pieces leave the shelf or come to it; from shelf to shelf they go on to the bin `to`.
    """
    shelf, packed = level.shelf, level.packed
    source_bin = target_bin = ""
    if source == "shelf":
        shelf -= quantity
        source_bin = spot.bin
        _hold(books, level, source_bin, spot.lot, -quantity)
    elif source == "packed":
        packed -= quantity
    if target == "shelf":
        shelf += quantity
        target_bin = to if source == "shelf" else spot.bin
        _hold(books, level, target_bin, spot.lot, quantity)
    elif target == "packed":
        packed += quantity
    books.movements.append(
        Movement(
            level.sku, source, target, quantity, reason, cause.reference, cause.by, cause.at,
            level.warehouse, source_bin, target_bin, spot.lot, serial,
        )
    )  # fmt: skip
    level = LevelRow(level.sku, level.warehouse, shelf, packed, level.reserved, level.pick_bin)
    books.levels.put(level)
    return level


def _hold(books: Books, level: LevelRow, bin_: str, lot: str, change: int) -> None:
    if not bin_ and not lot:
        return
    row = books.holdings.get((level.sku, level.warehouse, bin_, lot))
    row = row or HoldingRow(level.sku, level.warehouse, bin_, lot)
    books.holdings.put(replace(row, quantity=row.quantity + change))


def promise(books: Books, line: LineRow, quantity: int) -> LineRow:
    """Promise `quantity` more pieces to the line (fewer when below zero), in the warehouse its order is routed to."""
    level = books.level_at(line.sku, warehouse_of(books, line.order_id))
    books.levels.put(replace(level, reserved=level.reserved + quantity))
    line = replace(line, reserved=line.reserved + quantity)
    books.lines.put(line)
    return line


def warehouse_of(books: Books, order: OrderId) -> str:
    """Where the order is routed to."""
    row = books.orders.get(order)
    return row.warehouse if row is not None else books.standing.warehouses[0]


def may_oversell(books: Books, sku: Sku) -> bool:
    """Whether it may be promised and packed below zero."""
    product = books.products.get(sku)
    return product is not None and bool(product.oversell)


def available(shelf: int, reserved: int, unsellable: int) -> int:
    """Pieces that may be promised: on the shelf, not promised yet, of no lot that is stopped or past its date."""
    return shelf - reserved - unsellable


def free(books: Books, sku: Sku, warehouse: str, at: int) -> int:
    """What the warehouse has available."""
    level = books.level_at(sku, warehouse)
    return available(level.shelf, level.reserved, unsellable(books, sku, warehouse, at))


def unsellable(books: Books, sku: Sku, warehouse: str, at: int) -> int:
    """Pieces on the shelf that are past their date, or of a lot that is stopped."""
    lots = [row for row in books.holdings.of((sku, warehouse)) if row.lot]
    day = day_of(at) if lots else ""
    return sum(row.quantity for row in lots if not lot_of(books, row).sells_on(day))


def sellable(books: Books, sku: Sku, at: int) -> StockLevel:
    """What the whole house has of the product; only what may be promised today counts as available."""
    level = books.level(sku)
    kept = sum(unsellable(books, sku, row.warehouse, at) for row in books.levels.of(sku))
    return StockLevel(level.on_hand, level.reserved, available(level.on_hand, level.reserved, kept), level.packed)


def lot_of(books: Books, row: HoldingRow) -> LotRow:
    """What is known of the holding's lot."""
    return books.lots.get((row.sku, row.lot)) or LotRow(row.sku, row.lot)


def loose(books: Books, level: LevelRow) -> int:
    """Pieces of the level that lie in no bin and belong to no lot; below zero when more was packed than was known."""
    return level.shelf - sum(row.quantity for row in books.holdings.of((level.sku, level.warehouse)))


def take(books: Books, level: LevelRow, quantity: int, at: int, lot: str = "") -> Iterator[Taken]:
    """From which bins and lots `quantity` pieces come; what no bin has comes from the loose ones.

    First the wanted lot, then the pick bin, then what expires first, then the fullest bin. Lots that may not be sold
    come after all others.
    """
    holdings = [row for row in books.holdings.of((level.sku, level.warehouse)) if row.quantity > 0]
    if not holdings:
        yield Taken("", "", quantity)
        return
    day = day_of(at)

    def rank(row: HoldingRow) -> tuple[bool, bool, bool, str, int, str, str]:
        known = lot_of(books, row)
        return (
            bool(lot) and row.lot != lot,
            not known.sells_on(day),
            row.bin != level.pick_bin,
            known.expiry or "9999-12-31",
            -row.quantity,
            row.bin,
            row.lot,
        )

    lying = max(0, loose(books, level))
    for row in sorted(holdings, key=rank):
        # Loose pieces are on the shelf as well as any: they go before a lot that may not be sold.
        if lying and not lot_of(books, row).sells_on(day) and row.lot != lot:
            part = min(lying, quantity)
            yield Taken("", "", part)
            quantity, lying = quantity - part, 0
        part = min(row.quantity, quantity)
        if part:
            yield Taken(row.bin, row.lot, part)
            quantity -= part
        if not quantity:
            return
    yield Taken("", "", quantity)
