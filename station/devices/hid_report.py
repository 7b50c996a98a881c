"""The data report of a USB scale (HID usage page 0x8D). Pure: six bytes in, state and grams out.

Report id, status, unit, exponent (signed, power of ten), mass (16 bits, low byte first).
Source: USB-IF, HID Point of Sale Usage Tables 1.02, section 4 (Weighing Devices).
"""

from __future__ import annotations

import struct

from msgspec import Struct

from station.devices.ports import ScaleState

SIZE = 6
_REPORT = struct.Struct("<BBBbH")
_UG_PER_UNIT = {2: 1_000_000, 3: 1_000_000_000, 11: 28_349_523, 12: 453_592_370}
"""Gram, kilogram, avoirdupois ounce, pound; micrograms, rounded where a gram cannot feel it."""
_EXPONENTS = range(-5, 3)
_STABLE_AT_ZERO, _MOTION, _STABLE = 2, 3, 4
_WITHOUT_WEIGHT = {5: ScaleState.UNDERLOAD, 6: ScaleState.OVERLOAD}
_FAULTS = {
    1: "the scale reports a fault: switch it off and on; if it stays, have it repaired",
    7: "the scale asks to be calibrated: have it calibrated before weighing with it",
    8: "the scale asks to be zeroed: empty it and press its ZERO key",
}


class Report(Struct, frozen=True):
    """What one report says of the platform."""

    state: ScaleState
    grams: int | None
    division_g: int = 1
    note: str = ""


def read_report(raw: bytes, report_id: int) -> Report | None:
    """The data report in `raw`; None for a report of another kind. Broken ones are a `FAULT`, never a weight."""
    if not raw or raw[0] != report_id:
        return None
    if len(raw) != SIZE:
        return _fault(
            f"the scale sent a report of {len(raw)} bytes, it should have {SIZE}: it is no scale that"
            " this driver knows; check report_id"
        )
    _, status, unit, exponent, mass = _REPORT.unpack(raw)
    if status in _WITHOUT_WEIGHT:
        return Report(_WITHOUT_WEIGHT[status], None)
    if status in _FAULTS:
        return _fault(_FAULTS[status])
    if status not in (_STABLE_AT_ZERO, _MOTION, _STABLE):
        return _fault(f"the scale sent status {status}, which no scale has: check its cable")
    if unit not in _UG_PER_UNIT or exponent not in _EXPONENTS:
        return _fault(f"the scale weighs in unit {unit} with exponent {exponent}: set it to g, kg, oz or lb")
    if status == _STABLE_AT_ZERO and mass != 0:
        return _fault("the scale says zero and a mass at once: switch it off and on")
    grams = _rounded(mass, unit, exponent)
    state = ScaleState.MOTION if status == _MOTION else ScaleState.STABLE
    return Report(state, grams, max(1, _rounded(1, unit, exponent)))


def _rounded(mass: int, unit: int, exponent: int) -> int:
    micrograms = mass * _UG_PER_UNIT[unit] * 10 ** (exponent - _EXPONENTS.start)
    whole = 1_000_000 * 10**-_EXPONENTS.start
    return int((micrograms + whole // 2) // whole)


def _fault(note: str) -> Report:
    return Report(ScaleState.FAULT, None, note=note)
