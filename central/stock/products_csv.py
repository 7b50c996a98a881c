"""Products and counted stock from files: one row per product."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from msgspec import Struct

from central.intake import fields
from central.intake.fields import BadField
from central.intake.report import Rejected, rejected
from central.intake.table import Table, read, refuse_others, require_columns
from central.intake.writing import yes
from central.stock.model import Product
from contract.keys import Sku
from contract.values import CodeKind, ItemCode, Policy, TraceKind

PRODUCT_COLUMNS: Final[Mapping[str, str]] = {
    "sku": "the shop's own name of the product",
    "name": "",
    "gtin": "8, 12, 13 or 14 digits",
    "case_gtin": "GTIN on a case or inner pack",
    "case_quantity": "pieces in that case",
    "codes": "other codes, separated by |; 2x in-store codes as their first 7 digits; more GTINs as gtin:…, those of "
    "cases as gtin:…*12",
    "mass_g": "of one piece, in grams; empty until it has been weighed",
    "tolerance_g": "how much one piece may differ; 5 when empty",
    "length_mm": "",
    "width_mm": "",
    "height_mm": "",
    "picture": "file name in the pictures folder",
    "policy": "scan, scan_where_possible or manual",
    "fragile": "yes or no",
    "oversell": "yes when stock may be promised below zero",
    "instruction": "what the packer reads for each piece",
    "reorder_point": "pieces",
    "safety_stock": "pieces that should never be gone below",
    "requires": "lot, serial or expiry, separated by |: asked for of every piece",
    "supplier": "who sends it to customers himself; empty: it comes from the shelf",
}
STOCK_COLUMNS: Final = ("sku", "on_hand", "warehouse")
_POLICIES: Final[Mapping[str, Policy]] = {
    "scan": "scan",
    "scan_where_possible": "scan_where_possible",
    "manual": "manual",
}
_TRACES: Final[Mapping[str, TraceKind]] = {"lot": "lot", "serial": "serial", "expiry": "expiry"}
_YES_NO: Final = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
_PICTURE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_IN_STORE: Final = re.compile(r"2\d{6}", re.ASCII)
_KINDS: Final[Mapping[str, CodeKind]] = {"gtin": "gtin", "in_store": "in_store", "sku": "sku"}
_TOLD: Final = re.compile(r"(gtin|in_store|sku):(.+?)(?:\*(\d{1,5}))?", re.ASCII)
_MAX_MASS_G: Final = 100_000
_MAX_SIDE_MM: Final = 5_000

T = TypeVar("T")


class Counted(Struct, frozen=True):
    """Pieces of a product found on the shelf."""

    line: int
    sku: Sku
    on_hand: int
    warehouse: str = ""
    """Empty: the first one."""


class Listed(Struct, frozen=True):
    """A product and the line of the file where it stands."""

    line: int
    product: Product


def read_products(data: bytes) -> tuple[tuple[Listed, ...], tuple[Rejected, ...]]:
    """Raise `BadTable` when the file as a whole cannot be read."""
    table = read(data)
    require_columns(table, ("sku", "name"))
    refuse_others(table, PRODUCT_COLUMNS)
    return _rows(table, lambda line, row: Listed(line, _product(row)))


def read_stock(data: bytes) -> tuple[tuple[Counted, ...], tuple[Rejected, ...]]:
    """Raise `BadTable` when the file as a whole cannot be read."""
    table = read(data)
    require_columns(table, ("sku", "on_hand"))
    refuse_others(table, STOCK_COLUMNS)
    return _rows(table, _counted)


def _rows(table: Table, parse: Callable[[int, Mapping[str, str]], T]) -> tuple[tuple[T, ...], tuple[Rejected, ...]]:
    taken: list[T] = []
    refused: list[Rejected] = []
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        sku = row.fields.get("sku", "").strip()
        key = (sku, row.fields.get("warehouse", "").strip())
        try:
            whole = table.whole(row)
            if key in seen:
                raise BadField("sku", sku, f"there once (it is on line {seen[key]} too)")
            taken.append(parse(row.line, whole))
            seen[key] = row.line
        except BadField as bad:
            refused.append(rejected(row.line, sku, bad))
    return tuple(taken), tuple(refused)


def _counted(line: int, row: Mapping[str, str]) -> Counted:
    on_hand = fields.whole(row, "on_hand", 0, 10_000_000, "pieces")
    return Counted(line, Sku(fields.name(row, "sku")), on_hand, fields.text(row, "warehouse", fields.MAX_NAME))


def _product(row: Mapping[str, str]) -> Product:
    mass = fields.text(row, "mass_g")
    return Product(
        sku=Sku(fields.name(row, "sku")),
        name=fields.required(row, "name", 200),
        codes=_codes(row),
        mass_g=fields.whole(row, "mass_g", 1, _MAX_MASS_G, "grams") if mass else None,
        tolerance_g=fields.whole(row, "tolerance_g", 0, _MAX_MASS_G, "grams", default=5),
        length_mm=fields.whole(row, "length_mm", 0, _MAX_SIDE_MM, "millimetres", default=0),
        width_mm=fields.whole(row, "width_mm", 0, _MAX_SIDE_MM, "millimetres", default=0),
        height_mm=fields.whole(row, "height_mm", 0, _MAX_SIDE_MM, "millimetres", default=0),
        picture=_picture(row),
        policy=fields.choice(row, "policy", _POLICIES, "scan"),
        fragile=fields.choice(row, "fragile", _YES_NO, False),
        oversell=fields.choice(row, "oversell", _YES_NO, False),
        instruction=fields.text(row, "instruction", 300),
        reorder_point=fields.whole(row, "reorder_point", 0, 10_000_000, "pieces", default=0),
        safety_stock=fields.whole(row, "safety_stock", 0, 10_000_000, "pieces", default=0),
        requires=_requires(row),
        supplier=fields.text(row, "supplier", 120),
    )


def _requires(row: Mapping[str, str]) -> tuple[TraceKind, ...]:
    named = [each.strip().lower() for each in fields.text(row, "requires").split("|") if each.strip()]
    if unknown := [each for each in named if each not in _TRACES]:
        raise BadField("requires", unknown[0], "lot, serial or expiry, separated by |")
    return tuple(dict.fromkeys(_TRACES[each] for each in named))


def _picture(row: Mapping[str, str]) -> str:
    value = fields.text(row, "picture")
    if value and not _PICTURE.fullmatch(value):
        raise BadField("picture", value, "a plain file name such as mug-blue.png")
    return value


def _codes(row: Mapping[str, str]) -> tuple[ItemCode, ...]:
    codes: list[ItemCode] = []
    piece = fields.gtin(row, "gtin")
    if piece is not None:
        codes.append(ItemCode(str(piece)))
    case = fields.gtin(row, "case_gtin")
    if case is not None:
        codes.append(ItemCode(str(case), quantity=fields.whole(row, "case_quantity", 2, 10_000, "pieces in the case")))
    elif fields.text(row, "case_quantity"):
        raise BadField("case_gtin", "", "filled in when there is a case_quantity")
    codes += [_code(code.strip()) for code in fields.text(row, "codes").split("|") if code.strip()]
    return tuple(codes)


def _code(written: str) -> ItemCode:
    told = _TOLD.fullmatch(written)
    if told is None:
        return ItemCode(written, "in_store" if _IN_STORE.fullmatch(written) else "sku")
    kind: CodeKind = _KINDS[told[1]]
    code = str(fields.gtin({"codes": told[2]}, "codes")) if kind == "gtin" else told[2]
    return ItemCode(code, kind, int(told[3] or 1))


def product_row(product: Product) -> list[str]:
    """A row of the file; read again, it is the same product."""
    left = list(product.codes)
    piece = left.pop(0).code if left and (left[0].kind, left[0].quantity) == ("gtin", 1) else ""
    case = left.pop(0) if left and left[0].kind == "gtin" and left[0].quantity > 1 else None
    values = {
        "sku": product.sku,
        "name": product.name,
        "gtin": piece,
        "case_gtin": case.code if case else "",
        "case_quantity": str(case.quantity) if case else "",
        "codes": "|".join(map(_written, left)),
        "mass_g": "" if product.mass_g is None else str(product.mass_g),
        "tolerance_g": str(product.tolerance_g),
        "length_mm": str(product.length_mm),
        "width_mm": str(product.width_mm),
        "height_mm": str(product.height_mm),
        "picture": product.picture,
        "policy": product.policy,
        "fragile": yes(product.fragile),
        "oversell": yes(product.oversell),
        "instruction": product.instruction,
        "reorder_point": str(product.reorder_point),
        "safety_stock": str(product.safety_stock),
        "requires": "|".join(product.requires),
        "supplier": product.supplier,
    }
    return [values[column] for column in PRODUCT_COLUMNS]


def _written(code: ItemCode) -> str:
    if _code(code.code) == code:
        return code.code
    return f"{code.kind}:{code.code}" + (f"*{code.quantity}" if code.quantity > 1 else "")
