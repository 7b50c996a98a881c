"""A drawing as ESC/POS: raster bands, then feed and cut.

Source: Epson ESC/POS command reference: ESC @, GS v 0, GS V.
"""

from __future__ import annotations

from collections.abc import Iterator

from labels.drawing import Drawing, Sheet

BAND_ROWS = 240
"""Rows sent as one image: small printers hold no more than a few hundred."""

_INITIALISE = b"\x1b@"
_FEED_AND_CUT = b"\x1dVB\x00"
"""Feeds the last row past the knife, then a partial cut; a printer without a knife only feeds."""


def encode(drawing: Drawing) -> bytes:
    """Every sheet as bands, each sheet cut off."""
    return b"".join(_INITIALISE + b"".join(_bands(sheet)) + _FEED_AND_CUT for sheet in drawing.sheets)


def _bands(sheet: Sheet) -> Iterator[bytes]:
    height, row, raster = sheet.image.height, sheet.row_bytes, sheet.raster()
    for top in range(0, height, BAND_ROWS):
        rows = min(BAND_ROWS, height - top)
        yield b"\x1dv0\x00" + row.to_bytes(2, "little") + rows.to_bytes(2, "little")
        yield raster[top * row : (top + rows) * row]
