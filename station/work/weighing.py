"""The weight check: what a parcel should weigh, how far off it may be, and what explains a miss.

Masses are milligrams inside, grams at the edges. A product's mean and spread may be fixed or learned:
this module does not know which.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain
from math import sqrt
from typing import Literal

from msgspec import Struct

from contract.values import UnitMass


class Strictness(Struct, frozen=True):
    """How strict the check is: `sigmas` standard deviations, never less than `floor_g` grams either way."""

    sigmas: float = 3.0
    floor_g: int = 5


class Load(Struct, frozen=True):
    """Pieces of one product in the parcel (`quantity` may be 0: it could be in there by mistake)."""

    name: str
    quantity: int
    mass: UnitMass | None


class Crate(Struct, frozen=True):
    """A box that the parcel could be in, by its barcode and empty mass."""

    name: str
    tare_g: int


class Expected(Struct, frozen=True):
    """What the scale should show, and how far off it may be, in grams."""

    grams: int
    tolerance_g: int

    def off_by(self, grams: int) -> int:
        """How many grams too heavy (or, negative, too light) beyond doubt; 0 within the tolerance."""
        difference = grams - self.grams
        return difference if abs(difference) > self.tolerance_g else 0


class Change(Struct, frozen=True):
    """A difference between what was scanned and what seems to be in the parcel."""

    kind: Literal["missing", "extra", "box"]
    name: str
    """A product's SKU, or the code of the box that it seems to be in."""


def expect(loads: Iterable[Load], tare_g: int, division_g: int, strictness: Strictness) -> Expected | None:
    """Σ n·mean + tare, ± k·√(Σ n·spread² + division²); None when the mass of a product is unknown."""
    mean_mg = tare_g * 1_000
    variance = float(division_g * 1_000) ** 2
    for load in loads:
        if load.quantity == 0:
            continue
        if load.mass is None:
            return None
        mean_mg += load.quantity * load.mass.mean_mg
        variance += load.quantity * float(load.mass.spread_mg) ** 2
    tolerance_g = max(float(strictness.floor_g), strictness.sigmas * sqrt(variance) / 1_000)
    return Expected(round(mean_mg / 1_000), round(tolerance_g))


def explain(
    difference_g: int, tolerance_g: int, loads: Sequence[Load], tare_g: int = 0, crates: Sequence[Crate] = ()
) -> tuple[Change, ...]:
    """The likeliest cause of a difference: one change if one fits, else the two that fit best, else none.

    A change is one piece missing, one piece more, or another box than the one named. Two changes make a
    pair missing, a pair doubled, or one product in place of another. A change is a cause only when it leaves
    less than the tolerance and less than half of the difference unexplained.
    """
    singles = sorted(chain(_item_changes(loads), _box_changes(tare_g, crates)), key=lambda change: change[0])
    limit_mg = min(tolerance_g * 1_000, abs(difference_g) * 500)
    wanted_mg = difference_g * 1_000
    best = min(singles, key=lambda change: abs(wanted_mg - change[0]), default=None)
    if best is not None and abs(wanted_mg - best[0]) <= limit_mg:
        return (best[1],)
    return _best_pair(wanted_mg, limit_mg, singles, {load.name: load.quantity for load in loads})


_Weighed = tuple[int, Change]
"""What a change does to the parcel, in milligrams, and the change."""


def _item_changes(loads: Sequence[Load]) -> Iterable[_Weighed]:
    for load in loads:
        if load.mass is not None and load.mass.mean_mg > 0:
            yield load.mass.mean_mg, Change("extra", load.name)
            if load.quantity > 0:
                yield -load.mass.mean_mg, Change("missing", load.name)


def _box_changes(tare_g: int, crates: Sequence[Crate]) -> Iterable[_Weighed]:
    return ((1_000 * (crate.tare_g - tare_g), Change("box", crate.name)) for crate in crates if crate.tare_g != tare_g)


def _best_pair(
    wanted_mg: int, limit_mg: int, singles: Sequence[_Weighed], quantities: dict[str, int]
) -> tuple[Change, ...]:
    """The two changes that come nearest, found by bisection: lines may be many."""
    found: tuple[int, tuple[Change, ...]] = (limit_mg + 1, ())
    effects = [effect for effect, _ in singles]
    for effect, first in singles:
        at = bisect_left(effects, wanted_mg - effect)
        for other, second in singles[max(0, at - 2) : at + 2]:
            rest = abs(wanted_mg - effect - other)
            if rest < found[0] and _together(first, second, quantities):
                found = (rest, (first, second))
    return found[1]


def _together(first: Change, second: Change, quantities: dict[str, int]) -> bool:
    if first.kind == "box" and second.kind == "box":
        return False
    if first.name != second.name or first.kind == "box" or second.kind == "box":
        return True
    if first.kind != second.kind:
        return False
    return first.kind == "extra" or quantities[first.name] >= 2
