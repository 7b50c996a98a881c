"""Promises for which nothing is left: which orders lose them. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.orders.rules import By
from central.packing.telling import promise_lost
from central.stock.ledger import may_oversell, promise, warehouse_of
from contract.keys import JobId, OrderId, Sku


def take_back(books: Books, sku: Sku, warehouse: str, lacking: int, why: str, by: By) -> tuple[dict[OrderId, int], int]:
    """Take `lacking` pieces back from the orders that are loaded, the newest first, those at a bench last.

    Returns what each order lost, and how many pieces nobody could give back.
    """
    lost: dict[OrderId, int] = {}
    promised = [line for line in books.lines if line.sku == sku and line.reserved]
    at_bench = {job.job_id for job in books.jobs if job.state == "leased"}
    promised.sort(key=lambda line: (books.orders[line.order_id].placed_at, line.order_id), reverse=True)
    promised.sort(key=lambda line: JobId(line.order_id) in at_bench)
    for line in promised:
        back = min(lacking, line.reserved)
        if back > 0 and warehouse_of(books, line.order_id) == warehouse:
            promise(books, line, -back)
            books.note(f"order/{line.order_id}", by.at, "promise_taken_back", by=by.name, text=f"{back} × {sku} {why}")
            promise_lost(books, line.order_id, sku, back)
            lost[line.order_id] = lost.get(line.order_id, 0) + back
            lacking -= back
    return lost, max(0, lacking)


def keep_promises(books: Books, sku: Sku, warehouse: str, by: By) -> int:
    """Take promises back until the shelf has what is promised; return how many pieces no loaded order gave back."""
    lacking = -books.level_at(sku, warehouse).unpromised
    if lacking <= 0 or may_oversell(books, sku):
        return 0
    _, lacking = take_back(books, sku, warehouse, lacking, "are not there", by)
    return lacking
