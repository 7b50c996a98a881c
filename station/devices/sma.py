"""Scale Manufacturers Association, levels 1 and 2: what the scale answers to `W`. Pure: one frame in, an answer out.

LF status range mode motion reserved weight(10) unit(3) CR. Source: SMA SCP-0499, sections on the standard scale
response, and the manuals of the indicators that speak it.
"""

from __future__ import annotations

import re

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer, broken, fault, weighed, without_weight
from station.devices.scale_framing import FrameCutter

_RESPONSE = re.compile(r"\n([ZOUETe ])([1-9 ])([GNTgn])([M ])(.)(.{10})(.{3})\r")
_ERRORS = {
    "E": "the scale cannot find its zero: empty the platform, switch it off and on",
    "T": "the scale could not take the tare: wait until it stands still, then try again",
}


def cutter() -> FrameCutter:
    """Frames from LF to CR."""
    return FrameCutter(begins=b"\n", ends=b"\r", longest=40)


def read_response(raw: bytes) -> Answer:
    """One frame from LF to CR, both included."""
    text = raw.decode("latin-1")
    if text == "\n?\r":
        return broken(raw, "the scale does not know the command: set it to SMA level 1 or 2")
    found = _RESPONSE.fullmatch(text) if text.isascii() else None
    if found is None:
        return fault(raw, "no SMA response")
    status, _, mode, motion, _, number, unit = found.groups()
    if status in _ERRORS:
        return broken(raw, _ERRORS[status])
    if status == "O":
        return without_weight(ScaleState.OVERLOAD, raw)
    if status == "U":
        return without_weight(ScaleState.UNDERLOAD, raw)
    if status == "e":
        return without_weight(ScaleState.MOTION, raw)
    if mode == "T":
        return fault(raw, "a tare, not a weight")
    return weighed(number, unit, raw, moving=motion == "M", net=mode in "Nn")
