"""Text one piece below the other: on a roll as long as it gets, on labels as many as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from labels.characters import bound, printable
from labels.documents import Unprintable
from labels.drawing import Box, Sheet
from labels.marks import inverted_bar
from labels.media import Canvas
from labels.pen import Pen
from labels.typeset import Block, Line, Style, advance, fit

_ROLL_MARGIN = 0.5
_LABEL_MARGIN = 4.0
_PAGE_MARGIN = 16.0
_PAGE_WIDTH = 170
"""From this width on, millimetres, the paper is a page: what stands one below the other on labels stands in columns."""
_ROLL_ENDS = 2.0
_FOLIO = 5.0
"""Height kept for "Page 2/3" below on labels."""


class Piece(NamedTuple):
    """Something of a height in dots that draws itself from a given top; `keep` binds it to the next one."""

    field: str
    height: int
    put: Callable[[Pen, int], None]
    keep: bool = False


class Flow:
    """Builds the pieces of a document for one canvas."""

    def __init__(self, canvas: Canvas, sides: tuple[int, int] | None = None) -> None:
        self.canvas = canvas
        self.wide = canvas.height is not None and canvas.mm(canvas.width) >= _PAGE_WIDTH
        self._margin = canvas.dots(_ROLL_MARGIN if canvas.height is None else self._margin_mm)
        self.left, self.right = sides or (self._margin, canvas.width - self._margin)
        self.pieces: list[Piece] = []

    @property
    def _margin_mm(self) -> float:
        return _PAGE_MARGIN if self.wide else _LABEL_MARGIN

    @property
    def width(self) -> int:
        return self.right - self.left

    def style(self, mm: float, leading: float = 1.18) -> Style:
        """A size for prose, and nine tenths of it when that saves a line."""
        size = self.canvas.dots(mm)
        return Style(size, max(1, size * 9 // 10), leading, break_words=True)

    def space(self, mm: float, *, keep: bool = False) -> None:
        self.pieces.append(Piece("", self.canvas.dots(mm), lambda pen, top: None, keep))

    def rule(self, mm: float = 0.25, *, keep: bool = True) -> None:
        thickness = max(1, self.canvas.dots(mm))
        self.pieces.append(
            Piece("", thickness, lambda pen, top: pen.fill(Box(self.left, top, self.right, top + thickness)), keep)
        )

    def beside(self, first: Callable[[Flow], None], second: Callable[[Flow], None]) -> None:
        """Two columns with a gap, each flowing for itself; they stand on one page together."""
        middle, gap = (self.left + self.right) // 2, self.canvas.dots(5)
        columns = [Flow(self.canvas, (self.left, middle - gap)), Flow(self.canvas, (middle + gap, self.right))]
        for column, build in zip(columns, (first, second), strict=True):
            build(column)

        def put(pen: Pen, top: int) -> None:
            for column in columns:
                _put(pen, column.pieces, top)

        height = max(sum(piece.height for piece in column.pieces) for column in columns)
        field = next((piece.field for column in columns for piece in column.pieces if piece.field), "")
        self.pieces.append(Piece(field, height, put))

    def bar(self, field: str, text: str, mm: float) -> None:
        """White on black over the whole width."""
        height = self.canvas.dots(mm)

        def put(pen: Pen, top: int) -> None:
            inverted_bar(pen, field, Box(self.left, top, self.right, top + height), text)

        self.pieces.append(Piece(field, height, put, keep=True))

    def text(self, field: str, text: str, mm: float, *, bold: bool = False, keep: bool = False) -> None:
        """A paragraph of one field."""
        self.paragraphs(field, [Line(printable(field, text), bold)], mm, keep=keep)

    def paragraphs(self, field: str, lines: Sequence[Line], mm: float, *, indent: int = 0, keep: bool = False) -> None:
        """Paragraphs of one size, wrapped to the width; each line may stand on another label unless kept."""
        lines = [Line(bound(text), bold) for text, bold in lines]
        block = fit(lines, self.width - indent, None, self.style(mm))
        for line in block.lines:
            one = block._replace(lines=(line,), width=advance(line.text, block.size, line.bold), height=block.pitch)
            self.pieces.append(Piece(field, one.height, self._put_line(field, one, indent), keep))

    def _put_line(self, field: str, line: Block, indent: int) -> Callable[[Pen, int], None]:
        def put(pen: Pen, top: int) -> None:
            pen.place(field, Box(self.left + indent, top, self.right, top + line.height), line)

        return put

    def sheets(self, folio: str) -> tuple[Sheet, ...]:
        """Everything on paper; several labels each say `folio` and their number below.

        Raises `Unprintable` for a piece that no sheet can hold.
        """
        if self.canvas.height is None:
            return (self._roll(),)
        room = self.canvas.height - self.canvas.dots(2 * self._margin_mm + _FOLIO)
        pages = _paged(_bound(self.pieces), room)
        return tuple(
            self._label(page, f"{folio} {number}/{len(pages)}" if len(pages) > 1 else "")
            for number, page in enumerate(pages, 1)
        )

    def _roll(self) -> Sheet:
        ends = self.canvas.dots(_ROLL_ENDS)
        pen = Pen.blank(self.canvas.width, sum(piece.height for piece in self.pieces) + 2 * ends)
        _put(pen, self.pieces, ends)
        return pen.sheet()

    def _label(self, page: list[Piece], folio: str) -> Sheet:
        assert self.canvas.height is not None
        pen = Pen.blank(self.canvas.width, self.canvas.height)
        _put(pen, page, self._margin)
        if folio:
            bottom = self.canvas.height - self._margin
            block = fit([Line(folio)], self.width, None, self.style(2.8))
            pen.place("page", Box(self.left, bottom - block.height, self.right, bottom), block, centred=True)
        return pen.sheet()


def _put(pen: Pen, pieces: list[Piece], top: int) -> None:
    for piece in pieces:
        piece.put(pen, top)
        top += piece.height


def _bound(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that must stand together."""
    groups: list[list[Piece]] = [[]]
    for piece in pieces:
        groups[-1].append(piece)
        if not piece.keep:
            groups.append([])
    return [group for group in groups if group]


def _paged(groups: list[list[Piece]], room: int) -> list[list[Piece]]:
    pages: list[list[Piece]] = [[]]
    used = 0
    for group in groups:
        height = sum(piece.height for piece in group)
        if height > room:
            field = next((piece.field for piece in group if piece.field), "media")
            raise Unprintable(field, "one sheet has no room for it; shorten it or use larger paper")
        if used + height > room:
            pages.append([])
            used = 0
        pages[-1] += group
        used += height
    return pages
