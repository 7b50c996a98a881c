"""Addresses: what the post and the label do not take, said in both languages, with a form that they would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.orders.address import complaints, phone_complaint, proposal
from central.orders.model import Contact
from contract.values import Address
from labels.address import FRENCH_CHARACTERS, FRENCH_LINES, postal_lines

pytestmark = pytest.mark.feature("O2", "L10")
LONG = Address(
    "Jean-Christophe de La Rochefoucauld",
    (
        "Résidence les Jardins de la Fontaine, Bâtiment C",
        "Appartement 12 Escalier B 3ème Étage",
        "148 avenue du Général de Gaulle prolongée",
    ),
    "33000",
    "Bordeaux",
    "FR",
)


def test_a_french_address_that_does_not_fit_on_the_label_is_found_before_it_is_printed() -> None:
    (complaint,) = complaints(LONG)
    assert complaint.code == "address.layout"
    assert "6" in complaint.text
    assert "6 lignes de 38 caractères" in complaint.text_fr


def test_it_is_proposed_in_the_words_that_the_post_shortens() -> None:
    proposed = proposal(LONG)
    assert proposed is not None
    assert proposed.lines[0] == "RES les Jardins de la Fontaine, BAT C"
    assert (proposed.name, proposed.city) == (LONG.name, LONG.city)
    lines = postal_lines("ship_to", proposed, "FR")
    assert len(lines) <= FRENCH_LINES
    assert max(map(len, lines)) <= FRENCH_CHARACTERS


def test_lines_that_fit_together_are_put_together() -> None:
    many = Address(
        "A", ("Chez B", "Porte 3", "Hall 2", "1 rue X"), "75002", "Paris", "FR", company="Dupont et fils " * 3
    )
    assert complaints(many)
    proposed = proposal(many)
    assert proposed is not None
    assert proposed.lines == ("Chez B Porte 3 Hall 2", "1 rue X")


@pytest.mark.parametrize(
    "good",
    [
        replace(LONG, lines=("12 rue de la Paix",)),
        Address("A", ("1 X St",), "", "Dublin", "IE"),
        Address("A", ("14 Rue de la Gare",), "L-1611", "Luxembourg", "LU"),
        Address("A", ("Brīvības iela 1",), "LV-1010", "Rīga", "LV"),
    ],
)
def test_what_is_right_needs_no_proposal(good: Address) -> None:
    assert complaints(good) == ()
    assert proposal(good) is None


def test_of_two_addresses_in_one_town_each_is_judged_by_itself() -> None:
    good = replace(LONG, lines=("12 rue de la Paix",))
    for _ in range(2):
        assert complaints(good) == ()
        assert [each.code for each in complaints(replace(good, lines=()))] == ["address.street_address"]
        assert [each.code for each in complaints(replace(good, postcode="3300"))] == ["address.postal_code"]
        assert "'3300' does not exist" in complaints(replace(good, postcode="3300"))[0].text


@pytest.mark.parametrize("postcode", ["L-16", "L-L-16"])
def test_a_refused_postcode_is_shown_as_it_was_written(postcode: str) -> None:
    (complaint,) = complaints(Address("A", ("14 Rue de la Gare",), postcode, "Luxembourg", "LU"))
    assert repr(postcode) in complaint.text


def test_what_nobody_can_mend_has_no_proposal() -> None:
    assert proposal(replace(LONG, postcode="999")) is None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("abcé ,avenue"), min_size=1, max_size=60), min_size=1, max_size=4),
    st.text("ab ", max_size=50),
)
def test_every_proposal_is_good(lines: list[str], company: str) -> None:
    written = Address("A B", tuple(lines), "75002", "Paris", "FR", company=company)
    proposed = proposal(written)
    assert proposed is None or complaints(proposed) == ()


@pytest.mark.parametrize(
    ("phone", "country", "good"),
    [
        ("", "FR", True),
        ("01 42 60 00 00", "FR", True),
        ("+33 6 12 34 56 78", "DE", True),
        ("12", "FR", False),
        ("call me", "FR", False),
    ],
)
def test_a_phone_number_is_one_that_can_be_called(phone: str, country: str, good: bool) -> None:
    assert (phone_complaint(Contact(phone=phone), country) is None) is good
