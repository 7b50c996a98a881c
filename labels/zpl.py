"""A drawing as ZPL II: one bitmap a sheet, compressed, with a check sum that the printer proves.

Source: Zebra ZPL II programming guide, ^GF and "ZB64 encoding and compression".
"""

from __future__ import annotations

import base64
import binascii
import zlib

from labels.drawing import Drawing, Sheet

_FASTEST = 1


def encode(drawing: Drawing) -> bytes:
    """One `^XA … ^XZ` format for each sheet."""
    return b"".join(_format(sheet) for sheet in drawing.sheets)


def _format(sheet: Sheet) -> bytes:
    width, height = sheet.image.size
    row, raster = sheet.row_bytes, sheet.raster()
    size = len(raster)
    # A carrier's label may have left the printer turning or inverting what it prints.
    head = f"^XA^PON^PMN^LRN^PW{width}^LL{height}^LH0,0^FO0,0^GFA,{size},{size},{row},"
    return head.encode("ascii") + z64(raster) + b"^FS^PQ1^XZ\n"


def z64(data: bytes) -> bytes:
    """`:Z64:`, the compressed data in base64, and the CRC-16 (CCITT, from 0) of that base64."""
    text = base64.b64encode(zlib.compress(data, _FASTEST))
    return b":Z64:%b:%04X" % (text, binascii.crc_hqx(text, 0))
