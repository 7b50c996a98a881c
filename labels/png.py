"""A drawing as a PNG for a screen: the very dots that the printer gets."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from labels.drawing import Drawing


def encode(drawing: Drawing) -> bytes:
    """The sheets one below the other, with the printer's resolution in the file."""
    dpi = drawing.canvas.per_mm * 25.4
    return of_images([sheet.image for sheet in drawing.sheets], dpi)


def of_images(images: Sequence[Image.Image], dpi: float = 203.2) -> bytes:
    """Pictures of sheets as one, with a black line between them."""
    gap = 4
    height = sum(image.height for image in images) + gap * (len(images) - 1)
    whole = Image.new("1", (max(image.width for image in images), height), 0)
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height + gap
    out = BytesIO()
    whole.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()
