"""Every protocol of serial scales: frames read, refused, and found again behind anything."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer, grams_of
from station.devices.scale_pattern import proven_quick
from station.devices.scale_reader import ScaleReader
from tests.station.devices.corpus import ScaleFrame, frames
from tests.station.devices.serial_scales import BY_NAME, SPOKEN, Spoken, bad_bytes
from tests.station.devices.watching import config

pytestmark = pytest.mark.feature("D5", "D6")

EXAMPLES = settings(max_examples=150, deadline=None)
CASES = [(spoken, frame) for spoken in SPOKEN for frame in frames(spoken.name, ScaleFrame)]
every_protocol = pytest.mark.parametrize("spoken", SPOKEN, ids=[spoken.name for spoken in SPOKEN])


def fed(reader: ScaleReader, data: bytes, at: list[int]) -> list[Answer]:
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in at)})
    return [answer for begin, end in itertools.pairwise(places) for answer in reader.feed(data[begin:end], 0)]


@pytest.mark.parametrize(("spoken", "frame"), CASES, ids=[f"{s.name} {f.raw}" for s, f in CASES])
def test_each_frame_says_what_a_person_reads_in_it(spoken: Spoken, frame: ScaleFrame) -> None:
    settings = {"unit": frame.unit} if frame.unit else {}
    reader = ScaleReader(spoken.config(**settings).protocol)  # type: ignore[union-attr]
    reader.feed(spoken.first, 0)
    answers = reader.feed(frame.sent, 0)
    if frame.other:
        assert answers == []
        return
    (answer,) = answers
    assert (answer.state, answer.grams) == (frame.state, frame.grams)
    assert frame.division_g in (None, answer.division_g)
    assert frame.note in answer.note
    assert bool(answer.note) == (answer.state is ScaleState.FAULT)


@every_protocol
@EXAMPLES
@given(st.data(), st.lists(st.integers(0, 400), max_size=8))
def test_no_bytes_raise_and_how_they_are_cut_does_not_matter(
    spoken: Spoken, data: st.DataObject, at: list[int]
) -> None:
    bad = data.draw(bad_bytes(spoken))
    assert fed(spoken.reader(), bad, at) == spoken.reader().feed(bad, 0)


@every_protocol
@EXAMPLES
@given(st.data(), st.integers(0, 14_000))
def test_an_answer_that_breaks_off_is_given_up_and_counts_as_a_fault(
    spoken: Spoken, data: st.DataObject, grams: int
) -> None:
    frame = spoken.frame(grams)
    reader = spoken.reader()
    assert reader.feed(frame[: data.draw(st.integers(2, len(frame.rstrip(b"\r\n")) - 1))], 0) == []
    given_up = reader.give_up()
    assert given_up is not None
    assert given_up.state is ScaleState.FAULT
    assert "half a frame" in given_up.note
    assert reader.give_up() is None
    answers = reader.feed(frame + frame, 0)
    assert (answers[-1].state, answers[-1].grams) == (ScaleState.STABLE, grams)


@EXAMPLES
@given(st.integers(-9_999_999, 9_999_999), st.integers(0, 3))
def test_a_written_number_is_read_exactly(thousandths: int, spaces: int) -> None:
    sign, whole = "-" if thousandths < 0 else "+", abs(thousandths)
    number = f"{sign}{' ' * spaces}{whole // 1000}.{whole % 1000:03d}"
    assert grams_of(number, "kg") == (thousandths, 1)
    assert grams_of(number, "g") == ((whole + 500) // 1000 * (-1 if thousandths < 0 else 1), 1)


def test_a_number_without_a_word_on_motion_is_a_weight_when_it_has_stood_still() -> None:
    reader = BY_NAME["adam"].reader()
    line = b"G     +  2.00 kg\r\n"
    states = [reader.feed(line, at)[0].state for at in (0, 400, 800, 1_200)]
    assert states == [ScaleState.MOTION] * 3 + [ScaleState.STABLE]
    assert reader.feed(b"G     +  2.01 kg\r\n", 1_300)[0].state is ScaleState.MOTION
    assert reader.feed(line, 9_000)[0].state is ScaleState.MOTION
    assert reader.feed(b"OL,GS,  kg\r\n", 9_100)[0].state is ScaleState.OVERLOAD
    assert reader.feed(line, 19_000)[0].state is ScaleState.MOTION


def test_one_late_line_after_a_silence_is_not_rest() -> None:
    reader = BY_NAME["adam"].reader()
    line = b"G     +  2.00 kg\r\n"
    times = (0, 400, 60_000, 60_400, 60_800)
    assert [reader.feed(line, at)[0].state for at in times] == [ScaleState.MOTION] * 5
    assert reader.feed(line, 61_200)[0].state is ScaleState.STABLE


def test_a_listener_that_joins_in_mid_frame_is_no_fault() -> None:
    reader = ScaleReader(BY_NAME["adam"].protocol)
    frame = b"ST,GS,   1.240kg\r\n"
    assert reader.feed(frame[3:], 0) == []
    assert [answer.grams for answer in reader.feed(frame, 0)] == [1240]
    assert [answer.state for answer in reader.feed(frame[3:], 0)] == [ScaleState.FAULT]


@pytest.mark.parametrize("name", ["sma", "nci", "adam"])
def test_a_net_weight_counts_only_when_the_station_itself_took_the_tare(name: str) -> None:
    frame = {
        "sma": b"\n 1N       1.240kg \r",
        "nci": b"\n   1.240kg\r\n0p4\r\x03",
        "adam": b"ST,NT,   1.240kg\r\n",
    }[name]
    reader = BY_NAME[name].reader()
    (answer,) = reader.feed(frame, 0)
    assert (answer.state, answer.grams) == (ScaleState.FAULT, None)
    assert "clear the tare" in answer.note
    reader.tared = True
    (answer,) = reader.feed(frame, 0)
    assert (answer.state, answer.grams, answer.net) == (ScaleState.STABLE, 1240, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pattern": "(?P<weight>[0-9"}, "pattern: unterminated character set"),
        ({"pattern": r"(?P<wieght>[\d.]+)"}, "nobody knows the group 'wieght': did you mean 'weight'?"),
        ({"pattern": r"[\d.]+", "unit": "kg"}, "name the number"),
        ({"pattern": r"(?P<weight>[\d.]+)"}, 'unit = "kg"'),
        ({"pattern": r"(?P<weight>[\d.]+)(?P<unit>kg)", "unit": "kg"}, "take one of them away"),
        ({"pattern": r"(?P<weight>[\d.]+)(?P<stable>S)?(?P<motion>M)?", "unit": "kg"}, "keep one"),
        ({"pattern": r"(?P<weight>[\d.]*)", "unit": "kg"}, "empty frame"),
        ({"pattern": r"(?P<weight>[\d.]+)", "unit": "kg", "ignore": "("}, "ignore: missing )"),
        ({"pattern": r"(?P<weight>( *\d+)+)", "unit": "kg"}, "pattern: a repeat within a repeat"),
        ({"pattern": r"(?P<weight>\d)(?:(x|-{1,})y?)*", "unit": "kg"}, "pattern: a repeat within a repeat"),
        ({"pattern": r"(?P<weight>\d)", "unit": "kg", "ignore": r"([A-Z]*,?)+"}, "ignore: a repeat within a repeat"),
        ({"pattern": r"(?P<weight>[\d.]+)", "unit": "stone"}, "Invalid enum value 'stone'"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_when_the_station_starts(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        config(driver="pattern_scale", path="/dev/serial0", **fields)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<weight>[+*]\d)*",
        r"(?P<weight>\(\+\d\))+",
        r"(?P<sign>[-+])? *(?P<weight>\d+(?:\.\d+)?)",
        r"(?:\d{2}:){2} (?P<weight>[]\d.+]+)",
        r"(?:[A-Z]+,)*(?P<weight>\d)(?:;\d+)*",
        r"(?:\d+\.)*(?P<weight>\d)",
    ],
)
def test_one_repeat_alone_is_no_repeat_within_a_repeat(pattern: str) -> None:
    proven_quick(pattern)


def test_a_pattern_may_read_a_comma_a_sign_and_skip_headings() -> None:
    settings = config(
        driver="pattern_scale",
        path="/dev/serial0",
        pattern=r"(?P<stable>S)? *(?P<sign>-)? *(?P<weight>\d+,\d+) *(?P<unit>\w+)",
        ignore=r"Poids.*",
    )
    reader = ScaleReader(settings.protocol)  # type: ignore[union-attr]
    assert reader.feed(b"9,999 kg\r\n", 0) == []  # its beginning is unknown
    assert reader.feed(b"Poids net\r\n", 0) == []
    answers = reader.feed(b"S 1,240 kg\r\n  1,250 kg\r\nS - 0,002 kg\r\n", 0)
    assert [(answer.state, answer.grams) for answer in answers] == [
        (ScaleState.STABLE, 1240),
        (ScaleState.MOTION, 1250),
        (ScaleState.STABLE, -2),
    ]


def test_the_pattern_in_the_documentation_works() -> None:
    text = (Path(__file__).parents[3] / "docs" / "devices.md").read_text()
    (device,) = tomllib.loads(
        next(block for block in text.split("```toml")[1:] if "pattern_scale" in block).split("```")[0]
    )["device"]
    reader = ScaleReader(config(**device).protocol)  # type: ignore[union-attr]
    reader.feed(b"\r\n", 0)
    answers = reader.feed(b"M 1.198 kg\r\n  1.240 kg\r\n", 0)
    assert [(answer.state, answer.grams) for answer in answers] == [
        (ScaleState.MOTION, 1198),
        (ScaleState.STABLE, 1240),
    ]
