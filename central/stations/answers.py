"""Stations as the REST interface and the pages show them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from contract.machine import MachineTrouble
from contract.messages import Progress
from contract.values import DeviceState


class StationAnswer(Struct, frozen=True):
    """A station as it last spoke, and what its bench is doing now."""

    station: str
    online: bool
    version: str
    devices: tuple[DeviceState, ...]
    queued: int
    """Facts that central has not received yet, as the station counted them."""
    badge: str
    """Who is signed in."""
    seen_at: int
    progress: Progress | None = None
    troubles: tuple[MachineTrouble, ...] = ()
    """What is wrong with its computer."""


class ScaleCheck(Struct, frozen=True):
    """One check of a scale with its check weight. Grams."""

    at: int
    badge: str
    weight_g: int
    tolerance_g: int
    zero_g: int
    shown_g: int
    return_g: int
    empty_low_g: int
    """The least that the empty platform showed since the check before."""
    empty_high_g: int
    passed: bool
    due_at: int

    @property
    def error_g(self) -> int:
        """How much too heavy (or, negative, too light) the scale weighs."""
        return self.shown_g - self.weight_g


class ScaleTrust(Struct, frozen=True):
    """What the checks of one scale say of it."""

    scale: str
    state: Literal["right", "wrong", "due", "drifting"]
    """`drifting`: right today, out of tolerance before `out_in_days` are over."""
    due_at: int
    error_g: int
    """At the newest check."""
    drift_g: float | None
    """Grams in 30 days, from the checks of the last 90; None while they are too few to tell."""
    out_in_days: int | None
    """At that rate; None while it is not heading out, or not within a year."""
    creep_g: int
    """The farthest from zero that the empty platform was in the last 30 days."""
    checks: tuple[ScaleCheck, ...]
    """Newest first."""


class ScaleTrustList(Struct, frozen=True):
    """Every scale of a station that was ever checked, by name."""

    items: tuple[ScaleTrust, ...]
    next: str | None


class StationList(Struct, frozen=True):
    """Every station that ever spoke, by name."""

    items: tuple[StationAnswer, ...]
    next: str | None = None
    """Give it as `after` to get the next page; null on the last one."""
