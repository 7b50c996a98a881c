"""Whatever comes, however it is cut: no scanner parser raises, invents a scan, or costs more than one good scan."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices.hid_pos_report import ReportReader
from station.devices.key_events import EV_KEY, EV_SYN, RECORD, SYN_DROPPED, SYN_REPORT, events_in
from station.devices.keymap import KeyReader
from station.devices.ports import Health
from station.devices.scan_framing import ScanFramer
from station.devices.scan_text import LONGEST, Outcome, Scan
from station.devices.simulated import SimulatedHidPosScanner, SimulatedKeyboardScanner, SimulatedSerialScanner
from station.devices.simulated.scanners import pos_reports
from tests.station.devices.corpus import RecordsFrame, frames
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D1", "D3", "R4")

GOOD = "4006381333931"
_ALT, _F8, _RIGHT_BRACE = 56, 66, 27
CODES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30)
BYTES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from([b"\r", b"\n", b"\x02", b"\x03", b"]C1", b"400638", b"\x1d", b"\xc3", b"\x00"]))
    .map(b"".join),
)  # fmt: skip
KEYS = st.lists(
    st.tuples(st.integers(0, 767) | st.sampled_from([2, 3, 28, 29, 42, 54, 56, 58, 79, 96, 100]), st.integers(-1, 3)),
    max_size=120,
)
REPORTS = st.lists(
    st.one_of(
        st.binary(max_size=80),
        st.builds(
            lambda head, rest: bytes((2, head)) + rest.ljust(62, b"\0")[:62],
            st.integers(0, 255),
            st.binary(max_size=62),
        ),
    ),
    max_size=12,
)


class Fed(NamedTuple):
    """One parser: what it was given, what it said, and how to give it a good scan."""

    give: Callable[[Any], list[Outcome]]
    pause: Callable[[], Outcome | None]
    good: Callable[[str], list[Outcome]]


def serial(pause_ends: bool) -> Fed:
    framer = ScanFramer(pause_ends=pause_ends)
    return Fed(framer.feed, framer.pause, lambda text: framer.feed(text.encode() + b"\r"))


def pos(_: bool) -> Fed:
    reader = ReportReader()

    def feed(reports: Any) -> list[Outcome]:
        return [found for report in reports if (found := reader.feed(report)) is not None]

    return Fed(feed, reader.pause, lambda text: feed(pos_reports("", text.encode())))


def keys(pause_ends: bool) -> Fed:
    reader = KeyReader("us", pause_ends=pause_ends)
    digits = dict(zip("1234567890", range(2, 12), strict=True))

    def feed(events: Any) -> list[Outcome]:
        return [found for code, value in events if (found := reader.key(code, value)) is not None]

    def rest() -> Outcome | None:
        found = reader.pause()
        reader.start(frozenset(), False)
        return found

    def good(text: str) -> list[Outcome]:
        return feed([(code, value) for code in (*(digits[char] for char in text), 28) for value in (1, 0)])

    return Fed(feed, rest, good)


PARSERS = [(serial, BYTES), (pos, REPORTS), (keys, KEYS)]


@pytest.mark.parametrize(("make", "anything"), PARSERS, ids=["serial", "hid_pos", "keys"])
@settings(max_examples=60)
@given(data=st.data(), pause_ends=st.booleans())
def test_after_anything_and_a_pause_the_next_scan_is_whole(
    make: Callable[[bool], Fed], anything: st.SearchStrategy[Any], data: st.DataObject, pause_ends: bool
) -> None:
    parser = make(pause_ends)
    found = parser.give(data.draw(anything))
    ended = parser.pause()
    for outcome in [*found, *([ended] if ended else [])]:
        assert not isinstance(outcome, Scan) or 0 < len(outcome.text) <= LONGEST
    assert parser.good(GOOD) == [Scan(GOOD)]


@settings(max_examples=60)
@given(BYTES, st.lists(st.integers(1, 40), min_size=1))
def test_no_serial_scan_was_not_sent_and_cuts_change_nothing(sent: bytes, cuts: list[int]) -> None:
    whole, cut = ScanFramer(), ScanFramer()
    found, place = [], 0
    for size in cuts * (len(sent) + 1):
        found += cut.feed(sent[place : place + size])
        place += size
    assert found == whole.feed(sent)
    assert all(outcome.text.encode() in sent for outcome in found if isinstance(outcome, Scan))


@pytest.mark.parametrize("frame", frames("evdev", RecordsFrame), ids=lambda frame: frame.what)
async def test_each_record_of_the_kernel_is_a_key_of_a_scan_or_nothing(tmp_path: Path, frame: RecordsFrame) -> None:
    watcher = Watcher()
    device = config(driver="evdev_scanner", path=str(tmp_path / "scanner"), pause_s=0.02)
    async with SimulatedKeyboardScanner(tmp_path / "scanner") as twin, kept(device, watcher) as keeper:
        await watcher.health(Health.OK)
        for records in frame.records:
            twin.send(bytes.fromhex(records))
        await watcher.until(lambda: (watcher.texts, keeper.refused) == (frame.scans, frame.refused))
        await asyncio.sleep(0.05)  # packers do not scan within a pause
        twin.scan("BOX-1")
        await watcher.until(lambda: watcher.texts == [*frame.scans, "BOX-1"])
        assert keeper.refused == frame.refused
        assert Health.LOST not in watcher.healths


@settings(max_examples=100)
@given(st.binary(max_size=300), st.lists(st.sampled_from(frames("evdev", RecordsFrame)), max_size=2))
def test_no_records_raise_and_each_whole_one_is_one_event(noise: bytes, sent: list[RecordsFrame]) -> None:
    data = b"".join(bytes.fromhex(each) for frame in sent for each in frame.records) + noise
    events = events_in(data)
    assert len(events) == len(data) // RECORD.size
    assert [RECORD.unpack_from(data, RECORD.size * place)[2:] for place in range(len(events))] == events


HOSTILE: dict[str, list[bytes]] = {
    "serial_scanner": [b"\x00" * 300, b"\xff\r\xfe\r", b"9" * 5000 + b"\r", b"\x02\x02\x02", b"]C1\r\x03\n", b"\xc3\r"],
    "hid_pos_scanner": [b"\x02", b"\x02" + b"\xff" * 63, b"\x00" * 64, b"\x02\x05]C0" + b"\xff" * 59, b"\x02" * 4000],
    "evdev_scanner": [
        b"x",
        b"\xff" * 71,
        RECORD.pack(0, 0, EV_SYN, SYN_DROPPED, 0),
        RECORD.pack(2**60, -5, 99, 65535, -(2**31)),
        RECORD.pack(0, 0, EV_SYN, SYN_REPORT, 0),
        b"".join(RECORD.pack(0, 0, EV_KEY, code, 1) for code in range(140)),
    ],
}
TWINS: dict[str, Any] = {
    "serial_scanner": SimulatedSerialScanner,
    "hid_pos_scanner": SimulatedHidPosScanner,
    "evdev_scanner": SimulatedKeyboardScanner,
}


@pytest.mark.parametrize("driver", HOSTILE)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_driver_ends_and_the_second_good_scan_is_read(tmp_path: Path, driver: str, data: st.DataObject) -> None:
    packets = data.draw(st.lists(st.sampled_from(HOSTILE[driver]) | st.binary(min_size=1, max_size=100), max_size=12))

    async def story() -> None:
        watcher = Watcher()
        path = tmp_path / "scanner"
        device = config(driver=driver, path=str(path), pause_s=0.02)
        async with TWINS[driver](path) as twin, kept(device, watcher):
            await watcher.health(Health.OK)
            for packet in packets:
                twin.send(packet)
            await asyncio.sleep(0.05)  # packers do not scan within a pause
            twin.scan("BOX-1")
            twin.scan("BOX-2")
            await watcher.until(lambda: watcher.texts and watcher.texts[-1].endswith("BOX-2"))
        assert Health.LOST not in watcher.healths
        sent = b"".join(packets) + b"BOX-1\rBOX-2\r"
        for text in watcher.texts:
            assert driver == "evdev_scanner" or text.removeprefix("]C0").encode() in sent

    asyncio.run(story())
