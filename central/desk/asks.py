"""From a station's ask to its answer. Pure. An ask may come twice: each answer is the same again."""

from __future__ import annotations

from central.counting.lending import lend as lend_count
from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.documents import rules as documents
from central.packing import ahead, wording
from central.packing.codes import names_of_work, spellings
from central.packing.house import House
from central.packing.jobs import open_work
from central.shipping.numbers import day_of, heard, lease_range
from central.stations.rules import lacking, who_is
from central.supply.lending import lend as lend_delivery
from contract.envelope import AskEnvelope
from contract.messages import (
    COUNT_PREFIX,
    DELIVERY_PREFIX,
    NEXT_WORK,
    AheadLent,
    InboxItem,
    JobOffered,
    LeaseSscc,
    LendAhead,
    MessageToPacker,
    OpenWork,
    SsccLeased,
    TellTime,
    TimeTold,
    WhichLack,
    WhoIs,
    WorkRefused,
)


def keys_of(house: House, envelope: AskEnvelope, now: int) -> Keys:
    """All rows that answering at that moment may touch."""
    match envelope.body:
        case OpenWork(code=code) if code == NEXT_WORK:
            boxes = frozenset(box.code for box in house.boxes)
            here = envelope.station, house.warehouse_of(envelope.station)
            return Keys(next_for=frozenset({here}), boxes=boxes)
        case OpenWork(code=code, badge=badge):
            boxes, badges = frozenset(box.code for box in house.boxes), frozenset({badge} - {""})
            work = frozenset(names_of_work(code))
            return Keys(codes=frozenset(spellings(code)), work=work, badges=badges, boxes=boxes)
        case LeaseSscc():
            prefix, day, ask = house.sscc_prefix, day_of(now), envelope.message_id
            return Keys(sscc_prefixes=frozenset({prefix}), sscc_days=frozenset({day}), sscc_asks=frozenset({ask}))
        case WhichLack(messages=messages, ranges=ranges):
            prefixes = frozenset(told.prefix for told in ranges)
            return Keys(messages=frozenset(messages), sscc_prefixes=prefixes)
        case WhoIs(badge=badge):
            return Keys(badges=frozenset({badge}))
        case TellTime():
            return Keys()
        case LendAhead(most=most, held=held):
            return ahead.keys_to_lend(house, envelope.station, most, held)


def answer(books: Books, house: House, envelope: AskEnvelope, now: int) -> list[InboxItem]:
    """Do what was asked, or say why not: what comes besides, and last the answer."""
    match envelope.body:
        case OpenWork() as ask:
            return [_open(books, house, envelope.station, ask, now)]
        case LeaseSscc(count=count):
            return [_lease(books, house, envelope, count, now)]
        case WhichLack(messages=messages, ranges=ranges):
            heard(books, envelope.station, ranges, now)
            return [lacking(books, envelope.station, messages, now)]
        case WhoIs() as ask:
            return [who_is(books, ask)]
        case TellTime():
            return [TimeTold(now)]
        case LendAhead() as ask:
            offers = ahead.asked(books, house, envelope.station, ask, now)
            return [*offers, AheadLent(ahead.lent_to(books, envelope.station))]


def _open(books: Books, house: House, station: str, ask: OpenWork, now: int) -> InboxItem:
    """An order's job before anything else: only its name with a prefix surely means a count or a delivery."""
    answered = open_work(books, house, station, ask, now)
    if isinstance(answered, JobOffered):
        documents.send_lists(books, house, answered.job.orders, station, now)
    if not isinstance(answered, WorkRefused) or answered.reason != "unknown":
        return answered
    warehouse = house.warehouse_of(station)
    for name in names_of_work(ask.code):
        if (job := books.counts.get(name)) is not None and not ask.code.upper().startswith(DELIVERY_PREFIX):
            return lend_count(books, job, warehouse, ask)
        if (delivery := books.deliveries.get(name)) is not None and not ask.code.upper().startswith(COUNT_PREFIX):
            return lend_delivery(books, delivery, warehouse, ask.code)
    return answered


def _lease(books: Books, house: House, envelope: AskEnvelope, count: int, now: int) -> InboxItem:
    station = envelope.station
    try:
        prefix, name = house.sscc_prefix, envelope.message_id
        return SsccLeased(lease_range(books, prefix, count, station, name, now, house.sscc_per_day))
    except Refused as refused:
        books.note(f"station/{station}", now, "sscc_used_up", station=station, text=refused.text)
        said = wording.no_numbers()
        return MessageToPacker(said.en, text_fr=said.fr)
