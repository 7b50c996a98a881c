"""The weight check: what a parcel should weigh, how far off it may be, and what explains a miss.

Masses are milligrams inside, grams at the edges. A product's mean and spread may be fixed or learned:
this module does not know which.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import log, sqrt
from typing import Literal, NamedTuple

from msgspec import Struct

from contract.values import UnitMass

NO_BOX = UnitMass(0, 0)


class Strictness(Struct, frozen=True):
    """How strict the check is: `sigmas` standard deviations, never less than `floor_g` grams either way.

    2.81 of them stop one right parcel in 200.
    """

    sigmas: float = 2.81
    floor_g: int = 3


class Load(Struct, frozen=True):
    """Pieces of one product in the parcel (`quantity` may be 0: it could be in there by mistake)."""

    name: str
    quantity: int
    mass: UnitMass | None


class Crate(Struct, frozen=True):
    """A box that the parcel could be in, by its barcode and its mass with filling and tape."""

    name: str
    mass: UnitMass


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


def expect(loads: Iterable[Load], box: UnitMass, division_g: int, strictness: Strictness) -> Expected | None:
    """Σ n·mean + box, ± k·√variance; None when the mass of a product is unknown."""
    packed = [load for load in loads if load.quantity]
    variance = _variance(packed, box, division_g)
    if variance is None:
        return None
    mean_mg = box.mean_mg + sum(load.quantity * load.mass.mean_mg for load in packed if load.mass is not None)
    tolerance_g = max(float(strictness.floor_g), strictness.sigmas * sqrt(variance) / 1_000)
    return Expected(round(mean_mg / 1_000), round(tolerance_g))


def _variance(packed: Iterable[Load], box: UnitMass, division_g: int) -> float | None:
    """Σ n·spread² + the box's + (division/2)² of the scale, and what the learned means are unsure by; in mg²."""
    variance = (division_g * 500.0) ** 2 + _unsure(box, 1)
    for load in packed:
        if load.mass is None:
            return None
        variance += _unsure(load.mass, load.quantity)
    return variance


def _unsure(mass: UnitMass, quantity: int) -> float:
    """Pieces scatter each for itself; a mean that is wrong is wrong for all of them together."""
    mean = quantity**2 / mass.seen if mass.seen else 0.0
    return (quantity + mean) * float(mass.spread_mg) ** 2


class _Cause(NamedTuple):
    """What could be wrong, what that does to the parcel's mass and variance, and how likely it is beforehand."""

    effect_mg: int
    variance: float
    log_prior: float
    change: Change


_EXTRA_OF_OTHER = log(0.2)
"""An item of the order that is not in this parcel got into it."""
_TWO = log(0.02)
"""Two mistakes in one parcel."""


def explain(
    difference_g: int, tolerance_g: int, loads: Sequence[Load], box: UnitMass = NO_BOX, crates: Sequence[Crate] = ()
) -> tuple[Change, ...]:
    """The likeliest cause of a difference: one change, or two that make it together; none when nothing fits.

    A change is one piece missing, one piece more, or another box than the one named. Two changes make one product
    in place of another, a pair missing, a pair doubled. Each is weighed by how often it happens and by how well its
    mass fits, with the spread that the parcel has then. A cause must leave less than the tolerance and less than half
    of the difference unexplained.
    """
    causes = sorted((*_item_causes(loads), *_box_causes(box, crates)), key=lambda cause: cause.effect_mg)
    quantities = {load.name: load.quantity for load in loads}
    variance = _variance([load for load in loads if load.quantity], box, 1) or 0.0
    variance = max(variance, (tolerance_g * 1_000 / 3) ** 2)
    limit_mg = min(tolerance_g * 1_000, abs(difference_g) * 500)
    wanted_mg = difference_g * 1_000
    best = float("-inf")
    found: tuple[Change, ...] = ()
    for changes, effect_mg, more, log_prior in _explanations(wanted_mg, causes, quantities):
        rest = wanted_mg - effect_mg
        if abs(rest) <= limit_mg:
            spread = max(variance + more, variance / 4)
            score = log_prior - rest**2 / (2 * spread) - log(spread) / 2
            if score > best:
                best, found = score, changes
    return found


_Explanation = tuple[tuple[Change, ...], int, float, float]


def _item_causes(loads: Sequence[Load]) -> Iterator[_Cause]:
    pieces = sum(load.quantity for load in loads) or 1
    for load in loads:
        if load.mass is None or load.mass.mean_mg <= 0:
            continue
        own = float(load.mass.spread_mg) ** 2
        share = log(load.quantity / pieces) if load.quantity else _EXTRA_OF_OTHER - log(len(loads))
        yield _Cause(load.mass.mean_mg, own, share, Change("extra", load.name))
        if load.quantity:
            yield _Cause(-load.mass.mean_mg, -own, share, Change("missing", load.name))


def _box_causes(box: UnitMass, crates: Sequence[Crate]) -> Iterator[_Cause]:
    for crate in crates:
        if crate.mass.mean_mg != box.mean_mg:
            more = float(crate.mass.spread_mg) ** 2 - float(box.spread_mg) ** 2
            prior = -log(len(crates))
            yield _Cause(crate.mass.mean_mg - box.mean_mg, more, prior, Change("box", crate.name))


def _explanations(wanted_mg: int, causes: Sequence[_Cause], quantities: dict[str, int]) -> Iterator[_Explanation]:
    """Each cause alone, and with the partners that come nearest together: found by bisection, lines may be many."""
    effects = [cause.effect_mg for cause in causes]
    products = max(1, len(quantities) - 1)
    for first in causes:
        yield (first.change,), first.effect_mg, first.variance, first.log_prior
        at = bisect_left(effects, wanted_mg - first.effect_mg)
        for second in causes[max(0, at - 3) : at + 3]:
            pair = Counter((first.change.kind, second.change.kind))
            if not _together(first.change, second.change, quantities):
                continue
            if pair["missing"] == pair["extra"] == 1:
                missing = first if first.change.kind == "missing" else second
                prior = missing.log_prior - log(products)
            else:
                prior = _TWO + first.log_prior + second.log_prior
            effect_mg = first.effect_mg + second.effect_mg
            yield (first.change, second.change), effect_mg, first.variance + second.variance, prior


def _together(first: Change, second: Change, quantities: dict[str, int]) -> bool:
    if first.kind == "box" and second.kind == "box":
        return False
    if first.name != second.name or first.kind == "box" or second.kind == "box":
        return True
    if first.kind != second.kind:
        return False
    return first.kind == "extra" or quantities[first.name] >= 2
