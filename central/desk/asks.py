"""From a station's ask to its answer. Pure. An ask may come twice: each answer is the same again."""

from __future__ import annotations

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.packing import wording
from central.packing.codes import spellings
from central.packing.house import House
from central.packing.jobs import open_work
from central.shipping.rules import lease_range
from central.stations.rules import who_is
from contract.envelope import AskEnvelope
from contract.messages import NEXT_WORK, InboxItem, LeaseSscc, MessageToPacker, OpenWork, SsccLeased, WhoIs


def keys_of(house: House, envelope: AskEnvelope) -> Keys:
    """All rows that answering may touch."""
    match envelope.body:
        case OpenWork(code=code) if code == NEXT_WORK:
            boxes = frozenset(box.code for box in house.boxes)
            here = envelope.station, house.warehouse_of(envelope.station)
            return Keys(next_for=frozenset({here}), boxes=boxes)
        case OpenWork(code=code):
            return Keys(codes=frozenset(spellings(code)), boxes=frozenset(box.code for box in house.boxes))
        case LeaseSscc():
            return Keys(sscc_prefixes=frozenset({house.sscc_prefix}), sscc_asks=frozenset({envelope.message_id}))
        case WhoIs(badge=badge):
            return Keys(badges=frozenset({badge}))


def answer(books: Books, house: House, envelope: AskEnvelope, now: int) -> InboxItem:
    """Do what was asked, or say why not."""
    match envelope.body:
        case OpenWork() as ask:
            return open_work(books, house, envelope.station, ask, now)
        case LeaseSscc(count=count):
            return _lease(books, house, envelope, count, now)
        case WhoIs() as ask:
            return who_is(books, ask)


def _lease(books: Books, house: House, envelope: AskEnvelope, count: int, now: int) -> InboxItem:
    station = envelope.station
    try:
        return SsccLeased(lease_range(books, house.sscc_prefix, count, station, envelope.message_id, now))
    except Refused as refused:
        books.note(f"station/{station}", now, "sscc_used_up", station=station, text=refused.text)
        return MessageToPacker(" / ".join(wording.no_numbers()))
