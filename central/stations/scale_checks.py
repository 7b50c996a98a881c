"""How far a scale can be trusted: its checks taken down, its drift and the creep of its zero. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from central.desk.books import Books
from central.stations.answers import ScaleCheck, ScaleTrust
from central.stations.rows import ScaleCheckRow
from contract.messages import ScaleChecked

_DAY_MS: Final = 24 * 3_600_000
YEAR_MS: Final = 365 * _DAY_MS
_MONTH: Final = 30
_TREND_DAYS: Final = 90
_FEWEST: Final = 4
"""Checks below which a line through them says nothing."""
_SHORTEST_DAYS: Final = 3
_SOON_DAYS: Final = 30


def checked(books: Books, station: str, fact: ScaleChecked) -> None:
    """A check weight was put on a scale."""
    books.scale_checks.append(
        ScaleCheckRow(
            station=station,
            scale=fact.scale,
            at=fact.at,
            badge=fact.badge,
            weight_g=fact.weight_g,
            tolerance_g=fact.tolerance_g,
            zero_g=fact.zero_g,
            shown_g=fact.shown_g,
            return_g=fact.return_g,
            empty_low_g=fact.empty_low_g,
            empty_high_g=fact.empty_high_g,
            passed=fact.passed,
            due_at=fact.due_at,
        )
    )
    text = f"{fact.scale}: {fact.shown_g - fact.weight_g:+d} g"
    what = "scale_right" if fact.passed else "scale_wrong"
    books.note(f"station/{station}", fact.at, what, station=station, by=fact.badge, text=text)


def trust(scale: str, checks: Sequence[ScaleCheck], now: int) -> ScaleTrust:
    """What these checks, newest first and at least one, say of the scale."""
    newest = checks[0]
    drift_g = _drift_g([check for check in checks if check.at > newest.at - _TREND_DAYS * _DAY_MS])
    out_in_days = _out_in_days(newest, drift_g)
    return ScaleTrust(
        scale=scale,
        state=_state(newest, out_in_days, now),
        due_at=newest.due_at,
        error_g=newest.error_g,
        drift_g=drift_g,
        out_in_days=out_in_days,
        creep_g=max(
            max(abs(check.empty_low_g), abs(check.empty_high_g))
            for check in checks
            if check.at > newest.at - _MONTH * _DAY_MS
        ),
        checks=tuple(checks),
    )


def _state(newest: ScaleCheck, out_in_days: int | None, now: int) -> Literal["right", "wrong", "due", "drifting"]:
    if not newest.passed:
        return "wrong"
    if now > newest.due_at:
        return "due"
    return "drifting" if out_in_days is not None and out_in_days <= _SOON_DAYS else "right"


def _drift_g(checks: Sequence[ScaleCheck]) -> float | None:
    """Slope of the straight line nearest to the errors, in grams in 30 days."""
    days = [(check.at - checks[0].at) / _DAY_MS for check in checks]
    if len(checks) < _FEWEST or max(days) - min(days) < _SHORTEST_DAYS:
        return None
    mean_day = sum(days) / len(days)
    mean_error = sum(check.error_g for check in checks) / len(checks)
    moment = sum((day - mean_day) * (check.error_g - mean_error) for day, check in zip(days, checks, strict=True))
    return _MONTH * moment / sum((day - mean_day) ** 2 for day in days)


def _out_in_days(newest: ScaleCheck, drift_g: float | None) -> int | None:
    """Days until the error leaves the tolerance at this rate."""
    if not drift_g:
        return None
    room_g = newest.tolerance_g - newest.error_g if drift_g > 0 else newest.tolerance_g + newest.error_g
    days = max(0.0, room_g / abs(drift_g) * _MONTH)
    return int(days) if days <= 365 else None
