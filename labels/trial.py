"""The test print: shows that a printer prints, how its paper lies, and that a scanner reads what it prints."""

from __future__ import annotations

from labels import gs1, marks
from labels.characters import printable
from labels.documents import TestPrint
from labels.drawing import Box, Drawing
from labels.flow import Flow, Piece
from labels.media import Media, canvas_of
from labels.pen import Pen
from labels.typeset import Line, fit
from labels.words import short_date, short_time

_LETTERS = "Àâéèêëîïôœùûüÿç ÄÖÜäöüß ΑΒΓΔΩ άέήίόύώ €"
_CODE = "TEST"


def draw(trial: TestPrint, media: Media) -> Drawing:
    """The test print on its medium. Raises `Unprintable` for paper that cannot be."""
    canvas = canvas_of(media)
    flow = Flow(canvas)
    if canvas.height is None:
        flow.bar("test", "TEST", 9)
    else:
        _head_beside_bar(flow)
    flow.space(3)
    size = f"{media.width_mm} × {media.height_mm} mm" if media.height_mm else f"{media.width_mm} mm"
    for field, text, mm in (
        ("station", trial.station, 6.0),
        ("printer", trial.printer, 6.0),
        ("at", f"{short_date(trial.at)} {short_time(trial.at)}", 4.2),
        ("media", f"{size}, {media.dpi} dpi", 4.2),
    ):
        flow.text(field, printable(field, text), mm, bold=mm > 5)
    flow.space(4)
    flow.text("letters", _LETTERS, 3.6)
    flow.space(4)
    flow.text("steps", "Chaque trait est entier ? · Is every bar whole?", 3.2, keep=True)
    flow.space(1, keep=True)
    _steps(flow)
    flow.space(4)
    flow.text("code", "Le scanner lit TEST ? · Does the scanner read TEST?", 3.2, keep=True)
    flow.space(1, keep=True)
    _barcode(flow)
    if canvas.height is not None:
        flow.space(4)
        flow.text("frame", "Le cadre est entier ? · Is the frame whole?", 3.2)
    return Drawing(canvas, flow.sheets("Page"), endless=media.height_mm == 0)


def _head_beside_bar(flow: Flow) -> None:
    """On labels the bar stands where a logistic label says DUPLICATE."""
    bar = marks.bar_box(flow.canvas)
    title = fit([Line("Packline", True)], bar.left - flow.left, bar.height, flow.style(7.0))

    def put(pen: Pen, top: int) -> None:
        _frame(pen, flow)
        marks.inverted_bar(pen, "test", bar, "TEST")
        pen.place("title", Box(flow.left, bar.top, bar.left, bar.bottom), title)

    flow.pieces.append(Piece("test", bar.height, put))


def _frame(pen: Pen, flow: Flow) -> None:
    """A line round the label, 1 mm from its edge: a side that is missing shows how the paper lies."""
    edge = Box(0, 0, *pen.image.size).inset(flow.canvas.dots(1))
    pen.frame(edge, max(1, flow.canvas.dots(0.25)))


def _steps(flow: Flow) -> None:
    """Bars of one to eight dots, each with as much white: a dirty head shows as a gap in them."""
    height = flow.canvas.dots(6)

    def put(pen: Pen, top: int) -> None:
        left = flow.left
        while left < flow.right:
            for dots in range(1, 9):
                pen.fill(Box(left, top, min(left + dots, flow.right), top + height))
                left += 2 * dots
                if left >= flow.right:
                    break

    flow.pieces.append(Piece("steps", height, put))


def _barcode(flow: Flow) -> None:
    bars = gs1.text_bars(_CODE)
    dots = max(2, flow.canvas.dots(0.33))
    height = flow.canvas.dots(15)

    def put(pen: Pen, top: int) -> None:
        pen.barcode("code", top, flow.canvas.width // 2, bars, dots, height)

    flow.pieces.append(Piece("code", height, put))
