"""The calibration sheet on every paper that it fits: its three codes are read back from the drawing."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from labels.documents import CalibrationSheet
from labels.media import Media
from labels.paper import PrinterLanguage, Unprintable, bytes_for, picture
from station.devices.calibration import FIRST, SECOND, SECOND_ELEMENTS, THIRD

pytestmark = pytest.mark.feature("D2")

LABEL = Media(width_mm=102, height_mm=152)
SHEET = CalibrationSheet("bench-1", FIRST, SECOND_ELEMENTS, THIRD)


@pytest.mark.parametrize(
    "media",
    [
        LABEL,
        Media(width_mm=102, height_mm=152, dpi=300),
        Media(width_mm=210, height_mm=297, dpi=300),
        Media(width_mm=58, height_mm=0),
        Media(width_mm=58, height_mm=0, dpi=180),
        Media(width_mm=80, height_mm=0),
    ],
)
def test_a_scanner_reads_the_three_codes_from_the_paper(media: Media) -> None:
    image = Image.open(BytesIO(picture(SHEET, media))).convert("L")
    found = zxingcpp.read_barcodes(image)
    assert {code.bytes.decode() for code in found} == {FIRST, SECOND, THIRD}
    gs1 = {code.bytes.decode() for code in found if code.content_type is zxingcpp.ContentType.GS1}
    assert gs1 == {SECOND}


@pytest.mark.parametrize(("language", "begins"), [("zpl", b"^XA"), ("tspl", b"SIZE"), ("pdf", b"%PDF")])
def test_it_goes_to_label_printers_and_into_a_pdf(language: PrinterLanguage, begins: bytes) -> None:
    assert begins in bytes_for(SHEET, LABEL, language)[:400]


def test_paper_that_is_too_narrow_is_refused_with_the_code_that_does_not_fit() -> None:
    with pytest.raises(Unprintable, match=r"code [12]"):
        bytes_for(SHEET, Media(width_mm=38, height_mm=90), "zpl")
