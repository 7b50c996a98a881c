"""A drawing as PDF, for office printers and for people: type, rules and bars as lines and letters instead of dots."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from labels.documents import Unprintable
from labels.drawing import Box, Drawing, Shape, Sheet, Stroke, Text
from labels.typeset import font_file

if TYPE_CHECKING:
    from PIL import Image

_MM = 72 / 25.4
_ROUND = 0.5
"""A sheet this close to whole millimetres is that size: dots seldom divide A4 exactly."""


class Volume:
    """One PDF of any number of drawings, written to `out`. Raises `Unprintable` where PDF cannot be written."""

    def __init__(self, out: IO[bytes]) -> None:
        try:
            from reportlab.pdfgen.canvas import Canvas
        except ImportError as error:
            raise Unprintable("media", 'PDF cannot be written here: pip install "packline[a4]"') from error
        self._canvas = Canvas(out, pageCompression=1, invariant=1)
        self._canvas.setTitle("Packline")

    def add(self, drawing: Drawing) -> None:
        """One page for each sheet, the size of the paper."""
        for sheet in drawing.sheets:
            _page(self._canvas, sheet, drawing.canvas.per_mm)

    def finish(self) -> None:
        """Write the file; nothing can be added after."""
        self._canvas.save()


def encode(drawing: Drawing) -> bytes:
    """A PDF of this drawing alone."""
    out = BytesIO()
    volume = Volume(out)
    volume.add(drawing)
    volume.finish()
    return out.getvalue()


def _page(canvas: Any, sheet: Sheet, per_mm: float) -> None:
    width, height = (_paper_mm(dots / per_mm) * _MM for dots in sheet.image.size)
    canvas.setPageSize((width, height))
    canvas.translate(0, height)
    canvas.scale(_MM / per_mm, -_MM / per_mm)
    if sheet.strokes:
        for stroke in sheet.strokes:
            _put(canvas, stroke)
    else:
        _picture(canvas, sheet.image)
    canvas.showPage()


def _paper_mm(mm: float) -> float:
    return round(mm) if abs(mm - round(mm)) < _ROUND / 2 else mm


def _put(canvas: Any, stroke: Stroke) -> None:
    canvas.setFillGray(0)
    match stroke:
        case Box():
            canvas.rect(stroke.left, stroke.top, stroke.width, stroke.height, stroke=0, fill=1)
        case Shape(points):
            path = canvas.beginPath()
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            path.close()
            canvas.drawPath(path, stroke=0, fill=1)
        case Text():
            _type(canvas, stroke)


def _type(canvas: Any, stroke: Text) -> None:
    """Letters at their places: the spaces between them take up what rounding to dots has changed."""
    if not stroke.text:
        return
    name = _font(stroke.bold)
    natural = canvas.stringWidth(stroke.text, name, stroke.size)
    canvas.setFillGray(1 if stroke.white else 0)
    line = canvas.beginText()
    # The page is turned over so that we count from the top as on labels; letters are turned back.
    line.setTextTransform(1, 0, 0, -1, stroke.left, stroke.baseline)
    line.setFont(name, stroke.size)
    line.setCharSpace((stroke.width - natural) / len(stroke.text))
    line.textOut(stroke.text)
    canvas.drawText(line)


def _picture(canvas: Any, image: Image.Image) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.saveState()
    canvas.scale(1, -1)
    canvas.drawImage(ImageReader(image), 0, -image.height, image.width, image.height)
    canvas.restoreState()


@lru_cache(maxsize=2)
def _font(bold: bool) -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = "PacklineBold" if bold else "Packline"
    pdfmetrics.registerFont(TTFont(name, str(font_file(bold))))
    return name
