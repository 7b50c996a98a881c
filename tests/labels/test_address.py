"""Address blocks: the French standard, the forms of other countries, and every name that can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from contract.values import Address
from labels import paper
from labels.address import postal_lines
from labels.characters import printable
from labels.countries import FRENCH_POST
from labels.documents import Unprintable
from labels.readback import printed
from tests.labels.specimens import ATHENS, LABEL, LABELS, LONDON, LYON, MUNICH, fields, label_to


@pytest.mark.feature("L10")
def test_france_writes_capitals_without_punctuation_from_the_street_on() -> None:
    assert postal_lines("consignee", LYON, "FR") == (
        "Mme Éléonore Lefèvre-Martin",
        "RÉSIDENCE LES TILLEULS BÂT B",
        "14 AVENUE DU GÉNÉRAL DE GAULLE",
        "69003 LYON",
    )


@pytest.mark.feature("L10")
def test_seven_french_lines_become_six_by_joining_company_and_name() -> None:
    full = replace(LYON, company="Café Léon", name="Luc Roy", lines=("Hall B", "2e étage", "1 rue Foch", "BP 12"))
    lines = postal_lines("consignee", full, "FR")
    assert lines[0] == "Café Léon - Luc Roy"
    assert len(lines) == 6


@pytest.mark.feature("L10")
def test_a_long_french_line_goes_on_in_the_next() -> None:
    street = "1234 avenue du Maréchal de Lattre de Tassigny prolongée"
    lines = postal_lines("consignee", replace(LYON, lines=(street,)), "FR")
    assert lines[1:3] == ("1234 AVENUE DU MARÉCHAL DE LATTRE DE", "TASSIGNY PROLONGÉE")


@pytest.mark.feature("L10")
def test_a_french_address_of_more_than_six_lines_is_refused() -> None:
    with pytest.raises(Unprintable, match="NF Z10-011 has 6") as refusal:
        postal_lines("consignee", replace(LYON, lines=("a " * 30, "b " * 30, "c " * 30)), "FR")
    assert refusal.value.field == "consignee"


@pytest.mark.feature("L10")
@pytest.mark.parametrize(
    ("address", "ends"),
    [
        (MUNICH, ("80331 MÜNCHEN", "ALLEMAGNE")),
        (ATHENS, ("106 76 ΑΘΗΝΑ", "GRÈCE")),
        (LONDON, ("LONDON", "SW1A 2AA", "ROYAUME-UNI")),
        (Address("A", ("Kalverstraat 1",), "1012nx", "Amsterdam", "NL"), ("1012 NX AMSTERDAM", "PAYS-BAS")),
        (Address("A", ("1 Main St",), "10001", "New York", "US", region="NY"), ("NEW YORK NY 10001", "ÉTATS-UNIS")),
        (Address("A", ("Via Roma 1",), "00184", "Roma", "IT", region="RM"), ("00184 ROMA RM", "ITALIE")),
        (Address("A", ("Storgatan 1",), "11122", "Malmö", "SE"), ("111 22 MALMÖ", "SUÈDE")),
        (Address("A", ("1 Quay",), "", "Hong Kong", "HK"), ("HONG KONG", "HONG KONG")),
        (
            Address("A", ("Main 1",), "D02 X285", "Dublin", "IE", region="Co. Dublin"),
            ("CO. DUBLIN", "D02 X285", "IRLANDE"),
        ),
        (Address("A", ("Rue 1",), "98000", "Monaco", "MC"), ("98000 MONACO", "MONACO")),
    ],
)
def test_other_countries_have_their_own_last_lines(address: Address, ends: tuple[str, ...]) -> None:
    assert postal_lines("consignee", address, "FR")[-len(ends) :] == ends


def test_the_country_is_named_in_the_language_of_the_post_and_only_abroad() -> None:
    assert postal_lines("consignee", MUNICH, "GB")[-1] == "GERMANY"
    assert postal_lines("consignee", MUNICH, "DE")[-1] == "80331 MÜNCHEN"


def test_characters_that_no_one_sees_are_dropped_and_pictograms_are_dots() -> None:
    assert printable("name", " Ana\u200d\ufeff\tMaria \U0001f338 ") == "Ana Maria •"
    assert printable("name", "Cafe\u0301") == "Café"


@pytest.mark.parametrize("text", ["山", "ﷺ", "שלום", "ห้อง", "\x07"])
def test_a_letter_without_a_glyph_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(Unprintable) as refusal:
        printable("consignee.name", text)
    assert refusal.value.field == "consignee.name"
    assert repr(text[0]) in refusal.value.sentence or "right to left" in refusal.value.sentence


Outcome = TypeVar("Outcome")


def attempt(ask: Callable[[], Outcome]) -> tuple[Outcome | None, str]:
    """What `ask` gives, or the field that it refuses."""
    try:
        return ask(), ""
    except Unprintable as refusal:
        return None, refusal.field


LETTERS = st.sampled_from("abcdeéèçœÀÉÖÜäöüßŁłŠžñåøΑΒΓΔΩάέήίόύώςAZMW0189-'.,/ ")
TEXTS = st.text(LETTERS, min_size=1, max_size=60)
STREETS = st.lists(TEXTS, min_size=0, max_size=4).map(tuple)
COUNTRIES = st.sampled_from(["FR", "RE", "MC", "DE", "AT", "GR", "CY", "GB", "NL", "IT", "US", "BR", "JP"])
ADDRESSES = st.builds(
    Address, name=TEXTS, lines=STREETS, postcode=st.text("0123456789AB ", max_size=8), city=TEXTS, country=COUNTRIES,
    company=st.just("") | TEXTS, region=st.just("") | TEXTS,
)  # fmt: skip


@pytest.mark.feature("L10")
@given(ADDRESSES)
def test_a_french_block_never_breaks_the_standard(address: Address) -> None:
    lines, refused = attempt(lambda: postal_lines("consignee", replace(address, country="FR"), "FR"))
    if lines is None:
        assert refused.startswith("consignee")
        return
    assert len(lines) <= 6
    assert all(0 < len(line) <= 38 for line in lines)
    assert lines[-1] == lines[-1].upper()


@pytest.mark.feature("L9", "L10")
@settings(max_examples=60, deadline=None)
@given(ADDRESSES, ADDRESSES, st.sampled_from(sorted(LABELS)), st.integers(1, 40))
def test_any_address_is_printed_whole_or_refused_by_name(
    consignee: Address, sender: Address, name: str, copies: int
) -> None:
    label = label_to(consignee, sender=sender, copy=copies, fragile=True)
    document, refused = attempt(lambda: paper.bytes_for(label, LABELS[name], "zpl"))
    if document is None:
        assert refused.partition(".")[0] in ("consignee", "sender")
        return
    assert printed(document).ssccs == (LABEL.sscc,)
    on_paper = fields(paper.drawing_of(label, LABELS[name]))
    for field, address in (("consignee", consignee), ("sender", sender)):
        wanted = postal_lines(field, address, sender.country)
        assert on_paper[field].text.split() == [word for line in wanted for word in line.split()]


@given(st.text(max_size=40))
def test_any_text_at_all_is_set_or_refused(text: str) -> None:
    shown, refused = attempt(lambda: printable("name", text))
    if shown is None:
        assert refused == "name"
        return
    assert "\n" not in shown
    assert shown == shown.strip(" ")


def test_the_french_post_is_where_the_standard_holds() -> None:
    assert {"FR", "RE", "GP", "MC"} <= FRENCH_POST
    assert "BE" not in FRENCH_POST
