"""What the plan looks like as pictures: how long the stock lasts, and how few products make the turnover. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from central.planning.abc import Class

if TYPE_CHECKING:
    from central.planning.reading import Planned

BANDS: Final = (0, 7, 14, 30, 60, 90)
"""Days; a band ends with its last day, the last one has no end."""
CLASSES: Final[tuple[Class, ...]] = ("A", "B", "C")
_POINTS: Final = 200


class Band(Struct, frozen=True):
    """How many products last so long."""

    first: int | None
    """Days; None: nothing of it is sold, so nobody knows."""
    last: int | None
    """None: without end."""
    products: int


class Share(Struct, frozen=True):
    """One class of the products."""

    abc: Class
    products: int
    worth: int
    """What a year's pieces of them were sold for, in minor units."""
    percent: int
    """Of all turnover, rounded."""


class Step(Struct, frozen=True):
    """So many of the products that sell best make so much of the turnover."""

    products: int
    percent: float


def cover(items: Sequence[Planned]) -> tuple[Band, ...]:
    """Products by how long their stock lasts, the shortest first; at the end those of which nothing is sold."""
    firsts = (0, *(last + 1 for last in BANDS))
    lasts = (*BANDS, None)
    known = [each.cover_days for each in items if each.cover_days is not None]
    bands = [
        Band(first, last, sum(first <= days and (last is None or days <= last) for days in known))
        for first, last in zip(firsts, lasts, strict=True)
    ]
    return (*bands, Band(None, None, len(items) - len(known)))


def shares(items: Sequence[Planned]) -> tuple[Share, ...]:
    """Each class with its part of the turnover."""
    everything = sum(each.worth for each in items)
    found = []
    for abc in CLASSES:
        worth = sum(each.worth for each in items if each.abc == abc)
        percent = round(100 * worth / everything) if everything else 0
        found.append(Share(abc, sum(each.abc == abc for each in items), worth, percent))
    return tuple(found)


def turnover(items: Sequence[Planned]) -> tuple[Step, ...]:
    """From no product to all, the best seller first; about two hundred steps of however many products."""
    worths = sorted((each.worth for each in items), reverse=True)
    everything, made = sum(worths), 0
    if not everything:
        return ()
    every = max(1, len(worths) // _POINTS)
    steps = [Step(0, 0.0)]
    for number, worth in enumerate(worths, 1):
        made += worth
        if number % every == 0 or number == len(worths):
            steps.append(Step(number, round(100 * made / everything, 2)))
    return tuple(steps)
