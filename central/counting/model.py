"""What is counted, and what was found."""

from __future__ import annotations

from msgspec import Struct

from central.stock.model import Lot
from contract.keys import Sku


class Plan(Struct, frozen=True):
    """A count job to be made: all of these bins and products. Without bins the products' own, wherever they lie."""

    count: str
    what: str
    skus: tuple[Sku, ...]
    warehouse: str = ""
    """Empty: the first."""
    classes: tuple[str, ...] = ()
    """ABC classes: their products that are due to be counted."""
    bins: tuple[str, ...] = ()
    blind: bool = True


class Recount(Struct, frozen=True, gc=False):
    """Which differences are counted a second time: above so many pieces (0: none) and this share of what should be."""

    pieces: int = 0
    percent: int = 0
    by_anyone: bool = False
    """Also by who counted first: a shop of one person has nobody else."""

    def wants(self, expected: int, counted: int) -> bool:
        """Whether it is so far off that somebody else should look."""
        off = abs(counted - expected)
        return 0 < self.pieces < off and off * 100 > max(0, expected) * self.percent


class Found(Struct, frozen=True):
    """Pieces of one product and lot that lie in one bin."""

    sku: Sku
    quantity: int
    bin: str = ""
    lot: str = ""
    expiry: str = ""

    @property
    def made(self) -> Lot:
        return Lot.of(self.lot, self.expiry)
