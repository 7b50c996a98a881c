"""From a station's fact to the rule that books it. Pure.

A fact is admitted by its message id in the transaction of its effects: a repeat finds its receipt.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from central.counting import at_station as counting
from central.desk.books import Books, Keys
from central.documents import rules as documents
from central.packing import booking, jobs
from central.packing.house import House
from central.packing.together import held_rows
from central.packing.wording import Said
from central.shipping.rows import item_key, lots_in
from central.stations import rules as stations
from central.stations import scale_checks
from central.stations.rows import ReceivedRow
from central.supply import at_station as supply
from central.tracking.rows import ProblemRow
from contract.envelope import FactEnvelope
from contract.keys import OrderId, Sku, Sscc
from contract.messages import (
    DeliveryEnded,
    DeviceChanged,
    DocumentTroubled,
    DrawerOpened,
    GoodsDamaged,
    GoodsReceived,
    JobFinished,
    JobOpened,
    JobReturned,
    JobSuspended,
    LabelPrinted,
    LabelVoided,
    ParcelClosed,
    ProblemRaised,
    ScaleChecked,
    ShortReported,
    SignedIn,
    SignedOut,
    StockCounted,
)
from contract.values import Language, Receipt

_UNDER_A_LEASE: Final = (JobOpened, JobSuspended, JobFinished, JobReturned, ParcelClosed)

_LISTS_HELP_MS = 600_000
"""What a bench without network has opened longer ago was fetched without its pick list."""


def keys_of(facts: Iterable[FactEnvelope]) -> Keys:
    """All rows that booking these facts may touch. A job is named by its order."""
    messages: set[str] = set()
    orders: set[OrderId] = set()
    skus: set[Sku] = set()
    parcels: set[Sscc] = set()
    present: set[str] = set()
    boxes: set[str] = set()
    items: set[str] = set()
    traced: set[Sku] = set()
    prints: set[str] = set()
    badges: set[str] = set()
    closing: set[OrderId] = set()
    others: list[Keys] = []
    for envelope in facts:
        messages.add(envelope.message_id)
        fact = envelope.body
        badges.add(getattr(fact, "badge", ""))
        if isinstance(fact, ParcelClosed):
            parcels.add(fact.sscc)
            orders.add(OrderId(fact.job))
            if fact.box:
                boxes.add(fact.box)
            for packed in fact.contents:
                orders.add(packed.order)
                closing.add(packed.order)
                skus.add(packed.sku)
                if lots_in((packed,)):
                    traced.add(packed.sku)
                items |= {item_key(packed.sku, trace.serial) for trace in packed.traces if trace.serial}
        elif isinstance(fact, LabelVoided):
            parcels.add(fact.sscc)
            orders.add(OrderId(fact.job))
        elif isinstance(fact, ShortReported):
            orders |= {OrderId(fact.job), fact.order}
            closing.add(fact.order)
            skus.add(fact.sku)
        elif isinstance(fact, (JobOpened, JobSuspended, JobFinished, JobReturned)):
            orders.add(OrderId(fact.job))
            if isinstance(fact, JobOpened):
                closing.add(OrderId(fact.job))
        elif isinstance(fact, (LabelPrinted, DocumentTroubled)):
            if documents.is_ours(fact.print_id):
                prints.add(fact.print_id)
        elif isinstance(fact, (SignedIn, SignedOut)):
            present.add(envelope.station)
        elif isinstance(fact, StockCounted):
            others.append(counting.keys_of(fact))
        elif isinstance(fact, GoodsReceived):
            others.append(supply.keys_to_receive(fact))
        elif isinstance(fact, DeliveryEnded):
            others.append(Keys(deliveries=frozenset({fact.delivery})))
    named = Keys(
        orders=frozenset(orders),
        closing=frozenset(closing),
        skus=frozenset(skus),
        parcels=frozenset(parcels),
        messages=frozenset(messages),
        stations=frozenset(present),
        boxes=frozenset(boxes),
        items=frozenset(items),
        lots_of=frozenset(traced),
        prints=frozenset(prints),
        badges=frozenset(badges - {""}),
    )
    return Keys.union((named, *others)) if others else named


def book(books: Books, house: House, envelope: FactEnvelope, token: str, now: int) -> Receipt:
    """Book the fact unless it is booked already; return its receipt. `token` is fresh, for a parcel's tracking link."""
    before = books.received.get(envelope.message_id)
    if before is not None:
        return Receipt(before.message_id, before.problem)
    said = _apply(books, house, envelope, token, now)
    person = books.person(getattr(envelope.body, "badge", ""))
    language: Language = person.language if person else "fr"
    problem = " ".join(each.in_(language) for each in said) if said else ""
    books.received.put(ReceivedRow(envelope.message_id, envelope.station, envelope.sequence, now, problem))
    return Receipt(envelope.message_id, problem)


def _apply(books: Books, house: House, envelope: FactEnvelope, token: str, now: int) -> list[Said]:
    station = envelope.station
    if isinstance(envelope.body, _UNDER_A_LEASE):
        jobs.remember(books, station, envelope.body.job, envelope.body.fence, envelope.recorded_at)
    match envelope.body:
        case ParcelClosed() as fact:
            said = booking.close_parcel(books, house, station, fact, token, now)
            documents.send_slip(books, house, fact, station)
            for order in dict.fromkeys(packed.order for packed in fact.contents):
                documents.send_asked(books, house, order, station, fact.closed_at)
            return said
        case LabelPrinted() as fact:
            _label_printed(books, station, fact)
        case DocumentTroubled() as fact:
            documents.troubled(books, fact)
        case JobOpened() as fact:
            stale = jobs.opened(books, station, fact)
            if stale is None and now - fact.at < _LISTS_HELP_MS:
                covered = [OrderId(row.job_id) for row in held_rows(books, fact.job)]
                documents.send_lists(books, house, [each for each in covered if each in books.orders], station, now)
            return [stale] if stale else []
        case JobSuspended() as fact:
            jobs.suspended(books, house, station, fact)
        case JobFinished() as fact:
            jobs.finished(books, station, fact)
        case JobReturned() as fact:
            jobs.returned(books, station, fact)
        case ShortReported() as fact:
            booking.report_short(books, house, station, fact)
            documents.send_asked(books, house, fact.order, station, fact.at)
        case LabelVoided() as fact:
            return booking.void_label(books, station, fact, token, now)
        case ProblemRaised() as fact:
            _problem(books, station, fact)
        case SignedIn() as fact:
            stations.signed_in(books, station, fact)
        case SignedOut() as fact:
            stations.signed_out(books, station, fact)
        case DeviceChanged() as fact:
            stations.device_changed(books, station, fact)
        case ScaleChecked() as fact:
            scale_checks.checked(books, station, fact)
        case StockCounted() as fact:
            counting.counted(books, station, house.warehouse_of(station), fact)
        case GoodsReceived() as fact:
            supply.received(books, station, house.warehouse_of(station), fact)
        case GoodsDamaged() as fact:
            supply.damaged(books, station, fact)
        case DeliveryEnded() as fact:
            supply.ended(books, station, fact)
        case DrawerOpened() as fact:
            books.note(f"station/{station}", fact.at, "drawer_opened", station=station, by=fact.badge, text=fact.drawer)
    return []


def _label_printed(books: Books, station: str, fact: LabelPrinted) -> None:
    if documents.is_ours(fact.print_id):
        documents.printed(books, station, fact)
        return
    subject = f"parcel/{fact.sscc}" if fact.sscc else f"station/{station}"
    again = f", copy {fact.copy}: {fact.reason}" if fact.copy > 1 else ""
    books.note(subject, fact.at, f"{fact.document}_printed", station=station, text=f"{fact.print_id}{again}")


def _problem(books: Books, station: str, fact: ProblemRaised) -> None:
    order = OrderId(fact.job or "")
    sscc = str(fact.sscc or "")
    books.problems.append(ProblemRow(fact.kind, fact.text, fact.at, station, fact.badge, order, sscc))
    if order:
        books.note(f"order/{order}", fact.at, fact.kind, station=station, by=fact.badge, text=fact.text)
