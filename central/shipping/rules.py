"""Tracking numbers, and parcels that leave the house or are taken apart."""

from __future__ import annotations

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.shipping.rows import ParcelRow
from central.stock.ledger import Cause
from central.stock.rules import unpack
from central.tracking.rows import TrackingRow
from central.tracking.rules import check, record
from contract.keys import Sscc


def set_tracking_number(books: Books, sscc: Sscc, carrier: str, number: str, by: str, at: int) -> None:
    """Enter the number that a carrier gave by hand. The same number again changes nothing. Raises `Refused`."""
    parcel = _parcel(books, sscc)
    number = "".join(number.split())
    if not number.isascii() or not number.isalnum() or not 6 <= len(number) <= 40:
        raise Refused("invalid", f"{number!r} is not a tracking number: 6 to 40 letters and digits.", "number", number)
    if parcel.status == "voided":
        raise Refused("conflict", f"Parcel {sscc} was taken apart; it cannot get a tracking number.")
    if (parcel.carrier, parcel.tracking_number) == (carrier, number):
        return
    books.parcels.put(replace(parcel, carrier=carrier or parcel.carrier, tracking_number=number))
    for order in parcel.order_ids:
        books.note(f"order/{order}", at, "tracking_number_set", by=by, text=f"{parcel.sscc} {carrier} {number}")


def mark_shipped(books: Books, sscc: Sscc, by: str, at: int) -> None:
    """The parcel left the house; a second time changes nothing.

    Raises `Refused`.
    """
    parcel = _parcel(books, sscc)
    if parcel.shipped_at is not None:
        return
    may_leave(parcel, at)
    record(books, sscc, "shipped", at=at, now=at, source="office", by=by)


def may_leave(parcel: ParcelRow, at: int) -> None:
    """Raises `Refused` for a parcel that is held, taken apart, or lacks its carrier's number."""
    if not parcel.tracking_number:
        raise Refused("conflict", f"Parcel {parcel.sscc} goes with {parcel.carrier}: enter its tracking number first.")
    check(parcel, "shipped", at, at)


def let_go(books: Books, sscc: Sscc, by: str, at: int) -> None:
    """A held parcel may leave the house after all. Raises `Refused`."""
    parcel = _parcel(books, sscc)
    if not parcel.held:
        return
    books.parcels.put(replace(parcel, held=""))
    books.mended.append((sscc, at, by))
    for order in parcel.order_ids:
        books.note(f"order/{order}", at, "parcel_let_go", by=by, text=parcel.sscc)


def take_apart(books: Books, sscc: Sscc, cause: Cause, reason: str) -> None:
    """The parcel is opened: its pieces go back to the shelf, to be packed anew. Raises `Refused`."""
    parcel = _parcel(books, sscc)
    if parcel.status == "voided":
        return
    if parcel.shipped_at is not None:
        raise Refused("conflict", f"Parcel {sscc} left the house already; receive it as a return.")
    for piece in books.pieces_in(parcel):
        lots = parcel.lots_of(piece.order_id, piece.line, piece.sku)
        unpack(books, piece.sku, piece.quantity, cause, parcel.warehouse, lots)
        line = books.lines.get((piece.order_id, piece.line))
        if line is not None and piece.counted:
            of = books.orders.get(piece.order_id)
            given_up = piece.counted if of is not None and of.cancelled else 0
            books.lines.put(replace(line, packed=line.packed - piece.counted, cancelled=line.cancelled + given_up))
        books.parcel_lines.put(replace(piece, counted=0))
    events = parcel.events + 1
    books.parcels.put(replace(parcel, status="voided", status_at=cause.at, events=events))
    books.tracking.append(TrackingRow(parcel.sscc, events, "voided", cause.at, cause.at, "station", reason))
    books.mended.append((parcel.sscc, cause.at, cause.by))
    for order in parcel.order_ids:
        books.note(f"order/{order}", cause.at, "parcel_voided", by=cause.by, text=f"{parcel.sscc} {reason}")


def _parcel(books: Books, sscc: Sscc) -> ParcelRow:
    parcel = books.parcels.get(sscc)
    if parcel is None:
        raise not_found("parcel", sscc)
    return parcel
