"""Whatever a printer on the network answers, however it is cut: no driver ends, and the next true answer is heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices.ports import PaperState
from station.devices.registry import build
from tests.station.devices.watching import config, frames

pytestmark = pytest.mark.feature("D8", "D9", "R4")

_WELL = b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
_EMPTY = _WELL.replace(b"\x02030,0", b"\x02030,1", 1)
WELL: dict[str, bytes] = {
    "zpl_printer": _WELL,
    "epl2_printer": b"00\r\n",
    "tspl_printer": b"\x00",
    "escpos_printer": b"\x12",
}
PIECES: dict[str, list[bytes]] = {
    "zpl_printer": [_EMPTY, *(b"\x02%s\x03\r\n" % line.encode() for each in frames("zebra") for line in each["lines"])],
    "epl2_printer": [frame["bytes"].encode("latin-1") for frame in frames("epl2")],
    "tspl_printer": [bytes.fromhex(frame["hex"]) for frame in frames("tspl")],
    "escpos_printer": [bytes.fromhex(frame[name]) for frame in frames("escpos") for name in ("offline", "paper")],
}


def cut_anyhow(driver: str) -> st.SearchStrategy[list[bytes]]:
    """Noise and pieces of the language's own answers, true and broken, as chunks of any size."""
    pieces = st.lists(st.sampled_from(PIECES[driver]) | st.binary(max_size=20), max_size=8).map(b"".join)
    return st.tuples(pieces, st.lists(st.integers(1, 40), min_size=1, max_size=12)).map(lambda both: _cut(*both))


def _cut(data: bytes, sizes: list[int]) -> list[bytes]:
    chunks, place = [], 0
    for size in sizes:
        chunks.append(data[place : place + size])
        place += size
    return [chunk for chunk in (*chunks, data[place:]) if chunk]


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
async def answering(answer: Callable[[], list[bytes]]) -> AsyncIterator[int]:
    """The port of such a printer."""
    hosts: set[asyncio.Transport] = set()
    server = await asyncio.get_running_loop().create_server(lambda: Answering(answer, hosts), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for host in hosts:
        host.abort()
    await asyncio.sleep(0)


@pytest.mark.parametrize("driver", WELL)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_no_answer_ends_a_driver_and_the_second_true_one_is_heard_at_the_latest(
    driver: str, data: st.DataObject
) -> None:
    noise = data.draw(cut_anyhow(driver))
    answers = noise

    async def story() -> None:
        nonlocal answers
        async with answering(lambda: answers) as port:
            device = config(driver=driver, host="127.0.0.1", port=port, answer_within_s=0.5)
            async with build(device) as printer:  # type: ignore[union-attr]
                await printer.status()  # type: ignore[union-attr]
                answers = [WELL[driver]]
                heard = [await printer.status(), await printer.status()]  # type: ignore[union-attr]
        assert heard[-1].state is PaperState.OK

    asyncio.run(story())


@pytest.mark.parametrize("driver", WELL)
@settings(max_examples=3, deadline=None)
@given(st.lists(st.binary(min_size=2, max_size=30).map(lambda noise: bytes(byte | 0x81 for byte in noise)), max_size=4))
def test_what_is_no_answer_in_any_language_is_never_called_well(driver: str, noise: list[bytes]) -> None:
    async def story() -> None:
        async with answering(lambda: noise) as port:
            device = config(driver=driver, host="127.0.0.1", port=port, answer_within_s=0.2)
            async with build(device) as printer:  # type: ignore[union-attr]
                assert (await printer.status()).state is not PaperState.OK  # type: ignore[union-attr]

    asyncio.run(story())
