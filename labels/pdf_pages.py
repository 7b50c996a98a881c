"""Pages of a PDF as pictures at a printer's resolution, by pdfium."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_MOST_PAGES = 8
_MOST_MM = 450.0
_POINT_MM = 25.4 / 72


class Unreadable(ValueError):
    """It is no PDF, or one that must not be printed as a label; the text says why."""


def pages(data: bytes, dpi: float) -> list[Image.Image]:
    """Every page in greys, one dot of the picture for one of the printer. Raises `Unreadable`."""
    try:
        import pypdfium2
    except ImportError as error:
        raise Unreadable('there is no PDF reader here: pip install "packline[carrier-pdf]"') from error
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(str(error).rstrip(".")) from error
    try:
        if not 0 < len(document) <= _MOST_PAGES:
            raise Unreadable(f"it has {len(document)} pages, a label has 1 to {_MOST_PAGES}")
        return [_rendered(page, dpi) for page in document]
    except pypdfium2.PdfiumError as error:
        raise Unreadable(str(error).rstrip(".")) from error
    finally:
        document.close()


def _rendered(page: object, dpi: float) -> Image.Image:
    from pypdfium2 import PdfPage

    assert isinstance(page, PdfPage)
    width, height = (points * _POINT_MM for points in page.get_size())
    if max(width, height) > _MOST_MM:
        raise Unreadable(f"a page of {width:.0f} × {height:.0f} mm is no label")
    picture: Image.Image = page.render(scale=dpi / 72, grayscale=True).to_pil()
    page.close()
    return picture
