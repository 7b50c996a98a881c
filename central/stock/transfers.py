"""Pieces that change their place: to another bin, or to another warehouse. Pure; each request may be `Refused`."""

from __future__ import annotations

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.orders.rules import By
from central.stock.ledger import Cause, Spot, free, loose, lot_of, move
from central.stock.model import Place, day_of
from central.stock.rows import HoldingRow, LevelRow
from contract.keys import Sku


def transfer(books: Books, sku: Sku, quantity: int, source: Place, target: Place, cause: Cause, lot: str = "") -> None:
    """Pieces of a lot went from one place to another; between warehouses only what is not promised there.

    They leave and come in one go: what is on the road belongs to the warehouse that sent it until it is booked.
    """
    if sku not in books.products:
        raise not_found("product", sku)
    if quantity <= 0:
        raise Refused("invalid", f"{sku}: move a quantity above zero, not {quantity}.", "quantity", str(quantity))
    level = _level(books, sku, source.warehouse)
    there = _there(books, level, Spot(source.bin, lot))
    if quantity > there:
        where = " ".join(part for part in (source.warehouse, source.bin, lot) if part)
        raise Refused("conflict", f"{sku}: {there} are in {where}, so {quantity} cannot go.", "quantity", str(quantity))
    if source.warehouse == target.warehouse:
        if source.bin != target.bin:
            move(books, level, "shelf", "shelf", quantity, "put_away", cause, Spot(source.bin, lot), to=target.bin)
        return
    if target.warehouse not in books.standing.warehouses:
        raise not_found("warehouse", target.warehouse)
    # What may not be sold is promised to nobody, so it can always go.
    sells = lot_of(books, HoldingRow(sku, source.warehouse, source.bin, lot)).sells_on(day_of(cause.at))
    may_go = max(0, free(books, sku, source.warehouse, cause.at)) if sells else level.shelf
    if quantity > may_go:
        text = f"{sku}: {may_go} in {source.warehouse} are not promised to orders, so {quantity} cannot go."
        raise Refused("conflict", text, "quantity", str(quantity))
    move(books, level, "shelf", "", quantity, "transferred", cause, Spot(source.bin, lot))
    other = books.level_at(sku, target.warehouse)
    move(books, other, "", "shelf", quantity, "transferred", cause, Spot(target.bin or other.pick_bin, lot))


def set_pick_bin(books: Books, sku: Sku, place: Place, by: By) -> None:
    """Packers take it from this bin first. What lies elsewhere stays there until it is moved."""
    if sku not in books.products:
        raise not_found("product", sku)
    level = _level(books, sku, place.warehouse)
    if level.pick_bin != place.bin:
        books.levels.put(replace(level, pick_bin=place.bin))
        books.note(f"product/{sku}", by.at, "pick_bin_set", by=by.name, text=f"{place.warehouse} {place.bin}".strip())


def _level(books: Books, sku: Sku, warehouse: str) -> LevelRow:
    """Also in a warehouse that is configured no more: what lies there can still be fetched."""
    level = books.levels.get((sku, warehouse))
    if level is None and warehouse not in books.standing.warehouses:
        raise not_found("warehouse", warehouse)
    return level or LevelRow(sku, warehouse)


def _there(books: Books, level: LevelRow, spot: Spot) -> int:
    if spot == Spot():
        return max(0, loose(books, level))
    row = books.holdings.get((level.sku, level.warehouse, *spot))
    return row.quantity if row else 0
