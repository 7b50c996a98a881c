"""Files that people bring: orders, products, stock, deliveries, tracking, and the bank's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from central.intake.report import Rejected
from central.intake.table import BadTable
from central.orders.intake import read_csv
from central.orders.mapped_csv import FileMapping
from central.payments import statement
from central.shipping.tracking_csv import read_tracking
from central.stock.products_csv import read_products, read_stock
from central.supply.deliveries_csv import read_deliveries
from tests.fuzz.door import Door, checked, pure

_MAPPING = FileMapping(
    columns={
        "order": "Numéro",
        "placed_at": "Date",
        "name": "Client",
        "street": "Adresse",
        "postcode": "CP",
        "city": "Ville",
        "sku": "Réf",
        "quantity": "Qté",
        "unit_price": "PU",
        "total": "Total",
    },
    constants={"country": "FR"},
    delimiter=";",
    encoding="cp1252",
    decimal=",",
    date="%d/%m/%Y %H:%M",
)


def _told(read: Callable[[bytes], Any], rejected: Callable[[Any], Sequence[Rejected]]) -> Callable[[bytes], str]:
    """The file's own refusal, or the first of its rows'."""

    def offer(data: bytes) -> str:
        try:
            found = read(data)
        except BadTable as refused:
            return str(refused)
        # What was read is kept: it must be storable, also as the report that a person gets.
        msgspec.json.encode(found, enc_hook=str)
        texts = [checked(each.text) for each in rejected(found)]
        return texts[0] if texts else ""

    return offer


def _door(name: str, read: Callable[[bytes], Any], rejected: Callable[[Any], Sequence[Rejected]]) -> Door:
    return Door(name, lambda folder: pure(_told(read, rejected)), folders=("csv",))


def _second(found: tuple[Any, Sequence[Rejected]]) -> Sequence[Rejected]:
    return found[1]


DOORS = (
    _door("csv_orders", read_csv, lambda found: found.rejected),
    _door("csv_orders_mapped", lambda data: read_csv(data, _MAPPING), lambda found: found.rejected),
    _door("csv_products", read_products, _second),
    _door("csv_stock", read_stock, _second),
    _door("csv_deliveries", read_deliveries, _second),
    _door("csv_tracking", read_tracking, _second),
    _door("csv_bank", lambda data: statement.read(data, statement.Columns()), lambda found: found.rejected),
)
