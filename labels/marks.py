"""Marks that shout: the inverted bar of a copy or a test, and the glass of a fragile parcel."""

from __future__ import annotations

from labels.drawing import Box
from labels.media import Canvas
from labels.pen import Pen
from labels.typeset import Line, Style, fit

_EDGE = 3.0
BAR_WIDTH, BAR_HEIGHT = 40.0, 9.0


def bar_box(canvas: Canvas) -> Box:
    """Where DUPLICATE and TEST stand on a label: the upper right corner."""
    right, top = canvas.width - canvas.dots(_EDGE), canvas.dots(_EDGE)
    return Box(right - canvas.dots(BAR_WIDTH), top, right, top + canvas.dots(BAR_HEIGHT))


def inverted_bar(pen: Pen, field: str, room: Box, text: str) -> None:
    """White on black, as large as the room allows."""
    pen.fill(room)
    inner = Box(room.left + room.height // 6, room.top, room.right - room.height // 6, room.bottom)
    style = Style(round(room.height * 0.72), round(room.height * 0.5))
    pen.place(field, inner, fit([Line(text, True)], inner.width, inner.height, style), centred=True, white=True)


def copy_text(copy: int) -> str:
    """What the bar says on the second and later copies."""
    return f"DUPLICATE {copy}"


def fragile(pen: Pen, room: Box) -> None:
    """A framed wine glass (ISO 780) and the word, which French and English share."""
    line = max(2, room.height // 24)
    pen.frame(room, line)
    inner = room.inset(line * 3)
    glass = Box(inner.left, inner.top, inner.left + inner.height * 7 // 10, inner.bottom)
    _glass(pen, glass)
    text = Box(glass.right + line * 2, inner.top, inner.right, inner.bottom)
    size = round(min(room.height * 0.56, text.width / 4.4))
    style = Style(size, size * 9 // 10)
    pen.place("fragile", text, fit([Line("FRAGILE", True)], text.width, text.height, style), centred=True)


def _glass(pen: Pen, box: Box) -> None:
    def at(x: float, y: float) -> tuple[int, int]:
        return box.left + round(x * (box.width - 1)), box.top + round(y * (box.height - 1))

    half = ((0.5, 0), (0.92, 0), (0.88, 0.3), (0.7, 0.5), (0.56, 0.56), (0.56, 0.9), (0.84, 0.94), (0.84, 1))
    right = [at(x, y) for x, y in half]
    left = [at(1 - x, y) for x, y in reversed(half)]
    pen.polygon(right + left)
