"""Bars as widths in modules, made by zxing-cpp and drawn by us; and the same read back from paper.

Source: GS1 General Specifications, sections 5.4 (GS1-128) and 6.6 (logistic label).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, cast

import zxingcpp
from PIL import Image

from contract.keys import Sscc

LEAST_MODULE_MM = 0.495
LEAST_HEIGHT_MM = 32.0
QUIET_MODULES = 10
_CODE_128 = zxingcpp.barcode_formats_from_str("Code128")
_RUNS = re.compile(rb"\x00+|[^\x00]+")


class Bars(NamedTuple):
    """A linear barcode: widths in modules of bar, space, bar … and the bytes that a scanner reads from it."""

    runs: tuple[int, ...]
    data: bytes
    gs1: bool
    travels: bool = False
    """On a label that goes out into the world: the least sizes of GS1 hold."""

    @property
    def modules(self) -> int:
        return sum(self.runs)


class Scan(NamedTuple):
    """What a scanner reads."""

    data: bytes
    gs1: bool


def sscc_bars(sscc: Sscc) -> Bars:
    """GS1-128 with FNC1 and the application identifier 00."""
    barcode = zxingcpp.create_barcode(f"(00){sscc}", zxingcpp.BarcodeFormat.Code128, gs1=True)
    return _bars(barcode, f"00{sscc}", gs1=True, travels=True)


def gs1_bars(elements: str) -> Bars:
    """GS1-128 of element strings written as people read them, `(10)LOT(21)7`, for a sheet that stays in the house."""
    barcode = zxingcpp.create_barcode(elements, zxingcpp.BarcodeFormat.Code128, gs1=True)
    return _bars(barcode, barcode.bytes.decode(), True)


def text_bars(text: str) -> Bars:
    """Code 128 of plain ASCII text."""
    return _bars(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128), text, False)


def _bars(barcode: zxingcpp.Barcode, text: str, gs1: bool, travels: bool = False) -> Bars:
    image = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    # It is a buffer of rows, all alike, which its type information does not say.
    pixels = memoryview(cast(bytes, image))
    row = pixels.cast("B")[: pixels.nbytes // len(pixels)]
    return Bars(tuple(len(run) for run in _RUNS.findall(row)), text.encode("ascii"), gs1, travels)


def read(strip: Image.Image) -> Scan | None:
    """The one Code 128 that `strip` shows, or None; unturned, with nothing but its bars and white margins."""
    found = zxingcpp.read_barcode(
        strip,
        formats=_CODE_128,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        binarizer=zxingcpp.Binarizer.FixedThreshold,
    )
    return None if found is None else _scan(found)


def find(sheet: Image.Image) -> Scan | None:
    """The Code 128 somewhere on a whole sheet, or None; as a packer's scanner finds it."""
    found = zxingcpp.read_barcode(sheet.convert("L"), formats=_CODE_128)
    return None if found is None else _scan(found)


def find_all(sheet: Image.Image) -> list[str]:
    """Every code of any kind on a sheet that others drew."""
    return [found.text for found in zxingcpp.read_barcodes(sheet.convert("L"))]


def _scan(found: zxingcpp.Barcode) -> Scan:
    return Scan(found.bytes, found.content_type is zxingcpp.ContentType.GS1)


@lru_cache(maxsize=8)
def module_dots(per_mm: float) -> int:
    """The narrowest module of a logistic label in whole dots: 4 at 203 dpi, 6 at 300."""
    dots = 1
    while dots / per_mm < LEAST_MODULE_MM:
        dots += 1
    return dots
