"""What happens to stock: receiving, counting, promising, packing, shipping, writing off.

Held true for products that may not be oversold: shelf never below zero, and nothing is promised that is not on the
shelf. Where people took what was promised to others, a problem says so, and the transaction leaves the product's mark:
`central.orders.serving` takes those promises back.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.orders.rows import LineRow
from central.packing.masses import begin
from central.shipping.rows import item_key
from central.stock.ledger import (
    LOOSE,
    OF_DELIVERY,
    Cause,
    Spot,
    free,
    loose,
    may_oversell,
    move,
    promise,
    take,
    warehouse_of,
)
from central.stock.model import Lot, Place, is_day
from central.stock.routing import choose
from central.stock.rows import LevelRow, LotRow, ProductRow, Reason
from central.tracking.rows import ProblemRow
from contract.keys import OrderId, Sku


def keep(books: Books, row: ProductRow) -> None:
    """Add or replace a product. Another mass on file means another product to the scale: learning begins anew."""
    before = books.products.get(row.sku)
    if before == row:
        return
    books.products.put(row)
    if before is not None and before.mass_g != row.mass_g and row.mass is not None:
        books.masses.put(begin("product", row.sku, row.mass))


def receive(
    books: Books,
    sku: Sku,
    quantity: int,
    cause: Cause,
    place: Place | None = None,
    lot: Lot | None = None,
    serials: tuple[str, ...] = (),
) -> None:
    """Goods came in, to a place (the first warehouse's pick bin when none is named). Raises `Refused`.

    Each of `serials` is one of the pieces. Load with `Keys(lots_of={sku})` to receive a lot, with `serials` for these.
    """
    if quantity <= 0:
        raise Refused(
            "invalid", f"{sku}: {quantity} cannot be received; give a quantity above zero.", "quantity", str(quantity)
        )
    level = _level(books, sku, place)
    if len(serials) > quantity or len(set(serials)) < len(serials):
        raise Refused("invalid", f"{sku}: give each of the {quantity} pieces one serial number.", "serials", "")
    spot = Spot(place.bin if place and place.bin else level.pick_bin, "")
    if lot is not None and lot.name:
        know_lot(books, sku, lot)
        spot = Spot(spot.bin, lot.name)
    # What was packed before it was booked has left the bin already.
    owed = min(quantity, max(0, -loose(books, level)))
    there = quantity - owed
    for pieces, named, to in ((owed, serials[there:], LOOSE), (there, serials[:there], spot)):
        for serial in named:
            level = move(books, level, "", "shelf", 1, "received", cause, to, serial=serial)
        if pieces > len(named):
            level = move(books, level, "", "shelf", pieces - len(named), "received", cause, to)
    _tell_twice(books, sku, serials, cause)


def receive_by_hand(books: Books, sku: Sku, quantity: int, cause: Cause) -> None:
    """Goods came in that no delivery in the books told of. Raises `Refused`."""
    if cause.reference.startswith(OF_DELIVERY):
        text = f"{cause.reference} stands for a delivery that is expected here; receive its goods on the delivery."
        raise Refused("invalid", text, "reference", cause.reference)
    receive(books, sku, quantity, cause)


def _tell_twice(books: Books, sku: Sku, serials: tuple[str, ...], cause: Cause) -> None:
    """A number that came before is one piece counted twice or misread; one that was sent out since has come back."""
    out = {row.item for row in books.traces}
    for serial in serials:
        item = item_key(sku, serial)
        if item in books.serials and item not in out:
            before = books.serials[item] or "another receipt"
            text = f"{sku} number {serial} was received before, by {before}; look at the piece and count this product"
            books.problems.append(ProblemRow("serial_received_twice", text, cause.at, badge=cause.by, sku=sku))
        books.serials[item] = cause.reference


def know_lot(books: Books, sku: Sku, lot: Lot) -> None:
    """Keep the lot's expiry. Raises `Refused` for one that is no date, or not the one that is known."""
    if lot.expiry and not is_day(lot.expiry):
        raise Refused("invalid", f"{sku}: {lot.expiry} is not a date such as 2027-05-31.", "expiry", lot.expiry)
    known = books.lots.get((sku, lot.name))
    if known is None:
        books.lots.put(LotRow(sku, lot.name, lot.expiry))
    elif lot.expiry and known.expiry and known.expiry != lot.expiry:
        raise Refused(
            "conflict", f"{sku}: lot {lot.name} expires on {known.expiry}, not on {lot.expiry}.", "expiry", lot.expiry
        )
    elif lot.expiry and not known.expiry:
        books.lots.put(replace(known, expiry=lot.expiry))


def adjust(books: Books, sku: Sku, counted: int, cause: Cause, warehouse: str = "") -> None:
    """A warehouse's whole shelf was counted: make the level what was found. Raises `Refused`.

    What is missing is taken where packers would take it; what is more goes to the pick bin.
    """
    level = _level(books, sku, Place(warehouse) if warehouse else None)
    if counted < 0:
        raise Refused("invalid", f"{sku}: {counted} cannot be counted; give zero or more.", "counted", str(counted))
    if counted < level.reserved and not may_oversell(books, sku):
        raise Refused(
            "conflict",
            f"{sku}: {level.reserved} are promised to orders, so the shelf cannot become {counted}; "
            "release or cancel orders first.",
            "counted",
            str(counted),
        )
    books.counted.add(sku)
    if counted > level.shelf:
        move(books, level, "", "shelf", counted - level.shelf, "counted", cause, Spot(level.pick_bin))
    elif counted < level.shelf:
        take_out(books, level, level.shelf - counted, "counted", cause)


def reserve(books: Books, order: OrderId, at: int) -> int:
    """Promise to the order's lines what is free, line by line; return how many pieces still wait for stock.

    An order that has nothing anywhere yet is routed first.
    """
    choose(books, order, at)
    return sum(reserve_line(books, line, at) for line in books.lines.of(order))


def reserve_line(books: Books, line: LineRow, at: int) -> int:
    """Promise to the line what is free of what it wants; return how many pieces still wait for stock."""
    wanted = line.back_ordered
    if wanted <= 0:
        return 0
    oversold = may_oversell(books, line.sku)
    there = wanted if oversold else free(books, line.sku, warehouse_of(books, line.order_id), at)
    taken = max(0, min(there, wanted))
    if taken:
        promise(books, line, taken)
    return wanted - taken


def unreserve(books: Books, order: OrderId) -> None:
    """Give back all that was promised to the order."""
    for line in books.lines.of(order):
        if line.reserved:
            promise(books, line, -line.reserved)


def unreserve_line(books: Books, line: LineRow, quantity: int) -> LineRow:
    """Give back at most `quantity` of what was promised to the line; return the line as it is now."""
    given = min(quantity, line.reserved)
    return promise(books, line, -given) if given else line


def pack(
    books: Books, sku: Sku, quantity: int, cause: Cause, warehouse: str, lots: Mapping[str, int] | None = None
) -> None:
    """Pieces went from the shelf into a parcel; `lots` says of which lots they are known to be.

    They exist: a shelf that should be empty is corrected first.
    """
    level = books.level_at(sku, warehouse)
    short = quantity - level.shelf
    if short > 0 and not may_oversell(books, sku):
        level = move(books, level, "", "shelf", short, "found", cause)
        books.problems.append(
            ProblemRow(
                "stock_found",
                f"{sku}: {quantity} were packed but the books had {quantity - short} on the shelf; count this product",
                cause.at,
                badge=cause.by,
                sku=sku,
            )
        )
    rest = quantity
    for lot, part in (lots or {}).items():
        level = _pack_lot(books, level, min(part, rest), cause, lot)
        rest -= min(part, rest)
    if rest:
        level = _into_parcel(books, level, rest, cause)
    if level.unpromised < 0 and not may_oversell(books, sku):
        books.problems.append(
            ProblemRow(
                "over_promised",
                f"{sku}: {level.reserved} are promised to orders but only {level.shelf} are on the shelf, since "
                f"{quantity} went into {cause.reference} without a promise; the newest orders wait for stock again; "
                "count this product",
                cause.at,
                badge=cause.by,
                sku=sku,
            )
        )


def _pack_lot(books: Books, level: LevelRow, quantity: int, cause: Cause, lot: str) -> LevelRow:
    """Pieces that carry a lot's name; where the books know lots and have fewer of this one, something is wrong."""
    lots = [row for row in books.holdings.of((level.sku, level.warehouse)) if row.lot]
    there = sum(row.quantity for row in lots if row.lot == lot)
    if lots and quantity > there:
        books.problems.append(
            ProblemRow(
                "lot_differs",
                f"{level.sku}: {quantity} of lot {lot} went into {cause.reference} but the books had {there} of it; "
                "count this product",
                cause.at,
                badge=cause.by,
                sku=level.sku,
            )
        )
    return _into_parcel(books, level, quantity, cause, lot) if quantity else level


def _into_parcel(books: Books, level: LevelRow, quantity: int, cause: Cause, lot: str = "") -> LevelRow:
    for taken in list(take(books, level, quantity, cause.at, lot)):
        level = move(books, level, "shelf", "packed", taken.quantity, "packed", cause, Spot(taken.bin, taken.lot))
    return level


def unpack(
    books: Books, sku: Sku, quantity: int, cause: Cause, warehouse: str, lots: Mapping[str, int] | None = None
) -> None:
    """A parcel was taken apart: its pieces are in the pick bin again, of the lots that were told when it was packed."""
    level = books.level_at(sku, warehouse)
    for lot, told in (lots or {}).items():
        part = min(told, quantity)
        if part:
            level = move(books, level, "packed", "shelf", part, "unpacked", cause, Spot(level.pick_bin, lot))
            quantity -= part
    if quantity:
        move(books, level, "packed", "shelf", quantity, "unpacked", cause, Spot(level.pick_bin))


def ship(books: Books, sku: Sku, quantity: int, cause: Cause, warehouse: str) -> None:
    """A parcel left the house."""
    level = books.level_at(sku, warehouse)
    move(books, level, "packed", "", quantity, "shipped", cause)


def write_off(books: Books, line: LineRow, quantity: int, reason: Reason, cause: Cause, warehouse: str) -> None:
    """Pieces of `line` were missing or damaged: give its promise back, take them off the shelf.

    Never takes what is promised to other orders: then a problem asks for a count.
    """
    line = unreserve_line(books, line, quantity)
    level = books.level_at(line.sku, warehouse)
    gone = max(0, min(quantity, level.unpromised))
    if gone:
        take_out(books, level, gone, reason, cause)
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


def take_out(books: Books, level: LevelRow, quantity: int, reason: Reason, cause: Cause) -> LevelRow:
    """Pieces are gone: take them where packers would."""
    for taken in list(take(books, level, quantity, cause.at)):
        level = move(books, level, "shelf", "", taken.quantity, reason, cause, Spot(taken.bin, taken.lot))
    return level


def _level(books: Books, sku: Sku, place: Place | None) -> LevelRow:
    """The level of a known product in a warehouse of ours. Raises `Refused`."""
    if sku not in books.products:
        raise not_found("product", sku)
    if place is not None and place.warehouse not in books.standing.warehouses:
        raise not_found("warehouse", place.warehouse)
    return books.level_at(sku, place.warehouse if place else books.standing.warehouses[0])
