"""Suppliers' deliveries as stations borrow them. Several may have one at once: all that comes is booked. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from central.desk.books import Books
from central.packing import wording
from central.supply.rows import DeliveryRow
from contract.messages import DeliveryOffered, WorkRefused
from contract.values import DueDelivery, DueLine


def lend(books: Books, delivery: DeliveryRow, warehouse: str, code: str) -> DeliveryOffered | WorkRefused:
    """The delivery as a bench in a warehouse needs it, or why not. Load with `Keys(work=…)`."""
    if delivery.is_over:
        return WorkRefused(code, "over", *wording.delivery_over(delivery.number))
    if delivery.warehouse != warehouse:
        return WorkRefused(code, "elsewhere", *wording.delivery_elsewhere(delivery.number, delivery.warehouse))
    return DeliveryOffered(_due(books, delivery))


def _due(books: Books, delivery: DeliveryRow) -> DueDelivery:
    lines = [line for line in books.delivery_lines.of(delivery.number) if line.sku in books.products]
    expected: dict[str, DueLine] = {}
    for line in lines:
        before = expected.get(line.sku, DueLine(line.sku, 0))
        expected[line.sku] = replace(
            before, expected=before.expected + line.expected, received=before.received + line.received
        )
    supplier = books.suppliers.get(delivery.supplier)
    items = []
    bins = set()
    for each in expected.values():
        holdings = books.holdings.of((each.sku, delivery.warehouse))
        bin_ = books.level_at(each.sku, delivery.warehouse).pick_bin
        bins |= {bin_, *(row.bin for row in holdings)}
        items.append(books.products[each.sku].stock_item(bin_))
    return DueDelivery(
        delivery.number,
        supplier.name if supplier else delivery.supplier,
        delivery.warehouse,
        tuple(expected.values()),
        tuple(items),
        tuple(sorted(bins - {""})),
    )
