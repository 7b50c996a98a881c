"""What goes between the station and a camera, as it stands on a tape. Pure.

To it: `picture` and how. From it, of a V4L2 node: `S_FMT 1280 720 …`, a request and the numbers of its answer that
count, or `S_FMT !16`, the kernel's error; `open !2`. From the Pi's command: `words` and what it said, `code 0`. From
both: `frame JPEG 1280 720 0` and the bytes behind the line's end; of a picture that was taken out `grey` and its facts.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct

PICTURE, WORDS, CODE, OPEN = b"picture", b"words", b"code", b"open"
_FRAME, _GREY = b"frame", b"grey"

Side = Annotated[int, Meta(ge=0, le=10_000)]


class Grey(Struct, frozen=True):
    """What stays of a picture: its form and size, how bright and how varied it is, and whether it came whole."""

    form: str
    width: Side
    height: Side
    stride: Side
    brightness: float = 0.0
    spread: float = 0.0
    whole: bool = False
    begun: bool = False
    """Whether it begins as a picture of its form does."""
    tables: bool = True
    """Whether it brings its Huffman tables: frames of a stream leave them out."""


class Frame(NamedTuple):
    """The bytes of a picture, with what the camera said of them beside."""

    form: str
    width: int
    height: int
    stride: int
    content: bytes


def framed(frame: Frame) -> bytes:
    """A picture."""
    form, width, height, stride, content = frame
    return b"%s %s %d %d %d\n%s" % (_FRAME, form.encode("ascii"), width, height, stride, content)


def read_frame(data: bytes) -> Frame | None:
    """The picture, where this is one. Raises `ValueError`."""
    if not data.startswith(_FRAME + b" "):
        return None
    head, _, content = data.partition(b"\n")
    _, form, width, height, stride = head.split(b" ")
    return Frame(form.decode("ascii"), int(width), int(height), int(stride), content)


def greyed(grey: Grey) -> bytes:
    """What stands for a picture that was taken out."""
    return _GREY + b" " + msgspec.json.encode(grey)


def read_grey(data: bytes) -> Grey | None:
    """Its facts, where this is one. Raises `ValueError`."""
    return msgspec.json.decode(data[len(_GREY) :], type=Grey) if data.startswith(_GREY + b" ") else None
