"""Both languages say everything, and values read as people write them."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from central.documents.model import TITLES
from central.office import happenings, refusals, shown
from central.office.marks import MARKS
from central.office.navigation import GROUPS
from central.office.pages import order_list, parcels, payments, queue
from central.office.words import FRENCH, said
from central.tracking import customer

TEMPLATES = Path(shown.__file__).parent / "templates"
PARIS = ZoneInfo("Europe/Paris")
THIN, FIXED = "\u202f", "\u00a0"


def spoken() -> set[str]:
    """Every text that a template or a table of words says."""
    words = {mark.words for mark in MARKS.values()} | set(happenings.REASONS.values()) | set(happenings.KINDS.values())
    words |= {told[1] for told in happenings.TOLD.values()} | set(refusals._TITLES.values())
    words |= {group.words for group in GROUPS} | {link.words for group in GROUPS for link in group.links}
    words |= set(payments._KINDS.values())
    words |= set(parcels.DOING.values())
    words |= set(TITLES.values())
    words |= (
        set(order_list._DOING.values())
        | set(order_list._SIDES.values())
        | set(queue._PART_WORDS.values())
        | set(queue._DUE_WORDS.values())
    )
    words |= set(customer._HEADLINES.values()) | {step[1] for step in customer._STEPS}
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text()
        words |= {double or single for double, single in re.findall(r"""\bt\((?:"([^"]+)"|'([^']+)')""", text)}
    return words


def test_everything_said_in_english_is_said_in_french() -> None:
    assert sorted(spoken() - FRENCH.keys()) == []


def test_french_keeps_the_places_of_the_values() -> None:
    for english, french in FRENCH.items():
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", french)), english


def test_words_without_french_stay_as_they_are() -> None:
    assert said("tea for {count}", "fr", count=2) == "tea for 2"


@pytest.mark.parametrize(
    ("at", "language", "text"),
    [
        (1_777_878_720_000, "en", "09:12"),
        (1_777_792_320_000, "en", f"3{FIXED}May 09:12"),
        (1_777_792_320_000, "fr", f"3{FIXED}mai 09:12"),
        (1_735_689_600_000, "fr", f"1{FIXED}janv. 2025"),
    ],
)
def test_times_are_short_and_in_the_sites_zone(at: int, language: str, text: str) -> None:
    assert shown.short_time(at, 1_777_890_000_000, PARIS, language) == text  # type: ignore[arg-type]


def test_the_exact_time_names_its_zone() -> None:
    assert shown.exact_time(1_777_878_720_000, PARIS) == "2026-05-04 09:12:00 CEST"


def test_numbers_have_units_and_groups() -> None:
    assert (shown.grams(1240, "en"), shown.grams(1240, "fr")) == (f"1,240{FIXED}g", f"1{THIN}240{FIXED}g")
    assert (shown.grams(None, "en"), shown.pieces(0, "en")) == ("–", "–")
    assert (shown.money(123456, "EUR", "en"), shown.money(123456, "EUR", "fr")) == (
        "€1,234.56",
        f"1{THIN}234,56{FIXED}€",
    )
    assert (shown.money(5, "CHF", "en"), shown.money(-5, "EUR", "fr")) == (f"CHF{FIXED}0.05", f"−0,05{FIXED}€")
