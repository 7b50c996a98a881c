"""Who may pack what: leases with fencing tokens, from the ask to the end of the work. Pure.

A job's fence grows with each lease. Each lease ends once (finished, suspended or returned), so that facts of one
lease may come in any order, late or twice.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec.structs import replace

from central.desk.books import Books
from central.orders.rows import OrderRow
from central.packing import wording
from central.packing.codes import spellings
from central.packing.house import House
from central.packing.offer import job_of
from central.packing.recalling import empty_put_down, goes_alone, trim_put_down
from central.packing.rows import HELD, JobRow
from central.packing.together import held_rows, members
from central.packing.wording import Said
from central.stock.rules import reserve
from contract.envelope import encode
from contract.keys import JobId, OrderId
from contract.messages import (
    NEXT_WORK,
    JobFinished,
    JobOffered,
    JobOpened,
    JobReturned,
    JobSuspended,
    JobWithdrawn,
    OpenWork,
    WorkComing,
    WorkRefused,
)
from contract.values import Job

TELL_FIRST_MS: Final = 10_000
"""After the start on a restored database: benches that can be reached tell within it what they were lent."""
Refusal = Literal[
    "unknown", "held", "unpaid", "cancelled", "packed", "leased", "out_of_stock", "elsewhere", "none_waiting"
]


def open_work(
    books: Books, house: House, station: str, ask: OpenWork, at: int
) -> JobOffered | WorkComing | WorkRefused:
    """Lease the job behind the code to the station, or say why not. The same ask again gets the same lease.

    What is lent ahead to another station and not opened there is asked back. Of several orders behind a code the first
    that may be packed is leased: `Books.found` has the most urgent first.
    """
    if ask.code == NEXT_WORK and benches_tell_first(books, house, at):
        said = wording.benches_tell_first()
        return WorkComing(ask.code, said.en, said.fr)
    known = spellings(ask.code)
    candidates = dict.fromkeys(found.order for found in books.found if found.code in known)
    refused: tuple[Refusal, Said] | None = None
    lent: OrderRow | None = None
    for order_id in candidates:
        order = books.orders.get(order_id)
        if order is None:
            continue
        why = refusal(books, house, order, station, at)
        if why is None:
            return JobOffered(_lease(books, house, order, station, ask.badge, at))
        if why[0] == "leased" and lent is None and _holder_of_unopened(books, order, station):
            lent = order
        refused = refused or why
    if lent is not None:
        return _ask_back(books, ask.code, lent, station, at)
    if ask.code == NEXT_WORK:
        refused = "none_waiting", wording.none_waiting()
    reason, said = refused or ("unknown", wording.unknown(ask.code))
    return WorkRefused(ask.code, reason, said.en, said.fr)


def benches_tell_first(books: Books, house: House, at: int) -> bool:
    """Whether what looks free in a database that was restored a moment ago may lie at a bench that will say so."""
    standing = books.standing
    lasts_ms = house.ahead_s * 1_000
    return at - standing.restored_at < lasts_ms and 0 <= at - standing.opened_at < TELL_FIRST_MS


def refusal(books: Books, house: House, order: OrderRow, station: str, at: int) -> tuple[Refusal, Said] | None:
    number = order.order_id
    lines = books.lines.of(number)
    if order.cancelled or all(line.cancelled == line.ordered for line in lines):
        return "cancelled", wording.cancelled(number)
    if order.is_held:
        return "held", wording.held(number, order.reasons)
    if not any(line.to_pack for line in lines):
        return "packed", wording.packed(number)
    if not order.is_paid:
        return "unpaid", wording.unpaid(number)
    for row in rows_of(books, order):
        if row.state in HELD and row.station != station:
            return "leased", wording.leased(number, row.station)
    reserve(books, number, at)
    if not any(line.reserved for line in books.lines.of(number)):
        return "out_of_stock", wording.out_of_stock(number, ", ".join(line.sku for line in lines if line.to_pack))
    warehouse = books.orders[number].warehouse
    if warehouse != house.warehouse_of(station):
        return "elsewhere", wording.elsewhere(number, warehouse)
    return None


def _holder_of_unopened(books: Books, order: OrderRow, station: str) -> str:
    """The other station that has the order and has not opened it; empty: none, or it has."""
    held = [row for row in rows_of(books, order) if row.state in HELD and row.station != station]
    return held[0].station if held and all(row.is_unopened for row in held) else ""


def _ask_back(books: Books, code: str, order: OrderRow, station: str, at: int) -> WorkComing | WorkRefused:
    """Have a station that can be reached give back what it has not opened; of another nobody knows whether it has."""
    number = order.order_id
    row = next(row for row in rows_of(books, order) if row.is_unopened and row.station != station)
    holder = books.stations.get(row.station)
    if holder is None or not holder.online:
        said = wording.lent_out_of_reach(number, row.station, max(1, -(-(row.until - at) // 60_000)))
        return WorkRefused(code, "leased", said.en, said.fr)
    if row.state == "leased":
        ask_back(books, row, "wanted", row.until)
    said = wording.lent(number, row.station)
    return WorkComing(code, said.en, said.fr)


def ask_back(
    books: Books, row: JobRow, reason: Literal["wanted", "expired"], until: int, said: Said = wording.NOTHING
) -> None:
    """Have the station give back the job of this row, unless it has opened it; it is waited for until then.

    `said`: what somebody there who has fetched its goods must know.
    """
    job = row.under or row.job_id
    books.send(row.station, JobWithdrawn(job, row.fence, reason, said.en, said.fr))
    for each in held_rows(books, job):
        if each.fence == row.fence and each.state == "leased":
            books.jobs.put(replace(each, state="wanted", until=until))


def rows_of(books: Books, order: OrderRow) -> list[JobRow]:
    """The rows of all orders that are packed with this one, that of the job itself first."""
    numbers = [JobId(each.order_id) for each in members(books, order)]
    return [books.jobs.get(number) or JobRow(number) for number in numbers]


def _lease(books: Books, house: House, order: OrderRow, station: str, badge: str, at: int) -> Job:
    """One lease of all orders that are packed together and may be packed now; a lease that stands is given again."""
    row = rows_of(books, order)[0]
    if row.state not in ("leased", "wanted"):
        row = lease_all(books, house, order, station, badge, at)
    elif row.until:
        row = begun(books, row)
    return leased_job(books, house, order, row)


def leased_job(books: Books, house: House, order: OrderRow, row: JobRow) -> Job:
    """The job of a lease that stands."""
    covered = {each.job_id for each in held_rows(books, row.job_id) if each.under and each.fence == row.fence}
    covered.add(JobId(order.order_id))
    return job_of(books, house, [each for each in members(books, order) if JobId(each.order_id) in covered], row)


def lease_all(books: Books, house: House, order: OrderRow, station: str, badge: str, at: int, until: int = 0) -> JobRow:
    """Lease all orders that are packed together to the station; `until`: see `JobRow.until`."""
    own, *others = rows_of(books, order)
    # Above every fence that a database which was restored since may have given out.
    fence = max(books.standing.restored_at, *(row.fence for row in (own, *others))) + 1
    fields = {"station": station, "fence": fence, "state": "leased", "badge": badge, "leased_at": at, "until": until}
    books.jobs.put(replace(own, under=JobId(""), **fields))
    for row in (own, *others):
        if refusal(books, house, books.orders[OrderId(row.job_id)], station, at) is None:
            kept = {} if row is own else {"in_hand": "[]", "confirmed": "[]"}
            books.jobs.put(replace(row, under=own.job_id, **fields, **kept))
            books.note(f"order/{row.job_id}", at, "job_lent" if until else "job_leased", station=station, by=badge)
    return books.jobs[own.job_id]


def begun(books: Books, row: JobRow) -> JobRow:
    """The station works on it, or is about to: the lease has no end any more. The row of the job itself."""
    for each in held_rows(books, row.under or row.job_id):
        if each.fence == row.fence and each.until:
            books.jobs.put(replace(each, until=0, state="leased" if each.state == "wanted" else each.state))
    return books.jobs[row.job_id]


def withdraw(books: Books, order: OrderId, reason: Literal["cancelled", "edited"], at: int) -> bool:
    """Stop the station that packs the order; return whether there is one. It answers `JobReturned`."""
    row = books.jobs.get(JobId(order))
    if row is None or row.state not in ("leased", "wanted"):
        return False
    job = row.under or row.job_id
    stopped = [each for each in held_rows(books, job) if each.fence == row.fence and each.state in ("leased", "wanted")]
    reason = "edited" if len(stopped) > 1 else reason
    _tell_withdrawn(books, row, order, reason, several=len(stopped) > 1)
    for each in stopped:
        books.jobs.put(replace(each, state="withdrawn"))
        books.note(f"order/{each.job_id}", at, "job_withdrawn", station=row.station, text=reason)
    return True


def withdraw_again(books: Books, row: JobRow) -> None:
    """Once more, to a station that has not answered: the broker may have lost the letter. `row` is the job's own."""
    order = books.orders.get(OrderId(row.job_id))
    several = sum(each.fence == row.fence for each in held_rows(books, row.job_id)) > 1
    is_cancelled = order is not None and order.cancelled and not several
    _tell_withdrawn(books, row, OrderId(row.job_id), "cancelled" if is_cancelled else "edited", several=several)


def _tell_withdrawn(
    books: Books, row: JobRow, order: OrderId, reason: Literal["cancelled", "edited"], *, several: bool
) -> None:
    said = wording.withdrawn_of_several(order) if several else _why_withdrawn(order, row, reason)
    books.send(row.station, JobWithdrawn(row.under or row.job_id, row.fence, reason, said.en, said.fr))


def _why_withdrawn(order: OrderId, row: JobRow, reason: Literal["cancelled", "edited"]) -> Said:
    if reason == "edited":
        return wording.withdrawn_edited(order)
    return wording.cancelled_unopened(order) if row.is_unopened else wording.withdrawn_cancelled(order)


def take_back(books: Books, order: OrderId, by: str, at: int) -> bool:
    """Free a job whose station does not answer; return whether one held it. What that station still sends is stale."""
    row = books.jobs.get(JobId(order))
    if row is None or row.state not in HELD:
        return False
    said = wording.no_longer_here(order)
    job = row.under or row.job_id
    books.send(row.station, JobWithdrawn(job, row.fence, "stale", said.en, said.fr))
    for each in held_rows(books, job):
        if each.fence == row.fence:
            fence = max(books.standing.restored_at, each.fence) + 1
            books.jobs.put(replace(each, state="idle", fence=fence, under=JobId(""), until=0))
            books.note(f"order/{each.job_id}", at, "job_taken_back", station=row.station, by=by)
    return True


def is_current(row: JobRow | None, station: str, fence: int) -> bool:
    """Whether the station still holds, or was the last to hold, the lease that `fence` names."""
    return row is not None and row.fence == fence and row.station == station


def remember(books: Books, station: str, job: JobId, fence: int, at: int) -> bool:
    """A lease that was given after the copy from which the database was restored: only the station knows of it.

    Return whether it is such a one.
    """
    order = books.orders.get(OrderId(job))
    row = books.jobs.get(job) or JobRow(job)
    if order is None or not row.fence < fence <= books.standing.restored_at:
        return False
    for each in members(books, order):
        other = books.jobs.get(JobId(each.order_id)) or JobRow(JobId(each.order_id))
        if other.fence < fence:
            books.jobs.put(
                replace(other, station=station, fence=fence, state="leased", leased_at=at, in_hand="[]", under=job)
            )
    return True


def tell_stale(books: Books, station: str, job: JobId, fence: int) -> Said:
    """Send the station away from a job that is no longer its own; return what it was told."""
    row = books.jobs.get(job)
    elsewhere = row is not None and row.state in ("leased", "wanted")
    said = wording.stale(job, row.station) if row and elsewhere else wording.no_longer_here(job)
    books.send(station, JobWithdrawn(job, fence, "stale", said.en, said.fr))
    return said


def opened(books: Books, station: str, fact: JobOpened) -> Said | None:
    """Work began. A stale station is told."""
    books.note(f"order/{fact.job}", fact.at, "job_opened", station=station, by=fact.badge)
    row = books.jobs.get(fact.job)
    if row is not None and is_current(row, station, fact.fence):
        if row.until:
            begun(books, row)
        return None
    return tell_stale(books, station, fact.job, fact.fence)


def suspended(books: Books, house: House, station: str, fact: JobSuspended) -> None:
    """Any station may go on, with what its orders want of the open parcel by now; the rest must come out."""
    rows = [row for row in _of_lease(books, station, fact, "job_suspended") if row.state != "idle"]
    order = books.orders.get(OrderId(fact.job))
    if order is None or fact.job not in {row.job_id for row in rows}:
        empty_put_down(books, station, fact)
        return
    in_hand, confirmed = encode(fact.in_hand).decode(), encode(fact.confirmed).decode()
    for row in rows:
        own = row.job_id == fact.job
        books.jobs.put(replace(row, state="suspended", in_hand=in_hand if own else "[]", confirmed=confirmed, until=0))
    warehouse = house.warehouse_of(station)
    together = {each.order_id for each in members(books, order) if each.warehouse == warehouse}
    trim_put_down(books, fact.job, together, fact.at)
    for number in (OrderId(row.job_id) for row in rows if row.job_id != fact.job):
        if number not in together:
            goes_alone(books, number, fact.at)


def finished(books: Books, station: str, fact: JobFinished) -> None:
    """Nothing is left for the station."""
    _end(books, _of_lease(books, station, fact, "job_finished"))


def returned(books: Books, station: str, fact: JobReturned) -> None:
    """The station stopped; what it had in hand is back on the shelf, unless it had put it down before it was told."""
    rows = _of_lease(books, station, fact, "job_returned", fact.reason)
    if not any(row.state == "suspended" and row.pieces for row in rows):
        _end(books, rows)


def _end(books: Books, rows: list[JobRow]) -> None:
    for row in rows:
        books.jobs.put(replace(row, state="idle", in_hand="[]", confirmed="[]", under=JobId(""), until=0))


def _of_lease(
    books: Books, station: str, fact: JobSuspended | JobFinished | JobReturned, what: str, text: str = ""
) -> list[JobRow]:
    """The job's rows, when this fact is of its newest lease."""
    rows = [row for row in held_rows(books, fact.job) if is_current(row, station, fact.fence)]
    for order in dict.fromkeys((fact.job, *(row.job_id for row in rows))):
        books.note(f"order/{order}", fact.at, what, station=station, by=fact.badge, text=text)
    return rows
