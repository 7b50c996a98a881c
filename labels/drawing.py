"""What a drawing is: sheets of black dots with a record of every field and where it stands."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

from labels.gs1 import Bars
from labels.media import Canvas

WHITE_SET = bytes(255 - byte for byte in range(256))
"""For languages whose set bits are white: `raster.translate(WHITE_SET)`."""


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


class Text(NamedTuple):
    """One line of type: where its baseline begins, and how wide it is set."""

    left: int
    baseline: int
    text: str
    size: int
    bold: bool
    width: int
    white: bool


class Shape(NamedTuple):
    """A black area."""

    points: tuple[tuple[int, int], ...]


Stroke = Box | Text | Shape
"""What was drawn, for paper that is not made of our dots: a box is black."""


class Form(NamedTuple):
    """Rules and captions that many sheets share, drawn and packed once."""

    image: Image.Image
    raster: bytes
    strokes: tuple[Stroke, ...]


class Sheet(NamedTuple):
    """One piece of paper: a mode "1" image (0 is black) and what stands on it."""

    image: Image.Image
    placed: tuple[Placed, ...]
    symbols: tuple[Symbol, ...]
    form: Form | None
    inked: tuple[tuple[int, int], ...]
    """Rows that were drawn on, from first to behind last; the others are the form's."""
    strokes: tuple[Stroke, ...] = ()
    """The same as the image, in the order drawn; empty when others drew it."""

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
    """Ranges of rows without overlap, in order; those of a barcode are a range of their own."""
    barcodes = {symbol.box.top: symbol.box.bottom for symbol in symbols}
    ranges: list[tuple[int, int]] = []
    done = 0
    for top, bottom in sorted(inked):
        done = max(done, top)
        while done < bottom:
            stop = barcodes.get(done) or min((edge for edge in barcodes if done < edge < bottom), default=bottom)
            ranges.append((done, stop))
            done = stop
    return ranges


class Drawing(NamedTuple):
    """A document on its medium: one sheet, or several labels when a slip is longer than one."""

    canvas: Canvas
    sheets: tuple[Sheet, ...]
    endless: bool = False
    """Whether the paper is a roll, which a printer must be told the length of each sheet of."""
    codes: tuple[str, ...] = ()
    """What a scanner must find on sheets that others drew."""
