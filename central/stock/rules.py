"""What happens to stock. Every change of a level goes through `_move` or `_promise`, so that levels stay provable.

Held true for products that may not be oversold: shelf never below zero, and nothing is promised that is not on the
shelf, unless people took what was promised to others; then a problem says so.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.orders.rows import LineRow
from central.packing.masses import begin
from central.stock.rows import LevelRow, Location, Movement, ProductRow, Reason
from central.tracking.rows import ProblemRow
from contract.keys import OrderId, Sku


class Cause(NamedTuple):
    """Why stock changes: a document or parcel, who did it, when."""

    reference: str
    by: str
    at: int


def keep(books: Books, row: ProductRow) -> None:
    """Add or replace a product. Another mass on file means another product to the scale: learning begins anew."""
    before = books.products.get(row.sku)
    if before == row:
        return
    books.products.put(row)
    if before is not None and before.mass_g != row.mass_g and row.mass is not None:
        books.masses.put(begin("product", row.sku, row.mass))


def receive(books: Books, sku: Sku, quantity: int, cause: Cause) -> None:
    """Goods came in. Raises `Refused` unless the product is known and the quantity above zero."""
    if quantity <= 0:
        raise Refused(
            "invalid", f"{sku}: {quantity} cannot be received; give a quantity above zero.", "quantity", str(quantity)
        )
    if sku not in books.products:
        raise not_found("product", sku)
    _move(books, sku, "", "shelf", quantity, "received", cause)


def adjust(books: Books, sku: Sku, counted: int, cause: Cause) -> None:
    """The shelf was counted: make the level what was found. Raises `Refused`."""
    if sku not in books.products:
        raise not_found("product", sku)
    if counted < 0:
        raise Refused("invalid", f"{sku}: {counted} cannot be counted; give zero or more.", "counted", str(counted))
    level = books.level(sku)
    if counted < level.reserved and not _may_oversell(books, sku):
        raise Refused(
            "conflict",
            f"{sku}: {level.reserved} are promised to orders, so the shelf cannot become {counted}; "
            "release or cancel orders first.",
            "counted",
            str(counted),
        )
    if counted > level.shelf:
        _move(books, sku, "", "shelf", counted - level.shelf, "counted", cause)
    elif counted < level.shelf:
        _move(books, sku, "shelf", "", level.shelf - counted, "counted", cause)


def reserve(books: Books, order: OrderId, at: int) -> int:
    """Promise to the order's lines what is free, line by line; return how many pieces still wait for stock."""
    waiting = 0
    for line in books.lines.of(order):
        free = line.back_ordered if _may_oversell(books, line.sku) else books.level(line.sku).available
        taken = max(0, min(free, line.back_ordered))
        if taken:
            _promise(books, line, taken, at)
        waiting += line.back_ordered - taken
    return waiting


def unreserve(books: Books, order: OrderId, at: int) -> None:
    """Give back all that was promised to the order."""
    for line in books.lines.of(order):
        if line.reserved:
            _promise(books, line, -line.reserved, at)


def unreserve_line(books: Books, line: LineRow, quantity: int, at: int) -> LineRow:
    """Give back at most `quantity` of what was promised to the line; return the line as it is now."""
    given = min(quantity, line.reserved)
    return _promise(books, line, -given, at) if given else line


def pack(books: Books, sku: Sku, quantity: int, cause: Cause) -> None:
    """Pieces went from the shelf into a parcel. They exist: a shelf that should be empty is corrected first."""
    short = quantity - books.level(sku).shelf
    if short > 0 and not _may_oversell(books, sku):
        _move(books, sku, "", "shelf", short, "found", cause)
        books.problems.append(
            ProblemRow(
                "stock_found",
                f"{sku}: {quantity} were packed but the books had {quantity - short} on the shelf; count this product",
                cause.at,
                badge=cause.by,
                sku=sku,
            )
        )
    _move(books, sku, "shelf", "packed", quantity, "packed", cause)
    level = books.level(sku)
    if level.available < 0 and not _may_oversell(books, sku):
        books.problems.append(
            ProblemRow(
                "over_promised",
                f"{sku}: {level.reserved} are promised to orders but only {level.shelf} are on the shelf, since "
                f"{quantity} went into {cause.reference} without a promise; count this product or release an order",
                cause.at,
                badge=cause.by,
                sku=sku,
            )
        )


def unpack(books: Books, sku: Sku, quantity: int, cause: Cause) -> None:
    """A parcel was taken apart: its pieces are on the shelf again."""
    _move(books, sku, "packed", "shelf", quantity, "unpacked", cause)


def ship(books: Books, sku: Sku, quantity: int, cause: Cause) -> None:
    """A parcel left the house."""
    _move(books, sku, "packed", "", quantity, "shipped", cause)


def write_off(books: Books, line: LineRow, quantity: int, reason: Reason, cause: Cause) -> None:
    """Pieces of `line` were missing or damaged: give its promise back, take them off the shelf.

    Never takes what is promised to other orders: then a problem asks for a count.
    """
    line = unreserve_line(books, line, quantity, cause.at)
    gone = max(0, min(quantity, books.level(line.sku).available))
    if gone:
        _move(books, line.sku, "shelf", "", gone, reason, cause)
    if gone < quantity:
        books.problems.append(
            ProblemRow(
                "count_needed",
                f"{line.sku}: {quantity} {reason} for order {line.order_id}, but the books had only {gone} that are "
                "not promised to other orders; count this product",
                cause.at,
                badge=cause.by,
                order_id=line.order_id,
                sku=line.sku,
            )
        )


def _may_oversell(books: Books, sku: Sku) -> bool:
    product = books.products.get(sku)
    return product is not None and bool(product.oversell)


def _promise(books: Books, line: LineRow, quantity: int, at: int) -> LineRow:
    level = books.level(line.sku)
    _set(books, level, replace(level, reserved=level.reserved + quantity), at)
    line = replace(line, reserved=line.reserved + quantity)
    books.lines.put(line)
    return line


def _move(
    books: Books, sku: Sku, source: Location, target: Location, quantity: int, reason: Reason, cause: Cause
) -> None:
    level = books.level(sku)
    shelf = level.shelf + (quantity if target == "shelf" else 0) - (quantity if source == "shelf" else 0)
    packed = level.packed + (quantity if target == "packed" else 0) - (quantity if source == "packed" else 0)
    books.movements.append(Movement(sku, source, target, quantity, reason, cause.reference, cause.by, cause.at))
    _set(books, level, LevelRow(sku, shelf, packed, level.reserved), cause.at)


def _set(books: Books, before: LevelRow, after: LevelRow, at: int) -> None:
    books.levels.put(after)
    product = books.products.get(after.sku)
    if (
        product is not None
        and product.reorder_point > 0
        and after.available <= product.reorder_point < before.available
    ):
        books.problems.append(
            ProblemRow(
                "low_stock",
                f"{after.sku} {product.name}: {after.available} left, the reorder point is {product.reorder_point}",
                at,
                sku=after.sku,
            )
        )
