"""What one frame of a serial scale says, whatever its protocol. Pure.

A number is read exactly, in whole micrograms, and rounded to grams once.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from station.devices.ports import ScaleState

Unit = Literal["g", "kg", "oz", "lb"]
UG_PER_UNIT: dict[Unit, int] = {"g": 1_000_000, "kg": 1_000_000_000, "oz": 28_349_523, "lb": 453_592_370}
"""Avoirdupois ounce and pound; rounded where a gram cannot feel it."""
CREEP_G = 5
"""An empty platform that shows less than this below zero has crept; one that shows more was zeroed under a load."""
_NUMBER = re.compile(r"([+-]?) *(\d{1,7})(?:\.(\d{1,6}))?")
_UNITS: dict[str, Unit] = {"g": "g", "kg": "kg", "oz": "oz", "lb": "lb", "lbs": "lb"}


class Answer(Struct, frozen=True):
    """One frame and what it says of the platform."""

    state: ScaleState
    grams: int | None
    raw: bytes
    division_g: int = 1
    """The smallest step that its number can show."""
    net: bool = False
    """A tare is taken off the number."""
    unmarked: bool = False
    """The frame does not say whether the platform is at rest: the same number for a while does."""
    note: str = ""
    """What a `FAULT` is about and what to do; empty in other states."""


def unit_of(text: str) -> Unit | None:
    """The unit that a scale writes as `text`, in capitals or not; None for one that weighs no parcels."""
    return _UNITS.get(text.strip().lower())


def grams_of(number: str, unit: Unit) -> tuple[int, int] | None:
    """Grams and division of a written number (`-0.012`, `+  1.240`); None when it is no number."""
    found = _NUMBER.fullmatch(number.strip())
    if found is None:
        return None
    sign, whole, rest = found[1], found[2], found[3] or ""
    scale = 1_000_000 * 10 ** len(rest)
    micrograms = int(whole + rest) * UG_PER_UNIT[unit]
    grams = (micrograms + scale // 2) // scale
    division = max(1, (UG_PER_UNIT[unit] + scale // 2) // scale)
    return (-grams if sign == "-" else grams), division


def weighed(
    number: str, unit: str, raw: bytes, *, moving: bool = False, net: bool = False, unmarked: bool = False
) -> Answer:
    """The answer that a number with its unit is. Far below zero is no weight."""
    known = unit_of(unit)
    read = grams_of(number, known) if known is not None else None
    if read is None:
        return fault(raw, "no weight in g, kg, oz or lb")
    grams, division = read
    if grams < -max(CREEP_G, 2 * division):
        return Answer(ScaleState.UNDERLOAD, None, raw, division, net)
    return Answer(ScaleState.MOTION if moving else ScaleState.STABLE, grams, raw, division, net, unmarked)


def without_weight(state: ScaleState, raw: bytes) -> Answer:
    """A frame that says why there is no weight."""
    return Answer(state, None, raw)


def fault(raw: bytes, what: str) -> Answer:
    """A frame that is none of the protocol's; `what` ends "which is …"."""
    text = raw.decode("ascii", "backslashreplace")
    return broken(raw, f"the scale sent {text!r}, which is {what}: check its protocol, unit, baud rate and cable")


def broken(raw: bytes, note: str) -> Answer:
    """A frame in which the scale says what is wrong with itself."""
    return Answer(ScaleState.FAULT, None, raw, note=note)
