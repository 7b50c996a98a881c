"""Text measured and broken into lines before it is drawn: smaller once, then wrapped, and never cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

_FONTS = Path(__file__).parent / "fonts"


class Line(NamedTuple):
    """One line of text, or a paragraph that may become several."""

    text: str
    bold: bool = False


class Style(NamedTuple):
    """Font sizes in dots; `small` is tried once, whole, before lines are wrapped."""

    size: int
    small: int
    leading: float = 1.18
    break_words: bool = False
    """Whether a word wider than the line may go on in the next; for prose and product names, not for addresses."""


class Block(NamedTuple):
    """Text as it will stand: its lines, their size and the room that they take, in dots."""

    lines: tuple[Line, ...]
    size: int
    pitch: int
    width: int
    height: int

    @property
    def baseline(self) -> int:
        """From the top of the first line's box to what its letters stand on."""
        return round(self.pitch * 0.5 + self.size * 0.36)


@lru_cache(maxsize=16)
def face(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    """DejaVu Sans Condensed at `size` dots. Opened once for each size."""
    return ImageFont.truetype(font_file(bold), size, layout_engine=ImageFont.Layout.BASIC)


def font_file(bold: bool) -> Path:
    """Where the face is."""
    return _FONTS / ("DejaVuSansCondensed-Bold.ttf" if bold else "DejaVuSansCondensed.ttf")


def advance(text: str, size: int, bold: bool) -> int:
    """The width of one line in dots, rounded up."""
    return -int(-face(size, bold).getlength(text, mode="1") // 1)


def fit(paragraphs: Sequence[Line], width: int, height: int | None, style: Style) -> Block:
    """Set `paragraphs` in a room of that size: as they are, else smaller, else smaller and wrapped.

    What does not fit even then is returned larger than its room: the preflight measures and refuses it.
    """
    for size in dict.fromkeys((style.size, style.small)):
        block = _block(paragraphs, size, style.leading)
        if block.width <= width and (height is None or block.height <= height):
            return block
    return _block(tuple(_wrapped(paragraphs, width, style)), style.small, style.leading)


def _block(lines: Sequence[Line], size: int, leading: float) -> Block:
    pitch = round(size * leading)
    width = max((advance(line.text, size, line.bold) for line in lines), default=0)
    return Block(tuple(lines), size, pitch, width, pitch * len(lines))


def _wrapped(paragraphs: Iterable[Line], width: int, style: Style) -> Iterator[Line]:
    """The lines of `paragraphs` at the small size, broken between words."""
    for text, bold in paragraphs:
        line = ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if advance(longer, style.small, bold) <= width:
                line = longer
                continue
            if line:
                yield Line(line, bold)
            line = word
            while style.break_words and len(line) > 1 and advance(line, style.small, bold) > width:
                fitting = _fitting(line, bold, width, style.small)
                yield Line(line[:fitting], bold)
                line = line[fitting:]
        yield Line(line, bold)


def _fitting(word: str, bold: bool, width: int, size: int) -> int:
    """How many of the word's characters fit; at least one."""
    fitting = len(word) - 1
    while fitting > 1 and advance(word[:fitting], size, bold) > width:
        fitting -= 1
    return max(fitting, 1)
