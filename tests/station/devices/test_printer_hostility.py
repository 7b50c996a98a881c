"""Whatever a printer answers on any line, however it is cut: no driver ends, and the next true answer is heard."""

from __future__ import annotations

import asyncio
import os
import re
import time
import tty
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import force_setattr

from station.devices.epl2_printer import ErrorReport, ErrorReportReader
from station.devices.line import open_node
from station.devices.ports import PaperState
from station.devices.registry import build
from station.devices.simulated.tty import SimulatedTty
from tests.station.devices.corpus import HexFrame, LinesFrame, NoiseFrame, TextFrame, TwoAnswersFrame, frames
from tests.station.devices.cutting import cut_anyhow
from tests.station.devices.watching import config

pytestmark = pytest.mark.feature("D8", "D9", "R4")

_WELL = b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
_EMPTY = _WELL.replace(b"\x02030,0", b"\x02030,1", 1)
WELL: dict[str, bytes] = {
    "zpl_printer": _WELL,
    "epl2_printer": b"00\r\n",
    "tspl_printer": b"\x00",
    "escpos_printer": b"\x12",
}
WELL_SENT: dict[str, re.Pattern[bytes]] = {
    "zpl_printer": re.compile(
        rb"\x02[^,\x03]*,0,0,[^,\x03]*,[^,\x03]*,0(?:,[^,\x03]*){3},0,0,0[^\x03]*\x03"
        rb".*\x02[^,\x03]*,[^,\x03]*,0,0,[^\x03]*\x03.*\x02[^\x03]*,[^\x03]*\x03",
        re.DOTALL,
    ),
    "epl2_printer": re.compile(rb"(?:^|[^0-9,])00(?:,00)*\r\n"),
    "tspl_printer": re.compile(rb"[\x00\x20].*[\x00\x20]", re.DOTALL),
    "escpos_printer": re.compile(rb"[\x12\x1a].*[\x12\x1a]", re.DOTALL),
}
"""What says that a printer is well, written without the parsers' help."""
PIECES: dict[str, list[bytes]] = {
    "zpl_printer": [
        _EMPTY,
        *(line for frame in frames("zebra", LinesFrame) for line in frame.sent.splitlines(keepends=True)),
    ],
    "epl2_printer": [frame.sent for frame in frames("epl2", TextFrame)],
    "tspl_printer": [bytes.fromhex(frame.hex) for frame in frames("tspl", HexFrame)],
    "escpos_printer": [
        bytes.fromhex(sent) for each in frames("escpos", TwoAnswersFrame) for sent in (each.offline, each.paper)
    ],
}


TRANSPORTS = ("network", "usb", "serial")


def anything(driver: str) -> st.SearchStrategy[list[bytes]]:
    """Noise and pieces of the language's own answers, true and broken, as chunks of any size."""
    piece = st.sampled_from([WELL[driver], *PIECES[driver]])
    cut = st.tuples(piece, st.integers(0, 80), st.integers(0, 80)).map(lambda it: it[0][min(it[1:]) : max(it[1:])])
    return cut_anyhow(st.lists(piece | cut | st.binary(max_size=20), max_size=8).map(b"".join))


class Answering(asyncio.Protocol):
    """A printer on the network that answers whatever it is asked with these chunks."""

    def __init__(self, answer: Callable[[], list[bytes]], hosts: set[asyncio.Transport]) -> None:
        self._answer = answer
        self._hosts = hosts

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._host = transport
        self._hosts.add(transport)

    def data_received(self, data: bytes) -> None:
        for chunk in self._answer():
            self._host.write(chunk)


@asynccontextmanager
async def answering(transport: str, path: Path, answer: Callable[[], list[bytes]]) -> AsyncIterator[dict[str, object]]:
    """Such a printer, and where it is."""
    if transport != "network":
        line = SimulatedTty(path, lambda _: [line.say(chunk) for chunk in answer()])
        line.plug()
        yield {"path": str(path)} | ({"baud": 9600} if transport == "serial" else {})
        line.unplug()
        return
    hosts: set[asyncio.Transport] = set()
    server = await asyncio.get_running_loop().create_server(lambda: Answering(answer, hosts), "127.0.0.1", 0)
    yield {"host": "127.0.0.1", "port": server.sockets[0].getsockname()[1]}
    server.close()
    for host in hosts:
        host.abort()
    await asyncio.sleep(0)


PATIENCE_S, SHORT_S = 30.0, 0.3
"""For an answer that comes, on a machine that may be busy; for one that may not."""


@asynccontextmanager
async def printer_at(place: dict[str, object], driver: str) -> AsyncIterator[tuple[Any, Callable[[float], None]]]:
    """A driver that has all the time, and what gives it another."""
    settings = config(driver=driver, answer_within_s=PATIENCE_S, **place)
    async with build(settings) as printer:  # type: ignore[union-attr]
        yield printer, lambda seconds: force_setattr(settings, "answer_within_s", seconds)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("driver", WELL)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answer_ends_a_driver_and_the_second_true_one_is_heard_at_the_latest(
    tmp_path: Path, driver: str, transport: str, data: st.DataObject
) -> None:
    noise = data.draw(anything(driver))
    answers = noise

    async def story() -> None:
        nonlocal answers
        async with (
            answering(transport, tmp_path / "printer", lambda: answers) as place,
            printer_at(place, driver) as (printer, answers_within),
        ):
            answers_within(SHORT_S)
            await printer.status()
            answers = [WELL[driver]]
            answers_within(PATIENCE_S)
            heard = [await printer.status(), await printer.status()]
        assert heard[-1].state is PaperState.OK

    asyncio.run(story())


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("driver", WELL)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_printer_is_well_only_when_the_answer_that_says_so_came(
    tmp_path: Path, driver: str, transport: str, data: st.DataObject
) -> None:
    """A language whose answer is a single byte has no more to tell it by: such bytes must have come, twice."""
    noise = data.draw(anything(driver))
    sent = b""

    def answer() -> list[bytes]:
        nonlocal sent
        sent += b"".join(noise)
        return noise

    async def story() -> None:
        async with (
            answering(transport, tmp_path / "printer", answer) as place,
            printer_at(place, driver) as (printer, answers_within),
        ):
            answers_within(SHORT_S)
            status = await printer.status()
        assert status.state is not PaperState.OK or WELL_SENT[driver].search(sent)

    asyncio.run(story())


@pytest.mark.parametrize(("then", "state"), [([], "unknown"), ([b"\x04"], "bad"), ([b"\x00"], "ok")])
async def test_one_byte_alone_does_not_call_a_tspl_printer_well(
    tmp_path: Path, then: list[bytes], state: PaperState
) -> None:
    answers = iter([[b"\x00"], then])
    async with (
        answering("usb", tmp_path / "printer", lambda: next(answers)) as place,
        printer_at(place, "tspl_printer") as (printer, answers_within),
    ):
        answers_within(PATIENCE_S if then else SHORT_S)
        assert (await printer.status()).state == state


@pytest.mark.parametrize("driver", WELL)
async def test_noise_that_lines_have_had_does_not_answer_the_next_question(tmp_path: Path, driver: str) -> None:
    line = SimulatedTty(tmp_path / "printer", lambda _: line.say(WELL[driver]))
    line.plug()
    async with printer_at({"path": str(line.path), "baud": 9600}, driver) as (printer, _):
        for frame in frames("noise", NoiseFrame):
            for chunk in frame.chunks:
                line.say(bytes.fromhex(chunk) * frame.times)
            heard = [await printer.status(), await printer.status()]
            assert heard[-1].state is PaperState.OK, frame.what
    line.unplug()


@pytest.mark.parametrize("driver", ["zpl_printer", "epl2_printer", "tspl_printer"])
async def test_an_answer_that_lay_unread_while_the_station_was_busy_counts(tmp_path: Path, driver: str) -> None:
    def answer_and_hold_up(_: bytes) -> None:
        line.say(WELL[driver])
        time.sleep(1.3)

    line = SimulatedTty(tmp_path / "printer", answer_and_hold_up)
    line.plug()
    async with printer_at({"path": str(line.path), "baud": 9600}, driver) as (printer, answers_within):
        answers_within(1)
        assert (await printer.status()).state is PaperState.OK
    line.unplug()


@pytest.mark.parametrize("codes", range(80, 92))
def test_an_error_report_whose_beginning_was_dropped_is_no_report(codes: int) -> None:
    reader = ErrorReportReader()
    for chunk in (b"07", b",00" * codes):
        assert reader.feed(chunk) is None
    report = reader.feed(b"\r\n")
    assert report is None or "07" in report.codes
    assert reader.feed(b"00\r\n") == ErrorReport(("00",))


@pytest.mark.parametrize("driver", WELL)
async def test_a_printer_that_never_stops_talking_holds_nothing_else_up(driver: str) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    async with printer_at({"path": os.ttyname(theirs), "baud": 9600}, driver) as (printer, answers_within):
        answers_within(SHORT_S)
        talking = await asyncio.create_subprocess_exec("yes", "\xff" * 500, stdout=ours)
        try:
            async with asyncio.timeout(60):
                for _ in range(3):
                    assert (await printer.status()).state is not PaperState.OK
        finally:
            talking.kill()
            await talking.wait()
    os.close(ours)
    os.close(theirs)


def test_of_a_device_that_never_rests_a_part_is_read() -> None:
    line = open_node("/dev/zero")
    assert 0 < sum(map(len, line.read_waiting())) <= 32 * 1024
    line.close()
