"""Requests of people about suppliers and deliveries, each in its transaction, for routes and pages alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Request

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.intake.report import Rejected
from central.office.commands import answered
from central.office.office import Office
from central.orders.rules import By
from central.stock.answers import RowsReport
from central.store.store import Reads
from central.supply import reading, rules
from central.supply.answers import DeliveryAnswer, SupplierList
from central.supply.deliveries_csv import Listed
from central.supply.model import Arrival, Expected, Supplier


async def keep(office: Office, request: Request[Any, Any, Any], supplier: Supplier) -> SupplierList:
    """Add or replace a supplier. Raises `Refused`."""

    async def read(reads: Reads, done: None) -> SupplierList:
        return await reading.suppliers(reads)

    keys = Keys(suppliers=frozenset({supplier.code}))
    return await answered(office, request, keys, lambda books, by: rules.keep(books, supplier), read, SupplierList)


async def expect(office: Office, request: Request[Any, Any, Any], expected: Expected) -> DeliveryAnswer:
    """Take a delivery down. Raises `Refused`."""
    keys = keys_to_expect(expected)
    return await _told(office, request, expected.number, keys, lambda books, by: rules.expect(books, expected, by))


def keys_to_expect(expected: Expected) -> Keys:
    """What taking a delivery down touches."""
    return Keys(
        deliveries=frozenset({expected.number}),
        suppliers=frozenset({expected.supplier}),
        skus=frozenset(line.sku for line in expected.lines),
    )


async def receive(
    office: Office, request: Request[Any, Any, Any], number: str, arrivals: Sequence[Arrival]
) -> DeliveryAnswer:
    """Book all of it. Raises `Refused`: then nothing was booked."""

    def decide(books: Books, by: By) -> None:
        for arrival in arrivals:
            rules.receive(books, arrival, by)

    return await _told(office, request, number, rules.keys_of(arrivals), decide)


async def close(office: Office, request: Request[Any, Any, Any], number: str) -> DeliveryAnswer:
    """Nothing more comes of it. Raises `Refused`."""
    keys = Keys(deliveries=frozenset({number}))
    return await _told(office, request, number, keys, lambda books, by: rules.close(books, number, by))


async def _told(
    office: Office, request: Request[Any, Any, Any], number: str, keys: Keys, decide: Callable[[Books, By], None]
) -> DeliveryAnswer:
    """Carry out one command on a delivery and show it as it is then."""

    async def read(reads: Reads, done: None) -> DeliveryAnswer:
        return await reading.one(reads, number)

    return await answered(office, request, keys, decide, read, DeliveryAnswer)


async def take_in(office: Office, listed: Sequence[Listed], refused: tuple[Rejected, ...], by: By) -> RowsReport:
    """Take down the deliveries of a file; what the rules refuse becomes a line of the report."""
    rejected = list(refused)

    def decide(books: Books) -> None:
        for one in listed:
            try:
                rules.expect(books, one.expected, by)
            except Refused as error:
                number = one.expected.number
                rejected.append(Rejected(one.line, error.field, error.value, f"possible: {error.text}", number))

    await office.store.transact(Keys.union(keys_to_expect(one.expected) for one in listed), decide)
    taken = len(listed) + len(refused) - len(rejected)
    return RowsReport(taken, tuple(sorted(rejected, key=lambda one: one.line)))
