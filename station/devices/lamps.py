"""What each state looks and sounds like on the bench: stack light and buzzer as timed steps. Pure.

Sounds differ in pattern, not only in pitch, and are the rhythm of the screen's own sounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from station.devices.ports import Lamp

Colour = Literal["red", "amber", "green", "blue"]


class Step(NamedTuple):
    """The outputs for a while."""

    lit: frozenset[Colour]
    sound: bool
    lasts_ms: int


class Show(NamedTuple):
    """The steps of one state, then the colours that stay. `again` plays the steps over until the next state."""

    steps: tuple[Step, ...]
    stays: frozenset[Colour]
    again: bool = False


def _show(stays: Colour, *beats: tuple[int, int], again: bool = False) -> Show:
    """Each beat is sound with light, then a pause, in milliseconds."""
    lit = frozenset((stays,))
    dark: frozenset[Colour] = frozenset()
    steps: list[Step] = []
    for on_ms, off_ms in beats:
        steps += [Step(lit, True, on_ms), Step(dark if off_ms < _DARK_MS else lit, False, off_ms)]
    return Show(tuple(steps), lit, again)


_DARK_MS = 400
"""A longer pause keeps the light on: a dark stack light would look switched off."""

SHOWS: Mapping[Lamp, Show] = {
    Lamp.READY: _show("green", (20, 20)),
    Lamp.GOOD: _show("green", (80, 120)),
    Lamp.DONE: _show("green", (80, 80), (240, 120)),
    Lamp.WAIT: _show("amber", (20, 60), (20, 60)),
    Lamp.LOOK: _show("amber", (160, 160), (160, 160)),
    Lamp.STOP: _show("red", (700, 500), again=True),
    Lamp.SIGN_IN: _show("green", (60, 60), (60, 60), (60, 60)),
    Lamp.CALL_LEAD: _show("blue", (300, 1700), again=True),
}
"""Green: go on. Amber: look or wait. Red: stop, sounding until acknowledged. Blue: a lead is called."""
