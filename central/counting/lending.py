"""Count jobs as stations borrow them. Several may have one at once: what is found last of a place counts. Pure."""

from __future__ import annotations

from central.counting.rows import CountLineRow, CountRow
from central.counting.rules import expected_of
from central.desk.books import Books
from central.packing import wording
from contract.messages import CountOffered, WorkRefused
from contract.values import CountSpot, CountTask


def lend(books: Books, job: CountRow, warehouse: str, code: str) -> CountOffered | WorkRefused:
    """The count as a bench in a warehouse needs it, or why not. Load with `Keys(work=…)`."""
    if job.status != "open":
        return WorkRefused(code, "over", *wording.counted(job.count))
    if job.warehouse != warehouse:
        return WorkRefused(code, "elsewhere", *wording.count_elsewhere(job.count, job.warehouse))
    return CountOffered(_task(books, job))


def _task(books: Books, job: CountRow) -> CountTask:
    lines = books.count_lines.of(job.count)
    items = dict.fromkeys(line.sku for line in lines if line.sku in books.products)
    return CountTask(
        job.count,
        job.what,
        job.warehouse,
        tuple(_spot(books, job, line) for line in lines if line.sku in items),
        tuple(books.products[sku].stock_item() for sku in items),
    )


def _spot(books: Books, job: CountRow, line: CountLineRow) -> CountSpot:
    expected = None if job.blind or line.first_counted is not None else expected_of(books, job, line)
    return CountSpot(line.sku, line.bin, line.lot, line.counted is not None, expected)
