"""What is true of the books whatever happened: one set of sentences for the rules in memory and for a real store.

The books must hold everything: all orders, parcels, levels, and every movement, problem and timeline entry so far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final, cast

from central.desk.books import Books
from central.orders.merging import destination
from central.orders.rows import LineRow, OrderRow
from central.orders.status import status_of
from central.payments.rules import payments_of, settled
from central.shipping.rows import ParcelLineRow, ParcelRow
from central.stock.ledger import may_oversell
from central.stock.rows import LevelRow
from contract.keys import OrderId, Sku

_WAYS: Final[dict[str, set[tuple[str, str]]]] = {
    "received": {("", "shelf")},
    "found": {("", "shelf")},
    "counted": {("", "shelf"), ("shelf", "")},
    "packed": {("shelf", "packed")},
    "unpacked": {("packed", "shelf")},
    "shipped": {("packed", "")},
    "missing": {("shelf", "")},
    "damaged": {("shelf", "")},
    "transferred": {("", "shelf"), ("shelf", "")},
    "put_away": {("shelf", "shelf")},
}
"""From where to where pieces go for each reason."""


def assert_provable(books: Books, marked: Collection[str] = ()) -> None:
    """Stock follows from movements and promises, lines from parcels, statuses from lines, money from payments.

    `marked`: products whose mark is still to be served.
    """
    assert_ledger(books)
    assert_promises(books, marked)
    for line in books.lines:
        assert_line(books, line)
    for level in books.levels:
        assert level.packed == _in_parcels(books, level), level
    for parcel in books.parcels:
        assert_parcel(books, parcel)
    for order in books.orders:
        assert_order(books, order)
    assert_merges(books)
    assert_leases(books)


def assert_ledger(books: Books) -> None:
    """Each level is the sum of its movements, in each warehouse, each bin and lot too; on the road nothing is lost."""
    moved: Counter[tuple[Sku, str, str]] = Counter()
    spots: Counter[tuple[Sku, str, str, str]] = Counter()
    on_the_road: Counter[Sku] = Counter()
    for each in books.movements:
        assert each.quantity > 0, each
        assert (each.source, each.target) in _WAYS[each.reason], each
        if each.reason == "transferred":
            on_the_road[each.sku] += each.quantity if each.source else -each.quantity
        for place, bin_, sign in ((each.source, each.source_bin, -1), (each.target, each.target_bin, 1)):
            moved[each.sku, each.warehouse, place] += sign * each.quantity
            if place == "shelf" and (bin_ or each.lot):
                spots[each.sku, each.warehouse, bin_, each.lot] += sign * each.quantity
    assert not any(on_the_road.values()), on_the_road
    levels = {(level.sku, level.warehouse) for level in books.levels}
    assert {(sku, warehouse) for sku, warehouse, _ in moved} <= levels
    for level in books.levels:
        assert level.shelf == moved[level.sku, level.warehouse, "shelf"], level
        assert level.packed == moved[level.sku, level.warehouse, "packed"], level
        assert level.shelf >= 0 or may_oversell(books, level.sku), level
    assert {key: pieces for key, pieces in spots.items() if pieces} == {
        (row.sku, row.warehouse, row.bin, row.lot): row.quantity for row in books.holdings if row.quantity
    }


def _in_parcels(books: Books, level: LevelRow) -> int:
    """Pieces in the warehouse's parcels that are still here."""
    here = {row.sscc for row in books.parcels if is_here(row) and row.warehouse == level.warehouse}
    return sum(piece.quantity for piece in books.parcel_lines if piece.sscc in here and piece.sku == level.sku)


def is_here(parcel: ParcelRow) -> bool:
    return parcel.shipped_at is None and parcel.status != "voided"


def assert_promises(books: Books, marked: Collection[str] = ()) -> None:
    """What is reserved is promised to lines, and lies on the shelf unless the product's mark is still to be served."""
    promised: Counter[tuple[Sku, str]] = Counter()
    for line in books.lines:
        promised[line.sku, books.orders[line.order_id].warehouse] += line.reserved
    for level in books.levels:
        assert level.reserved == promised.pop((level.sku, level.warehouse), 0), level
    assert not any(promised.values()), promised
    assert over_promised(books) <= set(marked)


def over_promised(books: Books) -> set[Sku]:
    """Products of which a warehouse promised more than it has, though they may not be oversold."""
    return {level.sku for level in books.levels if level.unpromised < 0 and not may_oversell(books, level.sku)}


def assert_line(books: Books, line: LineRow) -> None:
    """A line counts what its parcels hold of it, each piece on each stage once."""
    assert 0 <= line.delivered <= line.shipped <= line.packed <= line.ordered - line.cancelled, line
    assert 0 <= line.returned <= line.shipped, line
    assert 0 <= line.reserved <= line.to_pack, line
    assert line.cancelled >= 0, line
    pieces = [row for row in books.parcel_lines if (row.order_id, row.line) == (line.order_id, line.line)]
    for piece in pieces:
        assert 0 <= piece.counted <= piece.quantity, piece
    if line.supplier:
        assert line.shipped <= line.supplier_ordered, line
        assert line.packed == line.shipped, line
        return
    assert line.packed == sum(piece.counted for piece in pieces), line
    for stage in ("shipped", "delivered", "returned"):
        went = sum(piece.counted for piece in pieces if getattr(_parcel_of(books, piece), f"{stage}_at") is not None)
        assert getattr(line, stage) == went, (stage, line)


def _parcel_of(books: Books, piece: ParcelLineRow) -> ParcelRow:
    return books.parcels[piece.sscc]


def assert_parcel(books: Books, parcel: ParcelRow) -> None:
    """A parcel has the pieces that it was told with; taken apart it counts for nothing; a wrong one does not leave."""
    told: Counter[tuple[OrderId, int, Sku]] = Counter()
    for packed in parcel.packed_lines:
        told[packed.order, packed.line, packed.sku] += max(0, packed.quantity)
    held = [row for row in books.parcel_lines if row.sscc == parcel.sscc]
    if parcel.status == "voided":
        assert not any(row.counted for row in held), parcel
    else:
        assert {(row.order_id, row.line, row.sku): row.quantity for row in held} == +told
    if is_here(parcel):
        for order in parcel.order_ids:
            row = books.orders.get(order)
            if row is None or row.cancelled:
                assert parcel.held or _let_go(books, parcel, order), parcel


def _let_go(books: Books, parcel: ParcelRow, order: OrderId) -> bool:
    """Whether somebody let it leave after the order was cancelled."""
    told = [(each.what, each.text) for each in books.timeline if each.subject == f"order/{order}"]
    let_go = ("parcel_let_go", str(parcel.sscc))
    if let_go not in told:
        return False
    last = len(told) - 1 - told[::-1].index(let_go)
    return not any(what == "order_cancelled" for what, _ in told[last:])


def assert_order(books: Books, order: OrderRow) -> None:
    """The payment follows from the money; a cancelled order wants and keeps nothing."""
    lines = books.lines.of(order.order_id)
    assert order.payment == settled(order).payment, order
    money = Counter[str]()
    for payment in payments_of(books, order.order_id):
        assert payment.amount >= 0, payment
        money[payment.kind] += payment.amount
    if money:
        assert (order.paid_amount, order.refunded_amount) == (money["received"], money["refunded"]), order
    assert 0 <= order.refunded_amount <= order.paid_amount, order
    if order.cancelled:
        assert not order.is_held, order
        assert not order.merged_into, order
        assert not any(line.reserved or line.to_pack for line in lines), order


def assert_settled(books: Books) -> None:
    """Once a change is written, each order's status is what follows from its lines."""
    for order in books.orders:
        assert order.status == status_of(settled(order), books.lines.of(order.order_id)), order


def assert_merges(books: Books) -> None:
    """Orders that are packed together go from one place to one place, and never one alone."""
    groups: dict[OrderId, list[tuple[str, ...]]] = {}
    for order in books.orders:
        if order.merged_into:
            place = destination(order.address, order.service, order.warehouse)
            groups.setdefault(order.merged_into, []).append(place)
    for first, places in groups.items():
        assert len(places) > 1, first
        assert len(set(places)) == 1, (first, places)
        assert books.orders[first].merged_into == first


def assert_leases(books: Books) -> None:
    """A job is at one station, of one lease; nothing that is cancelled is at any. Only what is put down is in hand."""
    for row in books.jobs:
        order = books.orders.get(cast(OrderId, row.job_id))
        # Without `under` the row only stands for a job that is named by its order, and does not cover it.
        if row.state == "leased" and row.under and order is not None:
            assert not order.cancelled, row
            assert not order.is_held, row
        if row.state in ("leased", "withdrawn"):
            assert row.station, row
            # The job may have been leased anew without this order, before the station answered that it stopped.
            leading = books.jobs[row.under or row.job_id]
            assert leading.fence >= row.fence, row
            if leading.fence == row.fence:
                assert (leading.station, leading.state) == (row.station, row.state), row
        if row.state == "suspended":
            for piece in row.pieces:
                assert not books.orders[piece.order].cancelled, row
                assert piece.order == row.job_id or books.orders[piece.order].merged_into == row.job_id, row
        if row.state == "idle":
            assert row.in_hand == "[]" or row.fence > 0, row
