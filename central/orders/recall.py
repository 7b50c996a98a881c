"""Catching up with an order that is already in a parcel. Pure."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec.structs import replace

from central.desk.books import Books
from central.orders.merging import leave
from central.orders.rules import By
from central.packing.recalling import labels_are_old
from central.shipping.rows import ParcelRow
from central.tracking.rows import ProblemRow
from contract.keys import OrderId

Kind: TypeAlias = Literal["void_label", "relabel", "more_than_ordered", "stopped_lot"]
"""What becomes of the parcel: its label is void, it needs another label, something must come out of it."""
_AND: Final = "; "


def hold_parcels(books: Books, order_id: OrderId, kind: Kind, why: str, at: int) -> None:
    """Keep the order's parcels that are still here from leaving; a person decides what becomes of them."""
    for parcel in _here(books, order_id):
        hold_parcel(books, parcel, order_id, kind, why, at)


def keep_parcels(books: Books, order_id: OrderId, why: str, by: By) -> None:
    """Keep the order's parcels that are still here from leaving, until `free_parcels`."""
    for parcel in _here(books, order_id):
        _keep(books, parcel, why, by.at)


def free_parcels(books: Books, order_id: OrderId, why: str, by: By) -> None:
    """This is no reason any more to keep the order's parcels."""
    for parcel in _here(books, order_id):
        reasons = parcel.held.split(_AND)
        if why not in reasons:
            continue
        left = _AND.join(reason for reason in reasons if reason != why)
        books.parcels.put(replace(parcel, held=left))
        if not left:
            books.note(f"order/{order_id}", by.at, "parcel_let_go", by=by.name, text=parcel.sscc)


def _here(books: Books, order_id: OrderId) -> list[ParcelRow]:
    return [
        parcel
        for parcel in books.parcels
        if order_id in parcel.order_ids and parcel.shipped_at is None and parcel.status != "voided"
    ]


def _keep(books: Books, parcel: ParcelRow, why: str, at: int) -> None:
    parcel = books.parcels[parcel.sscc]
    held = why if not parcel.held else parcel.held if why in parcel.held else f"{parcel.held}{_AND}{why}"
    books.parcels.put(replace(parcel, held=held))
    books.note(f"parcel/{parcel.sscc}", at, "parcel_held", text=why)


def by_another_service(books: Books, order_id: OrderId, by: By) -> None:
    """It travels otherwise: it is packed with no order of the old way, and labels of the old way are wrong."""
    leave(books, order_id, by)
    labels_are_old(books, order_id)
    hold_parcels(books, order_id, "relabel", "its label has another service than its order", by.at)


def hold_parcel(books: Books, parcel: ParcelRow, order_id: OrderId, kind: Kind, why: str, at: int) -> None:
    """Keep one parcel from leaving, for one reason more."""
    _keep(books, parcel, why, at)
    books.problems.append(
        ProblemRow(
            kind,
            f"Parcel {parcel.sscc} must not leave: {why}. "
            "Take it apart: then its label is void and its pieces are free.",
            at,
            order_id=order_id,
            sscc=parcel.sscc,
        )
    )
