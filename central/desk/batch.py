"""What arrived together is booked together: the rows a batch needs, and what is decided about each message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from central.desk import asks, facts
from central.desk.books import Books, Keys
from central.desk.deliveries import Arrived, AskCame, FactCame, SetAside, StateCame
from central.packing.house import House
from central.stations.rows import AsideRow, ReceivedRow
from central.stations.rules import heard
from central.tracking.rows import ProblemRow
from contract.messages import InboxItem
from contract.values import Receipt

KEPT_ASIDE = 4096
"""Bytes of a payload that are kept when it is set aside."""


class Answer(Struct, frozen=True):
    """What an ask gets."""

    station: str
    item: InboxItem
    correlation: bytes | None


class Outcome(Struct, frozen=True):
    """What stations are told once the batch is written."""

    receipts: dict[str, list[Receipt]]
    """By station."""
    answers: list[Answer]


def keys_of(house: House, batch: Sequence[Arrived], now: int) -> Keys:
    """All rows that deciding at that moment may touch."""
    named = [facts.keys_of(came.envelope for came in batch if isinstance(came, FactCame)), *_others(house, batch, now)]
    return named[0] if len(named) == 1 else Keys.union(named)


def _others(house: House, batch: Sequence[Arrived], now: int) -> Iterator[Keys]:
    for came in batch:
        if isinstance(came, AskCame):
            yield asks.keys_of(house, came.envelope, now)
        elif isinstance(came, StateCame):
            yield Keys(stations=frozenset({came.envelope.station}), everyone=True)
        elif isinstance(came, SetAside) and came.fact is not None:
            yield Keys(messages=frozenset({came.fact.message_id}))


def decide(books: Books, house: House, batch: Sequence[Arrived], tokens: Iterator[str], now: int) -> Outcome:
    """Book the batch in its order. `tokens` has one for each message: the secret part of a parcel's tracking link."""
    outcome = Outcome({}, [])
    for came in batch:
        if isinstance(came, FactCame):
            receipt = facts.book(books, house, came.envelope, next(tokens), now)
            outcome.receipts.setdefault(came.envelope.station, []).append(receipt)
        elif isinstance(came, AskCame):
            *besides, item = asks.answer(books, house, came.envelope, now)
            outcome.answers.extend(Answer(came.envelope.station, each, None) for each in besides)
            outcome.answers.append(Answer(came.envelope.station, item, came.correlation))
        elif isinstance(came, StateCame):
            heard(books, house, came.envelope.station, came.envelope.body, now)
        elif isinstance(came, SetAside):
            _set_aside(books, came, outcome, now)
    return outcome


def _set_aside(books: Books, came: SetAside, outcome: Outcome, now: int) -> None:
    books.aside.append(AsideRow(came.topic, came.reason, came.payload[:KEPT_ASIDE], len(came.payload), now))
    if came.fact is None or came.fact.message_id in books.received:
        return
    fact, problem = came.fact, "The office must look at this: central could not book it. / À voir par le bureau."
    books.received.put(ReceivedRow(fact.message_id, fact.station, fact.sequence, now, problem))
    books.problems.append(ProblemRow("not_booked", came.reason, now, fact.station))
    outcome.receipts.setdefault(fact.station, []).append(Receipt(fact.message_id, problem))
