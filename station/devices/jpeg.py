"""Reads the frame of a JPEG: where it begins and ends, its size, and whether it came whole. Pure."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

_SOI, _EOI, _SOS, _DHT = 0xD8, 0xD9, 0xDA, 0xC4
_NOT_A_FRAME = (0xC4, 0xC8, 0xCC)
"""In the range of the frame headers (C0 to CF), these are tables."""
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers without a length behind them."""
MOST_PIXELS = 64_000_000


class BadJpeg(ValueError):
    """The bytes are no whole JPEG; the text says what is wrong with them."""


class Jpeg(NamedTuple):
    """A whole picture, without anything before or behind it."""

    content: bytes
    width: int
    height: int


def read_jpeg(data: bytes) -> Jpeg:
    """The picture that begins at the first byte. Cameras pad their buffers: what follows its end is left out.

    A frame of a video stream leaves out its Huffman tables: the standard ones are put in. Raises `BadJpeg`.
    """
    if not data:
        raise BadJpeg("it is empty")
    if data[:2] != b"\xff\xd8":
        raise BadJpeg(f"it does not begin as a JPEG ({data[:4].hex(' ')})")
    size: tuple[int, int] | None = None
    tables = False
    place = 2
    while True:
        place, marker = _marker(data, place)
        if marker == _EOI:
            if size is None:
                raise BadJpeg("it ends without a picture")
            content = data[:place] if tables else _with_standard_tables(data[:place])
            return Jpeg(content, *size)
        if marker in _ALONE:
            continue
        length = int.from_bytes(data[place : place + 2], "big")
        if length < 2 or place + length > len(data):
            raise BadJpeg(f"it breaks off after {len(data)} bytes")
        if 0xC0 <= marker <= 0xCF and marker not in _NOT_A_FRAME:
            size = _size(data[place + 2 : place + length])
        tables = tables or marker == _DHT
        place += length
        if marker == _SOS:
            if size is None:
                raise BadJpeg("its dots come before its size")
            place = _after_dots(data, place)


def without_tables(picture: bytes) -> bytes:
    """A whole picture as a frame of a video stream has it: the Huffman tables are left out."""
    kept, place = picture[:2], 2
    while picture[place + 1] != _SOS:
        length = int.from_bytes(picture[place + 2 : place + 4], "big")
        if picture[place + 1] != _DHT:
            kept += picture[place : place + 2 + length]
        place += 2 + length
    return kept + picture[place:]


def _marker(data: bytes, place: int) -> tuple[int, int]:
    """The marker at `place` and where it ends."""
    while place + 1 < len(data) and data[place] == 0xFF:
        if data[place + 1] != 0xFF:
            return place + 2, data[place + 1]
        place += 1
    if place + 1 >= len(data):
        raise BadJpeg(f"it breaks off after {len(data)} bytes")
    raise BadJpeg(f"its byte {place} is not where a part of it begins")


def _size(frame: bytes) -> tuple[int, int]:
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    if not 0 < height * width <= MOST_PIXELS:
        raise BadJpeg(f"it says that it is {width} × {height} dots")
    return width, height


def _after_dots(data: bytes, place: int) -> int:
    """Where the next part begins: in the dots a byte FF is followed by 00, or is one of the restart markers."""
    while (place := data.find(b"\xff", place)) >= 0:
        if place + 1 < len(data) and data[place + 1] != 0 and not 0xD0 <= data[place + 1] <= 0xD7:
            return place
        place += 2
    raise BadJpeg(f"it breaks off after {len(data)} bytes, in the middle of its dots")


def _with_standard_tables(content: bytes) -> bytes:
    return content[:2] + _standard_tables() + content[2:]


@lru_cache(maxsize=1)
def _standard_tables() -> bytes:
    """The Huffman tables of the JPEG standard's annex K, as Pillow writes them into every picture."""
    from PIL import Image

    file = BytesIO()
    Image.new("YCbCr", (8, 8)).save(file, "JPEG")
    data, tables, place = file.getvalue(), b"", 2
    while data[place + 1] != _SOS:
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place + 1] == _DHT:
            tables += data[place : place + 2 + length]
        place += 2 + length
    return tables
