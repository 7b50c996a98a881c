"""ZPL, ESC/POS and PNG: every dot of the drawing arrives, and a damaged document is noticed."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from labels import epl2, escpos, gs1, paper, tspl, zpl
from labels.documents import Document
from labels.drawing import Box, Drawing, Sheet, packed
from labels.media import Canvas, Media, canvas_of
from labels.paper import PrinterLanguage
from labels.pen import Pen
from labels.readback import Garbled, printed
from labels.typeset import Line, Style, fit
from tests.labels.papers import PAPERS
from tests.labels.specimens import ADDRESSES, LABEL, LABELS, LYON, ROLLS, SLIP, TRIAL, label_to, slip_with


@st.composite
def dotted(draw: st.DrawFn) -> Drawing:
    """One or two sheets of arbitrary dots and any size."""
    sheets = []
    for _ in range(draw(st.integers(1, 2))):
        width, height = draw(st.integers(1, 70)), draw(st.integers(1, 500))
        row = draw(st.binary(min_size=(width + 7) // 8, max_size=40))
        image = Image.frombytes("1", (width, height), (row * height)[: (width + 7) // 8 * height])
        sheets.append(Sheet(image, (), (), None, ()))
    return Drawing(Canvas(70, None, 8.0), tuple(sheets))


def same(first: Image.Image, second: Image.Image) -> bool:
    """Alike dot for dot, white margin to the byte's end allowed on the right of `second`."""
    return (
        first.height == second.height
        and ImageChops.logical_xor(first, second.crop((0, 0, *first.size))).getbbox() is None
    )


@pytest.mark.feature("D8")
@given(dotted())
def test_zpl_carries_every_dot(drawing: Drawing) -> None:
    sheets = printed(zpl.encode(drawing)).sheets
    assert [image.size for image in sheets] == [sheet.image.size for sheet in drawing.sheets]
    assert all(same(sheet.image, image) for sheet, image in zip(drawing.sheets, sheets, strict=True))


@pytest.mark.feature("D9")
@given(dotted())
def test_escpos_carries_every_dot(drawing: Drawing) -> None:
    sheets = printed(escpos.encode(drawing)).sheets
    assert all(same(sheet.image, image) for sheet, image in zip(drawing.sheets, sheets, strict=True))


@pytest.mark.feature("D8")
@given(dotted(), st.sampled_from([epl2, tspl]), st.booleans())
def test_epl2_and_tspl_carry_every_dot(drawing: Drawing, language: Any, endless: bool) -> None:
    sheets = printed(language.encode(drawing._replace(endless=endless))).sheets
    assert all(same(sheet.image, image) for sheet, image in zip(drawing.sheets, sheets, strict=True))


@pytest.mark.feature("D8")
@pytest.mark.parametrize("language", ["epl2", "tspl"])
@pytest.mark.parametrize("name", LABELS)
def test_a_label_in_epl2_and_tspl_is_read_by_a_scanner(language: PrinterLanguage, name: str) -> None:
    assert printed(paper.bytes_for(LABEL, LABELS[name], language)).ssccs == (LABEL.sscc,)


@pytest.mark.feature("D8")
def test_a_black_dot_is_a_cleared_bit_in_epl2_and_tspl() -> None:
    """Polarity against the manuals, not against our own reader: Zebra's example of GW draws a box of 0 bits."""
    image = Image.new("1", (16, 2), 1)
    image.putpixel((0, 0), 0)
    drawing = Drawing(Canvas(16, 2, 8.0), (Sheet(image, (), (), None, ()),))
    assert epl2.encode(drawing) == b"\nq16\nN\nGW0,0,2,2,\x7f\xff\xff\xff\nP1\n"
    assert tspl.encode(drawing) == (
        b"SIZE 2.0 mm,0.2 mm\r\nDIRECTION 0\r\nREFERENCE 0,0\r\nCLS\r\n"
        b"BITMAP 0,0,2,2,0,\x7f\xff\xff\xff\r\nPRINT 1,1\r\n"
    )


@pytest.mark.feature("D8")
def test_a_roll_tells_epl2_and_tspl_how_long_the_sheet_is() -> None:
    height = paper.drawing_of(SLIP, ROLLS["80 mm"]).sheets[0].image.height
    assert b"\nq576\nQ%d,0\nN\n" % height in paper.bytes_for(SLIP, ROLLS["80 mm"], "epl2")
    tspl_head = paper.bytes_for(SLIP, ROLLS["80 mm"], "tspl")[:60]
    assert tspl_head.startswith(b"SIZE 72.0 mm,%.1f mm\r\nGAP 0 mm,0 mm\r\n" % (height / 8))


@pytest.mark.feature("D8")
def test_zpl_is_what_the_programming_guide_says() -> None:
    document = paper.bytes_for(LABEL, LABELS["4x6 203"], "zpl")
    found = re.fullmatch(
        rb"\^XA\^PON\^PMN\^LRN\^PW816\^LL1216\^LH0,0\^FO0,0\^GFA,124032,124032,102,:Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})"
        rb"\^FS\^PQ1\^XZ\n",
        document,
    )
    assert found is not None
    assert len(zlib.decompress(base64.b64decode(found[1]))) == 124032
    assert int(found[2], 16) == binascii.crc_hqx(found[1], 0)


def test_the_check_sum_is_crc_16_with_polynomial_1021() -> None:
    """Against the published check value of CRC-16/XMODEM, and bit by bit."""
    assert binascii.crc_hqx(b"123456789", 0) == 0x31C3
    text, check = zpl.z64(b"\x00\xff" * 20).removeprefix(b":Z64:").split(b":")
    crc = 0
    for byte in text:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    assert check == b"%04X" % crc


@pytest.mark.feature("D9")
def test_escpos_begins_clean_sends_bands_and_cuts() -> None:
    document = paper.bytes_for(SLIP, ROLLS["80 mm"], "escpos")
    height = paper.drawing_of(SLIP, ROLLS["80 mm"]).sheets[0].image.height
    assert document.startswith(b"\x1b@\x1dv0\x00" + bytes([72, 0, 240, 0]))
    assert document.endswith(b"\x1dVB\x00")
    assert document.count(b"\x1dv0\x00\x48\x00") == -(-height // escpos.BAND_ROWS)


@settings(max_examples=30)
@given(st.sampled_from(["zpl", "escpos", "epl2", "tspl"]), st.data())
def test_half_a_document_is_noticed(language: PrinterLanguage, data: st.DataObject) -> None:
    document = paper.bytes_for(SLIP, ROLLS["58 mm"], language)
    cut = data.draw(st.integers(3, len(document) - 2))
    with pytest.raises(Garbled):
        printed(document[:cut])


@given(st.integers(0, 2**31), st.integers(1, 255))
def test_a_flipped_byte_in_a_zpl_bitmap_is_noticed(place: int, flip: int) -> None:
    document = bytearray(paper.bytes_for(TRIAL, ROLLS["58 mm"], "zpl"))
    first = document.index(b":Z64:") + 5
    document[first + place % (len(document) - first - 20)] ^= flip
    with pytest.raises(Garbled):
        printed(bytes(document))


@pytest.mark.parametrize("bad", [b"", b"hello", b"\x1b@hello", b"^XA^FDnot ours^FS^XZ", b"\x1dVB\x00"])
def test_other_bytes_are_no_paper(bad: bytes) -> None:
    if not bad:
        assert printed(bad).sheets == ()
        return
    with pytest.raises(Garbled, match="byte"):
        printed(bad)


def test_questions_between_documents_are_passed_over() -> None:
    label, slip = paper.bytes_for(LABEL, LABELS["A6 203"], "zpl"), paper.bytes_for(SLIP, ROLLS["58 mm"], "escpos")
    assert printed(b"~HS\r\n" + label + b"~HS" + label).ssccs == (LABEL.sscc, LABEL.sscc)
    epl2, tspl = (paper.bytes_for(LABEL, LABELS["A6 203"], language) for language in ("epl2", "tspl"))
    assert len(printed(b"^ee\r\n" + epl2 + b"^ee\r\n" + epl2).sheets) == 2
    assert len(printed(b"\x1b!?" + tspl + b"\x1b!?" + tspl).sheets) == 2
    assert len(printed(b"\x10\x04\x01" + slip + b"\x10\x04\x04" + slip).sheets) == 2


DOCUMENTS = {
    **{f"label to {town}": label_to(address, copy=2, fragile=True) for town, address in ADDRESSES.items()},
    "label": LABEL,
    "slip": SLIP,
    "slip copy": slip_with(copy=3, consignee=LYON, language="en"),
    "trial": TRIAL,
}


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize("what", DOCUMENTS)
def test_the_short_way_to_a_raster_gives_every_dot(what: str, name: str) -> None:
    for sheet in paper.drawing_of(DOCUMENTS[what], LABELS[name]).sheets:
        assert sheet.raster() == packed(sheet.image)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(1, 30), st.integers(1, 30)), max_size=6))
def test_a_form_and_whatever_is_drawn_on_it_gives_every_dot(boxes: list[tuple[int, int, int, int]]) -> None:
    form_pen = Pen.blank(100, 100)
    form_pen.frame(_box(10, 10, 80, 80), 3)
    pen = Pen.on(form_pen.form())
    for left, top, width, height in boxes:
        pen.fill(_box(left, top, width, height))
    assert pen.sheet().raster() == packed(pen.image)


@given(st.integers(10, 60), st.integers(0, 80), st.integers(4, 20))
def test_text_close_to_a_barcode_gives_every_dot(top: int, text_top: int, size: int) -> None:
    """The rows that text may reach overlap those of the bars; the text itself does not."""
    pen = Pen.on(Pen.blank(400, 120).form())
    pen.write(0, text_top, fit([Line(" ")], 400, None, Style(size, size)))
    bars = pen.barcode("code", top, 200, gs1.text_bars("TEST"), 2, 40)
    pen.write(0, bars.bottom, fit([Line(" ")], 400, None, Style(size, size)))
    assert pen.sheet().raster() == packed(pen.image)


@pytest.mark.feature("L9")
@example(TRIAL, 20, 30, 203)
@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([LABEL, SLIP, TRIAL, *PAPERS]),
    st.integers(0, 130),
    st.integers(0, 160),
    st.sampled_from([72, 150, 180, 203, 300]),
)
def test_any_paper_is_printed_on_or_refused(document: Document, width: int, height: int, dpi: int) -> None:
    media = Media(width, height, dpi)
    try:
        printed_bytes = paper.bytes_for(document, media, "zpl")
    except paper.Unprintable:
        return
    sheets = printed(printed_bytes).sheets
    assert sheets
    assert all(image.width <= width * dpi / 25.3 for image in sheets)


def _box(left: int, top: int, width: int, height: int) -> Box:
    return Box(left, top, min(left + width, 100), min(top + height, 100))


@pytest.mark.parametrize("name", [*LABELS, *ROLLS])
@pytest.mark.parametrize("document", [SLIP, TRIAL])
def test_the_picture_is_the_paper(document: Document, name: str) -> None:
    media = {**LABELS, **ROLLS}[name]
    picture = Image.open(BytesIO(paper.picture(document, media)))
    sheets = printed(paper.bytes_for(document, media, "zpl")).sheets
    assert picture.format == "PNG"
    assert round(picture.info["dpi"][0] / 25.4, 1) == round(canvas_of(media).per_mm, 1)
    assert same(sheets[0], picture.crop((0, 0, *sheets[0].size)))
    assert Image.open(BytesIO(printed(paper.bytes_for(document, media, "escpos")).png)).height == picture.height
