"""A drawing as EPL2: one bitmap a sheet, in which a set bit is white.

Source: Zebra, EPL2 programmer's manual: N, q, Q, GW, P; and its note that a comma stands before GW's data.
"""

from __future__ import annotations

from labels.drawing import WHITE_SET, Drawing, Sheet


def encode(drawing: Drawing) -> bytes:
    """One label for each sheet."""
    return b"".join(_label(sheet, endless=drawing.endless) for sheet in drawing.sheets)


def _label(sheet: Sheet, *, endless: bool) -> bytes:
    width, height = sheet.image.size
    # Both clear the image buffer, so they stand before N. The printer's sensor knows where a die-cut label ends.
    form = f"\nq{width}\n" + (f"Q{height},0\n" if endless else "")
    bitmap = f"N\nGW0,0,{sheet.row_bytes},{height},"
    return (form + bitmap).encode("ascii") + sheet.raster().translate(WHITE_SET) + b"\nP1\n"
