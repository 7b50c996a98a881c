"""Every parser of the devices has frames of all three kinds, and every frame is fed to its parser."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import station.devices
from station.devices.calibration_reading import readings_of_bytes, readings_of_keys
from tests.station.devices.corpus import FRAMES, OF, Kind, LineFrame, RecordsFrame, frames

pytestmark = pytest.mark.feature("R4")

_SCALES: Final = ("adam", "nci", "pattern", "sics", "sma", "toledo")
PARSERS: Final = {
    "adam": ("adam",),
    "calibration_reading": ("scan_lines", "evdev"),
    "epl2_printer": ("epl2",),
    "escpos_status": ("escpos",),
    "gpio_chip": ("gpio",),
    "hid_descriptor": ("hid_descriptors",),
    "hid_pos_report": ("hid_pos",),
    "hid_report": ("hid",),
    "hid_usages": ("hid_descriptors",),
    "ipp": ("ipp",),
    "jpeg": ("jpeg",),
    "key_events": ("evdev",),
    "keymap": ("keys", "evdev"),
    "nci": ("nci",),
    "rpicam": ("rpicam",),
    "scale_framing": _SCALES,
    "scale_pattern": ("pattern",),
    "scale_reader": _SCALES,
    "scan_framing": ("scan_lines",),
    "sics": ("sics",),
    "sma": ("sma",),
    "still": ("jpeg",),
    "toledo": ("toledo",),
    "tspl_printer": ("tspl",),
    "v4l2": ("v4l2", "yuyv"),
    "zebra_status": ("zebra",),
}
"""Each module that makes something of what a device sent, and its frames."""
NO_PARSERS: Final = {
    "camera_words": "reads tapes: tests/fuzz/corpus/tape, tape_played",
    "escpos_printer": "sends; what comes back goes to escpos_status",
    "hid_scale": "gives reports to hid_report",
    "ipp_printer": "gives answers to ipp",
    "ipp_scrubbing": "walks with ipp",
    "keeper": "passes documents on",
    "line": "carries bytes",
    "line_levels": "reads tapes: tests/fuzz/corpus/tape_played",
    "line_printer": "says what a reader of answers is",
    "pattern_scale": "holds the settings of scale_pattern",
    "ports": "says what a driver is",
    "rpicam_camera": "gives pictures to still, words to rpicam",
    "scale_answer": "makes answers of what the protocols have read",
    "scrubbing": "reads with the scanners' own parsers",
    "tap": "carries bytes",
    "tape": "reads tapes: tests/fuzz/corpus/tape",
    "v4l2_camera": "gives pictures to still and v4l2",
    "v4l2_node": "carries answers",
    "zpl_printer": "sends; what comes back goes to zebra_status",
}
"""Other modules with a function that takes bytes, and why they need no frames."""


def takes_bytes(module: Path) -> bool:
    """Whether a function or method of it has a parameter of bytes."""
    functions = [
        node
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    said = [argument.annotation for function in functions for argument in function.args.args]
    return any(annotation is not None and "bytes" in ast.unparse(annotation) for annotation in said)


def test_every_module_that_reads_what_a_device_sent_has_frames() -> None:
    """A new parser stands in `PARSERS` with its frames, or in `NO_PARSERS` with a reason."""
    modules = Path(station.devices.__path__[0]).glob("*.py")
    found = {module.stem for module in modules if takes_bytes(module)} | {
        "keymap"
    }  # which is given keys by their numbers
    assert found == PARSERS.keys() | NO_PARSERS.keys()
    assert not PARSERS.keys() & NO_PARSERS.keys()


@pytest.mark.parametrize("parser", PARSERS)
def test_every_parser_has_true_broken_and_hostile_frames(parser: str) -> None:
    for name in PARSERS[parser]:
        assert {frame.kind for frame in frames(name, OF[name])} == set(Kind), name


def test_every_file_of_frames_belongs_to_a_parser() -> None:
    of_lines_and_of_central = {"noise", "carrier_labels"}
    files = {file.stem for file in FRAMES.glob("*.toml")}
    assert files == OF.keys() == {name for names in PARSERS.values() for name in names} | of_lines_and_of_central


def test_every_frame_is_fed_to_its_parser_by_a_test() -> None:
    """Each file is what a test is parametrized with, frame by frame."""
    tests = Path(__file__).parents[2]
    texts = "".join(path.read_text() for path in tests.glob("*/*/test_*.py"))
    fed = set(re.findall(r'parametrize\(\s*"frame", frames\("(\w+)"', texts))
    fed |= {"hid_descriptors"} if '"frame", DESCRIBED' in texts else set()
    fed |= {"carrier_labels"} if '"frame", BEGINNINGS' in texts else set()
    fed |= set(_SCALES) if "for spoken in SPOKEN for frame in frames(spoken.name" in texts else set()
    assert fed == OF.keys()


@pytest.mark.parametrize(
    "frame", [*frames("scan_lines", LineFrame), *frames("evdev", RecordsFrame)], ids=lambda frame: frame.kind
)
def test_a_scan_of_calibration_is_read_from_one_scan_and_from_nothing_else(frame: LineFrame | RecordsFrame) -> None:
    if isinstance(frame, LineFrame):
        readings = readings_of_bytes(frame.data)
    else:
        readings = readings_of_keys(b"".join(bytes.fromhex(records) for records in frame.records))
    if len(frame.scans) == 1 and not frame.refused and frame.kind is Kind.TRUE:
        assert any(reading.text == frame.scans[0] for reading in readings)


@given(st.binary(max_size=400))
def test_calibration_reads_no_scan_that_was_not_sent(noise: bytes) -> None:
    assert all(reading.text.encode() in noise for reading in readings_of_bytes(noise))
    assert all(len(reading.text) <= len(noise) for reading in readings_of_keys(noise))
