"""What a drawing is: sheets of black dots with a record of every field and where it stands."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image, ImageDraw

from station.labels.gs1 import Bars
from station.labels.media import Canvas
from station.labels.typeset import Block, face


class Box(NamedTuple):
    """A rectangle of dots; `right` and `bottom` are the first dots outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def holds(self, other: Box) -> bool:
        """Whether `other` lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Box) -> bool:
        """Whether the two share a dot."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def inset(self, by: int) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)


class Placed(NamedTuple):
    """A field on the sheet: where its text stands and the room it was given."""

    field: str
    box: Box
    room: Box
    text: str


class Symbol(NamedTuple):
    """A barcode on the sheet: its bars without quiet zones, and what a scanner must read."""

    field: str
    box: Box
    bars: Bars
    dots: int
    """Width of one module."""


class Form(NamedTuple):
    """Rules and captions that many sheets share, drawn and packed once."""

    image: Image.Image
    raster: bytes


class Sheet(NamedTuple):
    """One piece of paper: a mode "1" image (0 is black) and what stands on it."""

    image: Image.Image
    placed: tuple[Placed, ...]
    symbols: tuple[Symbol, ...]
    form: Form | None
    inked: tuple[tuple[int, int], ...]
    """Rows that were drawn on, from first to behind last; the others are the form's."""

    @property
    def row_bytes(self) -> int:
        return (self.image.width + 7) // 8

    def raster(self) -> bytes:
        """The dots as printers take them: eight to a byte, set is black, rows padded with white.

        Packing every dot takes a third of the time to the first byte, so rows of the form are taken as they
        are, and the rows of a barcode, which the preflight has proven alike, are packed once.
        """
        if self.form is None:
            return packed(self.image)
        pieces, done, row = [], 0, self.row_bytes
        alike = {symbol.box.top: symbol.box.height for symbol in self.symbols}
        for top, bottom in _parted(self.inked, self.symbols):
            pieces.append(self.form.raster[done * row : top * row])
            if top in alike:
                pieces.append(packed(self.image.crop((0, top, self.image.width, top + 1))) * alike[top])
            else:
                pieces.append(packed(self.image.crop((0, top, self.image.width, bottom))))
            done = bottom
        pieces.append(self.form.raster[done * row :])
        return b"".join(pieces)


def packed(image: Image.Image) -> bytes:
    """All the dots of an image, eight to a byte."""
    return image.tobytes("raw", "1;I")


def _parted(inked: tuple[tuple[int, int], ...], symbols: tuple[Symbol, ...]) -> list[tuple[int, int]]:
    """Ranges of rows without overlap, in order, cut where a barcode begins and ends."""
    cuts = sorted({edge for symbol in symbols for edge in (symbol.box.top, symbol.box.bottom)})
    ranges: list[tuple[int, int]] = []
    for top, bottom in sorted(inked):
        top = max(top, ranges[-1][1]) if ranges else top
        for cut in cuts:
            if top < cut < bottom:
                ranges.append((top, cut))
                top = cut
        if top < bottom:
            ranges.append((top, bottom))
    return ranges


class Drawing(NamedTuple):
    """A document on its medium: one sheet, or several labels when a slip is longer than one."""

    canvas: Canvas
    sheets: tuple[Sheet, ...]


class Pen:
    """Draws on one sheet and records what it draws."""

    def __init__(self, image: Image.Image, form: Form | None = None) -> None:
        self.image = image
        self._form = form
        self._placed: list[Placed] = []
        self._symbols: list[Symbol] = []
        self._inked: list[tuple[int, int]] = []
        self._draw = ImageDraw.Draw(image)

    @classmethod
    def blank(cls, width: int, height: int) -> Pen:
        """A pen on white paper."""
        return cls(Image.new("1", (width, height), 1))

    @classmethod
    def on(cls, form: Form) -> Pen:
        """A pen on a copy of a form."""
        return cls(form.image.copy(), form)

    def form(self) -> Form:
        """What was drawn so far, to draw on many times."""
        return Form(self.image, packed(self.image))

    def write(self, left: int, top: int, block: Block, *, white: bool = False) -> None:
        """Lines of text, the first one's line box beginning at `top`."""
        baseline = top + round(block.pitch * 0.5 + block.size * 0.36)
        for line in block.lines:
            font = face(block.size, line.bold)
            self._draw.text((left, baseline), line.text, fill=1 if white else 0, font=font, anchor="ls")
            baseline += block.pitch
        # Ink reaches a little beyond its line boxes: accents on capitals, tails of letters.
        self._ink(top - block.size // 2, top + block.height + block.size // 2)

    def place(
        self, field: str, room: Box, block: Block, *, centred: bool = False, white: bool = False, at_top: bool = False
    ) -> None:
        """A field's text, half-way down its room and from its left unless told otherwise, and the record of it."""
        left = room.left + (max(0, (room.width - block.width) // 2) if centred else 0)
        top = room.top + (0 if at_top else max(0, (room.height - block.height) // 2))
        self.write(left, top, block, white=white)
        box = Box(left, top, left + block.width, top + block.height)
        self._placed.append(Placed(field, box, room, "\n".join(line.text for line in block.lines)))

    def fill(self, box: Box) -> None:
        """A black rectangle."""
        self._draw.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=0)
        self._ink(box.top, box.bottom)

    def frame(self, box: Box, thickness: int) -> None:
        """The outline of `box`, inside it."""
        self._draw.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), outline=0, width=thickness)
        self._ink(box.top, box.bottom)

    def polygon(self, points: list[tuple[int, int]]) -> None:
        """A black shape."""
        self._draw.polygon(points, fill=0)
        rows = [y for _, y in points]
        self._ink(min(rows), max(rows) + 1)

    def _ink(self, top: int, bottom: int) -> None:
        self._inked.append((max(0, top), min(self.image.height, bottom)))

    def barcode(self, field: str, box_top: int, centre: int, bars: Bars, dots: int, height: int) -> Box:
        """Bars of whole dots around `centre`; returns the box that they fill."""
        left = centre - bars.modules * dots // 2
        box = Box(left, box_top, left + bars.modules * dots, box_top + height)
        place = left
        for number, run in enumerate(bars.runs):
            if number % 2 == 0:
                self._draw.rectangle((place, box.top, place + run * dots - 1, box.bottom - 1), fill=0)
            place += run * dots
        self._ink(box.top, box.bottom)
        self._symbols.append(Symbol(field, box, bars, dots))
        return box

    def sheet(self) -> Sheet:
        """What was drawn, with its record."""
        return Sheet(self.image, tuple(self._placed), tuple(self._symbols), self._form, tuple(self._inked))
