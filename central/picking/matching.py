"""What a code that a picker scans means in his batch. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from central.desk.books import Books
from central.packing.codes import spellings
from central.stock.rows import ProductRow
from contract.barcode import BadBarcode, read_barcode
from contract.keys import BadKey


class Named(NamedTuple):
    """A product's code: how many pieces it counts, and the lot that it tells."""

    product: ProductRow
    quantity: int
    lot: str


def named(books: Books, code: str, skus: Collection[str]) -> Named | None:
    """Which of the batch's products the code names."""
    lot, texts = "", {text.upper() for text in spellings(code)}
    try:
        barcode = read_barcode(code)
        lot = barcode.lot
        texts |= {barcode.gtin} if barcode.gtin else set()
        texts |= {barcode.in_store} if barcode.in_store else set()
    except (BadBarcode, BadKey):
        pass
    for product in books.products:
        if product.sku not in skus:
            continue
        if product.sku.upper() in texts:
            return Named(product, 1, lot)
        for known in product.item_codes:
            if known.code.upper() in texts:
                return Named(product, known.quantity, lot)
    return None
