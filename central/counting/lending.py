"""Count jobs as stations borrow them. Several may have one at once: what is found last of a place counts. Pure."""

from __future__ import annotations

from central.counting.rows import CountLineRow, CountRow
from central.counting.rules import expected_of, may_count_again
from central.desk.books import Books
from central.packing import wording
from contract.messages import CountOffered, OpenWork, WorkRefused
from contract.values import CountSpot, CountTask


def lend(books: Books, job: CountRow, warehouse: str, ask: OpenWork) -> CountOffered | WorkRefused:
    """The count as a bench in a warehouse needs it, or why not. Load with `Keys(work=…, badges=…)`."""
    code = ask.code
    if job.status != "open":
        return WorkRefused(code, "over", *wording.counted(job.count))
    if job.warehouse != warehouse:
        return WorkRefused(code, "elsewhere", *wording.count_elsewhere(job.count, job.warehouse))
    task = _task(books, job, ask.badge)
    if task.spots and all(spot.counted for spot in task.spots):
        return WorkRefused(code, "elsewhere", *wording.recount_by_another(job.count))
    return CountOffered(task)


def _task(books: Books, job: CountRow, badge: str) -> CountTask:
    lines = books.count_lines.of(job.count)
    items = dict.fromkeys(line.sku for line in lines if line.sku in books.products)
    return CountTask(
        job.count,
        job.what,
        job.warehouse,
        tuple(_spot(books, job, line, badge) for line in lines if line.sku in items),
        tuple(books.products[sku].stock_item() for sku in items),
    )


def _spot(books: Books, job: CountRow, line: CountLineRow, badge: str) -> CountSpot:
    """What waits for another person's second count is done as far as this one is concerned."""
    done = line.counted is not None or (line.is_due_again and not may_count_again(books, line, badge))
    expected = None if job.blind or line.first_counted is not None else expected_of(books, job, line)
    return CountSpot(line.sku, line.bin, line.lot, done, expected)
