"""The scanner calibration sheet: three codes to scan, one below the other, told apart at a glance."""

from __future__ import annotations

from math import ceil

from labels import gs1
from labels.documents import CalibrationSheet
from labels.drawing import Drawing
from labels.flow import Flow, Piece
from labels.gs1 import Bars
from labels.media import Media, canvas_of
from labels.pen import Pen

_MODULE_MM, _LEAST_MODULE_MM, _BARS_MM = 0.5, 0.25, 14.0
"""Bars as wide as the paper has room for: wide ones are read from afar, the least ones by every scanner from near."""
_GAP_MM = 5.0
_STEPS = (
    "1. Poste : touchez le coin, puis « Étalonner » · Station: touch the corner, then Calibrate",
    "2. Scannez le code 1, puis le code 2 · Scan code 1, then code 2",
    "3. Le code 3 seulement s'il est demandé · Code 3 only when asked for",
)


def draw(sheet: CalibrationSheet, media: Media) -> Drawing:
    """The sheet on its medium; the codes of two neighbours are never in one beam. Raises `Unprintable`."""
    canvas = canvas_of(media)
    flow = Flow(canvas)
    flow.bar("title", "Scanner", 9)
    flow.space(2)
    flow.text("station", sheet.station or "Packline", 4.2, bold=True)
    for step in _STEPS:
        flow.text("steps", step, 3.2)
    codes = (gs1.text_bars(sheet.first), gs1.gs1_bars(sheet.second), gs1.text_bars(sheet.third))
    for number, bars in enumerate(codes, 1):
        flow.space(_GAP_MM, keep=number == 1)
        flow.text(f"code {number}", f"Code {number}", 4.2, bold=True, keep=True)
        flow.space(1, keep=True)
        _code(flow, f"code {number}", bars)
    return Drawing(canvas, flow.sheets("Scanner"), endless=media.height_mm == 0)


def _code(flow: Flow, field: str, bars: Bars) -> None:
    canvas = flow.canvas
    room = canvas.width // (bars.modules + 2 * gs1.QUIET_MODULES)
    dots = max(ceil(canvas.per_mm * _LEAST_MODULE_MM), min(canvas.dots(_MODULE_MM), room))
    height = canvas.dots(_BARS_MM)

    def put(pen: Pen, top: int) -> None:
        pen.barcode(field, top, flow.canvas.width // 2, bars, dots, height)

    flow.pieces.append(Piece(field, height, put))
