"""Bitmaps in ZPL (`^GF`), however they are written: hexadecimal, with repeats, base64, compressed. Pure.

Source: Zebra, ZPL II programming guide, ^GF and "alternative data compression scheme".
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from PIL import Image

_WRAPPED = re.compile(r":(Z64|B64):([A-Za-z0-9+/=\s]*):([0-9A-Fa-f]{4})")
_MOST_BYTES = 4_000_000


def picture(parameters: str) -> Image.Image:
    """The bitmap of `A,size,size,row,data`. Raises `ValueError` saying what is wrong."""
    parts = parameters.split(",", 4)
    if len(parts) < 5 or parts[0].strip() not in ("", "A"):
        raise ValueError("only ^GFA can be read")
    if not all(re.fullmatch(r"\s*\d{1,9}\s*", part, re.ASCII) for part in parts[2:4]):
        raise ValueError("it does not say how many bytes it has, or a row of it")
    count, row = int(parts[2]), int(parts[3])
    if not (0 < row <= count <= _MOST_BYTES) or count % row:
        raise ValueError(f"{count} bytes in rows of {row}")
    data = _unwrapped(parts[4]) if parts[4].lstrip().startswith(":") else _unrolled(parts[4], row, count)
    if len(data) != count:
        raise ValueError(f"{count} bytes are announced, {len(data)} follow")
    return Image.frombytes("1", (row * 8, count // row), data, "raw", "1;I")


def _unwrapped(text: str) -> bytes:
    found = _WRAPPED.match(text.strip())
    if found is None:
        raise ValueError("neither :Z64: nor :B64:")
    encoded = "".join(found[2].split()).encode("ascii")
    if binascii.crc_hqx(encoded, 0) != int(found[3], 16):
        raise ValueError("its check sum is wrong")
    try:
        data = base64.b64decode(encoded, validate=True)
        return data if found[1] == "B64" else zlib.decompressobj().decompress(data, _MOST_BYTES)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("it is packed in another way, or damaged on its way here") from error


def _unrolled(text: str, row: int, count: int) -> bytes:
    """Hexadecimal digits; G to Y repeat 1 to 19 times, g to z 20 to 400; `,` and `!` fill a row, `:` repeats one."""
    wide = row * 2
    rows: list[str] = []
    line, times = "", 0
    for sign in text:
        if sign.isspace():
            continue
        if "G" <= sign <= "Y":
            times += ord(sign) - ord("F")
        elif "g" <= sign <= "z":
            times += 20 * (ord(sign) - ord("f"))
            if times > 2 * count:
                raise ValueError(f"more than the {count} bytes that are announced")
        elif sign in ",!":
            line = line.ljust(wide, "0" if sign == "," else "F")
        elif sign == ":":
            rows.append(rows[-1] if rows else "0" * wide)
        else:
            line += sign * max(1, times)
            times = 0
        while len(line) >= wide:
            rows.append(line[:wide])
            line = line[wide:]
        if len(rows) * row > count:
            raise ValueError(f"more than the {count} bytes that are announced")
    return bytes.fromhex("".join(rows) + line)
