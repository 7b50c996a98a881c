"""What reached a printer, back into pictures and codes: the printers' languages as far as Packline speaks them.

For the demo's paper and for tests. Strict: bytes that our encoders would not write are `Garbled`,
but for the questions after the printer's state that a driver may put between two documents.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

from contract.keys import Sscc
from labels import gs1, pdf_pages, png
from labels.drawing import WHITE_SET

_FORMAT = re.compile(
    rb"(?:\s|~HS)*\^XA\^PON\^PMN\^LRN\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),:Z64:([A-Za-z0-9+/=]*):([0-9A-F]{4})"
    rb"\^FS\^PQ1\^XZ(?:\s|~HS)*"
)
_PDF_DPI = 203.2
_EPL2 = re.compile(rb"(?:\^ee\r\n)*\nq(\d+)\n(?:Q\d+,0\n)?N\nGW0,0,(\d+),(\d+),")
_EPL2_END = re.compile(rb"\nP1\n(?:\^ee\r\n)*")
_TSPL = re.compile(
    rb"(?:\x1b!\?)*SIZE ([\d.]+) mm,([\d.]+) mm\r\n(?:GAP 0 mm,0 mm\r\n)?DIRECTION 0\r\nREFERENCE 0,0\r\nCLS\r\n"
    rb"BITMAP 0,0,(\d+),(\d+),0,"
)
_TSPL_END = re.compile(rb"\r\nPRINT 1,1\r\n(?:\x1b!\?)*")


class Garbled(ValueError):
    """The bytes are not a whole document; the text says where they go wrong."""


class Printed(NamedTuple):
    """What lies in the printer's tray: one picture a sheet, and the codes that a scanner finds on them."""

    sheets: tuple[Image.Image, ...]
    codes: tuple[gs1.Scan, ...]

    @property
    def ssccs(self) -> tuple[Sscc, ...]:
        """The SSCCs on the paper, check digits proven."""
        return tuple(Sscc(code.data[2:].decode()) for code in self.codes if code.gs1 and code.data[:2] == b"00")

    @property
    def png(self) -> bytes:
        """The sheets as one picture."""
        return png.of_images(self.sheets)


def printed(document: bytes) -> Printed:
    """The paper that `document` makes, in whichever of our languages it is. Raises `Garbled`."""
    images = tuple(_sheets(document))
    codes = (code for code in (gs1.find(image) for image in images) if code is not None)
    return Printed(images, tuple(codes))


def _sheets(document: bytes) -> Iterator[Image.Image]:
    if _EPL2.match(document):
        return _epl2(document)
    if _TSPL.match(document):
        return _tspl(document)
    if document.startswith(b"%PDF-"):
        return _pdf(document)
    if document[:1] in (b"\x1b", b"\x10"):
        return _escpos(document)
    return _zpl(document)


def _zpl(document: bytes) -> Iterator[Image.Image]:
    place = 0
    while place < len(document):
        found = _FORMAT.match(document, place)
        if found is None:
            raise Garbled(f"byte {place}: no whole ^XA … ^XZ format with a Z64 bitmap begins here")
        width, height, size, count, row = (int(found[group]) for group in range(1, 6))
        bits = _unpacked(found[6], int(found[7], 16), place)
        if not (size == count == len(bits) == row * height and row == (width + 7) // 8):
            raise Garbled(f"byte {place}: ^GFA announces {size} bytes of {row} a row, the bitmap has {len(bits)}")
        yield _image(width, height, bits)
        place = found.end()


def _unpacked(text: bytes, check: int, place: int) -> bytes:
    if binascii.crc_hqx(text, 0) != check:
        raise Garbled(f"byte {place}: the bitmap's CRC is {binascii.crc_hqx(text, 0):04X}, {check:04X} was sent")
    try:
        return zlib.decompress(base64.b64decode(text, validate=True))
    except (ValueError, zlib.error) as error:
        raise Garbled(f"byte {place}: the bitmap does not unpack: {error}") from error


def _epl2(document: bytes) -> Iterator[Image.Image]:
    place = 0
    while place < len(document):
        head = _EPL2.match(document, place)
        if head is None:
            raise Garbled(f"byte {place}: no q … N … GW begins here")
        width, row, height = (int(text) for text in head.groups())
        bits, place = _bitmap(document, head.end(), row * height, _EPL2_END)
        if row != (width + 7) // 8:
            raise Garbled(f"byte {head.end()}: a row of GW has {row} bytes, the label is {width} dots wide")
        yield _image(width, height, bits)


def _tspl(document: bytes) -> Iterator[Image.Image]:
    place = 0
    while place < len(document):
        head = _TSPL.match(document, place)
        if head is None:
            raise Garbled(f"byte {place}: no SIZE … BITMAP begins here")
        row, height = int(head[3]), int(head[4])
        bits, place = _bitmap(document, head.end(), row * height, _TSPL_END)
        yield _image(row * 8, height, bits)


def _pdf(document: bytes) -> Iterator[Image.Image]:
    try:
        pages = pdf_pages.pages(document, _PDF_DPI)
    except pdf_pages.Unreadable as error:
        raise Garbled(f"byte 0: {error}") from error
    return (page.point(lambda grey: 255 if grey >= 128 else 0, mode="1") for page in pages)


def _bitmap(document: bytes, place: int, size: int, end: re.Pattern[bytes]) -> tuple[bytes, int]:
    """A bitmap whose set bits are white, as black ones, and where its label ends."""
    tail = end.match(document, place + size)
    if tail is None:
        raise Garbled(f"byte {place}: a bitmap of {size} bytes is announced, its label does not end behind it")
    return document[place : place + size].translate(WHITE_SET), tail.end()


def _escpos(document: bytes) -> Iterator[Image.Image]:
    """Sheets by their cuts; `ESC @` begins one, `GS v 0` adds rows to it, `GS V` ends it."""
    rows, row_bytes, place = b"", 0, 0
    while place < len(document):
        if document.startswith(b"\x1b@", place):
            rows, row_bytes, place = b"", 0, place + 2
        elif document.startswith(b"\x10\x04", place):
            place += 3
        elif document.startswith(b"\x1dv0\x00", place) and place + 8 <= len(document):
            row_bytes = int.from_bytes(document[place + 4 : place + 6], "little")
            size = row_bytes * int.from_bytes(document[place + 6 : place + 8], "little")
            band = document[place + 8 : place + 8 + size]
            if len(band) < size or (rows and len(rows) % row_bytes):
                raise Garbled(f"byte {place}: an image of {size} bytes is announced, {len(band)} follow")
            rows, place = rows + band, place + 8 + size
        elif document.startswith(b"\x1dVB", place) and place + 4 <= len(document) and rows:
            yield _image(row_bytes * 8, len(rows) // row_bytes, rows)
            rows, place = b"", place + 4
        else:
            raise Garbled(f"byte {place}: {document[place : place + 4]!r} is no command that Packline sends")
    if rows:
        raise Garbled(f"byte {place}: the paper was not cut after its last image")


def _image(width: int, height: int, bits: bytes) -> Image.Image:
    if not (0 < width <= 10_000 and 0 < height <= 100_000):
        raise Garbled(f"{width} × {height} dots are no paper")
    return Image.frombytes("1", (width, height), bits, "raw", "1;I")
