"""Orders that are packed together: one job of several orders, named by the first of them. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.orders.rows import OrderRow
from central.packing.rows import JobRow
from contract.keys import JobId, OrderId


def members(books: Books, order: OrderRow) -> tuple[OrderRow, ...]:
    """The orders that are packed with this one, itself among them; the first names their job."""
    if not order.merged_into:
        return (order,)
    merged = [each for each in books.orders if each.merged_into == order.merged_into]
    return tuple(sorted(merged, key=lambda each: (each.order_id != order.merged_into, each.placed_at, each.order_id)))


def job_named(order: OrderRow) -> JobId:
    """The name of the job that packs the order."""
    return JobId(order.merged_into or order.order_id)


def held_rows(books: Books, job: JobId) -> list[JobRow]:
    """The rows of a job as it was leased: one for each order that the lease covers, the job's own first."""
    rows = [row for row in books.jobs if row.job_id == job or row.under == job]
    return sorted(rows, key=lambda row: row.job_id != job)


def leased_under(books: Books, order: OrderId) -> JobId:
    """The job under which the order was leased last: its own, or that of the orders it went with."""
    row = books.jobs.get(JobId(order))
    return JobId(order) if row is None or not row.under else row.under
