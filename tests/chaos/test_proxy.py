"""The bad wire is as bad as it says, and good again afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from demo.children import free_port
from tests.chaos.proxy import Proxy, Trap

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Near:
    """Clients of the wire; their ends are closed with the block."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._writers: list[asyncio.StreamWriter] = []

    async def line(self) -> Line:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._proxy.port)
        self._writers.append(writer)
        return reader, writer

    async def close(self) -> None:
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)


class Far:
    """The broker's place: notes what came, and answers each piece with the same."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self.ends = 0
        self.news = asyncio.Condition()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(1000):
                self.came.append(piece)
                writer.write(piece)
                await self._tell()
        except ConnectionError:
            pass
        self.ends += 1
        writer.close()
        await self._tell()

    async def until(self, true: object) -> None:
        async with asyncio.timeout(60), self.news:
            await self.news.wait_for(true)  # type: ignore[arg-type]

    async def _tell(self) -> None:
        async with self.news:
            self.news.notify_all()


@asynccontextmanager
async def wired() -> AsyncIterator[tuple[Proxy, Near, Far]]:
    far = Far()
    server = await asyncio.start_server(far.serve, "127.0.0.1", 0)
    proxy = Proxy(free_port())
    proxy.target = server.sockets[0].getsockname()[1]
    near = Near(proxy)
    async with proxy:
        yield proxy, near, far
        await near.close()
    server.close()


async def echoed(line: Line, text: bytes) -> bytes:
    line[1].write(text)
    async with asyncio.timeout(60):
        return await line[0].read(1000)


async def has_ended(line: Line) -> bool:
    async with asyncio.timeout(60):
        try:
            return await line[0].read() == b""
        except ConnectionError:
            return True


async def test_a_good_wire_passes_bytes_both_ways() -> None:
    async with wired() as (_, near, _):
        assert await echoed(await near.line(), b"hello") == b"hello"


async def test_what_is_cut_ends_and_stays_cut_until_it_is_mended() -> None:
    async with wired() as (proxy, near, _):
        line = await near.line()
        assert await echoed(line, b"one") == b"one"
        proxy.cut()
        assert await has_ended(line)
        assert await has_ended(await near.line())
        proxy.mend()
        assert await echoed(await near.line(), b"two") == b"two"


async def test_a_half_open_wire_swallows_and_tells_nobody() -> None:
    async with wired() as (proxy, near, far):
        line = await near.line()
        assert await echoed(line, b"one") == b"one"
        proxy.go_deaf()
        line[1].write(b"lost")
        await line[1].drain()
        proxy.mend()
        assert await echoed(await near.line(), b"two") == b"two"
        assert far.came == [b"one", b"two"]
        assert far.ends == 0
        assert not line[0].at_eof()


async def test_of_a_torn_piece_one_half_arrives() -> None:
    async with wired() as (proxy, near, far):
        line = await near.line()
        proxy.tear()
        line[1].write(b"12345678")
        assert await line[0].read() in (b"", b"1234")
        await far.until(lambda: far.ends)
        assert far.came == [b"1234"]
        assert await echoed(await near.line(), b"whole") == b"whole"


async def test_of_two_swapped_connections_the_later_is_first() -> None:
    async with wired() as (proxy, near, far):
        proxy.swap()
        earlier = await near.line()
        earlier[1].write(b"earlier")
        later = await near.line()
        assert await echoed(later, b"later") == b"later"
        async with asyncio.timeout(60):
            assert await earlier[0].read(1000) == b"earlier"
        assert far.came == [b"later", b"earlier"]


@pytest.mark.parametrize("delay_s", [0.0, 0.05])
async def test_a_slow_wire_keeps_the_order(delay_s: float) -> None:
    async with wired() as (proxy, near, far):
        proxy.slow(delay_s)
        line = await near.line()
        for text in (b"a", b"b", b"c"):
            line[1].write(text)
            await line[1].drain()
            await asyncio.sleep(0)
        await far.until(lambda: b"".join(far.came) == b"abc")


@pytest.mark.parametrize(
    ("towards_broker", "when", "arrives", "answered"),
    [
        (True, "before", [b"one"], False),
        (True, "after", [b"one", b"two"], True),
        (True, "answered", [b"one", b"two"], False),
        (False, "before", [b"one", b"two"], False),
    ],
)
async def test_a_trap_springs_once_at_its_piece(
    towards_broker: bool, when: str, arrives: list[bytes], answered: bool
) -> None:
    async with wired() as (proxy, near, far):
        line = await near.line()
        assert await echoed(line, b"one") == b"one"
        sprung = asyncio.Event()
        proxy.trap = Trap(towards_broker, b"two", when, sprung.set)  # type: ignore[arg-type]
        line[1].write(b"two")
        async with asyncio.timeout(60):
            await sprung.wait()
        assert (await line[0].read(1000) == b"two") is answered
        await far.until(lambda: far.came == arrives)
        assert proxy.trap is None
        assert await echoed(await near.line(), b"two") == b"two"
