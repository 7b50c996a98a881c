"""Pickers are sent elsewhere for what lies in a lot that was stopped, or passed its date, since they began. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.picking.rows import TaskRow
from central.stock.ledger import take
from central.stock.model import day_of
from contract.keys import Sku


def avoid_unsellable(books: Books, batch: str, at: int) -> None:
    """What is left to fetch of such lots becomes tasks at other places, as far as these have more than is wanted there
    already.
    """
    tasks = [row for row in books.tasks if row.batch == batch]
    number = max((row.task for row in tasks), default=0)
    for task in tasks:
        if task.left and not _sells(books, task.sku, task.lot, at):
            books.tasks.put(replace(task, quantity=task.picked + task.short, settled_at=at))
            for place in _other_places(books, task, at):
                number += 1
                books.tasks.put(replace(place, task=number))


def refuse_unsellable(books: Books, sku: Sku, lot: str, at: int, code: str) -> None:
    """Nobody puts a piece of such a lot into a tote. Raises `Refused`."""
    known = books.lots.get((sku, lot))
    if known is not None and known.stopped:
        raise Refused("conflict", f"Lot {lot} of {sku} was stopped: {known.stopped}. Leave it here.", "code", code)
    if known is not None and not known.sells_on(day_of(at)):
        raise Refused("conflict", f"Lot {lot} of {sku} was good until {known.expiry}. Leave it here.", "code", code)


def _sells(books: Books, sku: Sku, lot: str, at: int) -> bool:
    known = books.lots.get((sku, lot))
    return known is None or known.sells_on(day_of(at))


def _other_places(books: Books, task: TaskRow, at: int) -> Iterator[TaskRow]:
    wanted: Counter[tuple[str, str]] = Counter()
    for row in books.tasks:
        if row.batch == task.batch and row.sku == task.sku:
            wanted[row.bin, row.lot] += row.left
    level, rest = books.level_at(task.sku, books.batches[task.batch].warehouse), task.left
    for spot in list(take(books, level, level.shelf, at)):
        part = min(rest, spot.quantity - wanted[spot.bin, spot.lot])
        if part > 0 and _sells(books, task.sku, spot.lot, at):
            yield replace(task, bin=spot.bin, lot=spot.lot, quantity=part, picked=0, ticked=0, short=0, picker="")
            rest -= part
