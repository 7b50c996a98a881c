"""From two scans of the sheet to a scanner's settings, for every way in which scanners type."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices.calibrated import BadCalibrations, calibrated, read_calibrations, write_calibrations
from station.devices.calibration import FIRST, SECOND, THIRD, Calibration, Finding, Next, infer
from station.devices.calibration_reading import readings_of_bytes, readings_of_keys
from station.devices.calibration_words import ask, found, remarks
from station.devices.key_events import EV_KEY, EV_LED, LED_CAPS, RECORD
from station.devices.layouts import LAYOUTS, LayoutName
from station.devices.simulated.scanners import typed_records
from tests.station.devices.watching import config

pytestmark = pytest.mark.feature("D2")

LIT = RECORD.pack(0, 0, EV_LED, LED_CAPS, 1)


def by_keys(*texts: str, layout: LayoutName = "us", before: bytes = b"", **how: Any) -> Finding:
    return infer([readings_of_keys(before + typed_records(text, layout, **how)) for text in texts])


def by_bytes(*scans: bytes) -> Finding:
    return infer([readings_of_bytes(scan) for scan in scans])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("end", ["enter", "keypad_enter", "tab", "none"])
@pytest.mark.parametrize(("gs", "manner"), [("ctrl_bracket", "kept"), ("f8", "key"), ("alt_029", "kept")])
@pytest.mark.parametrize("aim", [False, True])
def test_two_scans_tell_layout_end_gs_and_aim(layout: LayoutName, end: Any, gs: Any, manner: str, aim: bool) -> None:
    first, second = (f"]C0{FIRST}", f"]C1{SECOND}") if aim else (FIRST, SECOND)
    told = by_keys(first, second, layout=layout, end=end, gs=gs)
    assert told == Calibration(
        layout=layout,
        end=end,
        aim=aim,
        gs=manner,
        gs_keys=("F8",) if manner == "key" else (),  # type: ignore[arg-type]
    )
    assert by_keys(second, first, layout=layout, end=end, gs=gs) == told


@pytest.mark.parametrize("before", [b"", LIT])
@pytest.mark.parametrize("swapped", [False, True])
def test_caps_lock_is_found(before: bytes, swapped: bool) -> None:
    texts = [text.swapcase() if swapped else text for text in (FIRST, SECOND)]
    told = by_keys(*texts, before=before)
    assert isinstance(told, Calibration)
    assert (
        told.caps_lock
        == {(False, False): "lit", (False, True): "on", (True, False): "off", (True, True): "lit"}[
            bool(before), swapped
        ]
    )


@pytest.mark.parametrize(
    ("sent", "gs", "text"),
    [("", "lost", ""), ("|", "text", "|"), ("<GS>", "text", "<GS>"), ("^]", "text", "^]"), ("029", "lost", "")],
)
def test_what_comes_in_the_place_of_gs_is_found(sent: str, gs: str, text: str) -> None:
    told = by_keys(FIRST, SECOND.replace("\x1d", sent))
    assert isinstance(told, Calibration)
    assert (told.gs, told.gs_text) == (gs, text)
    assert any("GS" in said.en for said in remarks(told)) == (gs == "lost")


@pytest.mark.parametrize(
    ("end", "name"),
    [(b"\r", "cr"), (b"\n", "lf"), (b"\r\n", "cr_lf"), (b"\x03", "etx"), (b"\t", "tab"), (b"", "none")],
)
def test_a_serial_scanner_is_calibrated_alike(end: bytes, name: Any) -> None:
    told = by_bytes(b"\x02]C0" + FIRST.encode() + end, b"\x02]C1" + SECOND.encode() + end)
    assert told == Calibration(layout=None, end=name, aim=True, gs="kept")


def alt_coded(text: str) -> bytes:
    """As scanners type in ALT mode: each sign by its number on the keypad."""
    keypad = dict(zip("0123456789", (82, 79, 80, 81, 75, 76, 77, 71, 72, 73), strict=True))

    def events() -> Iterator[tuple[int, int]]:
        for char in text:
            yield 56, 1
            for digit in f"{ord(char):03d}":
                yield keypad[digit], 1
                yield keypad[digit], 0
            yield 56, 0
        yield 28, 1

    return b"".join(RECORD.pack(0, 0, EV_KEY, code, value) for code, value in events())


def test_a_scanner_that_types_alt_codes_needs_no_layout() -> None:
    told = infer([readings_of_keys(alt_coded(text)) for text in (FIRST, SECOND)])
    assert isinstance(told, Calibration)
    assert (told.layout, told.gs) == ("us", "kept")


@pytest.mark.parametrize("layout", ["us", "uk", "de", "es", "it"])
def test_when_altgr_is_lost_a_third_code_decides(layout: LayoutName) -> None:
    poor = FIRST.replace("@", "")
    told = by_keys(poor, SECOND, layout=layout)
    assert told == Next(3)
    told = by_keys(poor, SECOND, THIRD, layout=layout)
    assert isinstance(told, Calibration)
    assert (told.layout, told.altgr_lost) == (layout, True)
    assert "@" in remarks(told)[0].en


@pytest.mark.parametrize(
    ("texts", "code", "says"),
    [
        ((), 1, "Scan code 1"),
        ((FIRST,), 2, "Scan code 2"),
        ((SECOND,), 1, "Scan code 1"),
        (("4006381333931",), 1, "no code of the calibration sheet"),
        ((FIRST, "4006381333931"), 2, "no code of the calibration sheet"),
        ((FIRST.upper(),), 1, "changes capitals"),
        (("##" + FIRST + "!",), 1, "adds '##' … '!'"),
        (("]C0" + FIRST, SECOND), 2, "AIM identifier, the other without"),
    ],
)
def test_what_is_not_clear_says_what_to_scan_next_and_why(texts: tuple[str, ...], code: int, says: str) -> None:
    told = by_keys(*texts)
    assert isinstance(told, Next)
    assert told.code == code
    assert says in ask(told).en
    assert ask(told).fr != ask(told).en


def test_two_codes_that_end_differently_or_come_at_once_are_asked_for_again() -> None:
    told = infer(
        [readings_of_keys(typed_records(FIRST, "us")), readings_of_keys(typed_records(SECOND, "us", end="tab"))]
    )
    assert told == Next(2, told.trouble, told.trouble_fr)  # type: ignore[union-attr]
    assert "ended in different ways" in ask(told).en
    both = typed_records(FIRST, "us") + typed_records(SECOND, "us")
    assert "not one scan" in ask(infer([readings_of_keys(both)])).en  # type: ignore[arg-type]


def test_after_a_mistake_the_right_code_is_taken() -> None:
    assert isinstance(by_keys("4006381333931", FIRST, "rubbish", SECOND, layout="de"), Calibration)


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=120), max_size=4))
def test_nothing_that_arrives_raises_or_calibrates(scans: list[bytes]) -> None:
    assert isinstance(infer([readings_of_bytes(scan) for scan in scans]), Next)
    assert isinstance(infer([readings_of_keys(scan) for scan in scans]), Next)


def test_a_calibration_is_kept_and_laid_over_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "state" / "calibration.json"
    assert read_calibrations(path) == {}
    keys = Calibration(layout="fr", end="none", aim=True, gs="key", gs_keys=("F9",), caps_lock="on", at=7)
    line = Calibration(layout=None, end="cr", aim=False, gs="text", gs_text="|")
    write_calibrations(path, {"left": keys, "right": line})
    assert read_calibrations(path) == {"left": keys, "right": line}
    scanner: Any = calibrated(config(driver="evdev_scanner", path="/dev/scanner"), keys)
    assert (scanner.layout, scanner.ends_by, scanner.gs_keys, scanner.caps_lock, scanner.aim) == (
        "fr", "pause", ("F9",), "on", True,
    )  # fmt: skip
    serial: Any = calibrated(config(driver="serial_scanner", path="/dev/scanner"), line)
    assert (serial.ends_by, serial.gs_text, serial.aim) == ("sign", "|", False)
    assert calibrated(serial, keys) == serial
    assert calibrated(serial, None) == serial
    path.write_text('{"version": 1, "scanners": {"left": {"layout": "xx"}}}')
    with pytest.raises(BadCalibrations, match=r"calibration\.json: .*Delete it and calibrate"):
        read_calibrations(path)


def test_what_was_found_is_said_in_both_languages() -> None:
    said = found(Calibration(layout="fr", end="enter", aim=True, gs="key", gs_keys=("F8",)))
    assert said.en == "French (AZERTY) keyboard; codes end with Enter; AIM identifier sent; GS typed as F8."
    assert "disposition française" in said.fr
