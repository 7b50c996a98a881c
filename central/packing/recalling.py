"""What an order's change means for the paper and the open parcels that benches made of it before. Pure."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from central.desk.books import Books
from central.packing.rows import JobRow
from central.packing.together import leased_under
from central.tracking.rows import ProblemRow
from contract.envelope import encode
from contract.keys import JobId, OrderId
from contract.messages import JobSuspended
from contract.values import PackedLine


def labels_are_old(books: Books, order: OrderId) -> None:
    """Labels that were printed under leases of until now are wrong: parcels that are told later must not leave."""
    row = books.jobs.get(JobId(order))
    if row is not None:
        books.jobs.put(replace(row, old_labels=row.fence))


def trim_in_hand(books: Books, order: OrderId, at: int, *, all_of_it: bool = False) -> None:
    """An open parcel that was put down keeps no more of the order than is promised to it; the rest must come out.

    `all_of_it`: nothing of the order stays in, it is packed elsewhere.
    """
    row = books.jobs.get(leased_under(books, order))
    if row is not None and row.state == "suspended":
        _trim(books, row, order, at, all_of_it=all_of_it)


def goes_alone(books: Books, order: OrderId, at: int) -> None:
    """What was put down goes on without the order, which waits for a bench of its own."""
    trim_in_hand(books, order, at, all_of_it=True)
    row = books.jobs.get(JobId(order))
    if row is not None and row.state == "suspended":
        books.jobs.put(replace(row, state="idle", under=JobId("")))


def trim_put_down(books: Books, job: JobId, together: Collection[OrderId], at: int) -> None:
    """An order may have changed before its bench told that it put the parcel down: what is not wanted must come out.

    `together`: the orders that are still packed under this job, at that bench.
    """
    for order in dict.fromkeys(piece.order for piece in books.jobs[job].pieces):
        _trim(books, books.jobs[job], order, at, all_of_it=order not in together)


def empty_put_down(books: Books, station: str, fact: JobSuspended) -> None:
    """Nobody goes on with the parcel: the lease was over before the bench put it down. All of it must come out."""
    for piece in fact.in_hand:
        _must_come_out(books, fact.job, station, piece, piece.quantity, fact.at)


def _trim(books: Books, row: JobRow, order: OrderId, at: int, *, all_of_it: bool) -> None:
    promised = {} if all_of_it else {line.line: line.reserved for line in books.lines.of(order)}
    kept = []
    for piece in row.pieces:
        stays = min(piece.quantity, promised.get(piece.line, 0)) if piece.order == order else piece.quantity
        if stays < piece.quantity:
            _must_come_out(books, row.job_id, row.station, piece, piece.quantity - stays, at)
        if piece.order == order and piece.line in promised:
            promised[piece.line] -= stays
        if stays:
            kept.append(replace(piece, quantity=stays, scans=piece.scans[:stays], traces=piece.traces[:stays]))
    if tuple(kept) != row.pieces:
        books.jobs.put(replace(row, in_hand=encode(kept).decode()))


def _must_come_out(books: Books, job: JobId, station: str, piece: PackedLine, quantity: int, at: int) -> None:
    books.problems.append(
        ProblemRow(
            "take_out",
            f"The open parcel of order {job}, put down at {station}, has {quantity} × {piece.sku} that "
            f"order {piece.order} does not want there any more: take them out and put them back.",
            at,
            station,
            order_id=piece.order,
            sku=piece.sku,
        )
    )
