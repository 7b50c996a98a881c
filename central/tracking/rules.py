"""What an event changes: the parcel's status, and how many pieces of its order lines are shipped or delivered."""

from __future__ import annotations

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.shipping.rows import ParcelLineRow, ParcelRow
from central.stock.ledger import Cause
from central.stock.rules import ship
from central.tracking.rows import TrackingRow
from central.tracking.vocabulary import ON_THE_WAY, Status
from contract.keys import Sscc


def record(
    books: Books,
    sscc: Sscc,
    status: Status,
    *,
    at: int,
    now: int,
    source: str,
    by: str = "",
    text: str = "",
    place: str = "",
) -> None:
    """Take down that `status` was true at `at`. Events may come late and in any order; the newest one shows.

    The newest event told again changes nothing. Raises `Refused`.
    """
    parcel = books.parcels.get(sscc)
    if parcel is None:
        raise not_found("parcel", sscc)
    check(parcel, status, at, now)
    if (parcel.status, parcel.status_at) == (status, at):
        return
    parcel = _count(books, parcel, status, at, Cause(parcel.sscc, by or source, now))
    if at >= parcel.status_at:
        parcel = replace(parcel, status=status, status_at=at)
    parcel = replace(parcel, events=parcel.events + 1)
    books.parcels.put(parcel)
    books.tracking.append(TrackingRow(parcel.sscc, parcel.events, status, at, now, source, text, place))
    for order in parcel.order_ids:
        books.note(f"order/{order}", at, f"parcel_{status}", by=by or source, text=parcel.sscc)


def check(parcel: ParcelRow, status: Status, at: int, now: int) -> None:
    """Raises `Refused` when this cannot be said of the parcel at this moment."""
    if status in ("packed", "voided"):
        raise Refused("conflict", f"Parcel {parcel.sscc}: {status} is told by stations alone.")
    if parcel.status == "voided":
        raise Refused(
            "conflict", f"Parcel {parcel.sscc} was taken apart and its label voided; nothing can happen to it."
        )
    if parcel.held and parcel.shipped_at is None:
        raise Refused("conflict", f"Parcel {parcel.sscc} is held: {parcel.held}; release it first.")
    if at > now + 3_600_000:
        raise Refused("conflict", f"Parcel {parcel.sscc}: {status} lies more than an hour in the future.")


def _count(books: Books, parcel: ParcelRow, status: Status, at: int, cause: Cause) -> ParcelRow:
    """The pieces of a parcel are counted once on each stage; a later stage implies that it was shipped."""
    if status in ON_THE_WAY and parcel.shipped_at is None:
        parcel = replace(parcel, shipped_at=at)
        for piece in books.pieces_in(parcel):
            ship(books, piece.sku, piece.quantity, cause, parcel.warehouse)
            _add(books, piece, "shipped")
    if status == "delivered" and parcel.delivered_at is None:
        parcel = replace(parcel, delivered_at=at)
        for piece in books.pieces_in(parcel):
            _add(books, piece, "delivered")
    if status == "returned" and parcel.returned_at is None:
        parcel = replace(parcel, returned_at=at)
        for piece in books.pieces_in(parcel):
            _add(books, piece, "returned")
    return parcel


def _add(books: Books, piece: ParcelLineRow, quantity: str) -> None:
    line = books.lines.get((piece.order_id, piece.line))
    if line is not None and piece.counted:
        books.lines.put(replace(line, **{quantity: getattr(line, quantity) + piece.counted}))
