"""The doors that orders come in by: two CSV layouts and the REST body."""

from __future__ import annotations

from central.intake.table import read
from central.orders import packline_csv, shopify_csv
from central.orders.grouping import Orders


def read_csv(data: bytes) -> Orders:
    """All orders of a file in either layout; the header tells which. Raise `BadTable`."""
    table = read(data)
    return shopify_csv.parse(table) if shopify_csv.is_shopify(table) else packline_csv.parse(table)
