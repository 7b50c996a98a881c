"""Carriers' labels: printed dot for dot at their size, or refused in words; never without their code being read."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageDraw, PngImagePlugin
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from contract.papers import CarrierLabel
from labels import gs1, paper, zpl, zpl_graphics
from labels.documents import Unprintable
from labels.media import Media
from labels.readback import printed
from tests.labels.specimens import LABEL, LABELS

TRACKING = "8R41234567890"
BENCH = LABELS["4x6 203"]
SHARP = LABELS["4x6 300"]


def picture(width: int, height: int, *, module: int = 3, code: str = TRACKING, left: int = 60) -> Image.Image:
    """A carrier's label as dots, with a frame to its edges and one Code 128."""
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, width - 9, height - 9), outline=0, width=3)
    for number, run in enumerate(gs1.text_bars(code).runs):
        if number % 2 == 0:
            draw.rectangle((left, height // 2, left + run * module - 1, height // 2 + 150), fill=0)
        left += run * module
    return image


def png(image: Image.Image, dpi: float = 0) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


def pdf(width_mm: float, height_mm: float, *, code: str = TRACKING, module_mm: float = 0.4, pages: int = 1) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(width_mm * mm, height_mm * mm))
    for _ in range(pages):
        canvas.rect(2 * mm, 2 * mm, (width_mm - 4) * mm, (height_mm - 4) * mm)
        canvas.drawString(8 * mm, (height_mm - 12) * mm, "Transport Express")
        bars = Code128(code, barWidth=module_mm * mm, barHeight=25 * mm, quiet=False)
        bars.drawOn(canvas, 8 * mm, 20 * mm)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def carrier_label(data: bytes, form: str = "png", **fields: object) -> CarrierLabel:
    blank = CarrierLabel(LABEL.sscc, "Transport Express", TRACKING, "png", data)
    return replace(blank, form=form, **fields)


def on_paper(label: CarrierLabel, media: Media) -> list[Image.Image]:
    return list(printed(paper.bytes_for(label, media, "zpl")).sheets)


def refused(label: CarrierLabel, media: Media = BENCH, language: paper.PrinterLanguage = "zpl") -> str:
    with pytest.raises(Unprintable) as caught:
        paper.bytes_for(label, media, language)
    return str(caught.value)


def same(first: Image.Image, second: Image.Image) -> bool:
    return ImageChops.difference(first.convert("L"), second.convert("L")).getbbox() is None


# --- PNG ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("L2")
@pytest.mark.parametrize("language", ["zpl", "epl2", "tspl"])
def test_a_picture_of_the_printers_resolution_is_printed_dot_for_dot(language: paper.PrinterLanguage) -> None:
    image = picture(816, 1216)
    (sheet,) = printed(paper.bytes_for(carrier_label(png(image, 203)), BENCH, language)).sheets
    assert same(sheet, image)


@pytest.mark.feature("L2")
def test_a_smaller_picture_stands_in_the_middle_unchanged() -> None:
    image = picture(800, 1200)
    (sheet,) = on_paper(carrier_label(png(image, 200)), BENCH)
    assert sheet.size == (816, 1216)
    assert same(sheet.crop((8, 8, 808, 1208)), image)


@pytest.mark.feature("L2")
def test_white_may_be_cut_off_and_ink_may_not() -> None:
    """4 × 6 inches at 203 dpi are 2 dots higher than 152 mm."""
    assert on_paper(carrier_label(png(picture(812, 1218), 203)), BENCH)
    assert "ask the carrier for that size" in refused(carrier_label(png(picture(900, 1218), 203)))
    assert "the paper 102 × 152 mm" in refused(carrier_label(png(picture(812, 1400), 203)))


@pytest.mark.feature("L2")
def test_half_the_resolution_is_two_dots_for_one_and_any_other_is_refused() -> None:
    image = picture(408, 608, module=2, left=40)
    (sheet,) = on_paper(carrier_label(png(image, 101.6)), BENCH)
    assert same(sheet, image.resize((816, 1216), Image.Resampling.NEAREST))
    assert "for 300 dpi, the printer has 203" in refused(carrier_label(png(picture(1200, 1800), 300)))
    assert "for 203 dpi, the printer has 300" in refused(carrier_label(png(picture(812, 1218), 203)), SHARP)
    assert on_paper(carrier_label(png(picture(1200, 1790), 300)), SHARP)


@pytest.mark.feature("L2")
def test_a_picture_that_does_not_say_its_resolution_must_be_told_or_fill_the_paper() -> None:
    image = picture(400, 600, module=2, left=40)
    assert "does not say its resolution" in refused(carrier_label(png(image)))
    assert "the carrier's label is" in refused(carrier_label(png(picture(1200, 1800))))
    assert on_paper(carrier_label(png(picture(800, 1200))), BENCH)
    assert on_paper(carrier_label(png(picture(800, 1200)), dpi=203), BENCH)


def test_greys_and_what_is_transparent_become_ink_or_paper() -> None:
    image = picture(816, 1216)
    clear = Image.merge("RGBA", (image, image, image, image.point(lambda grey: 255 - grey)))
    grey = image.point(lambda grey: 40 if grey < 128 else 230)
    for each in (clear, grey, image.convert("P"), image.convert("RGB")):
        (sheet,) = on_paper(carrier_label(png(each, 203)), BENCH)
        assert same(sheet, image)


@pytest.mark.feature("L9")
def test_no_label_is_printed_whose_code_is_not_read() -> None:
    blank = Image.new("L", (816, 1216), 255)
    ImageDraw.Draw(blank).rectangle((100, 100, 500, 500), fill=0)
    assert "reads nothing" in refused(carrier_label(png(blank, 203)))
    other = carrier_label(png(picture(816, 1216, code="ANOTHER"), 203))
    assert "should read 8R41234567890 on the carrier's label, it reads only ANOTHER" in refused(other)
    assert on_paper(replace(other, codes=("ANOTHER",)), BENCH)
    assert on_paper(replace(other, codes=("NOTHER",)), BENCH), "part of a longer code"
    assert "should read SECOND" in refused(replace(other, codes=("ANOTHER", "SECOND")))


@pytest.mark.feature("L2")
def test_square_codes_count_too() -> None:
    image = Image.new("L", (816, 1216), 255)
    code = zxingcpp.create_barcode(TRACKING, zxingcpp.BarcodeFormat.DataMatrix)
    image.paste(Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=8)), (200, 300))
    assert on_paper(carrier_label(png(image, 203)), BENCH)


def test_what_is_no_picture_is_refused() -> None:
    for data in (b"", b"hello", png(picture(816, 1216), 203)[:2000], b"GIF89a"):
        assert refused(carrier_label(data)).startswith("data: ")
    assert "is empty" in refused(carrier_label(png(Image.new("L", (816, 1216), 255), 203)))


def test_a_picture_that_would_fill_the_memory_is_refused_unread() -> None:
    head = PngImagePlugin.PngInfo()
    head.add_text("a", "b")
    data = bytearray(png(picture(816, 1216), 203))
    data[16:24] = (60_000).to_bytes(4) * 2
    assert refused(carrier_label(bytes(data))).startswith("data: ")


# --- PDF ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("L2", "L9")
@pytest.mark.parametrize("media", [BENCH, SHARP, LABELS["A6 203"], LABELS["A6 300"]])
def test_a_pdf_is_drawn_at_its_size_and_its_code_read(media: Media) -> None:
    (sheet,) = on_paper(carrier_label(pdf(100, 148), "pdf"), media)
    ink = sheet.point(lambda dot: 255 - dot).getbbox()
    assert ink is not None
    assert abs((ink[2] - ink[0]) / media.dpi * 25.4 - 96.35) < 0.2, "a frame of 96 mm, drawn with a pen of 1 point"
    assert TRACKING in gs1.find_all(sheet)


@pytest.mark.feature("L2")
def test_a_label_on_its_side_is_turned_and_every_page_printed() -> None:
    (sheet,) = on_paper(carrier_label(pdf(148, 100), "pdf"), BENCH)
    assert sheet.size == (816, 1216)
    assert len(on_paper(carrier_label(pdf(100, 148, pages=3), "pdf"), BENCH)) == 3


@pytest.mark.feature("L2")
def test_a_pdf_of_another_size_is_refused_with_both() -> None:
    said = refused(carrier_label(pdf(210, 297), "pdf"))
    assert "210 × 297 mm" in said
    assert "102 × 152 mm" in said
    assert refused(carrier_label(b"%PDF-nothing", "pdf")).startswith("data: the carrier's PDF cannot be read")


# --- ZPL ---------------------------------------------------------------------------------------------------------

ZPL = (
    b"^XA^LRN^MNY^MFN,N^LH10,12^MCY^POI^PW812^LL1218^CI28^CF0,30\n"
    b"^FO20,20^GB760,3,3^FS^FO30,60^FDTransport Express^FS\n"
    b"^FO60,600^BY3^BCN,150,N,N,N,A^FD8R41234567890^FS\n"
    b"^FO30,1100^A0N,28,28^FH^FD_C2_A9 2026^FS^PQ1,0,1,Y^XZ\n"
)


@pytest.mark.feature("L2")
def test_zpl_of_the_printers_resolution_goes_on_unchanged() -> None:
    assert paper.bytes_for(carrier_label(ZPL, "zpl", dpi=203), BENCH, "zpl") == ZPL


@pytest.mark.feature("L2")
def test_zpl_for_another_printer_is_refused_in_words() -> None:
    label = carrier_label(ZPL, "zpl", dpi=203)
    assert "is for 203 dpi, the printer has 300" in refused(label, SHARP)
    assert "an unknown resolution" in refused(replace(label, dpi=0))
    for language in ("epl2", "tspl", "escpos", "pdf"):
        assert "only a ZPL printer" in refused(label, BENCH, language)  # type: ignore[arg-type]


@pytest.mark.feature("L9")
@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        (b"^PW812", b"^PW1200", "150 mm wide, the paper 102 mm"),
        (b"^LL1218", b"^LL1800", "225 mm high, the paper 152 mm"),
        (b"^FO30,1100", b"^FO30,1300", "beyond the paper"),
        (b"^FO60,600", b"^FO440,600", "beyond the paper"),
        (b"^BY3", b"^BY6", "beyond the paper"),
        (b"8R41234567890", b"8R49999999999", "it reads only 8R49999999999"),
        (b"^BCN,150,N,N,N,A", b"^A0N,30,30", "it reads nothing"),
        (b"^PQ1", b"^PQ2", "prints 2 labels or more, one is wanted"),
        (b"^XZ", b"^XZ^XA^FO9,9^GB9,9^FS^XZ", "prints 2 labels or more, one is wanted"),
        (b"^GB760,3,3", b"^GB900,3,3", "beyond the paper"),
        (b"^GB760,3,3", b"^GB3,1300,3", "beyond the paper"),
        (b"^GB760,3,3", b"^GC900,3", "beyond the paper"),
        (b"^BCN,150", b"^BCN,700", "88 mm high, which is beyond the paper"),
        (b"^BY3^BCN,150", b"^BY3,2,700^BCN,", "88 mm high, which is beyond the paper"),
        (b"^BCN,150,", b"^BCR,800,", "100 mm high, which is beyond the paper"),
        (b"^CI28", b"^JUS", "uses JUS"),
        (b"^CI28", b"~JR", "uses JR"),
        (b"^CI28", b"^jus", "uses JUs"),
        (b"^CI28", b"\x1fJR", "uses JR"),
        (b"^CI28", b"^CC+", "uses CC"),
        (b"^CI28", b"^DFR:A", "uses DFR:A"),
        (b"^MNY", b"^MNN", "uses MNN"),
        (b"^CI28", b"^LT40", "uses LT40"),
        (b"^XZ", b"", "not whole"),
        (b"^XA", b"", "not whole"),
        (b"^FO20,20", b"^FOx,20", "'x' where a number must be"),
    ],
)
def test_zpl_that_would_not_print_one_readable_label_is_refused(good: bytes, bad: bytes, says: str) -> None:
    assert good in ZPL
    assert says in refused(carrier_label(ZPL.replace(good, bad), "zpl", dpi=203))


@pytest.mark.feature("L2")
def test_codes_are_compared_as_scanners_see_them() -> None:
    """Brackets in a GS1 field, blanks in a tracking number, small commands."""
    sscc = ZPL.replace(b"^BCN,150,N,N,N,A^FD8R41234567890", b"^BCN,150,N,N,N,D^FD(00)340123400000000173")
    assert paper.bytes_for(carrier_label(sscc, "zpl", dpi=203, tracking="0034 0123400 000000173"), BENCH, "zpl") == sscc
    assert paper.bytes_for(carrier_label(ZPL.replace(b"^FD", b"^fd"), "zpl", dpi=203), BENCH, "zpl")


@pytest.mark.feature("L2")
@pytest.mark.parametrize(
    ("good", "other"),
    [
        (b"^XA", b"^XA^MCY^XZ^XA"),
        (b"^GB760,3,3", b"^GB792,1190,3"),
        (b"^FO60,600^BY3^BCN,150", b"^FT60,1190^BY3,2,150^BCN,"),
        (b"^FD8R41234567890", b"^FH^FD8R4_31234567890"),
        (b"^FD8R41234567890", b"^FH\\^FD8R4\\31234567890"),
    ],
    ids=["settings first", "a frame of 4 by 6 inches", "on its base line", "in hexadecimal", "with another mark"],
)
def test_zpl_as_carriers_write_it_goes_on_unchanged(good: bytes, other: bytes) -> None:
    text = ZPL.replace(good, other, 1)
    assert text != ZPL
    assert paper.bytes_for(carrier_label(text, "zpl", dpi=203), BENCH, "zpl") == text


@pytest.mark.feature("L9")
def test_a_code_in_a_zpl_picture_is_read_from_its_dots() -> None:
    image = picture(800, 300, module=3)
    raster = Image.eval(image, lambda grey: 255 - grey).convert("1").tobytes()
    rows = b"^XA^FO0,0^GFA,%d,%d,100,%b^FS^XZ"
    for data in (raster.hex().upper().encode(), zpl.z64(raster)):
        text = rows % (len(raster), len(raster), data)
        assert paper.bytes_for(carrier_label(text, "zpl", dpi=203), BENCH, "zpl") == text
    bad = rows % (len(raster), len(raster), zpl.z64(raster)[:-1] + b"0")
    assert "cannot be read" in refused(carrier_label(bad, "zpl", dpi=203))


def test_repeats_in_zpl_pictures_are_unrolled_as_the_guide_says() -> None:
    def rows(text: str, count: int, row: int) -> bytes:
        return (
            Image.eval(zpl_graphics.picture(f"A,{count},{count},{row},{text}").convert("L"), lambda dot: 255 - dot)
            .convert("1")
            .tobytes()
        )

    assert rows("FF00", 2, 2) == b"\xff\x00"
    assert rows("JF", 2, 2) == b"\xff\xff"
    assert rows("HF,:!", 6, 2) == b"\xff\x00\xff\x00\xff\xff"
    assert rows("gF", 10, 10) == b"\xff" * 10
    assert rows("gHF", 11, 11) == b"\xff" * 11


@settings(max_examples=60, deadline=None)
@given(st.text("^~XAZFODSGBCPWLHQMN,0123456789>:;_\n", max_size=80))
def test_any_zpl_is_printed_or_refused(text: str) -> None:
    label = carrier_label(b"^XA" + text.encode() + b"^XZ", "zpl", dpi=203)
    try:
        assert paper.bytes_for(label, BENCH, "zpl") == label.data
    except Unprintable:
        return


@settings(max_examples=60, deadline=None)
@given(st.text("0123456789ABCDEFGJYghz,!:\n ", max_size=60), st.integers(0, 40), st.integers(0, 9))
def test_any_zpl_picture_is_read_or_refused(text: str, count: int, row: int) -> None:
    try:
        image = zpl_graphics.picture(f"A,{count},{count},{row},{text}")
    except ValueError:
        return
    assert image.width * image.height == count * 8


# --- copies ------------------------------------------------------------------------------------------------------


@pytest.mark.feature("L8")
def test_a_copy_says_so_on_a_sheet_of_its_own_and_stays_as_it_is() -> None:
    image = picture(816, 1216)
    first, second = on_paper(carrier_label(png(image, 203), copy=2), BENCH)
    assert same(second, image)
    assert first.getextrema()[0] == 0, "the sheet before it is not blank"
    drawing = paper.drawing_of(carrier_label(png(image, 203), copy=2), BENCH)
    assert "DUPLICATE 2" in [placed.text for placed in drawing.sheets[0].placed]
    both = paper.bytes_for(carrier_label(ZPL, "zpl", dpi=203, copy=3), BENCH, "zpl")
    assert both.endswith(ZPL)
    assert len(printed(both.removesuffix(ZPL)).sheets) == 1
