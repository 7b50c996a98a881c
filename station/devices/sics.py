"""MT-SICS: what a Mettler-Toledo balance answers to `SI`, `S` and `SIR`. Pure: one line in, an answer out.

`S S` number unit is at rest, `S D` moves, `S I` is busy, `S +` and `S -` are out of range; the number is set to the
right in ten places. Source: Mettler-Toledo, MT-SICS Interface Command reference manuals.
"""

from __future__ import annotations

import re

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer, broken, fault, weighed, without_weight
from station.devices.scale_framing import FrameCutter

_WEIGHT = re.compile(r"S (?P<rest>[SD]) (?P<number>[ \d.-]{10}) (?P<unit>[A-Za-z]{1,5}) *")
_WORDS = {
    "S I": ScaleState.MOTION,
    "S +": ScaleState.OVERLOAD,
    "S -": ScaleState.UNDERLOAD,
    "Z +": ScaleState.OVERLOAD,
    "Z -": ScaleState.UNDERLOAD,
    "T +": ScaleState.OVERLOAD,
    "T -": ScaleState.UNDERLOAD,
}
_NO_NEWS = re.compile(r"(?:Z [AI]|T [IL]|T S [ \d.-]{10} [A-Za-z]{1,5} *|I4 A \".{0,30}\")")
"""Answers to `Z` and `T`, and what a balance says of itself when it is switched on: the next weight tells the rest."""
_ERRORS = {
    "ES": "the scale does not know the command: set it to MT-SICS",
    "EL": "the scale cannot carry out the command",
    "ET": "the scale received a broken command: check its parity, baud rate and cable",
}


def cutter() -> FrameCutter:
    """Lines; each begins with letters, which a tail of a weight does not."""
    return FrameCutter(ends=b"\r\n")


def read_line(raw: bytes) -> Answer:
    """One line with its end."""
    text = raw.decode("latin-1").rstrip("\r\n")
    found = _WEIGHT.fullmatch(text) if text.isascii() else None
    if found is not None:
        return weighed(found["number"], found["unit"], raw, moving=found["rest"] == "D")
    if text in _WORDS:
        return without_weight(_WORDS[text], raw)
    if text in _ERRORS:
        return broken(raw, _ERRORS[text])
    if _NO_NEWS.fullmatch(text):
        return without_weight(ScaleState.MOTION, raw)
    return fault(raw, "no MT-SICS answer")
