"""Whether goods fit a box: pieces as upright blocks, turned any way, placed one after the other. Pure.

Each piece goes to the lowest of the free corners that earlier pieces left; several orders of placing are tried. What is
found is a true packing, so "fits" is never wrong for rigid goods; "does not fit" may be. Work is bounded.
Source of the corners: Crainic, Perboli, Tadei, Extreme Point-Based Heuristics for Three-Dimensional Bin Packing (2008).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from operator import sub
from typing import NamedTuple, TypeAlias

Size: TypeAlias = tuple[int, int, int]
"""Length, width, height in millimetres, in any order."""
Corner: TypeAlias = tuple[int, int, int]
"""Height, depth, side: sorted, the lowest comes first."""
_MOST_TRIALS = 500
"""Corners that are tried for each order of the pieces: bounds the time on a Raspberry Pi."""
MOST_PIECES = 24
"""Of more pieces than these only the volume is compared: they are small beside their box."""
LOOSE = 0.7
"""The share of a box that many small pieces fill when they are put in with care."""


class Block(NamedTuple):
    """A piece in its place: its corner next to the box's own, and its sides as it lies."""

    x: int
    y: int
    z: int
    length: int
    width: int
    height: int

    def meets(self, other: Block) -> bool:
        return (
            self.x < other.x + other.length
            and other.x < self.x + self.length
            and self.y < other.y + other.width
            and other.y < self.y + self.width
            and self.z < other.z + other.height
            and other.z < self.z + self.height
        )


_ORDERS: tuple[Callable[[Size], tuple[int, ...]], ...] = (
    lambda size: (-size[0] * size[1] * size[2],),
    lambda size: (-size[0], -size[1], -size[2]),
    lambda size: (-size[0] * size[1], -size[2]),
    lambda size: (-size[2], -size[1], -size[0]),
)


def volume(size: Size) -> int:
    return size[0] * size[1] * size[2]


def fits(pieces: Sequence[Size], box: Size) -> bool:
    """Whether all pieces were found a place in the box."""
    inside = _descending(box)
    sizes = [_descending(piece) for piece in pieces]
    if any(side > room for size in sizes for side, room in zip(size, inside, strict=True)):
        return False
    filled = sum(volume(size) for size in sizes)
    if len(sizes) > MOST_PIECES:
        return filled <= LOOSE * volume(box)
    return filled <= volume(box) and placing(sizes, box) is not None


def placing(sizes: Sequence[Size], box: Size) -> list[Block] | None:
    """A place in the box for each piece; None when none was found."""
    for flat in (True, False):
        for order in _ORDERS:
            found = _Search(box, flat=flat).through(sorted(sizes, key=order), [], [(0, 0, 0)])
            if found is not None:
                return found
    return None


def _descending(size: Size) -> Size:
    shortest, middle, longest = sorted(size)
    return longest, middle, shortest


class _Search:
    """Tries piece after piece at corner after corner, and goes back on its steps while its work is not used up."""

    def __init__(self, box: Size, *, flat: bool) -> None:
        """`flat`: lay pieces down; else turn them so that the smallest gap is left."""
        self._box = box
        self._flat = flat
        self._left = _MOST_TRIALS

    def through(self, sizes: list[Size], placed: list[Block], corners: list[Corner]) -> list[Block] | None:
        """A place for these pieces beside those that have one."""
        if not sizes:
            return placed
        for at, size in enumerate(sizes):
            if size in sizes[:at]:
                continue
            rest = [*sizes[:at], *sizes[at + 1 :]]
            for block in self._ways(size, placed, corners):
                found = {*corners, *_corners(block, placed)} - {(block.z, block.y, block.x)}
                whole = self.through(rest, [*placed, block], sorted(found))
                if whole is not None or self._left <= 0:
                    return whole
        return None

    def _ways(self, size: Size, placed: list[Block], corners: list[Corner]) -> Iterator[Block]:
        """Every place and turn of the piece, the lowest corner first, there what leaves the smallest gap first."""
        turns = set(permutations(size))
        for z, y, x in corners:
            self._left -= 1
            if self._left <= 0:
                return
            room = (self._box[0] - x, self._box[1] - y, self._box[2] - z)
            gaps = {turn: min(map(sub, room, turn)) for turn in turns}
            for turn in sorted(turns, key=lambda turn: (turn[2], turn[1]) if self._flat else (gaps[turn], turn[2])):
                if gaps[turn] < 0:
                    continue
                block = Block(x, y, z, *turn)
                if not any(block.meets(other) for other in placed):
                    yield block


def _corners(block: Block, others: list[Block]) -> Iterator[Corner]:
    """The points beside, behind and above the block, each let slide towards the walls until something stops it."""
    right, back, top = block.x + block.length, block.y + block.width, block.z + block.height
    yield block.z, _slid_y(others, right, block.y, block.z), right
    yield _slid_z(others, right, block.y, block.z), block.y, right
    yield block.z, back, _slid_x(others, block.x, back, block.z)
    yield _slid_z(others, block.x, back, block.z), back, block.x
    yield top, block.y, _slid_x(others, block.x, block.y, top)
    yield top, _slid_y(others, block.x, block.y, top), block.x


def _slid_x(others: list[Block], x: int, y: int, z: int) -> int:
    ends = (o.x + o.length for o in others if o.y <= y < o.y + o.width and o.z <= z < o.z + o.height)
    return max((end for end in ends if end <= x), default=0)


def _slid_y(others: list[Block], x: int, y: int, z: int) -> int:
    ends = (o.y + o.width for o in others if o.x <= x < o.x + o.length and o.z <= z < o.z + o.height)
    return max((end for end in ends if end <= y), default=0)


def _slid_z(others: list[Block], x: int, y: int, z: int) -> int:
    ends = (o.z + o.height for o in others if o.x <= x < o.x + o.length and o.y <= y < o.y + o.width)
    return max((end for end in ends if end <= z), default=0)
