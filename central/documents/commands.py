"""What pages and programs do with documents: many at once, each in a transaction of its own, so that one that fails
stops no other; and one print taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeAlias

from litestar import Request
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.documents import reading, rules
from central.documents.answers import Outcome, Outcomes, PrintAnswer
from central.documents.model import DocumentName
from central.documents.papers import keys_of
from central.office.commands import answered
from central.office.office import Office
from central.orders.rules import By
from central.store.store import Reads

Decide: TypeAlias = Callable[[Books, DocumentName], object]


async def each(office: Office, names: Iterable[DocumentName], decide: Decide, station: str = "") -> Outcomes:
    """Do it to each of them, and say what became of it."""
    outcomes = []
    for name in names:
        try:
            keys = replace(keys_of(name), stations=frozenset({station} if station else ()))
            await office.store.transact(keys, partial(_decided, decide, name))
            outcomes.append(Outcome(str(name), True))
        except Refused as refused:
            outcomes.append(Outcome(str(name), False, refused.text))
    return Outcomes(tuple(outcomes))


def _decided(decide: Decide, name: DocumentName, books: Books) -> None:
    decide(books, name)


async def print_each(office: Office, names: Iterable[DocumentName], station: str, reason: str, by: By) -> Outcomes:
    """Have a station print them."""
    return await each(
        office, names, lambda books, name: rules.send_to(books, office.house, name, station, reason, by), station
    )


async def mail_each(office: Office, names: Iterable[DocumentName], address: str, by: By) -> Outcomes:
    """Mail them, each to its customer or all to `address`. Raises `Refused` where no mail can be sent."""
    if not office.mails:
        raise Refused("conflict", "Central has no mail server: add [mail] to central.toml and start it again.", "mail")
    return await each(office, names, lambda books, name: rules.post(books, office.house, name, address, by))


async def withdraw(office: Office, request: Request[Any, Any, Any], print_id: str) -> PrintAnswer:
    """Take a print back from its station. Raises `Refused`."""

    async def read(reads: Reads, done: None) -> PrintAnswer:
        return await reading.one_print(reads, print_id)

    keys = Keys(prints=frozenset({print_id}))
    return await answered(
        office, request, keys, lambda books, by: rules.withdraw(books, print_id, by), read, PrintAnswer
    )


async def mark_each(office: Office, names: Iterable[DocumentName], by: By) -> Outcomes:
    """A person has them on paper."""
    return await each(office, names, lambda books, name: rules.mark_printed(books, name, by))
