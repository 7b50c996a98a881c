"""Returns, delivery notes and pick lists: whole, readable and scannable on rolls, labels and A4."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from contract.papers import DeliveryNote, PackingSlip, PickLine
from labels import gs1, paper
from labels.documents import Document, Unprintable
from labels.media import Media
from labels.paper import PrinterLanguage
from labels.readback import printed
from tests.labels.papers import FORM, LABEL_BACK, NOTE, PICK
from tests.labels.specimens import A4, LABEL, LABELS, MUNICH, ROLLS, SLIP, slip_with, texts

EVERY = {**LABELS, **ROLLS, "A4": A4}


def words_on(document: Document, media: Media) -> str:
    return " ".join(texts(paper.drawing_of(document, media))).replace("\xa0", " ")


def codes_on(document: Document, media: Media, language: PrinterLanguage = "zpl") -> list[str]:
    """What a scanner finds on the paper."""
    sheets = printed(paper.bytes_for(document, media, language)).sheets
    return [code for sheet in sheets for code in gs1.find_all(sheet)]


@pytest.mark.feature("L4")
@pytest.mark.parametrize("name", [*LABELS, "80 mm", "A4"])
def test_a_return_label_goes_to_the_shop_and_names_the_parcel(name: str) -> None:
    assert codes_on(LABEL_BACK, EVERY[name]) == [LABEL.sscc.return_code]
    words = words_on(LABEL_BACK, EVERY[name])
    for text in ("RETOUR", "33000 BORDEAUX", "69003 LYON", "FR-2026-10482", "Colissimo Retour"):
        assert text in words
    assert "DUPLICATE" not in words


@pytest.mark.feature("L4")
def test_a_return_from_abroad_names_the_country_and_a_copy_says_so() -> None:
    words = words_on(replace(LABEL_BACK, customer=MUNICH, language="en", copy=2), LABELS["4x6 203"])
    assert "RETURN" in words
    assert "DUPLICATE 2" in words
    assert "FRANCE" in words


def test_a_return_label_is_never_taken_for_the_parcel_itself() -> None:
    (code,) = codes_on(LABEL_BACK, LABELS["4x6 203"])
    assert not code.startswith("00")
    assert printed(paper.bytes_for(LABEL_BACK, LABELS["4x6 203"], "zpl")).ssccs == ()


@pytest.mark.feature("L4")
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", ("dans les 30 jours", "motif", "1 = trop petit")), ("en", ("within 30 days", "reason", "1 = too small"))],
)
def test_the_return_form_asks_what_comes_back_and_why(language: str, said: tuple[str, ...], name: str) -> None:
    form = replace(FORM, language=language)
    words = words_on(form, EVERY[name])
    for text in (*said, "Thé Earl Grey", "____ / 12", "retours@maison-lumiere.fr"):
        assert text in words
    assert codes_on(form, EVERY[name]) == [LABEL.sscc.return_code]


@pytest.mark.feature("L7")
@pytest.mark.parametrize("name", EVERY)
def test_a_delivery_note_has_its_number_its_lines_its_parcels_and_room_to_sign(name: str) -> None:
    words = words_on(replace(NOTE, contact="05 56 00 00 00", copy=3), EVERY[name])
    for text in ("BL-2026-00412", "20 articles", "Théière en fonte", LABEL.sscc.grouped, "05 56 00 00 00"):
        assert text in words
    assert "DUPLICATE 3" in words
    assert paper.bytes_for(NOTE, EVERY[name], "zpl")


@pytest.mark.feature("L7", "O8")
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(("language", "caption"), [("fr", "À noter"), ("en", "Please note")])
def test_a_delivery_note_tells_the_customer_what_was_noted_for_him(language: str, caption: str, name: str) -> None:
    notes = ("L'anse est neuve.\n\nRendez l'ancienne <b>sans frais</b>.", "Merci \U0001fac6")
    words = words_on(replace(NOTE, notes=notes, language=language), EVERY[name])
    for text in (caption, "L'anse est neuve.", "Rendez", "<b>sans", "Merci"):
        assert text in words
    assert caption not in words_on(replace(NOTE, language=language), EVERY[name])


@pytest.mark.feature("L9", "O8")
def test_a_note_in_letters_that_no_font_has_is_refused_by_its_name() -> None:
    with pytest.raises(Unprintable, match=r"notes\[1\]: "):
        paper.drawing_of(replace(NOTE, notes=("Merci", "谢谢")), A4)


@pytest.mark.feature("L7")
@pytest.mark.parametrize("name", EVERY)
def test_a_pick_list_says_where_and_how_many_and_opens_the_work(name: str) -> None:
    words = words_on(PICK, EVERY[name])
    for line in PICK.lines:
        for text in (line.place, f"{line.quantity} ×", line.sku):
            assert text in words
    for text in ("FR-2026-10482, FR-2026-10483", "prendre un bac mousse"):
        assert text in words
    assert codes_on(PICK, EVERY[name]) == ["PL-000482"]


@pytest.mark.feature("L7")
def test_a_long_pick_list_goes_on_over_numbered_pages() -> None:
    lines = tuple(PickLine(f"Z-{n}", f"S-{n}", "Tasse", 1) for n in range(120))
    drawing = paper.drawing_of(replace(PICK, lines=lines), A4)
    pages = [placed.text for sheet in drawing.sheets for placed in sheet.placed if placed.field == "page"]
    assert pages[0] == f"PL-000482 · Page 1/{len(drawing.sheets)}"
    assert len(pages) == len(drawing.sheets) > 1
    said = words_on(replace(PICK, lines=lines), A4).split()
    assert all(f"Z-{n}" in said for n in range(120))


@pytest.mark.feature("L9")
def test_a_code_too_wide_for_the_roll_is_refused_by_its_name() -> None:
    with pytest.raises(Unprintable, match=r"number: the barcode with its white margins is .* mm wide, the paper 48 mm"):
        paper.bytes_for(replace(PICK, number="PICK-LIST-OF-THE-MORNING-482"), ROLLS["58 mm"], "escpos")


@pytest.mark.feature("L3")
@pytest.mark.parametrize("name", EVERY)
def test_the_slip_says_how_to_reach_the_shop(name: str) -> None:
    contact = "bonjour@maison-lumiere.fr · 05 56 00 00 00"
    words = words_on(slip_with(contact=contact), EVERY[name])
    assert "bonjour@maison-lumiere.fr 05 56 00 00 00" in words
    assert "bonjour" not in words_on(SLIP, EVERY[name])


@pytest.mark.feature("L3")
def test_an_a4_slip_stands_in_columns_on_one_page() -> None:
    drawing = paper.drawing_of(SLIP, A4)
    (sheet,) = drawing.sheets
    assert (sheet.image.width, sheet.image.height) == drawing.canvas[:2]
    places = {placed.field: placed.box for placed in sheet.placed}
    assert places["consignee"].left > sheet.image.width // 2
    assert places["packed[0].sku"].left > places["packed[0].name"].right
    assert places["sscc"].right <= sheet.image.width // 2


@pytest.mark.feature("L3", "L7", "P2")
@pytest.mark.parametrize("paper_of", [SLIP, NOTE])
def test_slips_and_notes_carry_the_order_as_a_code_where_it_fits(paper_of: PackingSlip | DeliveryNote) -> None:
    for name, media in EVERY.items():
        assert codes_on(replace(paper_of, orders=("FR-2026-10482", "R-7")), media) == ["FR-2026-10482", "R-7"], name
    long = replace(paper_of, orders=("BOUTIQUE-LYON-FR-10482",))
    assert codes_on(long, A4) == ["BOUTIQUE-LYON-FR-10482"]
    assert codes_on(long, ROLLS["58 mm"]) == []
    assert codes_on(replace(paper_of, orders=("Été-7",)), A4) == []
