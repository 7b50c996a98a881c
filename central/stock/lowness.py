"""Products that run low: said once when a product comes to its reorder point, and not again while it stays there."""

from __future__ import annotations

from central.desk.books import Books
from central.tracking.rows import ProblemRow


def tell_low(books: Books, now: int) -> None:
    """Raise a problem for each product whose stock came down to its reorder point in this transaction."""
    for sku, before in books.levels.before.items():
        product = books.products.get(sku)
        if product is None or product.reorder_point <= 0:
            continue
        available = books.level(sku).available
        if available <= product.reorder_point < before:
            text = f"{sku} {product.name}: {available} left, the reorder point is {product.reorder_point}"
            books.problems.append(ProblemRow("low_stock", text, now, sku=sku))
