"""Scanners that are no longer set as they were, noticed from what they read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.keys import check_digit
from station.devices.key_events import EV_KEY, events_in
from station.devices.keymap import KeyReader
from station.devices.layouts import LAYOUTS, LayoutName
from station.devices.ports import ScannedText
from station.devices.scan_drift import Advice, Drift
from station.devices.scan_text import Scan
from station.devices.simulated.scanners import typed_records

pytestmark = pytest.mark.feature("D2")


def gtins(count: int) -> list[str]:
    bodies = [f"{400638133393 + 7919 * number}" for number in range(count)]
    return [body + check_digit(body) for body in bodies]


def last(drift: Drift, texts: list[str]) -> Advice | None:
    said = None
    for text in texts:
        said = drift.saw(ScannedText(text, "it", 0))
    return said


def read_as(text: str, scanner: LayoutName, station: LayoutName) -> str:
    reader, read = KeyReader(station), ""
    for kind, code, value in events_in(typed_records(text, scanner)):
        if kind == EV_KEY and isinstance(found := reader.key(code, value), Scan):
            read = found.text
    return read


@pytest.mark.parametrize("station", LAYOUTS)
@pytest.mark.parametrize("scanner", ["us", "fr"])
def test_a_scanner_that_fell_back_to_another_layout_is_named(scanner: LayoutName, station: LayoutName) -> None:
    texts = [read_as(text, scanner, station) for text in gtins(4)]
    said = last(Drift(station), texts)
    if texts == gtins(4):
        assert said is None
    else:
        assert said is not None
        assert ("AZERTY" in said.text) == (scanner == "fr")
        assert "packline-station calibrate" in said.text
        assert said.text_fr != said.text


def test_good_codes_and_codes_that_prove_nothing_say_nothing() -> None:
    assert last(Drift("us"), [*gtins(30), *["ORDER-123", "SKU 7", "https://example.org/01/1"] * 20]) is None


def test_misreads_are_told_and_order_numbers_are_not() -> None:
    wrong = [text[:-1] + str((int(text[-1]) + 1) % 10) for text in gtins(4)]
    said = last(Drift("us"), [*gtins(4) * 3, *wrong])
    assert said is not None
    assert "check digit" in said.text
    orders = [str(number) for number in range(10_012_300, 10_012_340)]
    assert last(Drift("us"), [code for pair in zip(orders, gtins(40), strict=True) for code in pair]) is None
    assert last(Drift("us"), orders) is None


@pytest.mark.parametrize(
    ("aim", "texts", "says"),
    [
        (True, gtins(3), "without the AIM identifier"),
        (False, [f"]E0{text}" for text in gtins(3)], "did not send when calibrated"),
        (None, ["pk-confirm", "badge-7", "pk-undo"], "small letters"),
        (None, ["]C10104006381333931" + "10LOT0123456789ABCDEF" + "21SER"] * 3, "separators"),
    ],
)
def test_a_prefix_a_case_or_separators_that_changed_are_told(aim: bool | None, texts: list[str], says: str) -> None:
    said = last(Drift("us", aim), texts)
    assert said is not None
    assert says in said.text


def test_what_is_mended_is_forgotten() -> None:
    drift = Drift("us")
    assert last(drift, ["pk-confirm"] * 3) is not None
    assert last(drift, gtins(10)) is None


@settings(max_examples=60)
@given(st.sampled_from([None, *LAYOUTS]), st.lists(st.text(max_size=40), max_size=15))
def test_no_text_raises(layout: LayoutName | None, texts: list[str]) -> None:
    last(Drift(layout, True), texts)
