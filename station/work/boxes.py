"""Which box: what the service takes, what should hold the rest of the order. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from contract.values import Box, Service
from station.work.fitting import Size, fits, volume
from station.work.load import Work, remaining


def size_of(box: Box) -> Size:
    return box.length_mm, box.width_mm, box.height_mm


def too_large(box: Box, service: Service) -> bool:
    """Whether the carrier does not take a box of this size (its inner one: cardboard is not counted)."""
    longest, *others = sorted(size_of(box), reverse=True)
    over_length = service.max_length_mm > 0 and longest > service.max_length_mm
    over_girth = service.max_girth_mm > 0 and longest + 2 * sum(others) > service.max_girth_mm
    return over_length or over_girth


def with_suggestion(work: Work, boxes: Sequence[Box]) -> Work:
    """The same work with the box that its open parcel should begin with."""
    box = suggested(work, boxes)
    return replace(work, parcel=replace(work.parcel, suggested=box.code if box is not None else ""))


def suggested(work: Work, boxes: Sequence[Box]) -> Box | None:
    """The smallest box that holds all that is left, by size and mass; else the largest, to be filled and followed.

    None when a piece has no size on file, or the service takes none of the boxes.
    """
    sizes: list[Size] = []
    grams = 0.0
    for place, line in enumerate(work.job.lines):
        left = remaining(work, place) + sum(piece.quantity for piece in work.parcel.pieces if piece.line == place)
        if left and line.size is None:
            return None
        sizes += [line.size] * left if line.size is not None else []
        grams += left * line.mass.mean_mg / 1_000 if line.mass is not None else 0
    taken = sorted((box for box in boxes if not too_large(box, work.job.service)), key=lambda box: volume(size_of(box)))
    if not taken or not sizes:
        return None
    most = work.job.service.max_g
    enough = (box for box in taken if grams <= box.max_g and grams + box.tare_g <= most and fits(sizes, size_of(box)))
    return next(enough, taken[-1])
