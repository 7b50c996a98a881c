"""Pictures of the sample products: flat drawings, 128 × 128 pixels, one function for each kind of product.

Coordinates are in a square of 100 × 100; the drawing is made four times as large and made smaller once.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PIL import Image, ImageColor, ImageDraw

SIDE: Final = 128
_FINE: Final = 4

Colour = tuple[int, int, int]
Point = tuple[float, float]

PALETTE: Final[Mapping[str, str]] = {
    "blue": "#2f6fb3",
    "red": "#c8453b",
    "green": "#4f8f57",
    "yellow": "#e3b23c",
    "white": "#f4efe6",
    "black": "#3a3a40",
    "terracotta": "#c9714a",
    "lavender": "#8f7fc0",
    "rose": "#d98a9b",
    "teal": "#2f8f8c",
    "sand": "#c9a877",
    "olive": "#8a8f3c",
}
WOOD: Final = "#b98552"
PAPER: Final = "#fbf6ea"
GLASS: Final = "#d8e6e8"
INK: Final = "#4a3f38"


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of `other` in `one`."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def rgb(colour: str) -> Colour:
    """A palette's name or a hexadecimal colour."""
    red, green, blue, *_ = ImageColor.getrgb(PALETTE.get(colour, colour))
    return red, green, blue


def darker(colour: Colour, share: float = 0.22) -> Colour:
    return mix(colour, (40, 30, 40), share)


def lighter(colour: Colour, share: float = 0.3) -> Colour:
    return mix(colour, (255, 255, 255), share)


class Sheet:
    """A square to draw on."""

    def __init__(self, ground: Colour) -> None:
        side = SIDE * _FINE
        self._scale = side / 100
        self._image = Image.new("RGB", (side, side), ground)
        self._pen = ImageDraw.Draw(self._image)

    def _at(self, points: Sequence[float]) -> list[float]:
        return [value * self._scale for value in points]

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, round_: float = 0) -> None:
        self._pen.rounded_rectangle(self._at((left, top, right, bottom)), round_ * self._scale, colour)

    def oval(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self._pen.ellipse(self._at((left, top, right, bottom)), colour)

    def ring(self, left: float, top: float, right: float, bottom: float, colour: Colour, width: float) -> None:
        self._pen.ellipse(self._at((left, top, right, bottom)), None, colour, round(width * self._scale))

    def shape(self, colour: Colour, *points: Point) -> None:
        self._pen.polygon([(x * self._scale, y * self._scale) for x, y in points], colour)

    def line(self, colour: Colour, width: float, *points: Point) -> None:
        path = [(x * self._scale, y * self._scale) for x, y in points]
        self._pen.line(path, colour, round(width * self._scale), joint="curve")
        for x, y in (points[0], points[-1]):
            self.oval(x - width / 2, y - width / 2, x + width / 2, y + width / 2, colour)

    def png(self) -> bytes:
        """The finished picture with a palette of its own, so that it stays small."""
        small = self._image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).quantize(48)
        stream = io.BytesIO()
        small.save(stream, "PNG", optimize=True)
        return stream.getvalue()


def _shadow(sheet: Sheet, ground: Colour, left: float = 20, right: float = 80, at: float = 86) -> None:
    sheet.oval(left, at - 4, right, at + 4, darker(ground, 0.14))


def _marks(sheet: Sheet, mark: int, colour: Colour, left: float, top: float, right: float, bottom: float) -> None:
    """What tells products of one kind and colour apart: plain, bands, dots, a wave, a leaf, a heart."""
    across, down = (left + right) / 2, (top + bottom) / 2
    match mark % 6:
        case 1:
            for level in (0.3, 0.55):
                at = top + (bottom - top) * level
                sheet.box(left, at, right, at + (bottom - top) * 0.12, colour)
        case 2:
            step = (right - left) / 4
            for column in range(1, 4):
                for row in (0.32, 0.6):
                    x, y = left + step * column, top + (bottom - top) * row
                    sheet.oval(x - 3, y - 3, x + 3, y + 3, colour)
        case 3:
            points = [
                (left + (right - left) * part / 24, down + 5 * math.sin(part * math.pi / 4)) for part in range(2, 23)
            ]
            sheet.line(colour, 4, *points)
        case 4:
            sheet.line(colour, 2.4, (across, down + 12), (across, down - 12))
            for y in (-8, 0, 8):
                sheet.oval(across - 11, down + y - 4, across - 1, down + y + 3, colour)
                sheet.oval(across + 1, down + y - 4, across + 11, down + y + 3, colour)
        case 5:
            sheet.oval(across - 11, down - 9, across, down + 2, colour)
            sheet.oval(across, down - 9, across + 11, down + 2, colour)
            sheet.shape(colour, (across - 10.2, down - 1), (across + 10.2, down - 1), (across, down + 12))


def mug(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.ring(58, 38, 88, 70, darker(colour), 7)
    sheet.box(22, 28, 70, 86, colour, 8)
    sheet.box(60, 30, 70, 84, darker(colour, 0.12), 6)
    _marks(sheet, mark, lighter(colour, 0.62), 26, 36, 60, 80)
    sheet.oval(22, 22, 70, 36, lighter(colour))
    sheet.oval(26, 24.5, 66, 34, darker(colour, 0.5))


def bowl(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.shape(colour, (12, 44), (88, 44), (70, 82), (30, 82))
    sheet.oval(24, 66, 76, 88, colour)
    sheet.box(38, 82, 62, 89, darker(colour), 3)
    _marks(sheet, mark, lighter(colour, 0.62), 34, 52, 66, 80)
    sheet.oval(12, 34, 88, 54, lighter(colour))
    sheet.oval(18, 37, 82, 51, darker(colour, 0.35))


def plate(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.oval(12, 14, 88, 90, darker(colour))
    sheet.oval(12, 11, 88, 87, colour)
    sheet.oval(27, 26, 73, 72, lighter(colour, 0.22))
    _marks(sheet, mark, lighter(colour, 0.66), 34, 33, 66, 65)


def teapot(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.ring(62, 38, 92, 70, darker(colour), 6)
    sheet.shape(darker(colour), (32, 62), (8, 40), (14, 36), (36, 48))
    sheet.oval(22, 34, 76, 86, colour)
    sheet.box(34, 80, 64, 88, darker(colour), 3)
    _marks(sheet, mark, lighter(colour, 0.62), 32, 44, 66, 78)
    sheet.oval(36, 29, 62, 41, lighter(colour, 0.2))
    sheet.oval(44, 20, 54, 31, darker(colour))


def vase(sheet: Sheet, colour: Colour, mark: int) -> None:
    for x, y, petal in ((34, 16, "rose"), (50, 9, "yellow"), (66, 17, "lavender")):
        sheet.line(rgb("green"), 2.4, (50, 44), (x, y))
        sheet.oval(x - 6, y - 6, x + 6, y + 6, rgb(petal))
        sheet.oval(x - 2, y - 2, x + 2, y + 2, rgb(PAPER))
    sheet.shape(colour, (40, 38), (60, 38), (58, 52), (42, 52))
    sheet.oval(28, 44, 72, 88, colour)
    sheet.oval(39, 34, 61, 42, lighter(colour))
    _marks(sheet, mark, lighter(colour, 0.62), 36, 52, 64, 82)


def candle(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.shape(rgb("#f5a742"), (50, 6), (58, 22), (50, 31), (42, 22))
    sheet.oval(42, 15, 58, 31, rgb("#f5a742"))
    sheet.oval(46, 19, 54, 30, rgb("#fff2c4"))
    sheet.line(rgb(INK), 1.6, (50, 28), (50, 38))
    sheet.box(30, 36, 70, 86, colour, 4)
    sheet.box(62, 38, 70, 85, darker(colour, 0.12), 3)
    sheet.oval(30, 32, 70, 42, lighter(colour, 0.45))
    sheet.box(34, 50, 66, 76, rgb(PAPER), 2)
    _marks(sheet, mark, colour, 37, 50, 63, 76)


def soap(sheet: Sheet, colour: Colour, mark: int) -> None:
    for x, y, size in ((26, 22, 7), (40, 13, 5), (70, 20, 8)):
        sheet.oval(x - size, y - size, x + size, y + size, rgb("#ffffff"))
        sheet.oval(x - size + 2, y - size + 2, x + size - 1, y + size - 1, rgb("#e4f1f7"))
    sheet.box(12, 44, 88, 82, darker(colour), 14)
    sheet.box(12, 36, 88, 74, colour, 14)
    sheet.box(20, 42, 80, 68, lighter(colour, 0.25), 9)
    _marks(sheet, mark, darker(colour, 0.1), 34, 41, 66, 69)


def book(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.box(22, 12, 80, 90, darker(colour, 0.3), 3)
    sheet.box(26, 80, 79, 88, rgb(PAPER), 1)
    sheet.box(20, 10, 78, 82, colour, 3)
    sheet.box(20, 10, 28, 82, darker(colour), 3)
    sheet.box(36, 20, 70, 26, lighter(colour, 0.7), 2)
    sheet.box(42, 30, 64, 33, lighter(colour, 0.5), 1)
    _marks(sheet, mark or 4, lighter(colour, 0.6), 38, 42, 68, 74)


def notebook(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.box(24, 12, 80, 90, darker(colour, 0.3), 4)
    sheet.box(22, 10, 78, 88, colour, 4)
    sheet.box(36, 22, 70, 44, rgb(PAPER), 2)
    for y in (28, 33, 38):
        sheet.line(rgb("#b9b1a4"), 1, (40, y), (66, y))
    _marks(sheet, mark, lighter(colour, 0.5), 38, 52, 68, 82)
    for y in range(16, 86, 9):
        sheet.ring(16, y, 29, y + 5, rgb("#8d8a86"), 1.6)


def tea(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.box(24, 26, 76, 88, colour, 4)
    sheet.box(64, 28, 76, 87, darker(colour, 0.12), 4)
    sheet.box(22, 16, 78, 31, darker(colour), 4)
    sheet.box(30, 42, 70, 78, rgb(PAPER), 3)
    _marks(sheet, mark or 4, colour, 36, 44, 64, 76)


def jar(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.box(24, 26, 76, 88, rgb(GLASS), 11)
    sheet.box(27, 36, 73, 85, colour, 9)
    sheet.box(30, 48, 70, 74, rgb(PAPER), 2)
    _marks(sheet, mark or 5, darker(colour, 0.1), 36, 47, 64, 75)
    sheet.box(26, 12, 74, 28, rgb("#c9a04a"), 3)
    for x in range(30, 73, 6):
        sheet.line(rgb("#a8823a"), 1.2, (x, 15), (x, 26))


def bottle(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.box(44, 6, 56, 16, rgb(WOOD), 2)
    sheet.box(43, 14, 57, 38, colour, 2)
    sheet.oval(32, 28, 68, 56, colour)
    sheet.box(32, 42, 68, 90, colour, 5)
    sheet.box(60, 46, 68, 88, darker(colour, 0.16), 4)
    sheet.box(34, 52, 66, 80, rgb(PAPER), 1)
    _marks(sheet, mark or 4, colour, 38, 52, 62, 80)


def chocolate(sheet: Sheet, colour: Colour, mark: int) -> None:
    brown = rgb("#5d3a26")
    sheet.box(28, 8, 72, 58, brown, 2)
    for row in range(3):
        for column in range(3):
            left, top = 31 + column * 13.4, 11 + row * 14
            sheet.box(left, top, left + 11.4, top + 12, lighter(brown, 0.12), 1.5)
    sheet.box(24, 40, 76, 92, colour, 3)
    sheet.shape(
        rgb("#d9d9dc"), (24, 43), (76, 43), (76, 37), (69, 40), (62, 36), (54, 40), (46, 36), (36, 40), (24, 36)
    )
    _marks(sheet, mark or 5, lighter(colour, 0.62), 34, 50, 66, 86)


def socks(sheet: Sheet, colour: Colour, mark: int) -> None:
    for shift, tone in ((16, darker(colour, 0.2)), (0, colour)):
        sheet.box(26 + shift, 12, 50 + shift, 66, tone, 3)
        sheet.box(26 + shift, 56, 68 + shift, 84, tone, 13)
        sheet.box(26 + shift, 12, 50 + shift, 22, lighter(tone, 0.45), 3)
        sheet.oval(52 + shift, 59, 69 + shift, 83, lighter(tone, 0.45))
    _marks(sheet, mark, lighter(colour, 0.62), 26, 26, 50, 62)


def towel(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.box(16, 62, 84, 86, darker(colour, 0.16), 6)
    sheet.box(16, 42, 84, 66, lighter(colour, 0.15), 6)
    sheet.box(16, 20, 84, 46, colour, 6)
    for y in (26, 48, 70):
        sheet.box(64, y, 68, y + 13, lighter(colour, 0.6))
        sheet.box(71, y, 73, y + 13, lighter(colour, 0.6))
    _marks(sheet, mark, lighter(colour, 0.6), 24, 18, 52, 48)


def spoon(sheet: Sheet, colour: Colour, mark: int) -> None:
    wood = mix(rgb(WOOD), colour, 0.25)
    sheet.line(wood, 7, (40, 44), (74, 88))
    sheet.oval(16, 8, 52, 52, wood)
    sheet.oval(21, 13, 47, 46, darker(wood, 0.18))
    sheet.line(colour, 7, (62, 72), (74, 88))
    sheet.line(darker(wood, 0.3), 5, (76, 12), (34, 88))
    sheet.shape(darker(wood, 0.3), (68, 8), (86, 12), (76, 40), (62, 36))
    if mark % 2:
        sheet.line(lighter(colour, 0.5), 2, (66, 77), (70, 82))


def seeds(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.box(22, 10, 78, 90, rgb(PAPER), 2)
    sheet.box(22, 10, 78, 26, colour, 2)
    sheet.box(30, 15, 70, 20, lighter(colour, 0.7), 1)
    sheet.line(rgb("green"), 3, (50, 82), (50, 56))
    sheet.oval(32, 64, 50, 74, rgb("green"))
    sheet.oval(50, 58, 68, 68, lighter(rgb("green"), 0.2))
    petals = 5 + mark % 4
    for petal in range(petals):
        angle = petal * 2 * math.pi / petals
        x, y = 50 + 10 * math.cos(angle), 46 + 10 * math.sin(angle)
        sheet.oval(x - 6.5, y - 6.5, x + 6.5, y + 6.5, colour)
    sheet.oval(44.5, 40.5, 55.5, 51.5, rgb("yellow"))


def puzzle(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.shape(darker(colour, 0.3), (14, 28), (76, 28), (86, 38), (86, 88), (24, 88), (14, 78))
    sheet.box(14, 24, 78, 80, colour, 2)
    light = lighter(colour, 0.65)
    sheet.box(30, 38, 62, 68, light, 2)
    sheet.oval(41, 30, 51, 42, light)
    sheet.oval(56, 48, 68, 58, light)
    sheet.oval(25, 48, 36, 58, colour)
    sheet.oval(41, 62, 51, 72, colour)
    if mark % 2:
        sheet.box(18, 72, 34, 76, light, 1)


def cards(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.shape(darker(rgb(PAPER), 0.14), (30, 14), (90, 24), (84, 64), (24, 54))
    sheet.shape(lighter(colour, 0.5), (20, 22), (80, 18), (84, 60), (23, 64))
    sheet.box(12, 32, 76, 78, rgb(PAPER), 2)
    sheet.box(16, 36, 72, 74, lighter(colour, 0.75), 1)
    sheet.oval(52, 40, 64, 52, rgb("yellow"))
    sheet.shape(colour, (16, 74), (34, 48), (48, 66), (56, 56), (72, 74))
    if mark % 2:
        sheet.shape(darker(colour), (16, 74), (26, 62), (38, 74))


def lamp(sheet: Sheet, colour: Colour, mark: int) -> None:
    sheet.box(47, 44, 53, 82, rgb(WOOD))
    sheet.box(32, 80, 68, 89, darker(rgb(WOOD)), 4)
    sheet.shape(colour, (34, 10), (66, 10), (84, 50), (16, 50))
    sheet.shape(lighter(colour, 0.18), (34, 10), (46, 10), (40, 50), (16, 50))
    sheet.oval(40, 47, 60, 57, rgb("#fff2c4"))
    _marks(sheet, mark, lighter(colour, 0.6), 36, 16, 64, 48)


DRAWINGS: Final[Mapping[str, Callable[[Sheet, Colour, int], None]]] = {
    draw.__name__: draw
    for draw in (
        mug, bowl, plate, teapot, vase, candle, soap, book, notebook, tea,
        jar, bottle, chocolate, socks, towel, spoon, seeds, puzzle, cards, lamp,
    )
}  # fmt: skip


def picture(kind: str, colour: str, mark: int) -> bytes:
    """The PNG of one product."""
    ground = mix(mix(rgb(colour), (255, 255, 255), 0.86), rgb("#f3ead9"), 0.5)
    sheet = Sheet(ground)
    if kind not in ("plate", "cards"):
        _shadow(sheet, ground)
    DRAWINGS[kind](sheet, rgb(colour), mark)
    return sheet.png()
