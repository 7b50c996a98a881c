"""Tracking of a file into the store: some rows at a time, each row on its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.intake.report import Rejected
from central.orders.rules import By
from central.shipping.rows import ParcelRow
from central.shipping.rules import set_tracking_number
from central.shipping.tracking_csv import Told
from central.stock.answers import RowsReport
from central.store.store import Store
from central.tracking.rules import check, record

_AT_ONCE: Final = 100


async def take_tracking(store: Store, told: Sequence[Told], refused: Sequence[Rejected], by: By) -> RowsReport:
    """Tell each parcel what its row says; what the rules refuse becomes a line of the report."""
    rejected = list(refused)
    for start in range(0, len(told), _AT_ONCE):
        batch = told[start : start + _AT_ONCE]
        keys = Keys(
            parcels=frozenset(row.sscc for row in batch if row.sscc is not None),
            parcels_of=frozenset(row.order for row in batch if row.sscc is None and row.order is not None),
        )
        rejected += await store.transact(keys, lambda books, batch=batch: _tell_all(books, batch, by))  # type: ignore[misc]
    return RowsReport(len(told) + len(refused) - len(rejected), tuple(sorted(rejected, key=lambda one: one.line)))


def _tell_all(books: Books, batch: Sequence[Told], by: By) -> list[Rejected]:
    rejected: list[Rejected] = []
    for row in batch:
        try:
            _tell(books, row, by)
        except Refused as error:
            about = row.sscc or row.order or ""
            rejected.append(Rejected(row.line, error.field or "sscc", about, f"possible: {error.text}", about))
    return rejected


def _tell(books: Books, row: Told, by: By) -> None:
    """All of the row or nothing of it. Raises `Refused`."""
    parcel = _parcel(books, row)
    at = row.at or by.at
    news = row.status is not None and (row.status, row.at) != (parcel.status, parcel.status_at)
    if row.status is not None and news:
        check(parcel, row.status, at, by.at)
    if row.number:
        set_tracking_number(books, parcel.sscc, row.carrier or parcel.carrier, row.number, by.name, by.at)
    if row.status is not None and news:
        record(
            books,
            parcel.sscc,
            row.status,
            at=at,
            now=by.at,
            source="import",
            by=by.name,
            text=row.text,
            place=row.place,
        )


def _parcel(books: Books, row: Told) -> ParcelRow:
    if row.sscc is not None:
        parcel = books.parcels.get(row.sscc)
        if parcel is None:
            raise not_found("parcel", row.sscc)
        return parcel
    found = [each for each in books.parcels if row.order in each.order_ids and each.status != "voided"]
    if len(found) != 1:
        raise Refused(
            "invalid", f"Order {row.order} has {len(found)} parcels; name the one that is meant by its SSCC.", "order"
        )
    return found[0]
