"""Orders that are lent before anybody asks for them, so that a bench packs with no network. Pure.

A lease ahead is a lease like any other, with its fence; only that it ends by itself while nobody opens it. Central's
time is longer than the station's: an offer may lie at the broker for a minute before the station's time begins.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from central.desk.books import Books, Keys, Wanting
from central.orders.rows import OrderRow
from central.packing import wording
from central.packing.house import House
from central.packing.jobs import (
    ask_back,
    begun,
    benches_tell_first,
    is_current,
    lease_all,
    leased_job,
    refusal,
    remember,
    rows_of,
    take_back,
    tell_stale,
    withdraw_again,
)
from central.packing.rows import HELD, JobRow
from central.packing.together import held_rows
from central.stations.rows import StationRow
from contract.keys import JobId, OrderId
from contract.messages import JobOffered, JobWithdrawn, LendAhead
from contract.values import Ahead, HeldJob

LONGER_MS: Final = 180_000
"""By so much central's time for a lease ahead is longer than the station's."""
UNANSWERED_MS: Final = 600_000
"""A station that is online and says nothing of an expired lease is waited for so long."""
_ON_ITS_WAY_MS: Final = 120_000
"""A lease that was asked for may still be on its way to the station."""
_BENCHES: Final = 10
"""With enough waiting for so many full benches, nobody looks how many more are at work."""


def keys_to_lend(house: House, station: str, most: int, held: Collection[HeldJob] = ()) -> Keys:
    """All rows that lending to a station may touch."""
    has = frozenset((each.job, each.fence) for each in held)
    wanting = Wanting(station, house.warehouse_of(station), min(most, house.ahead), has)
    return Keys(
        stations=frozenset({station}),
        ahead_for=frozenset({wanting}),
        boxes=frozenset(box.code for box in house.boxes),
    )


def asked(books: Books, house: House, station: str, ask: LendAhead, at: int) -> list[JobOffered]:
    """Set right what station and books say of its leases; then what else is lent to it."""
    again = _compared(books, house, station, ask, at)
    # What somebody packs there under a lease that is over is not lent to him anew: he must hear of it first.
    on_the_bench = frozenset(OrderId(each.job) for each in ask.held if each.opened)
    return [*again, *lend(books, house, station, ask.most, at, on_the_bench)]


def lend(
    books: Books, house: House, station: str, most: int, at: int, but: Collection[OrderId] = ()
) -> list[JobOffered]:
    """Lend the head of the queue `but` these to the station until it has its share; what it misses then is noted."""
    most = min(most, house.ahead)
    if benches_tell_first(books, house, at):
        _note_wants(books, station, most)
        return []
    warehouse = house.warehouse_of(station)
    at_hand = lent_to(books, station)
    share = _share(books, house, warehouse, station, at_hand, most)
    offers: list[JobOffered] = []
    for number in books.waiting.get(warehouse, ()):
        order = books.orders.get(number)
        if order is None or at_hand + len(offers) >= share:
            break
        is_free = number not in but and all(row.state == "idle" for row in rows_of(books, order))
        if is_free and refusal(books, house, order, station, at) is None:
            row = lease_all(books, house, order, station, "", at, at + house.ahead_s * 1_000 + LONGER_MS)
            offers.append(_offer(books, house, order, row, house.ahead_s))
    _note_wants(books, station, most if at_hand + len(offers) < most else 0)
    return offers


def lent_to(books: Books, station: str) -> int:
    """How many orders the station has that it has not opened."""
    return sum(row.station == station and row.is_unopened and row.under == row.job_id for row in books.jobs)


def _share(books: Books, house: House, warehouse: str, station: str, at_hand: int, most: int) -> int:
    """All that it wants while there is enough for everybody at work; else as many as each would get."""
    benches = {each for each in books.at_work if house.warehouse_of(each) == warehouse} | {station}
    waiting = len(books.waiting.get(warehouse, ()))
    if waiting >= house.ahead * min(len(benches), _BENCHES):
        return most
    return min(most, -(-(at_hand + waiting) // len(benches)))


def _note_wants(books: Books, station: str, wants: int) -> None:
    before = books.stations.get(station) or StationRow(station)
    if before.wants != wants:
        books.stations.put(replace(before, wants=wants))


def _offer(books: Books, house: House, order: OrderRow, row: JobRow, lasts_s: int) -> JobOffered:
    ahead = Ahead(lasts_s, order.priority, order.due_at, order.placed_at)
    return JobOffered(leased_job(books, house, order, row), ahead)


def _compared(books: Books, house: House, station: str, ask: LendAhead, at: int) -> list[JobOffered]:
    lost = [each for each in ask.held if remember(books, station, each.job, each.fence, at) and not each.opened]
    said = {each.job: each for each in ask.held}
    again: list[JobOffered] = []
    for row in [row for row in books.jobs if row.station == station and row.under == row.job_id]:
        has = said.get(row.job_id)
        if has is not None and has.fence == row.fence:
            if row.state == "withdrawn":
                withdraw_again(books, begun(books, row) if has.opened else row)
            elif row.until and (has.opened or row.state == "wanted"):
                _still_held(books, row, has)
        elif row.state == "withdrawn":
            if ask.settled:
                # Its disk forgot the job, and now it answers; or its packer has not confirmed yet, and it knows.
                withdraw_again(books, row)
        elif row.is_unopened and row.until > at + LONGER_MS:
            again += _again(books, house, row, at)
        elif row.state == "leased" and not row.until and ask.settled and at - row.leased_at > _ON_ITS_WAY_MS:
            # Neither the job nor a fact of it is at the station: the answer was lost, or its disk was.
            until = at + house.ahead_s * 1_000 + LONGER_MS
            for each in held_rows(books, row.job_id):
                if each.fence == row.fence:
                    books.jobs.put(replace(each, until=until))
            again += _again(books, house, books.jobs[row.job_id], at)
    for lease in lost:
        # The order may be another by now. Opened in this moment it stays there; nobody else has it before the answer.
        ask_back(books, books.jobs[lease.job], "expired", at + house.ahead_s * 1_000 + LONGER_MS)
    for lease in ask.held:
        known = books.jobs.get(lease.job)
        stands = known is not None and is_current(known, station, lease.fence) and known.state in HELD
        if not stands and not lease.opened:
            # Opened meanwhile it stays there, until its `JobOpened` shows whether the lease was given since a copy.
            books.send(station, JobWithdrawn(lease.job, lease.fence, "expired", *wording.NOTHING))
        elif lease.opened and known is not None and known.fence > lease.fence:
            # It may be told already; the letter may be lost, too.
            tell_stale(books, station, lease.job, lease.fence)
    return again


def _still_held(books: Books, row: JobRow, has: HeldJob) -> None:
    if has.opened:
        begun(books, row)
    else:
        # It was asked back, and the station has not heard it: whoever wants it asks again.
        books.jobs.put(replace(row, state="leased"))


def _again(books: Books, house: House, row: JobRow, at: int) -> list[JobOffered]:
    """Its offer was lost: it is given once more, for the rest of its time."""
    order = books.orders.get(OrderId(row.job_id))
    return [] if order is None else [_offer(books, house, order, row, (row.until - at - LONGER_MS) // 1_000)]


def renew(books: Books) -> None:
    """Have back what is lent and no longer as it was told: a note, a tote, a promise of stock, its place in the queue.

    Whoever edits or cancels an order withdraws it in any case; this is for all other changes, whoever makes them.
    """
    touched = {order for order, row in books.orders.changed.items() if _differs(books.orders.before[order], row)}
    touched |= {line for line, _ in books.lines.changed}
    for order in touched:
        row = books.jobs.get(JobId(order))
        if row is not None and row.is_unopened and row.state == "leased" and row.job_id not in books.jobs.changed:
            ask_back(books, row, "expired", row.until)


def _differs(before: OrderRow | None, after: OrderRow) -> bool:
    return before is not None and _told_of(before) != _told_of(after)


def _told_of(order: OrderRow) -> tuple[object, ...]:
    return order.version, order.tote, order.pick_list, order.ready_at is None


def expire(books: Books, jobs: Collection[JobId], at: int, longer_ms: int = 0) -> None:
    """Have what nobody opened in time back in the queue. A station that can be reached is asked first.

    `longer_ms`: after a jump of the clock; so long a station that cannot be reached may still open it at most.
    """
    for job in jobs:
        row = books.jobs.get(job)
        if row is None or not 0 < row.until <= at:
            continue
        holder = books.stations.get(row.station)
        if holder is not None and holder.online and row.state == "leased":
            # By central's clock, which may have jumped: the station may still open it, or has done so just now.
            ask_back(books, row, "expired", at + UNANSWERED_MS)
        elif longer_ms:
            for each in held_rows(books, row.under or row.job_id):
                if each.fence == row.fence:
                    books.jobs.put(replace(each, until=at + longer_ms))
        else:
            take_back(books, OrderId(job), "central", at)
