"""The logistic label on paper: its bars, its text and its marks, read from the bytes that a printer gets."""

from __future__ import annotations

from itertools import groupby
from typing import Literal

import pytest
from PIL import Image, ImageChops

from contract.keys import OrderId, Sscc
from contract.values import Address
from labels import paper
from labels.documents import Document
from labels.drawing import Box
from labels.media import Media, dots_per_mm
from labels.readback import printed
from tests.labels.specimens import (
    ADDRESSES,
    LABEL,
    LABELS,
    LONDON,
    LYON,
    SHOP,
    TRIAL,
    fields,
    label_to,
)


def sheet(document: Document, media: Media, language: Literal["zpl", "escpos"] = "zpl") -> Image.Image:
    (only,) = printed(paper.bytes_for(document, media, language)).sheets
    return only


def bars_on(image: Image.Image, media: Media) -> tuple[Box, list[int]]:
    """The barcode found without the drawing's record: the longest run of equal rows with many bars."""
    rows = [image.crop((0, y, image.width, y + 1)).tobytes("raw", "L") for y in range(image.height)]
    top, height, pattern, y = 0, 0, b"", 0
    for row, same in groupby(rows):
        count = len(list(same))
        if count > height and len(list(groupby(row))) > 50:
            top, height, pattern = y, count, row
        y += count
    runs = [(value, len(list(same))) for value, same in groupby(pattern)]
    assert runs[0][0] == runs[-1][0] == 255, "white on both sides"
    left, right = runs[0][1], image.width - runs[-1][1]
    return Box(left, top, right, top + height), [width for _, width in runs[1:-1]]


@pytest.mark.feature("L1", "L9", "D8", "D9")
@pytest.mark.parametrize("language", ["zpl", "escpos"])
@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize("town", ADDRESSES)
def test_the_printed_bytes_decode_to_the_sscc(town: str, name: str, language: Literal["zpl", "escpos"]) -> None:
    paper_out = printed(paper.bytes_for(label_to(ADDRESSES[town]), LABELS[name], language))
    assert paper_out.ssccs == (LABEL.sscc,)
    (code,) = paper_out.codes
    assert code.gs1
    assert code.data == b"00" + LABEL.sscc.encode()


@pytest.mark.feature("L1")
@pytest.mark.parametrize("name", LABELS)
def test_bars_are_whole_dots_high_enough_and_free_on_both_sides(name: str) -> None:
    media = LABELS[name]
    per_mm = dots_per_mm(media.dpi)
    image = sheet(LABEL, media)
    box, widths = bars_on(image, media)
    module = {203: 4, 300: 6}[media.dpi]
    assert module / per_mm >= 0.495
    assert all(width % module == 0 for width in widths)
    assert sum(widths) == box.width == 156 * module
    assert box.height / per_mm >= 32
    assert min(box.left, image.width - box.right) >= 10 * module


@pytest.mark.feature("L1")
@pytest.mark.parametrize("serial", [0, 1, 99, 123_456_789, 9_999_999_999])
def test_every_serial_decodes(serial: int) -> None:
    sscc = Sscc.numbered("3401234", serial)
    assert printed(paper.bytes_for(label_to(LYON, sscc=sscc), LABELS["4x6 203"], "zpl")).ssccs == (sscc,)


@pytest.mark.feature("L1")
def test_the_human_readable_text_and_the_parcel_stand_on_the_label() -> None:
    placed = fields(paper.drawing_of(LABEL, LABELS["4x6 203"]))
    assert placed["sscc.text"].text == "(00) 3 4012340 000000017 3"
    assert placed["number"].text == "2 sur 3"
    assert placed["grams"].text == "1,240 kg"
    assert placed["packed_at"].text == "2026-11-21"
    assert placed["service"].text == "Standard"
    assert placed["orders"].text == "FR-2026-10482"


def test_a_shop_abroad_has_its_captions_in_english() -> None:
    placed = fields(paper.drawing_of(label_to(LYON, sender=LONDON), LABELS["4x6 203"]))
    assert placed["number"].text == "2 of 3"
    assert placed["grams"].text == "1.240 kg"
    assert placed["consignee"].text.endswith("\n69003 LYON\nFRANCE")


def test_an_unknown_number_of_parcels_is_not_guessed() -> None:
    assert fields(paper.drawing_of(label_to(LYON, of=None), LABELS["4x6 203"]))["number"].text == "2"


def changed(first: Image.Image, second: Image.Image) -> Box:
    difference = ImageChops.logical_xor(first, second).getbbox()
    assert difference is not None, "the two look alike"
    return Box(*difference)


def black(image: Image.Image, box: Box) -> float:
    area = image.crop(box)
    return area.histogram()[0] / (box.width * box.height)


@pytest.mark.feature("L8")
@pytest.mark.parametrize("name", LABELS)
def test_a_copy_says_duplicate_in_an_inverted_bar_and_changes_nothing_else(name: str) -> None:
    media = LABELS[name]
    first, second, third = (sheet(label_to(LYON, copy=copy), media) for copy in (1, 2, 3))
    bar = changed(first, second)
    assert black(first, bar) == 0
    assert black(second, bar) > 0.6
    assert bar.holds(changed(second, third))
    assert fields(paper.drawing_of(label_to(LYON, copy=3), media))["copy"].text == "DUPLICATE 3"


@pytest.mark.parametrize("name", LABELS)
def test_a_test_print_says_test_where_a_copy_says_duplicate(name: str) -> None:
    duplicate = fields(paper.drawing_of(label_to(LYON, copy=2), LABELS[name]))["copy"]
    trial = fields(paper.drawing_of(TRIAL, LABELS[name]))["test"]
    assert trial.room == duplicate.room
    assert trial.text == "TEST"
    assert black(sheet(TRIAL, LABELS[name]), trial.room) > 0.6


@pytest.mark.parametrize("copy", [1, 2])
def test_a_fragile_parcel_says_so_beside_the_sender(copy: int) -> None:
    plain, fragile = (sheet(label_to(LYON, copy=copy, fragile=mark), LABELS["4x6 203"]) for mark in (False, True))
    consignee = fields(paper.drawing_of(LABEL, LABELS["4x6 203"]))["consignee"]
    mark = changed(plain, fragile)
    assert mark.bottom < consignee.box.top
    assert mark.left > plain.width // 2
    assert black(fragile, mark) > 0.15


def test_many_orders_wrap_instead_of_being_cut() -> None:
    orders = tuple(OrderId(f"DE-2026-1048{number}") for number in range(6))
    text = fields(paper.drawing_of(label_to(LYON, orders=orders), LABELS["A6 203"]))["orders"].text
    assert text.replace("\n", " ") == ", ".join(orders)
    assert printed(paper.bytes_for(label_to(LYON, orders=orders), LABELS["A6 203"], "zpl")).ssccs == (LABEL.sscc,)


def test_a_wide_roll_takes_the_label_too() -> None:
    image = sheet(LABEL, Media(112, 0), "escpos")
    assert image.width == 832
    assert printed(paper.bytes_for(LABEL, Media(112, 0), "escpos")).ssccs == (LABEL.sscc,)


@pytest.mark.feature("L9")
@pytest.mark.parametrize(
    ("field", "label", "media"),
    [
        ("consignee.name", label_to(Address("", ("1 rue A",), "33000", "Bordeaux", "FR")), LABELS["4x6 203"]),
        ("consignee.city", label_to(Address("A", ("1 rue A",), "33000", " ", "FR")), LABELS["4x6 203"]),
        ("consignee.lines", label_to(Address("A", (), "33000", "Bordeaux", "FR")), LABELS["4x6 203"]),
        ("consignee.country", label_to(Address("A", ("Weg 1",), "1", "Ort", "QZ")), LABELS["4x6 203"]),
        ("consignee.name", label_to(Address("山田太郎", ("Weg 1",), "1", "Ort", "DE")), LABELS["4x6 203"]),
        ("consignee.city", label_to(Address("A", ("Weg 1",), "1", "תל אביב", "IL")), LABELS["4x6 203"]),
        ("consignee", label_to(Address("A" * 39, ("1 rue A",), "33000", "Bordeaux", "FR")), LABELS["4x6 203"]),
        ("consignee", label_to(Address("W" * 80, ("Weg 1",), "1", "Ort", "DE")), LABELS["4x6 203"]),
        ("sender", label_to(LYON, sender=Address("A", tuple("abcdefgh"), "1", "Ort", "DE")), LABELS["4x6 203"]),
        ("service", label_to(LYON, service="Unabschneidbarkeit" * 3), LABELS["4x6 203"]),
        ("service", label_to(LYON, service="mot " * 40), LABELS["A6 300"]),
        ("orders", label_to(LYON, orders=tuple(OrderId(f"FR-2026-{n:05}") for n in range(40))), LABELS["4x6 203"]),
        ("sscc", LABEL, Media(80, 152, 203)),
        ("sscc", LABEL, Media(30, 152, 203)),
        ("sscc", LABEL, Media(80, 0, 203)),
        ("media", LABEL, Media(102, 60, 203)),
        ("media", LABEL, Media(102, 152, 3)),
        ("media", LABEL, Media(61, 0, 203)),
        ("media", LABEL, Media(5, 152, 203)),
    ],
)
def test_what_cannot_be_printed_is_refused_by_its_field(field: str, label: Document, media: Media) -> None:
    with pytest.raises(paper.Unprintable) as refusal:
        paper.bytes_for(label, media, "zpl")
    assert refusal.value.field == field
    assert len(refusal.value.sentence) > 20


@pytest.mark.parametrize("copies", [1, 2, 12])
@pytest.mark.parametrize("name", LABELS)
def test_the_longest_address_that_is_allowed_fits_every_label_and_every_copy(name: str, copies: int) -> None:
    long = Address(
        "Service des expéditions et retours",
        ("Bâtiment C, escalier 4", "Zone industrielle du Grand Pré", "122 bis avenue de la Libération", "BP 10482"),
        "97400",
        "Saint-Denis-de-la-Réunion",
        "RE",
    )
    label = label_to(long, sender=SHOP, copy=copies, fragile=True)
    assert printed(paper.bytes_for(label, LABELS[name], "zpl")).ssccs == (LABEL.sscc,)
