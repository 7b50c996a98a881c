"""A HID report descriptor, read for the report that carries a scale's weight and the one that zeroes it. Pure.

Source: USB-IF, Device Class Definition for HID 1.11, section 6.2.2, and HID Point of Sale Usage Tables 1.02, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

_SCALE_PAGE = 0x8D
_WEIGHT, _SCALING = 0x40, 0x41
_UNITS = range(0x51, 0x5D)
_STATUSES = range(0x71, 0x79)
_ZERO_SCALE = 0x80
_MAIN, _GLOBAL, _LOCAL = 0, 1, 2
_MOST_BITS = 64 * 8


class Field(Struct, frozen=True):
    """Where a value stands in a report, counted in bits from its first byte, and how it is read."""

    at: int
    bits: int
    signed: bool = False
    first: int = 0
    """Of a choice: the value that means the first of `usages`."""
    usages: tuple[int, ...] = ()
    """Of a choice: what its values mean, in order."""

    def read(self, raw: bytes) -> int:
        """The value in a report that is long enough."""
        value = int.from_bytes(raw, "little") >> self.at & ((1 << self.bits) - 1)
        return value - (1 << self.bits) if self.signed and value >> (self.bits - 1) else value

    def chosen(self, raw: bytes) -> int:
        """The usage that a choice names; 0 for none."""
        place = self.read(raw) - self.first
        return self.usages[place] if 0 <= place < len(self.usages) else 0


class Layout(Struct, frozen=True):
    """The data report of one scale."""

    report_id: int
    """0: the device sends none."""
    size: int
    """Bytes, its number included."""
    status: Field
    unit: Field
    mass: Field
    scaling: Field | None = None
    """Power of ten, where the report carries it."""
    exponent: int = 0
    """Power of ten, where it does not."""


def common_layout(report_id: int = 3) -> Layout:
    """Number, status, unit, exponent, mass in 16 bits, low byte first: what nearly all scales send."""
    return Layout(
        report_id=report_id,
        size=6,
        status=Field(8, 8, first=1, usages=tuple(_STATUSES)),
        unit=Field(16, 8, first=1, usages=tuple(_UNITS)),
        scaling=Field(24, 8, signed=True),
        mass=Field(32, 16),
    )


USUAL_ZERO = bytes((2, 0b10))
"""The usual control report: its number, then a bit for enforced zero return and one for zero scale."""


class _Item(NamedTuple):
    kind: int
    tag: int
    value: int
    signed: int


def _items(descriptor: bytes) -> Iterator[_Item]:
    at = 0
    while at < len(descriptor):
        head = descriptor[at]
        size = (0, 1, 2, 4)[head & 3]
        data = descriptor[at + 1 : at + 1 + size]
        if len(data) < size:
            return
        value = int.from_bytes(data, "little")
        signed = int.from_bytes(data, "little", signed=True)
        yield _Item(head >> 2 & 3, head >> 4, value, signed)
        at += 1 + size


class _Reader:
    """Walks the items and keeps the input fields that a scale's data report is made of."""

    def __init__(self) -> None:
        self.globals: dict[int, _Item] = {}
        self.usages: list[int] = []
        self.ends: dict[int, int] = {}
        """Bits of each input report so far."""
        self.found: dict[int, dict[str, Field]] = {}
        self.exponents: dict[int, int] = {}
        self.outputs: dict[int, int] = {}
        """Bits of each output report so far, without its number."""
        self.zeros: dict[int, int] = {}
        """Where an output report has its bit that zeroes the scale."""
        self._first = 0

    def take(self, item: _Item) -> None:
        if item.kind == _GLOBAL:
            self.globals[item.tag] = item
        elif item.kind == _LOCAL:
            self._usage(item)
        elif item.kind == _MAIN:
            if item.tag == 8:
                self._input(constant=bool(item.value & 1), variable=bool(item.value & 2))
            elif item.tag == 9:
                self._output(constant=bool(item.value & 1), variable=bool(item.value & 2))
            self.usages = []

    def _output(self, *, constant: bool, variable: bool) -> None:
        number, bits, count = self._global(8), self._global(7), self._global(9)
        at = self.outputs.get(number, 0)
        self.outputs[number] = at + bits * count
        zero = _SCALE_PAGE << 16 | _ZERO_SCALE
        if variable and not constant and bits == 1 and zero in self.usages[:count]:
            self.zeros[number] = at + self.usages.index(zero)

    def _usage(self, item: _Item) -> None:
        page = item.value >> 16 or self._global(0)
        usage = page << 16 | item.value & 0xFFFF
        if item.tag == 0:
            self.usages.append(usage)
        elif item.tag == 1:
            self._first = usage
        elif item.tag == 2 and usage - self._first < 256:
            self.usages += range(self._first, usage + 1)

    def _global(self, tag: int) -> int:
        item = self.globals.get(tag)
        return item.value if item is not None else 0

    def _input(self, *, constant: bool, variable: bool) -> None:
        number, bits, count = self._global(8), self._global(7), self._global(9)
        at = self.ends.get(number, 8 if number else 0)
        self.ends[number] = at + bits * count
        if constant or not 1 <= bits <= 32 or self.ends[number] > _MOST_BITS:
            return
        named = [usage & 0xFFFF for usage in self.usages if usage >> 16 == _SCALE_PAGE]
        fields = self.found.setdefault(number, {})
        low = self.globals.get(1)
        signed = low is not None and low.signed < 0
        if variable:
            for place, usage in enumerate(named[:count]):
                if usage in (_WEIGHT, _SCALING):
                    fields["mass" if usage == _WEIGHT else "scaling"] = Field(at + place * bits, bits, signed)
                if usage == _WEIGHT:
                    self.exponents[number] = _nibble(self._global(5))
        elif named and count == 1:
            choice = Field(at, bits, signed=False, first=low.value if low else 0, usages=tuple(named))
            if named[0] in _UNITS:
                fields["unit"] = choice
            elif named[0] in _STATUSES:
                fields["status"] = choice


def _nibble(value: int) -> int:
    """A unit exponent: four bits with sign."""
    return (value & 15) - 16 if value & 8 else value & 15


def layout_of(descriptor: bytes) -> Layout | None:
    """The report that carries mass, unit and status; None when the device has none."""
    reader = _Reader()
    for item in _items(descriptor):
        reader.take(item)
    for number, fields in reader.found.items():
        if {"mass", "unit", "status"} <= fields.keys():
            return Layout(
                report_id=number,
                size=(reader.ends[number] + 7) // 8,
                status=fields["status"],
                unit=fields["unit"],
                mass=fields["mass"],
                scaling=fields.get("scaling"),
                exponent=reader.exponents.get(number, 0),
            )
    return None


def zero_report(descriptor: bytes) -> bytes | None:
    """What zeroes the scale, its number first (0: it has none), every other control off; None when nothing does."""
    reader = _Reader()
    for item in _items(descriptor):
        reader.take(item)
    for number, at in reader.zeros.items():
        if number < 256 and reader.outputs[number] <= _MOST_BITS:
            return bytes((number,)) + (1 << at).to_bytes((reader.outputs[number] + 7) // 8, "little")
    return None
