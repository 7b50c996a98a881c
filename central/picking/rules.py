"""Batches of picking. Pure; every rule raises `Refused` with a sentence for the picker.

What is picked stays on the shelf in the books until it is packed: it is promised to its order, so nobody else gets it.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.orders.rules import By
from central.packing.booking import leave_out
from central.packing.codes import spellings
from central.packing.house import House
from central.picking.elsewhere import avoid_unsellable, refuse_unsellable
from central.picking.matching import Named, named
from central.picking.model import MOST_ORDERS, PREFIX, BatchKind, walk
from central.picking.rows import BatchOrderRow, BatchRow, TaskRow
from central.stock.ledger import Cause, take
from central.tracking.rows import ProblemRow
from contract.keys import OrderId
from contract.values import ShortKind


def keys_to_begin(batch: str, orders: Iterable[OrderId]) -> Keys:
    """All rows that `begin` may touch."""
    named = frozenset(orders)
    return Keys(orders=named, batches=frozenset({batch}), batches_of=named)


def keys_of(batch: str, code: str = "") -> Keys:
    """All rows that working on a batch may touch; `code`: what was scanned."""
    return Keys(batches=frozenset({batch}), codes=frozenset(spellings(code)))


def begin(books: Books, batch: str, kind: BatchKind, orders: Iterable[OrderId], by: By) -> None:
    """Put these orders together. Chosen by hand, one that cannot be picked refuses them all; else it is left out."""
    fit: list[OrderId] = []
    for order in dict.fromkeys(orders):
        try:
            _may_be_picked(books, order)
            fit.append(order)
        except Refused:
            if kind == "chosen":
                raise
    if not fit:
        raise Refused("conflict", "No order can be picked so: none is ready, or all are being picked.", "orders")
    if len(fit) > MOST_ORDERS:
        raise Refused("invalid", f"A batch has at most {MOST_ORDERS} orders.", "orders", str(len(fit)))
    warehouse = books.orders[fit[0]].warehouse
    if any(books.orders[order].warehouse != warehouse for order in fit):
        raise Refused("conflict", "These orders lie in several warehouses; make a batch for each.", "orders")
    books.batches.put(BatchRow(batch, kind, warehouse, "open", by.name, by.at))
    for place, order in enumerate(fit, 1):
        books.batch_orders.put(BatchOrderRow(batch, order, place))
        row = books.orders[order]
        if not row.pick_list or row.pick_list.startswith(PREFIX):
            books.orders.put(replace(row, pick_list=batch))
        books.note(f"order/{order}", by.at, "picking_began", by=by.name, text=batch)
    for number, task in enumerate(sorted(_tasks(books, batch, fit, by.at), key=_on_the_walk), 1):
        books.tasks.put(replace(task, task=number))


def _may_be_picked(books: Books, number: OrderId) -> None:
    order = books.orders.get(number)
    if order is None:
        raise not_found("order", number)
    if order.status not in ("open", "partly_packed", "partly_shipped") or order.ready_at is None:
        raise Refused("conflict", f"Order {number} has nothing to pick: see its status.", "orders", number)
    elsewhere = next((row for row in books.batch_orders if row.order_id == number and row.is_open), None)
    if elsewhere is not None:
        raise Refused("conflict", f"Order {number} is being picked in {elsewhere.batch}.", "orders", number)


def _tasks(books: Books, batch: str, orders: list[OrderId], at: int) -> Iterable[TaskRow]:
    """Each product is taken once for all lines, so that no two of them are sent to the same pieces."""
    lines = [line for order in orders for line in books.lines.of(order) if line.reserved]
    warehouse = books.orders[orders[0]].warehouse
    for sku in dict.fromkeys(line.sku for line in lines):
        wanted = [line for line in lines if line.sku == sku]
        pieces = take(books, books.level_at(sku, warehouse), sum(line.reserved for line in wanted), at)
        taken = next(pieces)
        for line in wanted:
            rest = line.reserved
            while rest:
                part = min(rest, taken.quantity)
                if part:
                    yield TaskRow(batch, 0, line.order_id, line.line, sku, taken.bin, taken.lot, part)
                    rest, taken = rest - part, taken._replace(quantity=taken.quantity - part)
                if rest and not taken.quantity:
                    taken = next(pieces)


def _on_the_walk(task: TaskRow) -> tuple[object, ...]:
    return (walk(task.bin), task.sku, task.lot, task.order_id, task.line)


def join(books: Books, batch: str, by: By) -> None:
    """Give the picker the next task that nobody fetches; one that he has he keeps."""
    _open(books, batch)
    _trim(books, batch, by)
    _next(books, batch, by)


def scan(books: Books, batch: str, code: str, by: By) -> None:
    """A tote while an order has none; else a piece of what lies at the picker's bin."""
    row = _open(books, batch)
    _trim(books, batch, by)
    without = next((each for each in _orders(books, batch) if each.is_open and not each.tote), None)
    if without is not None:
        _assign(books, row, without, code)
        return
    task = _next(books, batch, by)
    if task is None:
        raise Refused("conflict", "Nothing is left to pick here for you.", "code", code)
    here = [each for each in _free(books, batch, by) if walk(each.bin) == walk(task.bin)]
    found = named(books, code, {each.sku for each in _of(books, batch)})
    wanted = [each for each in here if found is not None and each.sku == found.product.sku]
    if found is None or not wanted:
        raise _not_this(books, batch, task, found, code)
    refuse_unsellable(books, found.product.sku, found.lot, by.at, code)
    exact = next((each for each in wanted if each.lot == found.lot), wanted[0])
    if found.lot and exact.lot and exact.lot != found.lot:
        raise Refused("conflict", f"This is lot {found.lot}; lot {exact.lot} is wanted here.", "code", code)
    if found.quantity > exact.left:
        raise Refused(
            "conflict", f"This code counts {found.quantity} pieces, and only {exact.left} are wanted.", "code", code
        )
    _add(books, exact, found.quantity, 0, by)


def tick(books: Books, batch: str, task: int, by: By) -> None:
    """One piece without a scan, where the product allows that."""
    row = _task(books, batch, task, by)
    product = books.products.get(row.sku)
    if product is None or product.policy == "scan":
        raise Refused("conflict", f"{row.sku} must be scanned.", "task", str(task))
    _add(books, row, 1, 1, by)


def _add(books: Books, task: TaskRow, quantity: int, ticked: int, by: By) -> None:
    picked = replace(task, picked=task.picked + quantity, ticked=task.ticked + ticked, picker=by.name)
    _put(books, picked, by)


def report_short(books: Books, house: House, batch: str, task: int, kind: ShortKind, by: By) -> None:
    """What is left of the task is not there or not fit: stock is corrected, the pieces wait or are cancelled."""
    row = _task(books, batch, task, by)
    order, line, quantity = row.order_id, books.lines[row.order_id, row.line], row.left
    text = f"{quantity} × {row.sku} {kind}"
    books.note(f"order/{order}", by.at, "short_reported", by=by.name, text=text)
    outcome = leave_out(books, house, line, quantity, kind, Cause(batch, by.name, by.at), books.orders[order].warehouse)
    where = f" at {row.bin}" if row.bin else ""
    books.problems.append(
        ProblemRow(
            "count_needed",
            f"{text}{where} while picking: {outcome}; count it",
            by.at,
            badge=by.name,
            order_id=order,
            sku=row.sku,
        )
    )
    _put(books, replace(row, short=row.short + quantity, picker=by.name), by)


def stop(books: Books, batch: str, by: By) -> None:
    """Pick no more of it. What is in totes is packed from there; the rest may be picked in another batch."""
    row = _open(books, batch)
    for task in _of(books, batch):
        if task.left:
            books.tasks.put(replace(task, quantity=task.picked + task.short, settled_at=by.at))
    _end(books, row, "stopped", by)


def _assign(books: Books, batch: BatchRow, row: BatchOrderRow, code: str) -> None:
    """The tote is the order's from now on: a bench opens the order by it."""
    tote = code.strip()
    if not tote or len(tote) > 64:
        raise Refused("invalid", "This is no tote's code.", "code", code)
    if any(each.tote == tote for each in _orders(books, batch.batch)):
        raise Refused("conflict", f"Tote {tote} is in this batch already. Take another one.", "code", tote)
    together = batch.kind == "singles"
    for found in books.found:
        if found.kind != "tote":
            raise Refused("conflict", f"{tote} is a {found.kind.replace('_', ' ')}'s code, not a tote's.", "code", tote)
        other = found.order
        if other != row.order_id and _still_in_it(books, other):
            raise Refused("conflict", f"Tote {tote} has order {other} in it. Take another one.", "code", tote)
    for each in _orders(books, batch.batch) if together else [row]:
        books.batch_orders.put(replace(each, tote=tote))
        books.orders.put(replace(books.orders[each.order_id], tote=tote))


def _still_in_it(books: Books, order: OrderId) -> bool:
    """Whether a tote may still have pieces of the order in it."""
    row = books.orders.get(order)
    return row is not None and not row.cancelled and any(line.to_pack for line in books.lines.of(order))


def _not_this(books: Books, batch: str, task: TaskRow, found: Named | None, code: str) -> Refused:
    """Why this piece does not belong into a tote now."""
    sku, place = task.sku, task.bin or "–"
    if found is None:
        text = f"{code.strip()} is not in this batch. Wanted now: {sku} from {place}."
        return Refused("conflict", text, "code", code)
    other = found.product.sku
    later = next((each for each in _of(books, batch) if each.sku == other and each.left), None)
    if later is None:
        text = f"{other} is complete, put it back. Wanted now: {sku} from {place}."
    elif later.picker:
        text = f"{other} is fetched by {later.picker}. Wanted now: {sku} from {place}."
    else:
        text = f"{other} comes later, at {later.bin or '–'}. Wanted now: {sku} from {place}."
    return Refused("conflict", text, "code", code)


def _open(books: Books, batch: str) -> BatchRow:
    row = books.batches.get(batch)
    if row is None:
        raise not_found("batch", batch)
    if row.state != "open":
        raise Refused("conflict", f"Batch {batch} is {row.state}.", "batch", batch)
    return row


def _orders(books: Books, batch: str) -> list[BatchOrderRow]:
    return sorted((row for row in books.batch_orders if row.batch == batch), key=lambda row: row.place)


def _of(books: Books, batch: str) -> list[TaskRow]:
    return sorted((row for row in books.tasks if row.batch == batch), key=lambda row: row.task)


def _free(books: Books, batch: str, by: By) -> list[TaskRow]:
    return [task for task in _of(books, batch) if task.left and task.picker in ("", by.name)]


def _next(books: Books, batch: str, by: By) -> TaskRow | None:
    """The picker's task: his own first, else the next one on the walk, which is his from now on."""
    free = _free(books, batch, by)
    task = next((each for each in free if each.picker), None) or next(iter(free), None)
    if task is not None and not task.picker:
        task = replace(task, picker=by.name)
        books.tasks.put(task)
    return task


def _task(books: Books, batch: str, task: int, by: By) -> TaskRow:
    _open(books, batch)
    _trim(books, batch, by)
    row = books.tasks.get((batch, task))
    if row is None:
        raise not_found("task", str(task))
    if row.picker not in ("", by.name):
        raise Refused("conflict", f"{row.sku} is fetched by {row.picker}.", "task", str(task))
    if not row.left:
        raise Refused("conflict", f"{row.sku} is complete.", "task", str(task))
    now = _next(books, batch, by)
    if now is not None and walk(now.bin) != walk(row.bin):
        text = f"{row.sku} comes later, at {row.bin or '–'}. Wanted now: {now.sku} from {now.bin or '–'}."
        raise Refused("conflict", text, "task", str(task))
    return books.tasks[batch, task]


def _put(books: Books, task: TaskRow, by: By) -> None:
    books.tasks.put(task if task.left else replace(task, settled_at=by.at))
    _settle(books, task.batch, by)
    if books.batches[task.batch].state == "open":
        _next(books, task.batch, by)


def _trim(books: Books, batch: str, by: By) -> None:
    """Fetch nothing that its order does not want any more: it was cancelled, changed, held or packed meanwhile."""
    avoid_unsellable(books, batch, by.at)
    left: dict[tuple[OrderId, int], int] = {}
    for task in _of(books, batch):
        order = books.orders[task.order_id]
        key = (task.order_id, task.line)
        wanted = 0 if order.cancelled or order.is_held else books.lines[key].reserved
        room = left.setdefault(key, wanted)
        allowed = max(task.picked, min(task.quantity - task.short, room))
        left[key] = room - allowed
        if allowed + task.short < task.quantity:
            changed = replace(task, quantity=allowed + task.short)
            books.tasks.put(changed if changed.left else replace(changed, settled_at=by.at))
    _settle(books, batch, by)


def _settle(books: Books, batch: str, by: By) -> None:
    """A batch without open tasks is done."""
    row = books.batches[batch]
    if row.state == "open" and not any(task.left for task in _of(books, batch)):
        _end(books, row, "done", by)


def _end(books: Books, batch: BatchRow, state: str, by: By) -> None:
    books.batches.put(replace(batch, state=state, ended_at=by.at))
    for row in _orders(books, batch.batch):
        books.batch_orders.put(replace(row, is_open=False))
        books.note(f"order/{row.order_id}", by.at, f"picking_{state}", by=by.name, text=row.tote or batch.batch)
