"""The doors that orders come in by: two CSV layouts, a shop's own by a mapping, and the REST body."""

from __future__ import annotations

from central.intake.table import read
from central.orders import mapped_csv, packline_csv, shopify_csv
from central.orders.grouping import Orders
from central.orders.mapped_csv import FileMapping


def read_csv(data: bytes, mapping: FileMapping | None = None) -> Orders:
    """All orders of a file: by the mapping, else in the layout that the header tells. Raise `BadTable`."""
    if mapping is not None:
        return mapped_csv.parse(data, mapping)
    table = read(data)
    return shopify_csv.parse(table) if shopify_csv.is_shopify(table) else packline_csv.parse(table)
