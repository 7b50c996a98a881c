"""Draws on one sheet and records what it draws: text, rules, shapes, bars."""

from __future__ import annotations

from PIL import Image, ImageDraw

from labels.drawing import Box, Form, Placed, Shape, Sheet, Stroke, Symbol, Text, packed
from labels.gs1 import Bars
from labels.typeset import Block, advance, face


class Pen:
    """All ink goes through it, so that the sheet knows which of its rows were drawn on."""

    def __init__(self, image: Image.Image, form: Form | None = None) -> None:
        self.image = image
        self._form = form
        self._placed: list[Placed] = []
        self._symbols: list[Symbol] = []
        self._inked: list[tuple[int, int]] = []
        self._strokes: list[Stroke] = list(form.strokes) if form else []
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
        return Form(self.image, packed(self.image), tuple(self._strokes))

    def write(self, left: int, top: int, block: Block, *, white: bool = False) -> None:
        """Lines of text, the first one's line box beginning at `top`."""
        baseline = top + block.baseline
        for line in block.lines:
            font = face(block.size, line.bold)
            width = advance(line.text, block.size, line.bold)
            self._strokes.append(Text(left, baseline, line.text, block.size, line.bold, width, white))
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
        self._strokes.append(box)
        self._ink(box.top, box.bottom)

    def frame(self, box: Box, thickness: int) -> None:
        """The outline of `box`, inside it."""
        self._draw.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), outline=0, width=thickness)
        inner = box.inset(thickness)
        self._strokes += (
            box._replace(bottom=inner.top),
            box._replace(top=inner.bottom),
            box._replace(right=inner.left),
            box._replace(left=inner.right),
        )
        self._ink(box.top, box.bottom)

    def polygon(self, points: list[tuple[int, int]]) -> None:
        """A black shape."""
        self._draw.polygon(points, fill=0)
        self._strokes.append(Shape(tuple(points)))
        rows = [y for _, y in points]
        self._ink(min(rows), max(rows) + 1)

    def barcode(self, field: str, box_top: int, centre: int, bars: Bars, dots: int, height: int) -> Box:
        """Bars of whole dots around `centre`; returns the box that they fill."""
        left = centre - bars.modules * dots // 2
        box = Box(left, box_top, left + bars.modules * dots, box_top + height)
        place = left
        for number, run in enumerate(bars.runs):
            if number % 2 == 0:
                self._draw.rectangle((place, box.top, place + run * dots - 1, box.bottom - 1), fill=0)
                self._strokes.append(Box(place, box.top, place + run * dots, box.bottom))
            place += run * dots
        self._ink(box.top, box.bottom)
        self._symbols.append(Symbol(field, box, bars, dots))
        return box

    def sheet(self) -> Sheet:
        """What was drawn, with its record."""
        return Sheet(
            self.image,
            tuple(self._placed),
            tuple(self._symbols),
            self._form,
            tuple(self._inked),
            tuple(self._strokes),
        )

    def _ink(self, top: int, bottom: int) -> None:
        self._inked.append((max(0, top), min(self.image.height, bottom)))
