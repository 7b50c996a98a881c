"""What a simulated camera sees: an open box from above, and a line above it."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Literal

Light = Literal["day", "dark", "covered"]
_GOODS = ((0.2, 0.25, 0.45, 0.6, "#c8452e"), (0.5, 0.22, 0.8, 0.5, "#2f6db5"), (0.48, 0.56, 0.78, 0.8, "#e0b13a"))


def seen(width: int, height: int, light: Light = "day", label: str = "1") -> Any:
    """The scene as a Pillow image; each `label` looks different."""
    from PIL import Image, ImageDraw

    if light != "day":
        return Image.new("RGB", (width, height), (3, 3, 4) if light == "dark" else (118, 112, 108))
    image = Image.new("RGB", (width, height), "#4a4f55")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0.1 * width, 0.1 * height, 0.9 * width, 0.9 * height), fill="#b98d5a", outline="#7a5a34", width=9)
    for left, top, right, bottom, colour in _GOODS:
        draw.rectangle((left * width, top * height, right * width, bottom * height), fill=colour)
    draw.text((0.12 * width, 0.02 * height), label, fill="white", font_size=0.05 * height)
    return image


def jpeg(width: int, height: int, quality: int, light: Light = "day", label: str = "1") -> bytes:
    """The scene as a camera compresses it."""
    file = BytesIO()
    seen(width, height, light, label).save(file, "JPEG", quality=quality)
    return file.getvalue()


def yuyv(width: int, height: int, light: Light = "day", label: str = "1") -> bytes:
    """The scene without compression, two dots in four bytes."""
    luma, blue, red = seen(width, height, light, label).convert("YCbCr").split()
    half = (width // 2, height)
    frame = bytearray(2 * width * height)
    frame[0::2] = luma.tobytes()
    frame[1::4] = blue.resize(half).tobytes()
    frame[3::4] = red.resize(half).tobytes()
    return bytes(frame)
