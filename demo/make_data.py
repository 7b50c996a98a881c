"""Writes the files of `demo/data/` again: `python -m demo.make_data`. The same files every time."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from demo.catalogue import Item, items
from demo.customers import Customer, customer
from demo.drawings import picture

DATA: Final = Path(__file__).parent / "data"
FIRST_ORDER: Final = 1001
ORDERS: Final = 200
SHOPIFY: Final = 12
"""So many more orders come in the layout of a Shopify export."""

WRONG_POSTCODE, UNPAID, CANCELLED, OUT_OF_STOCK, UNKNOWN_PRODUCT = "1021", "1022", "1023", "1024", "1025"
"""Orders that cannot be packed, each for the reason that its name says."""

_GIFTS: Final = {
    "1003": "Joyeux anniversaire Mamie ! Ne l’ouvre pas avant dimanche.",
    "1012": "Alles Gute zum Einzug – eure Nachbarn aus der Südstadt",
    "1018": "Χρόνια πολλά! Με αγάπη, Μαρία",
    "1040": "Merry Christmas, with love from all of us at number 27",
}
_PACKER_NOTES: Final = {
    "1005": "Kraft paper only, no plastic.",
    "1014": "The customer is a nursery: no loose polystyrene.",
}
_FIXED: Final[Mapping[str, Sequence[tuple[str, int]]]] = {
    "1001": (("B-11", 2), ("T-13", 1)),
    "1002": (("S-12", 12), ("SE-14", 3)),
    "1004": (("TP-11", 1), ("B-15", 4), ("T-16", 2)),
    "1006": (("CH-11", 20), ("CH-13", 20)),
    "1008": (("BK-12", 1),),
    "1010": (("H-14", 6), ("C-13", 2), ("CA-12", 3), ("N-14", 1)),
    OUT_OF_STOCK: (("V-19", 1), ("V-12", 1)),
    UNKNOWN_PRODUCT: (("XX-99", 1),),
}
_COUNTRY: Final = {"1012": "DE", "1016": "DE", "1018": "GR", "1020": "GR", WRONG_POSTCODE: "FR"}
Row = dict[str, object]


def products_csv(catalogue: Iterable[Item]) -> bytes:
    """The product file, in Packline's own layout."""
    return _csv(
        {
            "sku": item.sku, "name": item.name, "gtin": item.gtin, "case_gtin": item.case_gtin,
            "case_quantity": item.case_quantity if item.case_gtin else "", "codes": item.codes,
            "mass_g": "" if item.mass_g is None else item.mass_g, "tolerance_g": item.tolerance_g,
            "length_mm": item.size_mm[0], "width_mm": item.size_mm[1], "height_mm": item.size_mm[2],
            "picture": item.picture, "policy": item.policy, "fragile": "yes" if item.fragile else "",
            "instruction": item.instruction, "reorder_point": item.reorder_point,
        }
        for item in catalogue
    )  # fmt: skip


def stock_csv(catalogue: Iterable[Item]) -> bytes:
    """What lies on the shelves."""
    return _csv({"sku": item.sku, "on_hand": item.on_hand} for item in catalogue)


def orders_csv(catalogue: Sequence[Item]) -> bytes:
    """The orders, in Packline's own layout: one row a line, the order's own columns on its first row."""
    chance = random.Random("orders")
    rows: list[Row] = []
    for place in range(ORDERS):
        number = str(FIRST_ORDER + place)
        lines = _FIXED.get(number) or _lines(chance, catalogue)
        rows += _order(chance, number, place, lines, {item.sku: item for item in catalogue})
    return _csv(rows)


def shopify_csv(catalogue: Sequence[Item]) -> bytes:
    """More orders as a Shopify shop exports them."""
    chance = random.Random("shopify")
    rows: list[Row] = []
    for place in range(SHOPIFY):
        rows += _shopify_order(chance, place, _lines(chance, catalogue), {item.sku: item for item in catalogue})
    return _csv(rows)


def write(folder: Path) -> None:
    """All sample files into `folder`."""
    catalogue = tuple(items())
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("products.csv", products_csv(catalogue)),
        ("stock.csv", stock_csv(catalogue)),
        ("orders.csv", orders_csv(catalogue)),
        ("shopify_orders.csv", shopify_csv(catalogue)),
    ):
        (folder / name).write_bytes(content)
    for item in catalogue:
        (pictures / item.picture).write_bytes(picture(item.drawing, item.colour, item.mark))


def _lines(chance: random.Random, catalogue: Sequence[Item]) -> list[tuple[str, int]]:
    wanted = chance.choices((1, 2, 3, 4, 6, 9), (34, 28, 18, 10, 7, 3))[0]
    sold = [item for item in catalogue if item.on_hand > 40]
    return [(item.sku, _quantity(chance, item)) for item in chance.sample(sold, wanted)]


def _quantity(chance: random.Random, item: Item) -> int:
    if item.case_gtin and chance.random() < 0.12:
        return item.case_quantity
    return chance.choices((1, 2, 3, 4), (66, 20, 9, 5))[0]


def _placed_at(place: int) -> datetime:
    return datetime(2026, 6, 1, 7, 30, tzinfo=UTC) + timedelta(minutes=37 * place)


def _order(
    chance: random.Random, number: str, place: int, lines: Sequence[tuple[str, int]], by_sku: Mapping[str, Item]
) -> list[Row]:
    total = sum(by_sku[sku].price * quantity for sku, quantity in lines if sku in by_sku)
    head: Row = _consignee(customer(chance, int(number), _COUNTRY.get(number, "")))
    paid = number != UNPAID
    head |= {
        "placed_at": _placed_at(place).isoformat(),
        "postcode": "7500" if number == WRONG_POSTCODE else head["postcode"],
        "currency": "EUR",
        "total": _money(total),
        "paid_method": chance.choice(("card", "card", "card", "transfer")) if paid else "",
        "paid_reference": f"PAY-{number}" if paid else "",
        "service": "Express" if place % 17 == 16 else "",
        "gift_note": _GIFTS.get(number, ""),
        "note_packer": _PACKER_NOTES.get(number, ""),
        "tote": f"TOTE-{place % 60 + 1:03d}" if place < 60 else "",
        "cancelled": "yes" if number == CANCELLED else "",
    }
    columns = tuple(head)
    rows: list[Row] = []
    for sku, quantity in lines:
        price = by_sku[sku].price if sku in by_sku else 1500
        line: Row = {"order": number, "sku": sku, "quantity": quantity, "unit_price": _money(price)}
        rows.append(line | (dict.fromkeys(columns, "") if rows else head))
    return rows


def _consignee(who: Customer) -> Row:
    return {
        "name": who.name, "company": who.company, "street": who.street, "street2": who.street2,
        "postcode": who.postcode, "city": who.city, "country": who.country, "email": who.email,
        "phone": who.phone, "language": who.language,
    }  # fmt: skip


def _shopify_order(
    chance: random.Random, place: int, lines: Sequence[tuple[str, int]], by_sku: Mapping[str, Item]
) -> list[Row]:
    number, who = f"#{2001 + place}", customer(chance, 2001 + place)
    placed = _placed_at(place + ORDERS).strftime("%Y-%m-%d %H:%M:%S +0000")
    total = sum(by_sku[sku].price * quantity for sku, quantity in lines)
    pending = place == 4
    head: Row = {
        "Email": who.email, "Financial Status": "pending" if pending else "paid",
        "Paid at": "" if pending else placed, "Fulfillment Status": "unfulfilled", "Currency": "EUR",
        "Total": _money(total), "Shipping Method": "Standard", "Created at": placed,
    }  # fmt: skip
    tail: Row = {
        "Shipping Name": who.name, "Shipping Address1": who.street, "Shipping Address2": who.street2,
        "Shipping Company": who.company, "Shipping City": who.city, "Shipping Zip": f"'{who.postcode}",
        "Shipping Country": who.country, "Shipping Phone": who.phone and f"'{who.phone}",
        "Note Attributes": "gift_note: Bonne fête !" if place == 2 else "",
        "Cancelled at": placed if place == 7 else "", "Payment Method": "" if pending else "Shopify Payments",
        "Payment Reference": "" if pending else f"c{7000 + place}.1", "Id": 5_550_000 + place,
    }  # fmt: skip
    rows: list[Row] = []
    for sku, quantity in lines:
        line: Row = {
            "Lineitem quantity": quantity, "Lineitem name": by_sku[sku].name,
            "Lineitem price": _money(by_sku[sku].price), "Lineitem sku": sku,
            "Lineitem requires shipping": "true", "Lineitem fulfillment status": "pending",
        }  # fmt: skip
        blank = bool(rows)
        row: Row = {"Name": number}
        row |= dict.fromkeys(head, "") if blank else head
        row |= line
        row |= dict.fromkeys(tail, "") if blank else tail
        rows.append(row)
    return rows


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _csv(rows: Iterable[Row]) -> bytes:
    rows = list(rows)
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


if __name__ == "__main__":
    write(DATA)
