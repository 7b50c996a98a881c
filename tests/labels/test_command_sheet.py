"""The command sheet: every command is on it, in both languages, and a scanner reads each from the paper."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from contract.commands import Command, reason_code
from contract.values import Language
from labels.command_words import COMMANDS, GROUPS, Group
from labels.commands import MOST_REASONS
from labels.documents import CommandSheet
from labels.media import Media
from labels.paper import Unprintable, bytes_for, drawing_of, picture
from labels.preflight import prove
from station.work.commands import Code, UnknownCommand, read_token

pytestmark = pytest.mark.feature("P7")

A4, A5 = Media(width_mm=210, height_mm=297, dpi=300), Media(width_mm=148, height_mm=210, dpi=300)
ALL = {*Command, *map(reason_code, range(MOST_REASONS))}


def codes(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]


def test_every_command_has_a_group_a_name_and_a_meaning_in_both_languages() -> None:
    assert set(COMMANDS) == set(Command)
    assert set(GROUPS) == {said.group for said in COMMANDS.values()} == set(Group)
    for said in COMMANDS.values():
        assert all((*said.name, *said.does))
        assert said.name.en != said.name.fr or said.name.en == "Photo"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "media",
    [
        A4,
        A5,
        Media(width_mm=102, height_mm=152),
        Media(width_mm=102, height_mm=152, dpi=300),
        Media(width_mm=102, height_mm=76),
        Media(width_mm=80, height_mm=0),
    ],
)
def test_a_scanner_reads_every_command_at_the_resolution_of_the_printer(media: Media, language: Language) -> None:
    read = codes(Image.open(BytesIO(picture(CommandSheet("bench-1", language), media))))
    assert sorted(read) == sorted(ALL)
    assert not any(isinstance(read_token(code), Code | UnknownCommand) for code in read)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("media", [A4, A5])
def test_a_scanner_reads_the_pdf_from_an_office_printer(media: Media, dpi: int) -> None:
    pages = list(pypdfium2.PdfDocument(bytes_for(CommandSheet("", "fr"), media, "pdf")))
    read = [code for page in pages for code in codes(page.render(scale=dpi / 72, grayscale=True).to_pil())]
    assert sorted(read) == sorted(ALL)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    assert all(said.name.fr in text and said.does.fr in text for said in COMMANDS.values())


@pytest.mark.parametrize("media", [A4, A5, Media(width_mm=102, height_mm=152)])
def test_no_two_codes_stand_in_one_beam_and_their_names_are_readable_at_arms_length(media: Media) -> None:
    drawing = drawing_of(CommandSheet("", "en"), media)
    prove(drawing)
    for sheet in drawing.sheets:
        spans = sorted((symbol.box.top, symbol.box.bottom) for symbol in sheet.symbols)
        for (_, above), (below, _) in pairwise(spans):
            assert drawing.canvas.mm(below - above) >= 4.4
        for placed in sheet.placed:
            if placed.field.endswith(".name"):
                assert drawing.canvas.mm(placed.box.height) >= 6, placed.text


def test_a4_takes_two_pages() -> None:
    assert len(drawing_of(CommandSheet("bench-1", "fr"), A4).sheets) == 2


def test_paper_that_is_too_narrow_is_refused_in_words() -> None:
    with pytest.raises(Unprintable, match=r"PK-CHECKSCALE: the barcode with its white margins is \d+ mm wide"):
        bytes_for(CommandSheet("", "fr"), Media(width_mm=58, height_mm=0), "escpos")
