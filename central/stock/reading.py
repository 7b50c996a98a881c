"""Products, levels and movements as they are stored, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import not_found
from central.office.paging import PAST_ALL, cursor, known_filter, like, place
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
SORTED: Final = ("name", "shelf", "available")
"""By what a list may be sorted instead of the SKU, the least first."""


async def search(
    store: Store, now: int, text: str = "", show: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> ProductPage:
    """Products; `show` is of `SHOWN`, `sort` of `SORTED`, `text` also a scanned GTIN. Raises `Refused`."""
    known_filter("view", show, SHOWN, "show")
    known_filter("sort order", sort, SORTED, "sort")
    number, word, sku = place(after, tuple[int, str, str], (-PAST_ALL, "", ""))
    text = text.strip()
    as_gtin = text.zfill(14) if text.isdigit() and len(text) <= 14 else text
    rows = await store.read(
        "stock.search", (text, like(folded(text)), show, sku, limit + 1, as_gtin, day_of(now), sort, number, word)
    )
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursor(last["sort_number"], last["sort_word"], last["sku"]) if last else None
    return ProductPage(tuple(_answer(row) for row in rows[:limit]), more)


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


async def movements(store: Store, sku: str, after: str = "", limit: int = 50) -> MovementPage:
    """A product's ledger, newest first; packing and shipping among the house's newest 50,000 movements."""
    (before,) = place(after, tuple[int], (PAST_ALL,))
    rows = await store.read("stock.ledger_of", (sku, before, limit + 1))
    more = cursor(rows[limit - 1]["movement"]) if len(rows) > limit else None
    return MovementPage(tuple(msgspec.convert(row, MovementAnswer) for row in rows[:limit]), more)


async def pending(store: Store, sku: str) -> tuple[Pending, ...]:
    """Open orders that need the product, the oldest first."""
    return tuple(msgspec.convert(row, Pending) for row in await store.read("orders.pending_of", (sku,)))
