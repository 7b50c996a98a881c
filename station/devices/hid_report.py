"""The data report of a USB scale (HID usage page 0x8D). Pure: one packet in, state and grams out.

Source: USB-IF, HID Point of Sale Usage Tables 1.02, section 4 (Weighing Devices).
"""

from __future__ import annotations

from msgspec import Struct

from station.devices.hid_descriptor import Layout, common_layout
from station.devices.ports import ScaleState

_UG_PER_UNIT = {0x51: 1_000, 0x52: 1_000_000, 0x53: 1_000_000_000, 0x5B: 28_349_523, 0x5C: 453_592_370}
"""Milligram, gram, kilogram, avoirdupois ounce, pound; micrograms, rounded where a gram cannot feel it."""
_EXPONENTS = range(-5, 3)
_STABLE_AT_ZERO, _MOTION, _STABLE = 0x72, 0x73, 0x74
_WITHOUT_WEIGHT = {0x75: ScaleState.UNDERLOAD, 0x76: ScaleState.OVERLOAD}
_FAULTS = {
    0x71: "the scale reports a fault: switch it off and on; if it stays, have it repaired",
    0x77: "the scale asks to be calibrated: have it calibrated before weighing with it",
    0x78: "the scale asks to be zeroed: empty it and press its ZERO key",
}
_COMMON = common_layout()


class Report(Struct, frozen=True):
    """What one report says of the platform."""

    state: ScaleState
    grams: int | None
    division_g: int = 1
    note: str = ""


def read_report(raw: bytes, layout: Layout = _COMMON) -> Report | None:
    """The newest data report in `raw`; None for a report of another kind. Broken ones are a `FAULT`, never a weight."""
    if not raw or (layout.report_id and raw[0] != layout.report_id):
        return None
    whole, rest = divmod(len(raw), layout.size)
    newest = raw[-layout.size :]
    if rest or not whole or (layout.report_id and newest[0] != layout.report_id):
        return _fault(
            f"the scale sent a report of {len(raw)} bytes, it should have {layout.size}: it is no scale that"
            " this driver knows; check report_id"
        )
    return _read(newest, layout)


def _read(raw: bytes, layout: Layout) -> Report:
    status, unit, mass = layout.status.chosen(raw), layout.unit.chosen(raw), layout.mass.read(raw)
    exponent = layout.scaling.read(raw) if layout.scaling is not None else layout.exponent
    if status in _WITHOUT_WEIGHT:
        return Report(_WITHOUT_WEIGHT[status], None)
    if status in _FAULTS:
        return _fault(_FAULTS[status])
    if status not in (_STABLE_AT_ZERO, _MOTION, _STABLE):
        return _fault(f"the scale sent status {layout.status.read(raw)}, which no scale has: check its cable")
    if unit not in _UG_PER_UNIT or exponent not in _EXPONENTS:
        return _fault(
            f"the scale weighs in unit {layout.unit.read(raw)} with exponent {exponent}: set it to g, kg, oz or lb"
        )
    if status == _STABLE_AT_ZERO and mass != 0:
        return _fault("the scale says zero and a mass at once: switch it off and on")
    if mass < 0:
        return Report(ScaleState.UNDERLOAD, None)
    grams = _rounded(mass, unit, exponent)
    state = ScaleState.MOTION if status == _MOTION else ScaleState.STABLE
    return Report(state, grams, max(1, _rounded(1, unit, exponent)))


def _rounded(mass: int, unit: int, exponent: int) -> int:
    micrograms = mass * _UG_PER_UNIT[unit] * 10 ** (exponent - _EXPONENTS.start)
    whole = 1_000_000 * 10**-_EXPONENTS.start
    return int((micrograms + whole // 2) // whole)


def _fault(note: str) -> Report:
    return Report(ScaleState.FAULT, None, note=note)
