"""Which parcels teach masses, and with what. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.packing.house import House
from central.packing.masses import MassRow, Part, begin, learn, unknown
from contract.keys import Sku
from contract.messages import ParcelClosed
from contract.values import UnitMass, Weighing

_TEACHES_NOTHING = "packaging_differs"
"""The lead's reason that says: this weight is not of these goods in this box alone."""


def teach(books: Books, house: House, fact: ParcelClosed) -> None:
    """Learn from a weighed parcel in a box that is known; at most one of its products may be new to the scale."""
    box = _box(books, house, fact.box)
    weighing = fact.weighing
    passed = [override.reason for override in fact.overrides if override.kind == "weight"]
    if box is None or weighing is None or weighing.grams <= 0 or _TEACHES_NOTHING in passed:
        return
    parts = [Part(box, 1)]
    new: list[tuple[Sku, int]] = []
    for sku, quantity in _pieces(fact).items():
        known = _product(books, sku)
        if known is None:
            new.append((sku, quantity))
        else:
            parts.append(Part(known, quantity))
    if not new:
        tolerance = None if passed else _tolerance_mg(weighing)
        for row in learn(parts, weighing.grams * 1_000.0, weighing.division_g, tolerance):
            books.masses.put(row)
    elif len(new) == 1:
        books.masses.put(unknown(new[0][0], parts, new[0][1], weighing.grams * 1_000.0))


def _pieces(fact: ParcelClosed) -> dict[Sku, int]:
    quantities: dict[Sku, int] = {}
    for packed in fact.contents:
        if packed.quantity > 0:
            quantities[packed.sku] = quantities.get(packed.sku, 0) + packed.quantity
    return quantities


def _product(books: Books, sku: Sku) -> MassRow | None:
    product = books.products.get(sku)
    on_file = product.mass if product is not None else None
    return books.masses.get(("product", sku)) or (begin("product", sku, on_file) if on_file is not None else None)


def _box(books: Books, house: House, code: str) -> MassRow | None:
    box = next((box for box in house.boxes if box.code == code), None)
    if box is None:
        return None
    return books.masses.get(("box", code)) or begin("box", code, UnitMass(box.tare_g * 1_000, box.tare_g * 20))


def _tolerance_mg(weighing: Weighing) -> float | None:
    return None if weighing.tolerance_g is None else weighing.tolerance_g * 1_000.0
