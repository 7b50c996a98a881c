"""Whatever an office printer answers by HTTP and IPP: a fault or a state, well only if it said so; the next counts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices.ipp_printer import IppPrinter, IppPrinterConfig
from station.devices.ipp_status import in_short
from station.devices.ports import DeviceFault, PaperState
from tests.station.devices.corpus import HexFrame, frames
from tests.station.devices.cutting import cut_anyhow

pytestmark = pytest.mark.feature("D10", "R4")

GOOD = bytes.fromhex("0200000000000001 04 23000d7072696e7465722d7374617465000400000003 03")
TAKEN = bytes.fromhex("0200000000000001 02 210006 6a6f622d6964 000400000007 03")
"""A document is job 7."""
ANSWERS = [GOOD, TAKEN, *(bytes.fromhex(frame.hex) for frame in frames("ipp", HexFrame))]
HEADS: tuple[Callable[[bytes], bytes], ...] = (
    lambda body: b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body),
    lambda body: b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body) + 9, body),
    lambda body: b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body) // 2, body),
    lambda body: b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + body,
    lambda body: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body),
    lambda body: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnine\r\n" + body,
    lambda body: b"HTTP/1.0 200 OK\r\n\r\n" + body,
    lambda body: b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + body,
    lambda body: b"HTTP/1.1 401 Unauthorized\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body),
    lambda body: b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\n\r\n" + body,
    lambda body: b"HTTP/1.1 200\r\n" + b"x: y\r\n" * 120 + b"\r\n" + body,
    lambda body: b"HTTP/1.1 two hundred\r\n\r\n" + body,
    lambda body: b"ICY 200 OK\r\n\r\n" + body,
    lambda body: b"\xff\xfe\r\n" + body,
    lambda body: body,
)  # fmt: skip
_SUCCESS = rb" 200.*\r\n..\x00.{5}.*"
"""HTTP's, then IPP's behind its version."""
SAYS_WELL = re.compile(_SUCCESS + rb"[\x21\x23]\x00\x0dprinter-state\x00\x04\x00\x00\x00[\x03\x04]", re.DOTALL)
SAYS_TAKEN = re.compile(_SUCCESS + rb"[\x21\x23]\x00\x06job-id\x00\x04[\x00-\x7f]", re.DOTALL)


def changed(answer: bytes, place: int, byte: int) -> bytes:
    """The same with one byte of it another."""
    at = place % max(1, len(answer))
    return answer[:at] + bytes((byte,)) + answer[at + 1 :]


BODIES = st.one_of(
    st.sampled_from(ANSWERS),
    st.builds(changed, st.sampled_from([GOOD, TAKEN]), st.integers(0, 100), st.integers(0, 255)),
    st.builds(lambda answer, cut: answer[:cut], st.sampled_from(ANSWERS), st.integers(0, 60)),
    st.builds(bytes.__add__, st.sampled_from(ANSWERS), st.binary(max_size=30)),
    st.binary(max_size=120),
)
HTTP = cut_anyhow(st.builds(lambda head, body: head(body), st.sampled_from(HEADS), BODIES))


@asynccontextmanager
async def answering(answers: Iterable[Iterable[bytes]], answer_within_s: float = 10) -> AsyncIterator[IppPrinter]:
    """A driver, and its printer that gives these answers, one for each request, then good ones."""
    left = iter(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        try:
            for chunk in next(left, [HEADS[0](GOOD)]):
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            return  # the driver had heard enough
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    place = f"ipp://127.0.0.1:{server.sockets[0].getsockname()[1]}/ipp/print"
    settings = IppPrinterConfig(name="it", uri=place, answer_within_s=answer_within_s, take_within_s=answer_within_s)
    printer = IppPrinter(settings)
    yield printer
    await printer.__aexit__()
    server.close()


async def is_well(printer: IppPrinter) -> bool:
    """Whether it says so; no other error than the port's comes out."""
    try:
        return (await printer.status()).state is PaperState.OK
    except DeviceFault:
        return False


@settings(max_examples=60, deadline=None)
@given(st.lists(HTTP, min_size=1, max_size=4))
def test_whatever_it_answers_it_is_well_only_if_it_says_so_and_the_next_good_answer_counts(
    answers: list[list[bytes]],
) -> None:
    async def story() -> None:
        async with answering(answers) as printer:
            for answer in answers:
                assert not await is_well(printer) or SAYS_WELL.search(b"".join(answer))
            assert await is_well(printer)

    asyncio.run(story())


@settings(max_examples=40, deadline=None)
@given(HTTP)
def test_whatever_it_answers_to_a_document_it_is_taken_only_if_it_says_so(answer: list[bytes]) -> None:
    async def story() -> None:
        async with answering([answer]) as printer:
            try:
                await printer.send(b"%PDF-1.4")
            except DeviceFault:
                pass
            else:
                assert SAYS_TAKEN.search(b"".join(answer))
            assert await is_well(printer)

    asyncio.run(story())


def without_end() -> Iterable[bytes]:
    """An answer of which there is always more."""
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while True:
        yield bytes(65_536)


async def test_an_answer_without_end_is_broken_off() -> None:
    async with answering([without_end()]) as printer:
        with pytest.raises(DeviceFault, match="longer than"):
            await printer.status()
        assert await is_well(printer)


def test_a_printers_own_words_fit_the_screen() -> None:
    assert in_short("Filter\r\n failed\x00\x1b[2J" + "!" * 60_000) == "Filter failed[2J" + "!" * 184


@pytest.mark.parametrize("says", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: y\r\n"])
async def test_an_answer_that_never_comes_to_its_point_does_not_hold_up_the_next(says: bytes) -> None:
    """Each of its bytes comes in time, so that no time-out of the line ends it."""
    asked, hung_up = 0, asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            writer.write(HEADS[0](GOOD))
            writer.close()
            return
        with suppress(ConnectionError):
            while True:
                writer.write(says)
                await writer.drain()
                await asyncio.sleep(0.02)
        hung_up.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    place = f"ipp://127.0.0.1:{server.sockets[0].getsockname()[1]}/ipp/print"
    printer = IppPrinter(IppPrinterConfig(name="it", uri=place, answer_within_s=0.3))
    assert (await printer.status()).state is PaperState.UNKNOWN
    async with asyncio.timeout(60):
        while not await is_well(printer):
            continue
        await hung_up.wait()
    await printer.__aexit__()
    server.close()
