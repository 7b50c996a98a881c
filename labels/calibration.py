"""The scanner calibration sheet: three codes to scan, one below the other, told apart at a glance."""

from __future__ import annotations

from labels import gs1
from labels.documents import CalibrationSheet
from labels.drawing import Drawing
from labels.flow import Flow, Piece
from labels.gs1 import Bars
from labels.media import Media, canvas_of
from labels.pen import Pen

_MODULE_MM, _BARS_MM = 0.33, 14.0
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
    """GS1 asks for wider and taller bars, and the proof of every label insists."""
    dots = gs1.module_dots(flow.canvas.per_mm) if bars.gs1 else max(2, flow.canvas.dots(_MODULE_MM))
    height = flow.canvas.dots(gs1.LEAST_HEIGHT_MM + 0.5 if bars.gs1 else _BARS_MM)

    def put(pen: Pen, top: int) -> None:
        pen.barcode(field, top, flow.canvas.width // 2, bars, dots, height)

    flow.pieces.append(Piece(field, height, put))
