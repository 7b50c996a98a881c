"""A device's raw traffic as lines of text. Pure: chunks to lines and back.

The first line says what was recorded: `{"packline_tape":1,"device":…,"settings":{…},"begun_at":…,"scrubbed":true}`.
Each further line is one chunk as it came: `[seconds since the beginning, "in" or "out", "hex", withheld]`. What was
withheld is told by its size in bytes; else that is 0. Key events are the kernel's 24-byte records; GPIO lines are in
the words of `line_levels`, cameras in those of `camera_words`, print queues by HTTP's first line and IPP's message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from contract.complaint import why_unreadable
from station.devices.registry import DeviceConfig

VERSION = 1
Direction = Literal["in", "out"]


class BadTape(ValueError):
    """The text is no tape; the message says which line and why."""


class Header(Struct, frozen=True, kw_only=True):
    """The first line."""

    packline_tape: int
    device: str
    settings: DeviceConfig
    """As in station.toml: whoever replays it builds the same driver."""
    begun_at: int = 0
    """Milliseconds since the epoch."""
    scrubbed: bool = True
    """Whether personal data was taken out."""


class Chunk(Struct, frozen=True, array_like=True):
    """What went over the wire in one piece."""

    at_s: float
    """On a clock that never jumps, from the beginning."""
    direction: Direction
    hex: str
    withheld: Annotated[int, Meta(ge=0, le=2**28)] = 0
    """Bytes that were taken out because they may name people."""

    @property
    def data(self) -> bytes:
        """The bytes."""
        return bytes.fromhex(self.hex)


def line_of(part: Header | Chunk) -> bytes:
    """The line for this part, with its end."""
    return msgspec.json.encode(part) + b"\n"


def read_tape(lines: Iterable[bytes]) -> tuple[Header, tuple[Chunk, ...]]:
    """The whole tape. Raises `BadTape`; a last line that a power cut left half is passed over."""
    parts = iter(enumerate(lines, 1))
    header = _header(next(parts, (1, b""))[1])
    return header, tuple(_chunks(parts))


def _header(line: bytes) -> Header:
    try:
        version = msgspec.json.decode(line, type=_Version).packline_tape
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadTape(f"line 1: this is no Packline tape ({why_unreadable(error)})") from error
    if version != VERSION:
        raise BadTape(f"line 1: the tape is of version {version}, this program reads version {VERSION}")
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadTape(f"line 1: {why_unreadable(error)}") from error
    if not header.device.isprintable():
        raise BadTape("line 1: the name of the device has signs in it that a terminal would obey")
    return header


class _Version(Struct):
    packline_tape: int


def _chunks(lines: Iterator[tuple[int, bytes]]) -> Iterator[Chunk]:
    for number, line in lines:
        try:
            chunk = msgspec.json.decode(line, type=Chunk)
            bytes.fromhex(chunk.hex)
        except (ValueError, UnicodeDecodeError) as error:
            if not line.endswith(b"\n"):
                return
            raise BadTape(f"line {number}: {why_unreadable(error)}") from error
        yield chunk
