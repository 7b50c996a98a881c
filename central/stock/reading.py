"""Products, levels and movements as they are stored, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import not_found
from central.office.paging import known_filter, like, page_of
from central.orders.terms import folded
from central.packing.masses import MassRow
from central.stock.answers import (
    MovementAnswer,
    MovementPage,
    Pending,
    PlacesAnswer,
    ProductAnswer,
    ProductPage,
    SpotAnswer,
    WarehouseAnswer,
)
from central.stock.ledger import available, free, loose, lot_of
from central.stock.model import day_of
from central.stock.rows import ProductRow
from central.store.store import Reads, Store
from contract.keys import Sku
from contract.values import StockLevel

_PRODUCT = ProductRow.__struct_fields__


def _answer(row: Mapping[str, Any]) -> ProductAnswer:
    product = ProductRow(*(row[field] for field in _PRODUCT)).product
    shelf, reserved = row["shelf"], row["reserved"]
    level = StockLevel(shelf, reserved, available(shelf, reserved, row["unsellable"]), row["packed"])
    return ProductAnswer(product, level)


SHOWN: Final = ("low", "pending")
"""What of the products a list may be narrowed to."""


async def search(
    store: Store, now: int, text: str = "", show: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> ProductPage:
    """Products, usually by SKU; `show` is of `SHOWN`, `text` also a scanned GTIN. Raises `Refused`."""
    known_filter("view", show, SHOWN, "show")
    text = text.strip()
    as_gtin = text.zfill(14) if text.isdigit() and len(text) <= 14 else text
    asked = (text, like(folded(text)), show, as_gtin, day_of(now))
    rows, more = await page_of(store, "stock.search", asked, sort, after, limit)
    return ProductPage(tuple(_answer(row) for row in rows), more)


class Shelf(Struct, frozen=True):
    """What lies on a product's shelf in one warehouse."""

    sku: str
    shelf: int
    warehouse: str


class ShelfPage(Struct, frozen=True):
    """One page of shelves, by SKU."""

    items: tuple[Shelf, ...]
    next: str | None


async def shelves(store: Store, after: str = "", limit: int = 50) -> ShelfPage:
    """What lies where. Raises `Refused`."""
    rows, more = await page_of(store, "stock.exported_levels", (), "", after, limit)
    return ShelfPage(tuple(msgspec.convert(row, Shelf) for row in rows), more)


async def one(store: Reads, sku: str, now: int) -> ProductAnswer:
    """Raises `Refused` when there is no such product."""
    rows = await store.read("stock.one", (sku, day_of(now)))
    if not rows:
        raise not_found("product", sku)
    taught = await store.read("packing.mass_of", (sku,))
    learned = msgspec.convert(taught[0], MassRow).learned if taught else None
    return replace(_answer(rows[0]), learned=learned)


async def places(store: Store, sku: str, now: int) -> PlacesAnswer:
    """Where the product's pieces are, by warehouse, bin and lot."""
    key = Sku(sku)
    return await store.transact(Keys(skus=frozenset({key})), lambda books: places_in(books, key, now))


def places_in(books: Books, sku: Sku, now: int) -> PlacesAnswer:
    """As `places`, in the middle of a transaction. Load with `Keys(skus={sku})`."""
    levels = sorted(books.levels.of(sku), key=lambda row: row.warehouse)
    spots: list[SpotAnswer] = []
    for level in levels:
        for row in sorted(books.holdings.of((sku, level.warehouse)), key=lambda row: (row.bin, row.lot)):
            lot = lot_of(books, row)
            sells = lot.sells_on(day_of(now))
            spots.append(SpotAnswer(row.warehouse, row.bin, row.lot, row.quantity, lot.expiry, lot.stopped, sells))
        if lying := loose(books, level):
            spots.append(SpotAnswer(level.warehouse, "", "", lying))
    return PlacesAnswer(
        sku,
        tuple(
            WarehouseAnswer(
                level.warehouse,
                replace(level.level, available=free(books, sku, level.warehouse, now)),
                level.pick_bin,
            )
            for level in levels
        ),
        tuple(spots),
        sum(spot.quantity for spot in spots if not spot.sells),
    )


async def movements(store: Store, sku: str, after: str = "", limit: int = 50, sort: str = "") -> MovementPage:
    """A product's ledger, usually newest first; packing and shipping among the house's newest 50,000 movements.

    Raises `Refused`.
    """
    rows, more = await page_of(store, "stock.ledger_of", (sku,), sort, after, limit)
    return MovementPage(tuple(msgspec.convert(row, MovementAnswer) for row in rows), more)


async def pending(store: Store, sku: str) -> tuple[Pending, ...]:
    """Open orders that need the product, the oldest first."""
    return tuple(msgspec.convert(row, Pending) for row in await store.read("orders.pending_of", (sku,)))
