"""PDF for office printers: the same paper as the dots, the right size, with letters that can be searched."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageFilter

from labels import gs1, paper, pdf_pages
from labels.documents import Document
from labels.readback import Garbled, printed
from tests.labels.papers import FORM, NOTE, PICK
from tests.labels.specimens import A4, LABEL, LABELS, SLIP, TRIAL, slip_with

DPI = 203.2


def rendered(data: bytes) -> list[Image.Image]:
    return list(printed(data).sheets)


@pytest.mark.feature("L3", "D10")
@pytest.mark.parametrize("document", [SLIP, FORM, NOTE, PICK], ids=lambda document: type(document).__name__)
def test_it_is_a4_and_its_words_are_letters(document: Document) -> None:
    read = pypdfium2.PdfDocument(paper.bytes_for(document, A4, "pdf"))
    assert [round(side / 72 * 25.4, 1) for side in read[0].get_size()] == [210.0, 297.0]
    text = " ".join(read[0].get_textpage().get_text_range().split())
    assert "Mug en grès bleu" in text
    assert "FR-2026-10482" in text
    read.close()


@pytest.mark.parametrize(
    "document",
    [replace(LABEL, copy=2, fragile=True), SLIP, slip_with(copy=2), TRIAL, FORM],
    ids=["label", "slip", "copy", "trial", "form"],
)
def test_the_ink_is_where_the_dots_are(document: Document) -> None:
    """Drawn large, both thinned to their heavy parts: nothing of one is far from the other's."""
    media = LABELS["4x6 203"]
    drawing = paper.drawing_of(document, media)
    pages = rendered(paper.bytes_for(document, media, "pdf"))
    assert len(pages) == len(drawing.sheets)
    for sheet, page in zip(drawing.sheets, pages, strict=True):
        for ink, other in ((sheet.image, page), (page, sheet.image)):
            wide = other.convert("L").filter(ImageFilter.MinFilter(9)).convert("1")
            far = ImageChops.logical_and(ImageChops.invert(ink.convert("L")).convert("1"), wide.crop((0, 0, *ink.size)))
            # Letters are rounded to dots on labels and are not on a page.
            assert sum(far.convert("L").histogram()[1:]) < ink.width * ink.height // 2000


@pytest.mark.feature("L9")
def test_a_code_in_it_is_read_by_a_scanner() -> None:
    label, form = paper.bytes_for(LABEL, LABELS["A6 300"], "pdf"), paper.bytes_for(FORM, A4, "pdf")
    assert printed(label).ssccs == (LABEL.sscc,)
    assert gs1.find_all(rendered(form)[0]) == [LABEL.sscc.return_code]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert paper.bytes_for(SLIP, A4, "pdf") == paper.bytes_for(SLIP, A4, "pdf")


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4\n%%EOF"])
def test_what_is_no_pdf_is_said(data: bytes) -> None:
    with pytest.raises(pdf_pages.Unreadable):
        pdf_pages.pages(data, DPI)
    if data:
        with pytest.raises(Garbled):
            printed(data)


def test_a_poster_and_a_book_are_no_label() -> None:
    from reportlab.pdfgen.canvas import Canvas

    for size, pages, says in (((3000, 3000), 1, "mm is no label"), ((200, 200), 9, "9 pages")):
        out = BytesIO()
        canvas = Canvas(out, pagesize=size)
        for _ in range(pages):
            canvas.showPage()
        canvas.save()
        with pytest.raises(pdf_pages.Unreadable, match=says):
            pdf_pages.pages(out.getvalue(), DPI)
