"""The parsers of cameras."""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import Final

from station.devices import rpicam, v4l2
from station.devices.jpeg import read_jpeg
from station.devices.ports import PictureFailed
from station.devices.simulated.scene import jpeg
from station.devices.still import still_of
from tests.station.devices.corpus import CapabilityFrame, frames
from tests.station.devices.parsing.parser import Chunks, Hear, Parser

_PICTURES: Final = [jpeg(160 + 16 * number, 120, 80) for number in range(3)]


def _picture(number: int) -> bytes:
    return _PICTURES[number % len(_PICTURES)]


def _jpeg() -> Hear:
    def hear(chunk: bytes) -> list[bytes]:
        with suppress(ValueError):
            return [read_jpeg(chunk).content]
        return []

    return hear


def _still() -> Hear:
    def hear(chunk: bytes) -> list[bytes]:
        with suppress(PictureFailed):
            return [still_of(chunk, 0).jpeg]
        return []

    return hear


def _came_as_picture(content: bytes, chunks: Chunks) -> bool:
    """Only its tables may have been put in."""
    return any(content == it[: len(content)] or content[-20:] in it for it in chunks)


def _yuyv() -> Hear:
    def hear(chunk: bytes) -> list[int]:
        with suppress(ValueError):
            return [read_jpeg(v4l2.jpeg_of_yuyv(chunk, 4, 2, 8, 80)).width]
        return []

    return hear


_NODES: Final = {
    frame.captures: bytes.fromhex(frame.hex) for frame in frames("v4l2", CapabilityFrame) if frame.kind == "true"
}
_CAPABILITY: Final = struct.Struct("<16s32s32s4xII12x")


def _captures() -> Hear:
    return lambda chunk: [v4l2.captures(v4l2.Capability.from_buffer_copy(chunk.ljust(104, b"\0")[:104]))]


def _can_capture(captures: bool, chunks: Chunks) -> bool:
    *_, all_nodes, this_node = _CAPABILITY.unpack(chunks[-1].ljust(104, b"\0")[:104])
    return not captures or bool((all_nodes | this_node) & 1 and (all_nodes | this_node) & 0x04000000)


_LAST_WORDS: Final = {
    b"ERROR: *** no cameras available ***\n": "sees no camera",
    b"Permission denied\n": "may not use it",
    b"Failed to allocate\n": "no memory",
}
_MEANS: Final = {
    "may not use it": ("permission denied", "not permitted"),
    "sees no camera": ("no cameras available",),
    "sends nothing": ("timed out", "sensor connector", "dequeue timer"),
    "another program": ("in use", "failed to acquire", "device or resource busy"),
    "no memory": ("failed to allocate", "cannot allocate", "dmaheap"),
    "no camera of this number": ("selected camera is not available", "invalid camera"),
}


def _words() -> Hear:
    def hear(chunk: bytes) -> list[str]:
        english, french = rpicam.meaning(chunk, 1)
        assert french
        return [next((means for means in _MEANS if means in english), english)]

    return hear


def _was_said(means: str, chunks: Chunks) -> bool:
    text = chunks[-1].decode("utf-8", "replace")
    if means in _MEANS:
        return any(word in text.lower() for word in _MEANS[means])
    quoted = means.partition(" and said: ")[2]
    return quoted == "nothing" or quoted in text


CAMERAS: Final = (
    Parser("jpeg", ("jpeg",), "jpeg", _jpeg, _picture, _picture, _came_as_picture, whole=True),
    Parser("still", ("still",), "jpeg", _still, _picture, _picture, _came_as_picture, whole=True),
    Parser(
        "yuyv", ("v4l2",), "yuyv", _yuyv,
        lambda n: bytes((16 + n % 200, 128)) * 8, lambda _: 4, lambda _, chunks: len(chunks[-1]) >= 16, whole=True,
    ),
    Parser(
        "v4l2", ("v4l2",), "v4l2", _captures,
        lambda n: _NODES[n % 2 == 0], lambda n: n % 2 == 0, _can_capture, whole=True,
    ),
    Parser(
        "rpicam", ("rpicam",), "rpicam", _words,
        lambda n: list(_LAST_WORDS)[n % 3], lambda n: list(_LAST_WORDS.values())[n % 3], _was_said, whole=True,
    ),
)  # fmt: skip
