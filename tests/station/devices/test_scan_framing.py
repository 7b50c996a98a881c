"""Cutting a serial scanner's bytes into scans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.scan_framing import ScanFramer
from station.devices.scan_text import LONGEST, NOT_TEXT, TOO_LONG, UNFINISHED, Refusal, Scan
from tests.station.devices.corpus import LineFrame, frames

pytestmark = pytest.mark.feature("D3")

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.just("\x1d"), min_size=1, max_size=60)


@pytest.mark.parametrize("frame", frames("scan_lines", LineFrame), ids=lambda frame: frame.sent[:30])
def test_each_line_says_what_a_person_reads_in_it(frame: LineFrame) -> None:
    framer = ScanFramer()
    found = framer.feed(frame.data)
    if frame.pause:
        found += filter(None, [framer.pause()])
    assert [outcome.text for outcome in found if isinstance(outcome, Scan)] == frame.scans
    assert sum(isinstance(outcome, Refusal) for outcome in found) == frame.refused
    assert framer.feed(b"BOX-1\r") == [Scan("BOX-1")]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t", b"\x03"])
def test_every_usual_end_ends_one_scan(end: bytes) -> None:
    framer = ScanFramer()
    assert framer.feed(b"4006381333931" + end + b"BADGE-7" + end) == [Scan("4006381333931"), Scan("BADGE-7")]
    assert framer.pause() is None


def test_aim_identifier_and_gs_are_kept_and_stx_is_dropped() -> None:
    framer = ScanFramer()
    assert framer.feed(b"\x02]C1010400638133393110AB\x1d17271231\x03") == [Scan("]C1010400638133393110AB\x1d17271231")]


def test_text_beyond_ascii_is_read_as_utf_8() -> None:
    assert ScanFramer().feed("Café Σ\r".encode()) == [Scan("Café Σ")]


@given(st.lists(TEXT, min_size=1, max_size=5), st.lists(st.integers(1, 20), min_size=1))
def test_scans_come_out_as_they_were_sent_however_the_line_cuts_them(texts: list[str], sizes: list[int]) -> None:
    data = "".join(text + "\r" for text in texts).encode()
    framer, found, place = ScanFramer(), [], 0
    for size in sizes * len(data):
        found += framer.feed(data[place : place + size])
        place += size
    assert found == [Scan(text) for text in texts]


@given(st.binary(max_size=1500), TEXT)
def test_after_anything_and_a_pause_the_next_scan_is_whole(garbage: bytes, text: str) -> None:
    framer = ScanFramer()
    framer.feed(garbage)
    framer.pause()
    assert framer.feed(text.encode() + b"\r") == [Scan(text)]


@given(st.binary(max_size=1500), TEXT)
def test_without_a_pause_garbage_costs_one_scan_at_the_most(garbage: bytes, text: str) -> None:
    framer = ScanFramer()
    framer.feed(garbage)
    framer.feed(b"4006381333931\r")
    assert framer.feed(text.encode() + b"\r") == [Scan(text)]


@given(st.binary(max_size=1500))
def test_no_scan_holds_what_was_not_sent(garbage: bytes) -> None:
    framer = ScanFramer(pause_ends=True)
    for found in [*framer.feed(garbage), framer.pause()]:
        if isinstance(found, Scan):
            assert found.text.encode() in garbage


@pytest.mark.parametrize("garbage", [b"\x00\xff\x80", b"40063\x0081", b"\xc3("])
def test_binary_garbage_is_refused(garbage: bytes) -> None:
    assert ScanFramer().feed(garbage + b"\r") == [NOT_TEXT]


def test_more_than_the_longest_scan_is_refused_whole() -> None:
    framer = ScanFramer()
    assert framer.feed(b"7" * (LONGEST + 1)) == []
    assert framer.feed(b"7" * 10_000 + b"\r") == [TOO_LONG]
    assert framer.feed(b"7" * LONGEST + b"\r") == [Scan("7" * LONGEST)]


def test_half_a_scan_is_refused_unless_pauses_end_scans() -> None:
    strict, lenient = ScanFramer(), ScanFramer(pause_ends=True)
    assert strict.feed(b"40063") == lenient.feed(b"40063") == []
    assert strict.pause() == UNFINISHED
    assert lenient.pause() == Scan("40063")
