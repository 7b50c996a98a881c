"""Requests of people about suppliers and deliveries, each in its transaction, for routes and pages alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.intake.report import Rejected
from central.office.commands import command
from central.office.office import Office
from central.orders.rules import By
from central.stock.answers import RowsReport
from central.supply import rules
from central.supply.deliveries_csv import Listed
from central.supply.model import Arrival, Expected


def keys_to_expect(expected: Expected) -> Keys:
    """What taking a delivery down touches."""
    return Keys(
        deliveries=frozenset({expected.number}),
        suppliers=frozenset({expected.supplier}),
        skus=frozenset(line.sku for line in expected.lines),
    )


async def receive(office: Office, request: Request[Any, Any, Any], arrivals: Sequence[Arrival]) -> None:
    """Book all of it. Raises `Refused`: then nothing was booked."""

    def decide(books: Books, by: By) -> None:
        for arrival in arrivals:
            rules.receive(books, arrival, by)

    await command(office, request, rules.keys_of(arrivals), decide)


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
