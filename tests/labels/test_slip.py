"""The packing slip: whole, in the customer's language, as long as it needs to be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.keys import OrderId
from contract.papers import SlipLine
from labels import paper
from labels.media import Media
from labels.readback import printed
from tests.labels.specimens import A4, ATHENS, LABELS, LONDON, ROLLS, SLIP, TRIAL, fields, slip_with, texts

EVERY = {**LABELS, **ROLLS, "A4": A4}


def words_on(slip: paper.Document, media: Media) -> list[str]:
    """The words on the paper, in order, without the ties that keep French signs with their word."""
    return " ".join(texts(paper.drawing_of(slip, media))).replace("\xa0", " ").split()


def stands(sentence: str, words: list[str]) -> bool:
    wanted = sentence.split()
    return any(words[start : start + len(wanted)] == wanted for start in range(len(words)))


@pytest.mark.feature("L3")
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("fr", ("Bon de livraison", "21 novembre 2026", "Dans ce colis", "À suivre", "Annulé", "Un mot pour vous")),
        ("en", ("Packing slip", "21 November 2026", "In this parcel", "To follow", "Cancelled", "A note for you")),
    ],
)
def test_everything_is_said_in_the_customers_language(language: str, sentences: tuple[str, ...], name: str) -> None:
    words = words_on(slip_with(language=language), EVERY[name])
    for sentence in (*sentences[:2], *sentences[-1:]):
        assert stands(sentence, words), sentence
    for sentence in (
        "Mug en grès bleu, grand modèle 45 cl",
        "B-17",
        "12 ×",
        "Joyeux anniversaire Mamie !",
        "33000 BORDEAUX",
    ):
        assert stands(sentence, words), sentence


@pytest.mark.feature("L3")
@pytest.mark.parametrize(("name", "dots"), [("58 mm", 384), ("80 mm", 576)])
def test_a_roll_is_as_wide_as_its_head_and_as_long_as_the_slip(name: str, dots: int) -> None:
    def length(lines: int) -> int:
        slip = slip_with(packed=tuple(SlipLine(f"S-{n}", "Tasse", 1) for n in range(lines)))
        (image,) = printed(paper.bytes_for(slip, ROLLS[name], "escpos")).sheets
        assert image.width == dots
        return image.height

    short, longer, longest = length(1), length(2), length(40)
    assert longer > short
    assert longest == short + 39 * (longer - short)


@pytest.mark.feature("L3")
def test_what_is_not_there_has_no_heading() -> None:
    words = words_on(slip_with(to_follow=(), cancelled=(), gift_note=""), ROLLS["80 mm"])
    for heading in ("À suivre", "Annulé", "Un mot pour vous"):
        assert not stands(heading, words)
    assert not stands("Ces articles arrivent dans un autre colis.", words)


@pytest.mark.feature("L3")
@pytest.mark.parametrize("name", LABELS)
def test_a_long_slip_goes_on_over_numbered_labels(name: str) -> None:
    lines = tuple(SlipLine(f"SKU-{n}", f"Article numéro {n}", n + 1) for n in range(60))
    slip = slip_with(packed=lines, copy=2)
    drawing = paper.drawing_of(slip, LABELS[name])
    pages = [placed.text for sheet in drawing.sheets for placed in sheet.placed if placed.field == "page"]
    assert len(pages) == len(drawing.sheets) > 2
    assert pages[0].startswith("DUPLICATE 2 · 3 4012340 000000017 3 · Page 1/")
    assert len(printed(paper.bytes_for(slip, LABELS[name], "zpl")).sheets) == len(pages)
    assert all(f"packed[{n}].sku" in fields(drawing) for n in range(60))


@pytest.mark.feature("L3")
def test_a_heading_never_stands_alone_at_the_foot_of_a_label() -> None:
    for count in range(1, 40):
        lines = tuple(SlipLine(f"S-{n}", "Tasse", 1) for n in range(count))
        for sheet in paper.drawing_of(slip_with(packed=lines), LABELS["4x6 203"]).sheets:
            said = [placed for placed in sheet.placed if placed.field != "page"]
            last = max(said, key=lambda placed: placed.box.bottom)
            assert last.field not in ("to_follow.count", "cancelled.count", "packed.count")


def test_a_copy_and_a_test_begin_with_an_inverted_bar_on_a_roll() -> None:
    for media in ROLLS.values():
        copy = fields(paper.drawing_of(slip_with(copy=4), media))["copy"]
        trial = fields(paper.drawing_of(TRIAL, media))["test"]
        assert copy.text == "DUPLICATE 4"
        assert trial.text == "TEST"
        assert copy.room.top == trial.room.top
        (image,) = printed(paper.bytes_for(slip_with(copy=4), media, "escpos")).sheets
        area = image.crop(copy.room)
        assert area.histogram()[0] > 0.6 * copy.room.width * copy.room.height


@pytest.mark.parametrize("name", EVERY)
def test_a_test_print_can_be_scanned(name: str) -> None:
    (code,) = printed(paper.bytes_for(TRIAL, EVERY[name], "zpl")).codes
    assert (code.data, code.gs1) == (b"TEST", False)


@pytest.mark.feature("L3")
def test_pictograms_in_a_gift_note_never_hold_the_parcel_up() -> None:
    words = words_on(slip_with(gift_note="Bisous \U0001fac6 ❤️ !"), ROLLS["58 mm"])
    assert stands("Bisous • ❤ !", words)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("gift_note", {"gift_note": "生日快乐"}),
        ("packed[1].name", {"packed": (SlipLine("A", "Tasse", 1), SlipLine("B", "ถ้วย", 1))}),
        ("cancelled[0].sku", {"cancelled": (SlipLine("杯", "Tasse", 1),)}),
        ("orders", {"orders": (OrderId("注文"),)}),
    ],
)
def test_letters_without_a_glyph_are_refused_by_their_field(field: str, changes: dict[str, object]) -> None:
    with pytest.raises(paper.Unprintable) as refusal:
        paper.bytes_for(slip_with(**changes), ROLLS["80 mm"], "escpos")
    assert refusal.value.field == field


NAMES = st.text(st.sampled_from("abcdefgéßÄΩλς -0/WM"), min_size=1, max_size=90)
LINES = st.lists(st.builds(SlipLine, sku=NAMES, name=NAMES, quantity=st.integers(1, 99_999)), max_size=6).map(tuple)


@pytest.mark.feature("L3", "L9")
@settings(max_examples=50, deadline=None)
@given(LINES, LINES, NAMES, st.sampled_from(sorted(EVERY)), st.sampled_from([SLIP.consignee, ATHENS, LONDON]))
def test_no_letter_of_a_slip_is_ever_lost(
    packed: tuple[SlipLine, ...], cancelled: tuple[SlipLine, ...], note: str, name: str, consignee: object
) -> None:
    slip = slip_with(packed=packed, cancelled=cancelled, gift_note=note, consignee=consignee)
    assert printed(paper.bytes_for(slip, EVERY[name], "zpl")).sheets
    on_paper = fields(paper.drawing_of(slip, EVERY[name]))
    for section, lines in (("packed", packed), ("cancelled", cancelled)):
        for number, line in enumerate(lines):
            for part in ("name", "sku"):
                shown = on_paper[f"{section}[{number}].{part}"].text
                assert "".join(shown.split()) == "".join(getattr(line, part).split())
            assert on_paper[f"{section}[{number}].quantity"].text == f"{line.quantity} ×"
