"""Pictures of open boxes show papers with names on them, and hands: of those on a tape stays what the driver goes by.

A picture that is painted of its facts is a grey ramp of the same size, as bright and as varied, whole or broken off as
it was: the driver says the same of it.
"""

from __future__ import annotations

from io import BytesIO
from math import sqrt
from typing import TYPE_CHECKING

from msgspec.structs import replace

from station.devices.camera_words import Frame, Grey, greyed, read_frame
from station.devices.jpeg import BadJpeg, read_jpeg, without_tables
from station.devices.still import MOST_BYTES, looked_at, looked_at_luma
from station.devices.tape import Chunk

if TYPE_CHECKING:
    from PIL.Image import Image

_YUYV = "YUYV"
_SOME = (160, 120)
"""Of a picture that did not come whole the size is not known."""
_NO_COLOUR = b"\x80"


def without_picture(chunk: Chunk) -> Chunk:
    """The same chunk; a picture in it is gone but for its facts."""
    frame = read_frame(chunk.data) if chunk.direction == "in" else None
    if frame is None:
        return chunk
    return replace(chunk, hex=greyed(facts(frame)).hex(), withheld=len(frame.content))


def facts(frame: Frame) -> Grey:
    """What stays of it."""
    form, width, height, stride, data = frame
    if form == _YUYV:
        if width <= 0 or height <= 0 or stride < 2 * width or len(data) < stride * height:
            return Grey(form, width, height, stride)
        brightness, spread = looked_at_luma(data[: stride * height : 2], stride // 2, height)
        return Grey(form, width, height, stride, brightness, spread, whole=True)
    try:
        jpeg = read_jpeg(data)
        brightness, spread = looked_at(jpeg.content)
    except BadJpeg:
        return Grey(form, width, height, stride, begun=data.startswith(b"\xff\xd8"))
    tables = data.startswith(jpeg.content)
    return Grey(form, jpeg.width, jpeg.height, stride, brightness, spread, whole=True, begun=True, tables=tables)


def painted(grey: Grey, size: int) -> bytes:
    """A picture with these facts; `size` is what the one had that was taken out."""
    if grey.form == _YUYV:
        return _yuyv(grey) if grey.whole else bytes(size)
    if not grey.begun:
        return bytes(size)
    width, height = (grey.width, grey.height) if grey.whole else _SOME
    file = BytesIO()
    _ramp(grey, width, height).save(file, "JPEG", quality=80)
    picture = file.getvalue()
    if not grey.whole:
        return picture[: len(picture) // 2]
    if not grey.tables:
        picture = without_tables(picture)
    return picture + bytes(max(0, size - len(picture)) if size > MOST_BYTES else 0)


def _ramp(grey: Grey, width: int, height: int) -> Image:
    from PIL import Image

    reach = sqrt(3) * grey.spread
    table = [min(255, max(0, round(grey.brightness + (2 * place / 255 - 1) * reach))) for place in range(256)]
    return Image.linear_gradient("L").resize((width, height)).point(table)


def _yuyv(grey: Grey) -> bytes:
    frame = bytearray(_NO_COLOUR * (grey.stride * grey.height))
    frame[0::2] = _ramp(grey, grey.stride // 2, grey.height).tobytes()
    return bytes(frame)
