"""The paper in a printer, measured in its dots."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from labels.documents import Unprintable

_ROLL_PRINT_MM = {57: 48, 58: 48, 79: 72, 80: 72, 110: 104, 112: 104}
"""Receipt printers name their paper; the head is narrower than that."""


class Media(Struct, frozen=True):
    """The paper in a printer."""

    width_mm: int
    height_mm: int
    """0 for a roll without end."""
    dpi: int = 203


class Canvas(NamedTuple):
    """What can be printed on. `height` is None on a roll, which is as long as the document."""

    width: int
    height: int | None
    per_mm: float

    def dots(self, mm: float) -> int:
        """The nearest whole number of dots."""
        return round(mm * self.per_mm)

    def mm(self, dots: int) -> float:
        """The length of that many dots."""
        return dots / self.per_mm


def dots_per_mm(dpi: int) -> float:
    """Printers sold as 203 dpi have 8 dots per millimetre, exactly."""
    return 8.0 if dpi == 203 else dpi / 25.4


def canvas_of(media: Media) -> Canvas:
    """The canvas of a medium. Raises `Unprintable` for paper that cannot be."""
    if not 100 <= media.dpi <= 1200:
        raise Unprintable("media", f"{media.dpi} dpi is not a printer's resolution; set the printer's own, 203 or 300")
    per_mm = dots_per_mm(media.dpi)
    if media.height_mm > 0:
        if not (20 <= media.width_mm <= 220 and 20 <= media.height_mm <= 400):
            size = f"{media.width_mm} × {media.height_mm} mm"
            raise Unprintable("media", f"{size} is not a label that can be drawn; set the size of the labels in use")
        return Canvas(int(media.width_mm * per_mm), int(media.height_mm * per_mm), per_mm)
    if media.width_mm not in _ROLL_PRINT_MM:
        known = ", ".join(str(width) for width in sorted(_ROLL_PRINT_MM))
        raise Unprintable("media", f"no roll is {media.width_mm} mm wide; set one of {known} mm")
    return Canvas(int(_ROLL_PRINT_MM[media.width_mm] * per_mm), None, per_mm)
