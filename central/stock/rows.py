"""Products, levels and movements as the books hold them."""

from __future__ import annotations

from typing import Literal, TypeAlias, cast

import msgspec
from msgspec import Struct

from central.stock.model import MAIN, Product
from contract.keys import Sku
from contract.values import ItemCode, Policy, StockItem, StockLevel, TraceKind, UnitMass

Location: TypeAlias = Literal["", "shelf", "packed"]
"""Where pieces are; the empty name is the world outside: suppliers, customers, the bin."""
Reason: TypeAlias = Literal[
    "received", "counted", "found", "packed", "unpacked", "shipped", "missing", "damaged", "transferred", "put_away"
]


class ProductRow(Struct, frozen=True, gc=False):
    """One product. `codes` is JSON of `contract.values.ItemCode`."""

    sku: Sku
    name: str
    codes: str = "[]"
    mass_g: int | None = None
    tolerance_g: int = 5
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    picture: str = ""
    policy: str = "scan"
    fragile: bool = False
    oversell: bool = False
    instruction: str = ""
    reorder_point: int = 0
    requires: str = "[]"
    """JSON list of `contract.values.TraceKind`."""
    supplier: str = ""
    """Who sends it to customers himself; empty: nobody."""
    safety_stock: int = 0

    @classmethod
    def of(cls, product: Product) -> ProductRow:
        return cls(
            product.sku,
            product.name,
            msgspec.json.encode(product.codes).decode(),
            product.mass_g,
            product.tolerance_g,
            product.length_mm,
            product.width_mm,
            product.height_mm,
            product.picture,
            product.policy,
            product.fragile,
            product.oversell,
            product.instruction,
            product.reorder_point,
            msgspec.json.encode(product.requires).decode(),
            product.supplier,
            product.safety_stock,
        )

    @property
    def product(self) -> Product:
        fields = msgspec.structs.asdict(self) | {"codes": self.item_codes, "requires": self.traced}
        return msgspec.convert(fields, Product, strict=False)

    @property
    def traced(self) -> tuple[TraceKind, ...]:
        return msgspec.json.decode(self.requires, type=tuple[TraceKind, ...])

    @property
    def size(self) -> tuple[int, int, int] | None:
        """None when a side is not on file."""
        size = (self.length_mm, self.width_mm, self.height_mm)
        return size if all(size) else None

    @property
    def mass(self) -> UnitMass | None:
        """As on file: the tolerance is three standard deviations of one piece. None when nobody weighed one."""
        return None if self.mass_g is None else UnitMass(self.mass_g * 1000, self.tolerance_g * 1000 // 3)

    @property
    def scannable(self) -> set[str]:
        """Every text that names the product, as `product_codes` holds it: upper case, GTINs with 14 digits."""
        return {self.sku.upper(), *(code.code.upper() for code in self.item_codes)}

    @property
    def item_codes(self) -> tuple[ItemCode, ...]:
        return msgspec.json.decode(self.codes, type=tuple[ItemCode, ...])

    def stock_item(self, bin_: str = "") -> StockItem:
        """As a bench counts and receives it; `bin_` is where it usually lies."""
        policy = cast(Policy, self.policy)
        return StockItem(
            self.sku, self.name, self.item_codes, policy, self.picture, bool(self.fragile), self.traced, bin_
        )


class LevelRow(Struct, frozen=True, gc=False):
    """How much of a product a warehouse has: `shelf` and `packed` are sums of movements, `reserved` of promises."""

    sku: Sku
    warehouse: str
    shelf: int = 0
    packed: int = 0
    reserved: int = 0
    pick_bin: str = ""
    """Where packers take it from first, and where pieces go that nobody puts elsewhere."""

    @property
    def unpromised(self) -> int:
        return self.shelf - self.reserved

    @property
    def level(self) -> StockLevel:
        return StockLevel(self.shelf, self.reserved, self.unpromised, self.packed)


class HoldingRow(Struct, frozen=True, gc=False):
    """Pieces on a warehouse's shelf whose bin or lot is known, a sum of movements. What is in no row lies loose."""

    sku: Sku
    warehouse: str
    bin: str
    lot: str
    quantity: int = 0


class LotRow(Struct, frozen=True, gc=False):
    """What is known of a lot."""

    sku: Sku
    lot: str
    expiry: str = ""
    """The last good day; empty when the pieces keep."""
    stopped: str = ""
    """Why nothing of it may be promised; empty when it may."""

    def sells_on(self, day: str) -> bool:
        """Whether its pieces may be promised on that day."""
        return not self.stopped and (not self.expiry or self.expiry >= day)


class Movement(Struct, frozen=True, gc=False):
    """Pieces that went from one location to another in a warehouse. Never changed, never deleted."""

    sku: Sku
    source: Location
    target: Location
    quantity: int
    """Always above zero."""
    reason: Reason
    reference: str
    """What caused it: an SSCC, a job, a delivery note."""
    by: str
    """Badge of a packer, or the name of an office user."""
    at: int
    warehouse: str = MAIN
    source_bin: str = ""
    """On the shelf; empty for pieces without a bin."""
    target_bin: str = ""
    lot: str = ""
    serial: str = ""
    """Of the one piece that moved, when it is known."""
