"""Mettler-Toledo 8217: what the scale answers to `W`. Pure: bytes in, frames out.

STX digits CR is a stable weight (kg: `dd.ddd`, lb: `dd.dd` or `ddd.dd`; `N` behind it means net);
STX `?` status CR says why there is none. Source: the 8217 host interface in Mettler-Toledo's manuals
and in the service manuals of the point-of-sale scanners that speak it.
"""

from __future__ import annotations

import re
from enum import IntFlag
from typing import Literal

from msgspec import Struct

from station.devices.ports import ScaleState

STX, CR = 0x02, 0x0D
_LONGEST = 12
"""Bytes behind STX after which a frame is no frame."""
_WEIGHT = {"kg": re.compile(rb"\d{1,2}\.\d{3}"), "lb": re.compile(rb"\d{1,3}\.\d{2}")}
_UG_PER_UNIT = {"kg": 1_000_000_000, "lb": 453_592_370}

Unit = Literal["kg", "lb"]


class Status(IntFlag):
    """The bits of the status byte; bit 6 is always set so that the byte is printable."""

    MOTION = 1
    OVER_CAPACITY = 2
    UNDER_ZERO = 4
    OUTSIDE_ZERO_RANGE = 8
    CENTRE_OF_ZERO = 16
    NET = 32
    ALWAYS = 64


class Answer(Struct, frozen=True):
    """One frame and what it says of the platform."""

    state: ScaleState
    grams: int | None
    raw: bytes
    net: bool = False
    note: str = ""


class AnswerReader:
    """Cuts the stream into answers. Bytes outside STX … CR become a `FAULT` and the next STX starts afresh."""

    def __init__(self, unit: Unit) -> None:
        self._unit: Unit = unit
        self._inside = False
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """The answers that these bytes complete, oldest first."""
        answers: list[Answer] = []
        for byte in data:
            if byte == STX:
                if self._held:
                    answers.append(self._refused("half a frame"))
                self._inside = True
                self._held = bytearray([STX])
            elif self._inside and byte == CR:
                answers.append(self._whole())
            elif self._inside or byte not in b"\r\n":
                self._held.append(byte)
                if len(self._held) > _LONGEST:
                    answers.append(self._refused("no frame"))
        return answers

    def give_up(self) -> Answer | None:
        """The rest of an answer did not come in time: drop what is held and say so."""
        return self._refused("half a frame") if self._held else None

    def _whole(self) -> Answer:
        raw = bytes(self._held)
        self._held.clear()
        self._inside = False
        return read_answer(raw + b"\r", self._unit)

    def _refused(self, what: str) -> Answer:
        raw = bytes(self._held)
        self._held.clear()
        self._inside = False
        return _fault(raw, what)


def read_answer(raw: bytes, unit: Unit) -> Answer:
    """One frame from STX to CR, both included."""
    body = raw[1:-1]
    if len(body) == 2 and body[0] == ord("?"):
        return _status(raw, body[1])
    net = body.endswith(b"N")
    digits = body[:-1] if net else body
    if not _WEIGHT[unit].fullmatch(digits):
        return _fault(raw, f"no weight in {unit}")
    if net:
        # A tare taken on the scale itself would be missing from the parcel's gross mass.
        return _fault(raw, "a net weight: press CLEAR on the scale to drop its tare")
    hundredths = int(digits.replace(b".", b"")) * (1 if unit == "kg" else 10)
    grams = (hundredths * (_UG_PER_UNIT[unit] // 1_000) + 500_000) // 1_000_000
    return Answer(ScaleState.STABLE, grams, raw)


def _status(raw: bytes, byte: int) -> Answer:
    if byte >= 128 or not byte & Status.ALWAYS:
        return _fault(raw, "no status byte")
    status = Status(byte)
    if Status.OVER_CAPACITY in status:
        state = ScaleState.OVERLOAD
    elif Status.UNDER_ZERO in status:
        state = ScaleState.UNDERLOAD
    elif Status.MOTION in status:
        state = ScaleState.MOTION
    elif Status.OUTSIDE_ZERO_RANGE in status:
        return Answer(
            ScaleState.FAULT, None, raw, note="the scale cannot find its zero: empty the platform, switch it off and on"
        )
    else:
        # No weight and no reason: the scale has not finished measuring.
        state = ScaleState.MOTION
    return Answer(state, None, raw, net=Status.NET in status)


def _fault(raw: bytes, what: str) -> Answer:
    text = raw.decode("ascii", "backslashreplace")
    return Answer(
        ScaleState.FAULT,
        None,
        raw,
        note=f"the scale sent {text!r}, which is {what}: check its protocol (8217), unit, baud rate and cable",
    )
