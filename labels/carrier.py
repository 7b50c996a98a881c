"""A carrier's label given as PNG or PDF, put on our paper dot for dot: never stretched, never squeezed."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from contract.papers import CarrierLabel
from labels import pdf_pages
from labels.documents import Unprintable
from labels.drawing import Drawing, Sheet
from labels.flow import Flow
from labels.marks import copy_text
from labels.media import Canvas, Media, canvas_of

_MOST_DOTS = 40_000_000
_SAME = 0.02
"""Resolutions this close are one: carriers write 200 for 203, and files 11811 dots a metre for 300 an inch."""
_LEAST_SHARE = 0.8
"""A picture that does not say its resolution must fill this much of the paper one way, or it is made for another."""
_BLACK_BELOW = 128


def draw(label: CarrierLabel, media: Media) -> Drawing:
    """The label on its medium. Raises `Unprintable` for another size or resolution than the printer's."""
    canvas = canvas_of(media)
    if label.form == "zpl":
        raise Unprintable("data", "this label is ZPL: only a ZPL printer of its resolution can print it")
    images = [_from_png(label, canvas, media)] if label.form == "png" else _from_pdf(label, canvas)
    sheets = [Sheet(image, (), (), None, ()) for image in images]
    if label.copy > 1:
        sheets[:0] = copy_sheets(label, canvas)
    return Drawing(canvas, tuple(sheets), media.height_mm == 0, wanted_codes(label))


def wanted_codes(label: CarrierLabel) -> tuple[str, ...]:
    """What a scanner must find on the label."""
    return label.codes or (label.tracking,)


def copy_sheets(label: CarrierLabel, canvas: Canvas) -> tuple[Sheet, ...]:
    """A carrier's label stays as it is, so that it is a copy stands on a sheet of its own before it."""
    flow = Flow(canvas)
    flow.bar("copy", copy_text(label.copy), 12)
    flow.space(3)
    for field, text in (("carrier", label.carrier), ("tracking", label.tracking), ("sscc", label.sscc.grouped)):
        flow.text(field, text, 5.0, bold=field == "tracking")
    return flow.sheets(label.tracking)


def _from_png(label: CarrierLabel, canvas: Canvas, media: Media) -> Image.Image:
    try:
        picture = Image.open(BytesIO(label.data), formats=("PNG",))
        if picture.width * picture.height > _MOST_DOTS:
            raise Unprintable("data", f"{picture.width} × {picture.height} dots are no label")
        made_for = float(picture.info.get("dpi", (label.dpi,))[0]) or label.dpi
        dots = _black_and_white(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        why = "it has no picture" if isinstance(error, UnidentifiedImageError) else str(error)
        raise Unprintable("data", f"the carrier's PNG cannot be read ({why}); ask for it again") from error
    return _on_paper(_times(dots, made_for, canvas, media), canvas)


def _black_and_white(picture: Image.Image) -> Image.Image:
    """Greys become the nearer of black and white; what is transparent is paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture)
        picture = paper
    return picture.convert("L").point(lambda grey: 255 if grey >= _BLACK_BELOW else 0, mode="1")


def _times(dots: Image.Image, made_for: float, canvas: Canvas, media: Media) -> Image.Image:
    """Each dot as a whole number of the printer's dots. Raises `Unprintable` where that would change its size."""
    if not made_for:
        share = max(dots.width / canvas.width, dots.height / (canvas.height or dots.height))
        if share < _LEAST_SHARE:
            raise Unprintable("data", f"the picture does not say its resolution; ask the carrier for {media.dpi} dpi")
        return dots
    ratio = canvas.per_mm * 25.4 / made_for
    whole = round(ratio)
    if whole < 1 or abs(ratio / whole - 1) > _SAME:
        raise Unprintable(
            "data",
            f"the carrier's picture is for {made_for:.0f} dpi, the printer has {media.dpi}: ask for that, or PDF",
        )
    return dots if whole == 1 else dots.resize((dots.width * whole, dots.height * whole), Image.Resampling.NEAREST)


def _from_pdf(label: CarrierLabel, canvas: Canvas) -> list[Image.Image]:
    try:
        pages = pdf_pages.pages(label.data, canvas.per_mm * 25.4)
    except pdf_pages.Unreadable as error:
        raise Unprintable("data", f"the carrier's PDF cannot be read ({error}); ask for it again") from error
    return [_on_paper(_upright(_black_and_white(page), canvas), canvas) for page in pages]


def _upright(image: Image.Image, canvas: Canvas) -> Image.Image:
    """A label that lies on its side is turned by a quarter, which moves every dot whole."""
    if canvas.height is None or (image.width > image.height) == (canvas.width > canvas.height):
        return image
    return image.transpose(Image.Transpose.ROTATE_90)


def _on_paper(image: Image.Image, canvas: Canvas) -> Image.Image:
    """In the middle of the paper; only white may be cut off. Raises `Unprintable` when ink would be."""
    height = canvas.height or image.height
    ink = image.point(lambda dot: 255 - dot).getbbox()
    if ink is None:
        raise Unprintable("data", "the carrier's label is empty; ask for it again")
    left, top = (canvas.width - image.width) // 2, (height - image.height) // 2
    if ink[0] + left < 0 or ink[1] + top < 0 or ink[2] + left > canvas.width or ink[3] + top > height:
        size = f"{canvas.mm(image.width):.0f} × {canvas.mm(image.height):.0f} mm"
        paper = f"{canvas.mm(canvas.width):.0f} × {canvas.mm(height):.0f} mm"
        raise Unprintable("data", f"the carrier's label is {size}, the paper {paper}; ask the carrier for that size")
    sheet = Image.new("1", (canvas.width, height), 1)
    sheet.paste(image, (left, top))
    return sheet
