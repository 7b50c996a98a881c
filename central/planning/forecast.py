"""How much of a product will be packed in the coming week, and how wrong the same method was before. Pure.

Three simple methods are tried on the past, one week ahead at a time; the one that was least wrong is taken, of equals
the first that knows most: `season`, `mean`, `last`.

- `mean`: simple exponential smoothing, each week counts 30 % and all before it 70 %;
- `last`: the same as the last week;
- `season`: the same as the same week a year ago, once there is more than a year of past.

The error is the mean absolute difference, in pieces a week, over at most the last twelve weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from msgspec import Struct

Method: TypeAlias = Literal["none", "mean", "last", "season"]
WEIGHT: Final = 0.3
YEAR: Final = 52
LOOKED_AT: Final = 12


class Forecast(Struct, frozen=True):
    """Pieces in the coming week, by which method, and its error in the past."""

    weekly: float
    method: Method
    error: float
    """Mean absolute difference in pieces a week; 0 when the past is too short to tell."""
    tried_on: int
    """Weeks that the error was measured on."""


def _mean(past: Sequence[int]) -> float:
    level = float(past[0])
    for sold in past[1:]:
        level += WEIGHT * (sold - level)
    return level


def _last(past: Sequence[int]) -> float:
    return float(past[-1])


def _season(past: Sequence[int]) -> float:
    return float(past[-YEAR])


_METHODS: Final[Mapping[Method, Callable[[Sequence[int]], float]]] = {"season": _season, "mean": _mean, "last": _last}


def forecast(sold: Sequence[int]) -> Forecast:
    """From pieces of each full week, the oldest first. Weeks before the first sale say nothing."""
    first = next((week for week, pieces in enumerate(sold) if pieces > 0), None)
    if first is None:
        return Forecast(0.0, "none", 0.0, 0)
    past = [max(0, pieces) for pieces in sold[first:]]
    best: Forecast | None = None
    for name, method in _METHODS.items():
        needed = YEAR if name == "season" else 1
        weeks = range(max(needed, len(past) - LOOKED_AT), len(past))
        if len(past) < needed or (name == "season" and not weeks):
            continue
        wrong = [abs(past[week] - method(past[:week])) for week in weeks]
        error = sum(wrong) / len(wrong) if wrong else 0.0
        if best is None or (wrong and error < best.error):
            best = Forecast(method(past), name, error, len(wrong))
    assert best is not None, "the mean needs one week"
    return best
