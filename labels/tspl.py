"""A drawing as TSPL: one bitmap a sheet, in which a set bit is white.

Source: TSC, TSPL/TSPL2 programming manual: SIZE, GAP, DIRECTION, REFERENCE, CLS, BITMAP, PRINT.
"""

from __future__ import annotations

from labels.drawing import WHITE_SET, Drawing, Sheet


def encode(drawing: Drawing) -> bytes:
    """One label for each sheet."""
    return b"".join(_label(drawing, sheet) for sheet in drawing.sheets)


def _label(drawing: Drawing, sheet: Sheet) -> bytes:
    width, height = sheet.image.size
    size = f"SIZE {drawing.canvas.mm(width):.1f} mm,{drawing.canvas.mm(height):.1f} mm\r\n"
    # The gap between die-cut labels is what the printer was calibrated to.
    gap = "GAP 0 mm,0 mm\r\n" if drawing.endless else ""
    head = f"{size}{gap}DIRECTION 0\r\nREFERENCE 0,0\r\nCLS\r\nBITMAP 0,0,{sheet.row_bytes},{height},0,"
    return head.encode("ascii") + sheet.raster().translate(WHITE_SET) + b"\r\nPRINT 1,1\r\n"
