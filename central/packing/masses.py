"""What products and boxes weigh, learned from accepted parcels. Pure.

One weight says something of everything in the parcel. Its residual (weighed minus expected) is shared out: to each mean
by how unsure that mean is, to each spread by its part of the parcel's variance. For a product alone on the scale this
is Welford's recursion. docs/decisions/0007-what-a-parcel-teaches.md says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import erf, exp, pi, sqrt
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from contract.values import UnitMass

Kind = Literal["product", "box"]

ENOUGH = 8
"""Parcels that must have taught before what was learned takes the place of what is on file."""
_MOST = 400.0
"""Pieces that a mean remembers: older ones fade, a new batch is followed."""
_FILE_WORTH = 1.0
"""The mass on file counts as one piece that was weighed."""
_SPREAD_WORTH = 3.0
"""The spread on file counts as three parcels."""
_FARTHEST = 16.0
"""A residual beyond four standard deviations teaches no more than one of four."""


class MassRow(Struct, frozen=True, gc=False):
    """What is known of one product's or box's mass, in milligrams."""

    kind: str
    name: str
    """SKU, or box code."""
    mean_mg: float
    variance: float
    """Of one piece; mg²."""
    seen: float = _FILE_WORTH
    """Pieces that the mean is worth: it is unsure by variance / seen."""
    evidence: float = _SPREAD_WORTH
    """Parcels that the variance is worth; one in which the product is a small part counts little."""
    parcels: int = 0
    """Parcels that taught it."""

    @property
    def learned(self) -> UnitMass | None:
        """What a job carries; None until enough were seen."""
        if self.parcels < ENOUGH:
            return None
        return UnitMass(round(self.mean_mg), max(1, round(sqrt(self.variance))), round(self.seen))


class Part(Struct, frozen=True):
    """Pieces of one product in the parcel, or its box."""

    known: MassRow
    quantity: int


def begin(kind: Kind, name: str, mass: UnitMass) -> MassRow:
    """What is on file, before any parcel."""
    return MassRow(kind, name, float(mass.mean_mg), float(max(mass.spread_mg, 100)) ** 2)


def learn(parts: Sequence[Part], weighed_mg: float, division_g: float, tolerance_mg: float | None) -> list[MassRow]:
    """What is known after this parcel. `tolerance_mg`: the check that it passed; None when a person let it pass."""
    residual = weighed_mg - sum(part.quantity * part.known.mean_mg for part in parts)
    scatter = (division_g * 500.0) ** 2 + sum(part.quantity * part.known.variance for part in parts)
    unsure = sum(_unsure(part) for part in parts)
    variance = scatter + unsure
    squared = min(residual**2 / variance, _FARTHEST) * variance
    if tolerance_mg is not None:
        squared /= _left_by_the_check(tolerance_mg / sqrt(variance))
    return [_taught(part, residual, squared, variance, unsure) for part in parts]


def _unsure(part: Part) -> float:
    return part.quantity**2 * part.known.variance / part.known.seen


def _taught(part: Part, residual: float, squared: float, variance: float, unsure: float) -> MassRow:
    known, quantity = part.known, part.quantity
    share = quantity * known.variance / variance
    gain = quantity / known.seen * known.variance / variance
    evidence = known.evidence + share**2
    spread = known.variance + share**2 * (squared - variance) / (quantity * evidence)
    return replace(
        known,
        mean_mg=known.mean_mg + gain * residual,
        variance=max(spread, known.variance / 4, 1.0),
        # A sum says less of its parts than of itself: knowledge grows by the part that was unsure of all that was.
        seen=min(known.seen / (1 - gain * quantity * _unsure(part) / unsure), _MOST),
        evidence=min(evidence, _MOST),
        parcels=known.parcels + 1,
    )


def _left_by_the_check(sigmas: float) -> float:
    """The share of a normal variance that is left within ± sigmas: refused parcels teach nothing, and are missed."""
    sigmas = max(sigmas, 1.5)
    inside = erf(sigmas / sqrt(2))
    return 1 - 2 * sigmas * exp(-(sigmas**2) / 2) / sqrt(2 * pi) / inside


def unknown(name: str, parts: Sequence[Part], quantity: int, weighed_mg: float) -> MassRow:
    """A product that nobody weighed, from the first parcel in which all else is known."""
    rest_mg = weighed_mg - sum(part.quantity * part.known.mean_mg for part in parts)
    mean_mg = max(1, round(rest_mg / quantity))
    return begin("product", name, UnitMass(mean_mg, mean_mg // 20))


def learned(rows: Iterable[MassRow]) -> dict[str, UnitMass]:
    """What is worth telling a station, by name."""
    return {row.name: mass for row in rows if (mass := row.learned) is not None}
