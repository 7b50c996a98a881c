"""Money into the books: what a card processor or a bank tells, what persons accept, each piece on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.orders.model import Payment
from central.orders.rules import By
from central.payments import incoming, rules
from central.payments.answers import Accepted, Given, StatementReport
from central.payments.incoming import Taken
from central.payments.rows import IncomingRow
from central.payments.statement import Statement
from central.store.store import Store
from contract.keys import OrderId

_AT_ONCE: Final = 100


def keys_to_pay(*orders: OrderId) -> Keys:
    """What recording a payment touches."""
    named = frozenset(orders)
    return Keys(orders=named, payments_of=named, parcels_of=named)


async def take(store: Store, row: IncomingRow, by: By) -> Taken:
    """What a card processor tells."""
    named = frozenset({OrderId(row.named)}) if row.named else frozenset()
    keys = replace(keys_to_pay(*named), incoming=frozenset({row.key}))
    return await store.transact(keys, lambda books: incoming.take(books, row, by))


async def take_statement(store: Store, statement: Statement, by: By) -> StatementReport:
    """What a bank tells: each credit waits until somebody says whose it is."""
    outcomes: list[Taken] = []
    for start in range(0, len(statement.credits), _AT_ONCE):
        batch = statement.credits[start : start + _AT_ONCE]

        def decide(books: Books, batch: Sequence[IncomingRow] = batch) -> list[Taken]:
            return [incoming.take(books, row, by) for row in batch]

        outcomes += await store.transact(Keys(incoming=frozenset(row.key for row in batch)), decide)
    return StatementReport(outcomes.count("waiting"), outcomes.count("known"), statement.debits, statement.rejected)


def keys_to_accept(wishes: Sequence[Accepted]) -> Keys:
    """What saying whose money it is touches."""
    orders = frozenset(wish.order for wish in wishes)
    return replace(keys_to_pay(*orders), incoming=frozenset(wish.key for wish in wishes))


def accept(books: Books, wishes: Sequence[Accepted], by: By) -> tuple[Given, ...]:
    """Book each piece to the order that a person chose; one that is refused stops no other."""
    return tuple(_try(wish.order, partial(incoming.book, books, wish.key, wish.order, by)) for wish in wishes)


def pay_all(books: Books, orders: Sequence[OrderId], payment: Payment, slip: str, by: By) -> tuple[Given, ...]:
    """Several orders paid in together: each gets what it owes; one that is refused stops no other."""
    return tuple(_try(order, partial(rules.pay, books, order, payment, by, slip=slip)) for order in orders)


def _try(order: OrderId, do: Callable[[], None]) -> Given:
    try:
        do()
    except Refused as error:
        return Given(order, False, error.text)
    return Given(order, True)
