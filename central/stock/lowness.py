"""Products that run low: said once when one comes to its reorder point, once more when its safety stock is touched."""

from __future__ import annotations

from collections import Counter

from central.desk.books import Books
from central.stock.ledger import sellable
from central.tracking.rows import ProblemRow
from contract.keys import Sku


def tell_low(books: Books, now: int) -> None:
    """Raise a problem for each product whose stock came down to its reorder point in this transaction."""
    gained: Counter[Sku] = Counter()
    for key, row in books.levels.changed.items():
        before = books.levels.before[key]
        gained[row.sku] += row.unpromised - (before.unpromised if before else 0)
    for sku, more in gained.items():
        product = books.products.get(sku)
        if more >= 0 or product is None:
            continue
        available = sellable(books, sku, now).available
        if product.reorder_point > 0 and available <= product.reorder_point < available - more:
            text = f"{sku} {product.name}: {available} left, the reorder point is {product.reorder_point}"
            books.problems.append(ProblemRow("low_stock", text, now, sku=sku))
        if product.safety_stock > 0 and available < product.safety_stock <= available - more:
            text = f"{sku} {product.name}: {available} left, below the safety stock of {product.safety_stock}"
            books.problems.append(ProblemRow("below_safety_stock", text, now, sku=sku))
