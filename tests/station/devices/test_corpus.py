"""Every parser has frames of all three kinds, each fed to it; every parser and every driver is given anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import is_hypothesis_test

import station.devices
from station.devices.calibration_reading import readings_of_bytes, readings_of_keys
from station.devices.registry import DRIVERS
from tests.station.devices import (
    test_camera_frames,
    test_camera_hostility,
    test_office_printer_hostility,
    test_printer_hostility,
    test_scale_hostility,
    test_scanner_hostility,
    test_signals_hostility,
)
from tests.station.devices.corpus import FRAMES, OF, Kind, LineFrame, RecordsFrame, frames
from tests.station.devices.parsing import PARSERS
from tests.station.devices.serial_scales import SPOKEN

pytestmark = pytest.mark.feature("R4")

FED: Final = {module for parser in PARSERS for module in parser.modules}
"""Each module that makes something of what a device sent."""
NO_PARSERS: Final = {
    "camera_words": "reads tapes: tests/fuzz/corpus/tape, tape_played",
    "escpos_printer": "sends; what comes back goes to escpos_status",
    "evdev_scanner": "gives keys to keymap",
    "hid_pos_scanner": "gives reports to hid_pos_report",
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
    "scan_text": "judges what the scanners' parsers have read",
    "scrubbing": "reads with the scanners' own parsers",
    "serial_scanner": "gives bytes to scan_framing",
    "tap": "carries bytes",
    "tape": "reads tapes: tests/fuzz/corpus/tape",
    "v4l2_camera": "gives pictures to still and v4l2",
    "v4l2_node": "carries answers",
    "zpl_printer": "sends; what comes back goes to zebra_status",
}
"""Other modules that look like parsers, and why they need no frames."""


def reads(module: Path) -> bool:
    """Whether a function or method of it takes bytes, or makes a scan of anything."""
    functions = [
        node
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    taken = [argument.annotation for function in functions for argument in function.args.args]
    made = [function.returns for function in functions]
    return _names(taken, "bytes") or _names(made, "Outcome")


def _names(annotations: list[ast.expr | None], name: str) -> bool:
    return any(each is not None and name in ast.unparse(each) for each in annotations)


def test_every_module_that_reads_what_a_device_sent_is_fed_with_anything() -> None:
    """A new parser stands in `PARSERS` with its frames, or in `NO_PARSERS` with a reason."""
    found = {module.stem for module in Path(station.devices.__path__[0]).glob("*.py") if reads(module)}
    assert found == FED | NO_PARSERS.keys()
    assert not FED & NO_PARSERS.keys()


@pytest.mark.parametrize("name", sorted(OF.keys() - {"noise"}))
def test_every_parser_has_true_broken_and_hostile_frames(name: str) -> None:
    assert {frame.kind for frame in frames(name, OF[name])} == set(Kind)


def test_every_file_of_frames_belongs_to_a_parser() -> None:
    elsewhere = {"keys", "noise", "carrier_labels"}
    """Keys by their names, what whole lines have had, and what central is brought."""
    files = {file.stem for file in FRAMES.glob("*.toml")}
    assert files == OF.keys() == {parser.frames for parser in PARSERS} | elsewhere


def test_every_frame_is_fed_to_its_parser_by_a_test() -> None:
    """Each file is what a test is parametrized with, frame by frame."""
    tests = Path(__file__).parents[2]
    texts = "".join(path.read_text() for path in tests.glob("*/*/test_*.py"))
    fed = set(re.findall(r'parametrize\(\s*"frame", frames\("(\w+)"', texts))
    fed |= {"hid_descriptors"} if '"frame", DESCRIBED' in texts else set()
    fed |= {"carrier_labels"} if '"frame", BEGINNINGS' in texts else set()
    fed |= (
        {spoken.name for spoken in SPOKEN} if "for spoken in SPOKEN for frame in frames(spoken.name" in texts else set()
    )
    assert fed == OF.keys()


ON_THEIR_LINES: Final[list[tuple[Callable[..., None], Iterable[str]]]] = [
    (test_scanner_hostility.test_no_driver_ends_and_the_second_good_scan_is_read, test_scanner_hostility.HOSTILE),
    (
        test_scale_hostility.test_no_bytes_on_a_serial_line_end_the_driver_and_the_second_good_frame_is_the_weight_at_the_latest,
        [spoken.driver for spoken in SPOKEN],
    ),
    (test_scale_hostility.test_no_report_ends_the_driver_and_the_next_good_one_is_the_weight, ["hid_scale"]),
    (
        test_printer_hostility.test_no_answer_ends_a_driver_and_the_second_true_one_is_heard_at_the_latest,
        test_printer_hostility.WELL,
    ),
    (
        test_office_printer_hostility.test_whatever_it_answers_it_is_well_only_if_it_says_so_and_the_next_good_answer_counts,
        ["ipp_printer"],
    ),
    (
        test_signals_hostility.test_no_bytes_of_a_line_end_the_driver_or_press_a_button_and_the_second_press_is_heard,
        ["gpio_signals"],
    ),
    (test_camera_frames.test_a_webcam_that_lies_costs_its_picture_and_the_next_one_is_good, ["v4l2_camera"]),
    (
        test_camera_hostility.test_no_output_of_the_command_ends_the_driver_and_the_next_picture_is_good,
        ["rpicam_camera"],
    ),
]
"""Where each driver is given anything, over its own transport."""


def test_every_driver_is_given_anything_over_its_own_transport() -> None:
    """A new driver stands in one of these lists, or this fails."""
    assert sorted(driver for _, drivers in ON_THEIR_LINES for driver in drivers) == sorted(DRIVERS)
    assert all(is_hypothesis_test(test) for test, _ in ON_THEIR_LINES)


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
