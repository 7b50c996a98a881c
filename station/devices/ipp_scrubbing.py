"""Takes personal data out of what goes between a station and a print queue, before it is written anywhere. Pure.

Documents carry names and addresses: of those only the size stays. Of texts, names and addresses each letter becomes X
and each digit 9, so that every length stays. States, reasons, numbers and formats stay, which the driver goes by.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from station.devices.ipp import Tag, parts
from station.devices.tape import Chunk

HEAD_END: Final = b"\r\n\r\n"
_NUMBERS: Final = (Tag.INTEGER, Tag.BOOLEAN, Tag.ENUM)
_WORDS: Final = (Tag.KEYWORD, Tag.CHARSET, Tag.LANGUAGE, Tag.MIME)
_WORD: Final = re.compile(rb"[a-z0-9._+/-]{0,100}")
"""As the standard has them; whatever else calls itself a keyword may be a sentence."""
_MASK: Final = bytes(
    ord("9") if chr(byte).isdigit() and byte < 0x80 else ord("X") if chr(byte).isalpha() or byte >= 0x80 else byte
    for byte in range(256)
)


def without_people(chunk: Chunk) -> Chunk:
    """The same request or answer; of one that is no IPP message, its head and its size."""
    head, end, body = chunk.data.partition(HEAD_END)
    if chunk.direction == "in":
        head = b" ".join(head.split()[:2])  # the status; the words behind it are the printer's own
    try:
        kept = _masked(body)
    except ValueError:
        kept = b""
    return replace(chunk, hex=(head + end + kept).hex(), withheld=len(body) - len(kept))


def _masked(message: bytes) -> bytes:
    """Without the document. Raises `ValueError`."""
    clean, last = bytearray(message), 0
    for part in parts(message):
        last = part.end
        value = message[part.begin : part.end]
        if part.tag not in _NUMBERS and not (part.tag in _WORDS and _WORD.fullmatch(value)):
            clean[part.begin : part.end] = value.translate(_MASK)
    return bytes(clean[:last])
