"""Catching up with an order that is already in a parcel."""

from __future__ import annotations

from msgspec.structs import replace

from central.desk.books import Books
from central.tracking.rows import ProblemRow
from contract.keys import OrderId


def hold_parcels(books: Books, order_id: OrderId, why: str, at: int) -> None:
    """Keep the order's parcels that are still here from leaving; a person decides what becomes of them."""
    for parcel in books.parcels:
        if order_id not in parcel.order_ids or parcel.shipped_at is not None or parcel.status == "voided":
            continue
        books.parcels.put(replace(parcel, held=why))
        books.note(f"parcel/{parcel.sscc}", at, "parcel_held", text=why)
        books.problems.append(
            ProblemRow(
                "parcel_held", f"Parcel {parcel.sscc} must not leave: {why}.", at, order_id=order_id, sscc=parcel.sscc
            )
        )
