"""A product as the REST interface takes it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from central.desk.refused import Refused
from central.stock.model import Product
from contract.keys import BadKey, Gtin, Sku
from contract.values import CodeKind, ItemCode, Policy, TraceKind

Side = Annotated[int, Meta(ge=0, le=5_000, description="millimetres")]


class CodeBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A code that packers scan. GTINs of all lengths are kept as 14 digits."""

    code: Annotated[str, Meta(min_length=1, max_length=64)]
    kind: CodeKind = "gtin"
    quantity: Annotated[int, Meta(ge=1, le=10_000, description="pieces that one scan counts")] = 1

    def item_code(self) -> ItemCode:
        """Raises `Refused` for a GTIN with a wrong check digit."""
        if self.kind != "gtin":
            return ItemCode(self.code, self.kind, self.quantity)
        try:
            return ItemCode(str(Gtin(self.code)), self.kind, self.quantity)
        except BadKey as error:
            raise Refused("invalid", f"{error}.", "codes", self.code) from None


class ProductBody(Struct, frozen=True, forbid_unknown_fields=True):
    """All of a product but its SKU, which is in the address."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    codes: Annotated[tuple[CodeBody, ...], Meta(max_length=50)] = ()
    mass_g: Annotated[int, Meta(ge=1, le=100_000, description="grams")] | None = None
    tolerance_g: Annotated[int, Meta(ge=0, le=100_000, description="grams")] = 5
    length_mm: Side = 0
    width_mm: Side = 0
    height_mm: Side = 0
    picture: Annotated[str, Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9_.-]{0,99})?$")] = ""
    policy: Policy = "scan"
    fragile: bool = False
    oversell: bool = False
    instruction: Annotated[str, Meta(max_length=300)] = ""
    reorder_point: Annotated[int, Meta(ge=0, le=10_000_000, description="pieces")] = 0
    safety_stock: Annotated[int, Meta(ge=0, le=10_000_000, description="never to be gone below; 0: none")] = 0
    requires: Annotated[tuple[TraceKind, ...], Meta(max_length=3, description="asked for of every piece")] = ()
    supplier: Annotated[str, Meta(max_length=120, description="who sends it to customers himself; empty: nobody")] = ""

    def product(self, sku: Sku) -> Product:
        """Raises `Refused` for a code that cannot be."""
        return Product(
            sku=sku,
            name=self.name,
            codes=tuple(code.item_code() for code in self.codes),
            mass_g=self.mass_g,
            tolerance_g=self.tolerance_g,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            picture=self.picture,
            policy=self.policy,
            fragile=self.fragile,
            oversell=self.oversell,
            instruction=self.instruction,
            reorder_point=self.reorder_point,
            safety_stock=self.safety_stock,
            requires=tuple(dict.fromkeys(self.requires)),
            supplier=self.supplier,
        )
