"""The parsers of scales."""

from __future__ import annotations

import struct
from typing import Final

from station.devices.hid_descriptor import layout_of
from station.devices.hid_report import read_report
from station.devices.hid_usages import application_usages
from station.devices.ports import ScaleState
from tests.station.devices.corpus import DescriptorFrame, frames
from tests.station.devices.parsing.parser import Chunks, Hear, Parser
from tests.station.devices.serial_scales import SPOKEN, Spoken


def _scale(spoken: Spoken) -> Parser:
    def fresh() -> Hear:
        reader = spoken.reader()
        return lambda chunk: [it.grams for it in reader.feed(chunk, 0) if it.state is ScaleState.STABLE]

    modules = {"pattern": "scale_pattern"}.get(spoken.name, spoken.name)
    return Parser(
        spoken.name,
        (modules, "scale_framing", "scale_reader"),
        spoken.name,
        fresh,
        spoken.frame,
        lambda number: number,
        lambda grams, chunks: grams in spoken.sent(spoken.first + b"".join(chunks)),
    )


_UNITS: Final = {1: 0.001, 2: 1.0, 3: 1000.0, 11: 28.349523, 12: 453.59237}
"""Grams in the units of a USB scale that weigh parcels."""


def _in_a_report(grams: int, chunks: Chunks) -> bool:
    """Whether the last six bytes of a report are this weight at rest."""
    for number, status, unit, exponent, mass in struct.iter_unpack(
        "<BBBbH", b"".join(it[-6:].rjust(6) for it in chunks)
    ):
        weighs = mass * _UNITS.get(unit, -1.0) * 10.0**exponent
        if number == 3 and status in (2, 4) and abs(weighs - grams) <= 0.51:
            return True
    return False


def _hid_report() -> Hear:
    def hear(chunk: bytes) -> list[int | None]:
        report = read_report(chunk)
        return [report.grams] if report is not None and report.state is ScaleState.STABLE else []

    return hear


_DESCRIBED: Final = [frame for frame in frames("hid_descriptors", DescriptorFrame) if frame.raw]


def _described(number: int) -> DescriptorFrame:
    return _DESCRIBED[number % len(_DESCRIBED)]


def _hid_descriptor() -> Hear:
    def hear(chunk: bytes) -> list[int]:
        layout = layout_of(chunk)
        return [] if layout is None else [layout.size]

    return hear


SCALES: Final = (
    *map(_scale, SPOKEN),
    Parser(
        "hid", ("hid_report",), "hid", _hid_report,
        lambda n: struct.pack("<BBBbH", 3, 4, 2, 0, n), lambda n: n, _in_a_report, whole=True,
    ),
    Parser(
        "hid_descriptor", ("hid_descriptor",), "hid_descriptors", _hid_descriptor,
        lambda n: bytes.fromhex(_described(n).descriptor), lambda n: len(bytes.fromhex(_described(n).raw)),
        lambda _, chunks: b"\x8d" in chunks[-1] and b"\x40" in chunks[-1], whole=True,
    ),
    Parser(
        "hid_usages", ("hid_usages",), "hid_descriptors", lambda: lambda chunk: [application_usages(chunk)],
        lambda n: bytes.fromhex(_described(n).descriptor),
        lambda n: {(usage >> 16, usage & 0xFFFF) for usage in _described(n).usages},
        lambda usages, chunks: {byte for page, _ in usages for byte in page.to_bytes(2)} - {0} <= set(chunks[-1]),
        whole=True,
    ),
)  # fmt: skip
