"""Key presses to text, in the layouts that scanners imitate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.keymap import CapsLock, KeyReader
from station.devices.layouts import LAYOUTS, LayoutName
from station.devices.scan_text import LONGEST, NOT_TEXT, TOO_LONG, UNFINISHED, Scan
from tests.station.devices.corpus import KeysFrame, frames

pytestmark = pytest.mark.feature("D1")

# linux/input-event-codes.h
ROWS = {2: "1234567890", 16: "QWERTYUIOP", 30: "ASDFGHJKL", 44: "ZXCVBNM"}
CODES = {name: first + place for first, row in ROWS.items() for place, name in enumerate(row)}
CODES |= {"MINUS": 12, "EQUAL": 13, "LEFTBRACE": 26, "RIGHTBRACE": 27, "SEMICOLON": 39, "APOSTROPHE": 40}
CODES |= {"GRAVE": 41, "BACKSLASH": 43, "COMMA": 51, "DOT": 52, "SLASH": 53}
CODES |= {"102ND": 86, "SPACE": 57, "CAPSLOCK": 58, "F8": 66, "ENTER": 28, "KPENTER": 96, "TAB": 15}
CODES |= {"NUMLOCK": 69, "KP0": 82, "KP1": 79, "KP2": 80, "KP4": 75, "KP5": 76, "KP7": 71, "KP9": 73, "KPDOT": 83}
CODES |= {"ESC": 1, "F1": 59, "UP": 103, "DELETE": 111, "VOLUMEUP": 115}
CODES |= {"SHIFT": 42, "CTRL": 29, "ALT": 56, "RIGHTALT": 100}


def events(keys: str) -> Iterator[tuple[int, int]]:
    for stroke in keys.split():
        *held, last = stroke.split("+")
        for name in held:
            yield CODES[name], 1
        for name in last.split(","):
            yield CODES[name], 1
            yield CODES[name], 0
        for name in reversed(held):
            yield CODES[name], 0


def typed(reader: KeyReader, keys: str) -> list[object]:
    return [found for code, value in events(keys) if (found := reader.key(code, value)) is not None]


@pytest.mark.parametrize("frame", frames("keys", KeysFrame), ids=lambda frame: f"{frame.layout} {frame.keys[:40]}")
def test_each_layout_types_what_its_keyboard_types(frame: KeysFrame) -> None:
    reader = KeyReader(frame.layout)
    found = typed(reader, frame.keys + " ENTER")
    assert found == ([NOT_TEXT] if frame.refused else [Scan(frame.text)])
    assert typed(reader, "F1 KP1 ENTER") == [Scan("1")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_can_type_everything_that_a_bar_code_of_ascii_can_hold(layout: LayoutName) -> None:
    keys = LAYOUTS[layout]
    typeable = {char for key in keys.values() for char in key}
    combining = {"\u0302": "^", "\u0300": "`", "\u0303": "~"}
    assert {chr(code) for code in range(32, 127)} <= typeable | {combining.get(char, "") for char in typeable}


@pytest.mark.parametrize("end", ["ENTER", "KPENTER", "TAB"])
def test_three_keys_end_a_scan_and_an_end_without_a_scan_is_nothing(end: str) -> None:
    reader = KeyReader("us")
    assert typed(reader, f"{end} 4 2 {end} {end} 7 {end}") == [Scan("42"), Scan("7")]


def test_the_kernels_own_repeats_are_not_typed() -> None:
    reader = KeyReader("us")
    for value in (1, 2, 2, 2, 0):
        assert reader.key(CODES["4"], value) is None
    assert typed(reader, "ENTER") == [Scan("4")]


def test_a_pause_ends_a_scan_only_where_scanners_type_no_end() -> None:
    strict, lenient = KeyReader("us"), KeyReader("us", pause_ends=True)
    for reader in (strict, lenient):
        assert reader.pause() is None
        typed(reader, "4 2")
    assert strict.pause() == UNFINISHED
    assert lenient.pause() == Scan("42")
    assert typed(strict, "7 ENTER") == [Scan("7")]


def test_a_scan_with_missing_events_is_refused_and_the_next_one_is_whole() -> None:
    reader = KeyReader("us")
    typed(reader, "4 2")
    reader.lost()
    reader.start(frozenset((CODES["SHIFT"], CODES["4"])), False)
    assert typed(reader, "A ENTER") == [UNFINISHED]
    reader.key(CODES["SHIFT"], 0)
    assert typed(reader, "A 7 ENTER") == [Scan("a7")]


def test_keys_that_are_down_and_caps_lock_are_taken_from_the_kernel() -> None:
    reader = KeyReader("us")
    reader.start(frozenset((CODES["SHIFT"],)), True)
    assert typed(reader, "A 1") == []
    reader.key(CODES["SHIFT"], 0)
    assert typed(reader, "A ENTER") == [Scan("a!A")]


def test_other_function_keys_can_stand_for_gs() -> None:
    assert typed(KeyReader("us", gs_keys=("F9",)), "1 F8 2 ENTER") == [Scan("12")]


@pytest.mark.parametrize("end", ["CTRL+J", "CTRL+M", "ENTER CTRL+J"])
def test_cr_and_lf_typed_as_control_keys_end_a_scan(end: str) -> None:
    assert typed(KeyReader("us"), f"4 2 {end} 7 {end}") == [Scan("42"), Scan("7")]


@pytest.mark.parametrize(("caps_lock", "text"), [("lit", "aB"), ("on", "aB"), ("off", "Ab")])
def test_caps_lock_counts_as_the_scanner_sees_it(caps_lock: CapsLock, text: str) -> None:
    reader = KeyReader("us", caps_lock=caps_lock)
    reader.start(frozenset(), True)
    assert typed(reader, "SHIFT+A B ENTER") == [Scan(text)]


def test_a_scanner_that_says_gs_in_words_gives_gs() -> None:
    reader = KeyReader("us", gs_text="^]")
    assert typed(reader, "1 SHIFT+6 RIGHTBRACE 2 ENTER") == [Scan("1\x1d2")]


def test_a_modifier_that_was_never_released_costs_one_scan_at_the_most() -> None:
    reader = KeyReader("us")
    reader.key(CODES["SHIFT"], 1)
    typed(reader, "1 ENTER")
    assert typed(reader, "1 ENTER") == [Scan("1")]


def test_more_than_the_longest_scan_is_refused_whole() -> None:
    reader = KeyReader("us")
    assert typed(reader, "7 " * (LONGEST + 50) + "ENTER") == [TOO_LONG]
    assert typed(reader, "7 ENTER") == [Scan("7")]


@given(
    st.sampled_from(sorted(LAYOUTS)),
    st.lists(
        st.tuples(st.integers(0, 767) | st.sampled_from(sorted(CODES.values())), st.integers(-1, 3)), max_size=200
    ),
)
def test_no_keys_raise_and_after_any_the_next_scan_is_whole(layout: LayoutName, keys: list[tuple[int, int]]) -> None:
    reader = KeyReader(layout)
    for code, value in keys:
        found = reader.key(code, value)
        if isinstance(found, Scan):
            assert len(found.text) <= LONGEST
    reader.lost()
    reader.start(frozenset(), False)
    reader.pause()
    digit = "SHIFT+1" if layout in ("fr", "be") else "1"
    assert typed(reader, f"{digit} ENTER") == [Scan("1")]


def test_a_sign_by_alt_and_digits_that_never_came_spoils_its_scan() -> None:
    reader = KeyReader("us", pause_ends=True)
    assert typed(reader, "A") == []
    for code in (CODES["ALT"], CODES["KP7"]):
        reader.key(code, 1)
    assert reader.key(CODES["ENTER"], 1) is UNFINISHED
    for code in (CODES["ALT"], CODES["KP7"]):
        reader.key(code, 1)
    assert reader.pause() is UNFINISHED


def test_digits_without_end_beside_alt_cost_their_scan_and_no_memory() -> None:
    reader = KeyReader("us")
    typed(reader, f"1 ALT+{'KP4,' * 20_000}KP5 2")
    assert typed(reader, "ENTER 7 ENTER") == [NOT_TEXT, Scan("7")]
