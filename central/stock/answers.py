"""Products, levels and movements as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct

from central.intake.report import Rejected
from central.stock.model import Product
from contract.values import StockLevel, UnitMass


class ProductAnswer(Struct, frozen=True):
    """A product and how much of it there is."""

    product: Product
    level: StockLevel
    learned: UnitMass | None = None
    """What parcels taught of its mass, once that counts more than what is on file."""

    @property
    def is_low(self) -> bool:
        return self.level.available <= self.product.reorder_point


class ProductPage(Struct, frozen=True):
    """One page of products by SKU."""

    items: tuple[ProductAnswer, ...]
    next: str | None


class WarehouseAnswer(Struct, frozen=True):
    """What one warehouse has of a product."""

    warehouse: str
    level: StockLevel
    pick_bin: str


class SpotAnswer(Struct, frozen=True):
    """Pieces of one lot in one bin; both empty where they lie loose."""

    warehouse: str
    bin: str
    lot: str
    quantity: int
    expiry: str = ""
    stopped: str = ""
    sells: bool = True
    """Whether they may be promised today."""


class PlacesAnswer(Struct, frozen=True):
    """Where a product's pieces are."""

    sku: str
    warehouses: tuple[WarehouseAnswer, ...]
    spots: tuple[SpotAnswer, ...]
    unsellable: int
    """On the shelf, but past their date or of a stopped lot."""


class MovementAnswer(Struct, frozen=True):
    """Pieces that went from one place to another; an empty place is the world outside."""

    movement: int
    source: str
    target: str
    quantity: int
    reason: str
    reference: str
    by: str
    at: int
    warehouse: str
    source_bin: str
    target_bin: str
    lot: str
    serial: str

    @property
    def on_shelf(self) -> int:
        """What it did to the shelf."""
        return self.quantity * ((self.target == "shelf") - (self.source == "shelf"))


class MovementPage(Struct, frozen=True):
    """One page of a product's ledger, newest first."""

    items: tuple[MovementAnswer, ...]
    next: str | None


class Pending(Struct, frozen=True):
    """An open order that needs a product."""

    order_id: str
    placed_at: int
    status: str
    name: str
    to_pack: int
    reserved: int


class RowsReport(Struct, frozen=True):
    """What an import of products or counts did."""

    taken: int
    rejected: tuple[Rejected, ...]
