"""Mettler-Toledo 8217: what the scale answers to `W`. Pure: one frame in, an answer out.

STX digits CR is a stable weight (kg: `dd.ddd`, lb: `dd.dd` or `ddd.dd`; `N` behind it means net);
STX `?` status CR says why there is none. Source: the 8217 host interface in Mettler-Toledo's manuals
and in the service manuals of the point-of-sale scanners that speak it.
"""

from __future__ import annotations

import re
from enum import IntFlag
from typing import Literal

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer, broken, fault, weighed, without_weight
from station.devices.scale_framing import FrameCutter

_WEIGHT = {"kg": re.compile(r"\d{1,2}\.\d{3}"), "lb": re.compile(r"\d{1,3}\.\d{2}")}

ToledoUnit = Literal["kg", "lb"]


class Status(IntFlag):
    """The bits of the status byte; bit 6 is always set so that the byte is printable."""

    MOTION = 1
    OVER_CAPACITY = 2
    UNDER_ZERO = 4
    OUTSIDE_ZERO_RANGE = 8
    CENTRE_OF_ZERO = 16
    NET = 32
    ALWAYS = 64


def cutter() -> FrameCutter:
    """Frames from STX to CR."""
    return FrameCutter(begins=b"\x02", ends=b"\r", longest=12)


def read_answer(raw: bytes, unit: ToledoUnit) -> Answer:
    """One frame from STX to CR, both included."""
    body = raw[1:-1]
    if len(body) == 2 and body[0] == ord("?"):
        return _status(raw, body[1])
    net = body.endswith(b"N")
    digits = (body[:-1] if net else body).decode("latin-1")
    if not _WEIGHT[unit].fullmatch(digits) or not digits.isascii():
        return fault(raw, f"no weight in {unit}")
    return weighed(digits, unit, raw, net=net)


def _status(raw: bytes, byte: int) -> Answer:
    if byte >= 128 or not byte & Status.ALWAYS:
        return fault(raw, "no status byte")
    status = Status(byte)
    if Status.OVER_CAPACITY in status:
        return without_weight(ScaleState.OVERLOAD, raw)
    if Status.UNDER_ZERO in status:
        return without_weight(ScaleState.UNDERLOAD, raw)
    if Status.OUTSIDE_ZERO_RANGE in status and Status.MOTION not in status:
        return broken(raw, "the scale cannot find its zero: empty the platform, switch it off and on")
    # Without motion and without a reason: the scale has not finished measuring.
    return without_weight(ScaleState.MOTION, raw)
