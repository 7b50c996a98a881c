"""What benches are told of orders that they have, though nobody there asked. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.packing import wording
from central.packing.jobs import ask_back
from contract.keys import JobId, OrderId, Sku
from contract.messages import MessageToPacker


def promise_lost(books: Books, order: OrderId, sku: Sku, quantity: int) -> None:
    """The order lost its promise of these pieces: unopened it is asked back, and who packs it hears of it."""
    row = books.jobs.get(JobId(order))
    if row is None or row.state != "leased":
        return
    if row.is_unopened:
        ask_back(books, row, "expired", row.until, wording.lacks_before_opening(order, quantity, sku))
    else:
        _tell(books, row.station, wording.lacks_at_bench(order, quantity, sku))


def lot_stopped(books: Books, sku: Sku, lot: str, reason: str) -> None:
    """Every bench that has an order with the product must leave the lot out. Load with `Keys.promised`."""
    wanting = {JobId(line.order_id) for line in books.lines if line.sku == sku and line.to_pack}
    stations = {row.station for row in books.jobs if row.job_id in wanting and row.state in ("leased", "wanted")}
    for station in sorted(stations):
        _tell(books, station, wording.lot_stopped(sku, lot, reason))


def _tell(books: Books, station: str, said: wording.Said) -> None:
    books.send(station, MessageToPacker(said.en, text_fr=said.fr))
