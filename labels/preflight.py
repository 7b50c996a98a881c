"""The proof before the paper: a drawing is measured against its medium and its barcodes are read back.

Source: GS1 General Specifications, section 5.12 (symbol sizes and quiet zones of logistic labels).
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from labels.documents import Unprintable

if TYPE_CHECKING:
    from labels.drawing import Drawing, Sheet, Symbol
    from labels.media import Canvas

__all__ = ["Unprintable", "prove"]

_RUN = re.compile("0+|1+")
_STRIP_ROWS = 16
"""Every row of the bars is proven alike, so the scanner is shown only a few of them."""


def prove(drawing: Drawing) -> None:
    """Raise `Unprintable` with the first field that would not come out whole and readable."""
    for sheet in drawing.sheets:
        _measure_sheet(drawing.canvas, sheet)
        for symbol in sheet.symbols:
            _measure_symbol(drawing.canvas, sheet, symbol)
        _measure_fields(drawing.canvas, sheet)
        for symbol in sheet.symbols:
            _measure_bars(sheet, symbol)
            _read_bars(sheet, symbol)
    if drawing.codes:
        _read_sheets(drawing)


def _read_sheets(drawing: Drawing) -> None:
    from labels import gs1

    read_wanted([code for sheet in drawing.sheets for code in gs1.find_all(sheet.image)], drawing.codes)


def read_wanted(found: list[str], wanted: tuple[str, ...]) -> None:
    """Raise `Unprintable` unless each of `wanted` is one of the codes that were found, or part of one."""
    bare = [_bare(code) for code in found]
    for code in wanted:
        if not _bare(code) or not any(_bare(code) in each for each in bare):
            there = f"only {', '.join(found)}" if found else "nothing"
            raise Unprintable(
                "codes", f"a scanner should read {code or 'a code'} on the carrier's label, it reads {there}"
            )


def _bare(code: str) -> str:
    """Without the blanks, brackets and separators with which people write codes."""
    return "".join(sign for sign in code if sign.isalnum()).upper()


def _measure_sheet(canvas: Canvas, sheet: Sheet) -> None:
    width, height = sheet.image.size
    if sheet.image.mode != "1":
        raise Unprintable("image", f"mode {sheet.image.mode} has greys that a printer would guess at; draw in black")
    if width > canvas.width or (canvas.height is not None and height > canvas.height):
        raise Unprintable("image", f"{width} × {height} dots are more than the paper in the printer has")


def _measure_fields(canvas: Canvas, sheet: Sheet) -> None:
    paper = (0, 0, *sheet.image.size)
    for field, box, room, _ in sheet.placed:
        if not room.holds(box):
            needs = f"{canvas.mm(box.width):.0f} × {canvas.mm(box.height):.0f} mm"
            has = f"{canvas.mm(room.width):.0f} × {canvas.mm(room.height):.0f} mm"
            raise Unprintable(field, f"the text needs {needs} even when set small, its place has {has}; shorten it")
        if box.left < paper[0] or box.top < paper[1] or box.right > paper[2] or box.bottom > paper[3]:
            raise Unprintable(field, "it would stand beyond the edge of the paper; use larger labels")
    standing = [(placed.field, placed.box) for placed in sheet.placed]
    standing += [(symbol.field, symbol.box) for symbol in sheet.symbols]
    for (field, box), (other, other_box) in combinations(standing, 2):
        if box.meets(other_box):
            raise Unprintable(field, f"it would be printed over {other}; use larger labels")


def _measure_symbol(canvas: Canvas, sheet: Sheet, symbol: Symbol) -> None:
    """Room for the bars and their white margins, and the least sizes of GS1 on what travels."""
    from labels import gs1

    field, box, bars, dots = symbol
    quiet = gs1.QUIET_MODULES * dots
    width, height = sheet.image.size
    if box.left < quiet or box.right + quiet > width or box.top < 0 or box.bottom > height:
        needed, there = canvas.mm(box.width + 2 * quiet), canvas.mm(width)
        raise Unprintable(
            field, f"the barcode with its white margins is {needed:.0f} mm wide, the paper {there:.0f} mm"
        )
    if bars.travels and canvas.mm(dots) < gs1.LEAST_MODULE_MM:
        raise Unprintable(field, f"a bar is {canvas.mm(dots):.3f} mm thin, {gs1.LEAST_MODULE_MM} mm is the least")
    if bars.travels and canvas.mm(box.height) < gs1.LEAST_HEIGHT_MM:
        raise Unprintable(
            field, f"the bars are {canvas.mm(box.height):.1f} mm high, {gs1.LEAST_HEIGHT_MM} mm is the least"
        )


def _measure_bars(sheet: Sheet, symbol: Symbol) -> None:
    """Every row alike, every module a whole number of dots, white on both sides."""
    from labels import gs1

    field, box, bars, dots = symbol
    quiet = gs1.QUIET_MODULES * dots
    # Rows of a form's sheet are packed once for all the bars, so nothing may stand beside them at all.
    left, right = (0, sheet.image.width) if sheet.form else (box.left - quiet, box.right + quiet)
    area = sheet.image.crop((left, box.top, right, box.bottom)).tobytes()
    row = area[: len(area) // box.height]
    if area != row * box.height:
        raise Unprintable(field, "something is printed over the bars or beside them")
    expected = [quiet, *(run * dots for run in bars.runs), quiet]
    bits = f"{int.from_bytes(row):0{len(row) * 8}b}"[box.left - quiet - left : box.right + quiet - left]
    if bits[0] == "0" or [len(run) for run in _RUN.findall(bits)] != expected:
        raise Unprintable(
            field, f"the bars are not the {bars.modules} whole modules of {dots} dots that they should be"
        )


def _read_bars(sheet: Sheet, symbol: Symbol) -> None:
    from labels import gs1

    field, box, bars, dots = symbol
    quiet = gs1.QUIET_MODULES * dots
    strip = (box.left - quiet, box.top, box.right + quiet, min(box.bottom, box.top + _STRIP_ROWS))
    scan = gs1.read(sheet.image.crop(strip))
    if scan is None:
        raise Unprintable(field, "the barcode cannot be read back from its own drawing")
    if scan != gs1.Scan(bars.data, bars.gs1):
        raise Unprintable(field, f"the barcode reads {scan.data!r}, it should read {bars.data!r}")
