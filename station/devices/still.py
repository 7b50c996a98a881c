"""A camera's picture, and what can be seen on it. Decoding takes some tens of milliseconds: not on the event loop."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from station.devices.jpeg import BadJpeg, read_jpeg
from station.devices.ports import PictureFailed, Still

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 4 * 1024 * 1024
"""A larger picture is refused: it would take minutes to deliver. 3 megapixels at quality 85 have under 1 MB."""
_DARK = 16
_FLAT = 2.0
_LOOKED_AT = (160, 120)


def still_of(data: bytes, at: int) -> Still:
    """The picture in these bytes, looked at. Raises `PictureFailed` for anything that is no whole picture."""
    if len(data) > MOST_BYTES:
        raise PictureFailed(
            f"the picture has {len(data) // 1024} KB, more than {MOST_BYTES // 1024}: lower width, height or quality",
            "photo trop grande : réduisez width, height ou quality",
        )
    try:
        jpeg = read_jpeg(data)
        brightness, spread = looked_at(jpeg.content)
    except BadJpeg as error:
        raise PictureFailed(
            f"the camera sent half a picture or none: {error}. Check its cable, then take it again",
            "la caméra a envoyé une photo incomplète : vérifiez son câble, puis recommencez",
        ) from error
    note, note_fr = _complaint(brightness, spread)
    return Still(jpeg.content, jpeg.width, jpeg.height, at, note, note_fr)


def looked_at(content: bytes) -> tuple[float, float]:
    """Mean and spread of a JPEG's brightness, 0 to 255. Raises `BadJpeg`."""
    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=["JPEG"]) as image:
            image.draft("L", _LOOKED_AT)
            return _brightness(image.convert("L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadJpeg(str(error)) from error


def looked_at_luma(luma: bytes, width: int, height: int) -> tuple[float, float]:
    """The same of a frame without compression: the brightness of each dot."""
    from PIL import Image

    return _brightness(Image.frombytes("L", (width, height), luma))


def _brightness(grey: Image) -> tuple[float, float]:
    from PIL import ImageStat

    grey.thumbnail(_LOOKED_AT)
    seen = ImageStat.Stat(grey)
    return seen.mean[0], seen.stddev[0]


def _complaint(brightness: float, spread: float) -> tuple[str, str]:
    if brightness < _DARK:
        return (
            "The picture is dark: switch the light on, and see whether something covers the lens.",
            "La photo est sombre : allumez la lumière, regardez si l'objectif est couvert.",
        )
    if spread < _FLAT:
        return (
            "The picture is of one colour: the lens is covered, or the camera has no signal.",
            "La photo est d'une seule couleur : objectif couvert, ou caméra sans signal.",
        )
    return "", ""
