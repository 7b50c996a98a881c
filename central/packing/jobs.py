"""Who may pack what: leases with fencing tokens, from the ask to the end of the work. Pure.

A job's fence grows with each lease. Each lease ends once (finished, suspended or returned), so that facts of one
lease may come in any order, late or twice.
"""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from central.desk.books import Books
from central.orders.rows import OrderRow
from central.packing import wording
from central.packing.codes import spellings
from central.packing.house import House
from central.packing.offer import job_of
from central.packing.rows import JobRow
from central.packing.wording import Said
from central.stock.rules import reserve
from central.tracking.rows import ProblemRow
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
    WorkRefused,
)
from contract.values import PackedLine

Refusal = Literal[
    "unknown", "held", "unpaid", "cancelled", "packed", "leased", "out_of_stock", "elsewhere", "none_waiting"
]


def open_work(books: Books, house: House, station: str, ask: OpenWork, at: int) -> JobOffered | WorkRefused:
    """Lease the job behind the code to the station, or say why not. The same ask again gets the same lease.

    Of several orders behind a code the first that may be packed is leased: `Books.found` has the most urgent first.
    """
    known = spellings(ask.code)
    candidates = dict.fromkeys(found.order for found in books.found if found.code in known)
    refused: tuple[Refusal, Said] | None = None
    for order_id in candidates:
        order = books.orders.get(order_id)
        if order is None:
            continue
        row = books.jobs.get(JobId(order_id)) or JobRow(JobId(order_id))
        why = _refusal(books, house, order, row, station, at)
        if why is None:
            row = _lease(books, row, station, ask.badge, at)
            return JobOffered(job_of(books, house, order, row))
        refused = refused or why
    if ask.code == NEXT_WORK:
        refused = "none_waiting", wording.none_waiting()
    reason, said = refused or ("unknown", wording.unknown(ask.code))
    return WorkRefused(ask.code, reason, said.en, said.fr)


def _refusal(
    books: Books, house: House, order: OrderRow, row: JobRow, station: str, at: int
) -> tuple[Refusal, Said] | None:
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
    if row.state in ("leased", "withdrawn") and row.station != station:
        return "leased", wording.leased(number, row.station)
    reserve(books, number, at)
    if not any(line.reserved for line in books.lines.of(number)):
        return "out_of_stock", wording.out_of_stock(number, ", ".join(line.sku for line in lines if line.to_pack))
    warehouse = books.orders[number].warehouse
    if warehouse != house.warehouse_of(station):
        return "elsewhere", wording.elsewhere(number, warehouse)
    return None


def _lease(books: Books, row: JobRow, station: str, badge: str, at: int) -> JobRow:
    if row.state == "leased":
        return row
    row = replace(row, station=station, fence=row.fence + 1, state="leased", badge=badge, leased_at=at)
    books.jobs.put(row)
    books.note(f"order/{row.job_id}", at, "job_leased", station=station, by=badge)
    return row


def withdraw(books: Books, order: OrderId, reason: Literal["cancelled", "edited"], at: int) -> bool:
    """Stop the station that packs the order; return whether there is one. It answers `JobReturned`."""
    row = books.jobs.get(JobId(order))
    if row is None or row.state != "leased":
        return False
    said = wording.withdrawn_cancelled(order) if reason == "cancelled" else wording.withdrawn_edited(order)
    books.send(row.station, JobWithdrawn(row.job_id, row.fence, reason, said.en, said.fr))
    books.jobs.put(replace(row, state="withdrawn"))
    books.note(f"order/{order}", at, "job_withdrawn", station=row.station, text=reason)
    return True


def take_back(books: Books, order: OrderId, by: str, at: int) -> bool:
    """Free a job whose station does not answer; return whether one held it. What that station still sends is stale."""
    row = books.jobs.get(JobId(order))
    if row is None or row.state not in ("leased", "withdrawn"):
        return False
    said = wording.stale(order, "")
    books.send(row.station, JobWithdrawn(row.job_id, row.fence, "stale", said.en, said.fr))
    books.jobs.put(replace(row, state="idle", fence=row.fence + 1))
    books.note(f"order/{order}", at, "job_taken_back", station=row.station, by=by)
    return True


def is_current(row: JobRow | None, station: str, fence: int) -> bool:
    """Whether the station still holds, or was the last to hold, the lease that `fence` names."""
    return row is not None and row.fence == fence and row.station == station


def tell_stale(books: Books, station: str, job: JobId, fence: int) -> Said:
    """Send the station away from a job that is no longer its own; return what it was told."""
    row = books.jobs.get(job)
    said = wording.stale(job, row.station if row and row.state == "leased" else "")
    books.send(station, JobWithdrawn(job, fence, "stale", said.en, said.fr))
    return said


def opened(books: Books, station: str, fact: JobOpened) -> Said | None:
    """Work began. A stale station is told."""
    books.note(f"order/{fact.job}", fact.at, "job_opened", station=station, by=fact.badge)
    if is_current(books.jobs.get(fact.job), station, fact.fence):
        return None
    return tell_stale(books, station, fact.job, fact.fence)


def suspended(books: Books, station: str, fact: JobSuspended) -> None:
    """Any station may go on, with what is in the open parcel."""
    row = _of_lease(books, station, fact, "job_suspended")
    if row is not None and row.state != "idle":
        in_hand, confirmed = encode(fact.in_hand).decode(), encode(fact.confirmed).decode()
        books.jobs.put(replace(row, state="suspended", in_hand=in_hand, confirmed=confirmed))


def finished(books: Books, station: str, fact: JobFinished) -> None:
    """Nothing is left for the station."""
    row = _of_lease(books, station, fact, "job_finished")
    if row is not None:
        books.jobs.put(replace(row, state="idle", in_hand="[]", confirmed="[]"))


def returned(books: Books, station: str, fact: JobReturned) -> None:
    """The station stopped; what it had in hand is back on the shelf."""
    row = _of_lease(books, station, fact, "job_returned", fact.reason)
    if row is not None:
        books.jobs.put(replace(row, state="idle", in_hand="[]", confirmed="[]"))


def _of_lease(
    books: Books, station: str, fact: JobSuspended | JobFinished | JobReturned, what: str, text: str = ""
) -> JobRow | None:
    """The job's row when this fact is of its newest lease."""
    books.note(f"order/{fact.job}", fact.at, what, station=station, by=fact.badge, text=text)
    row = books.jobs.get(fact.job)
    return row if is_current(row, station, fact.fence) else None


def labels_are_old(books: Books, order: OrderId) -> None:
    """Labels that were printed under leases of until now are wrong: parcels that are told later must not leave."""
    row = books.jobs.get(JobId(order))
    if row is not None:
        books.jobs.put(replace(row, old_labels=row.fence))


def trim_in_hand(books: Books, order: OrderId, at: int) -> None:
    """An open parcel that was put down keeps no more of the order than is promised to it; the rest must come out."""
    row = books.jobs.get(JobId(order))
    if row is None or row.state != "suspended":
        return
    promised = {line.line: line.reserved for line in books.lines.of(order)}
    kept = []
    for piece in row.pieces:
        stays = min(piece.quantity, promised.get(piece.line, 0)) if piece.order == order else piece.quantity
        if stays < piece.quantity:
            _must_come_out(books, row, order, piece, piece.quantity - stays, at)
        if piece.order == order and piece.line in promised:
            promised[piece.line] -= stays
        if stays:
            kept.append(replace(piece, quantity=stays, scans=piece.scans[:stays], traces=piece.traces[:stays]))
    if tuple(kept) != row.pieces:
        books.jobs.put(replace(row, in_hand=encode(kept).decode()))


def _must_come_out(books: Books, row: JobRow, order: OrderId, piece: PackedLine, quantity: int, at: int) -> None:
    books.problems.append(
        ProblemRow(
            "take_out",
            f"The open parcel of order {row.job_id}, put down at {row.station}, has {quantity} × {piece.sku} that "
            f"order {order} does not want any more: take them out and put them back.",
            at,
            row.station,
            order_id=order,
            sku=piece.sku,
        )
    )
