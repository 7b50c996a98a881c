"""A TCP wire between a process and the broker that can be made bad: slow, cut, deaf, torn, out of order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, NamedTuple, Self

_CHUNK = 65536


class Trap(NamedTuple):
    """Springs, once, at the first piece in that direction that has these bytes in it."""

    towards_broker: bool
    marker: bytes
    when: Literal["before", "after", "answered"]
    """The piece is lost; it has arrived; or it has arrived and the answer to it is lost."""
    spring: Callable[[], None]


class Proxy:
    """Listens on `port` and passes every connection on to the broker. A fault holds until `mend`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.target = 0
        """The broker's port."""
        self.trap: Trap | None = None
        self._server: asyncio.Server | None = None
        self._wires: set[_Wire] = set()
        self._delay_s = 0.0
        self._is_cut = self._is_deaf = self._tears = self._swaps = False
        self._held: _Wire | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._server is not None:
            self._server.close()
        self._drop()
        while self._wires:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def slow(self, delay_s: float) -> None:
        """Each piece takes this long in either direction; their order stays."""
        self._delay_s = delay_s

    def cut(self) -> None:
        """Every connection ends, and new ones are ended at once."""
        self._is_cut = True
        self._drop()

    def go_deaf(self) -> None:
        """Half-open: nobody is told of an end, and no byte arrives any more. New connections are deaf too."""
        self._is_deaf = True
        for wire in self._wires:
            wire.deaf = True

    def tear(self) -> None:
        """Of the next piece towards the broker only one half arrives, and the connection ends. Once."""
        self._tears = True

    def swap(self) -> None:
        """The present connections end; of the next two the later one reaches the broker first."""
        self._swaps = True
        self._drop()

    def mend(self) -> None:
        """New connections are good ones. What was deaf stays deaf: its two ends must find out by themselves."""
        self._delay_s = 0.0
        self._is_cut = self._is_deaf = self._tears = self._swaps = False
        self._release()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = _Wire(self, reader, writer)
        if self._is_cut:
            wire.end()
            return
        wire.deaf = self._is_deaf
        self._wires.add(wire)
        try:
            if self._swaps and self._held is None:
                self._held = wire
                # A client that gives up makes the second connection, which lets this one through.
                await wire.let_through.wait()
            await wire.carry(self.target)
        except OSError:
            pass
        finally:
            self._wires.discard(wire)
            wire.end()

    def reached(self, wire: _Wire) -> None:
        """The broker took this connection: an earlier one that was held follows."""
        if self._held is not None and wire is not self._held:
            self._release()

    @property
    def delay_s(self) -> float:
        return self._delay_s

    def loses(self, piece: bytes, *, towards_broker: bool) -> bool:
        """Spring the trap that is set for this piece; whether the piece is lost by it."""
        trap = self.trap
        if trap is None or trap.when == "after" or not _caught(trap, piece, towards_broker):
            return False
        if trap.when == "answered":
            self.trap = Trap(not towards_broker, b"", "before", trap.spring)
            return False
        self.trap = None
        trap.spring()
        return True

    def passed(self, piece: bytes, *, towards_broker: bool) -> None:
        """This piece has arrived."""
        trap = self.trap
        if trap is not None and trap.when == "after" and _caught(trap, piece, towards_broker):
            self.trap = None
            trap.spring()

    def torn(self) -> bool:
        """Whether this piece is the one to tear."""
        tears, self._tears = self._tears, False
        return tears

    def _release(self) -> None:
        self._swaps = False
        if self._held is not None:
            self._held.let_through.set()
            self._held = None

    def _drop(self) -> None:
        for wire in tuple(self._wires):
            wire.let_through.set()
            wire.end()


def _caught(trap: Trap, piece: bytes, towards_broker: bool) -> bool:
    return trap.towards_broker == towards_broker and trap.marker in piece


class _Wire:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._near = reader, writer
        self._far: asyncio.StreamWriter | None = None
        self.deaf = False
        self.let_through = asyncio.Event()

    async def carry(self, target: int) -> None:
        """Pass bytes on in both directions until either end is gone."""
        reader, writer = self._near
        far_reader, self._far = await asyncio.open_connection("127.0.0.1", target)
        pumps = [
            asyncio.create_task(self._pump(reader, self._far, towards_broker=True)),
            asyncio.create_task(self._pump(far_reader, writer, towards_broker=False)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            if self.deaf:
                # Each end learns nothing of the other's.
                await asyncio.wait(pumps)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    def end(self) -> None:
        """Close both ends."""
        for writer in (self._near[1], self._far):
            if writer is not None:
                with suppress(OSError, RuntimeError):
                    writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, towards_broker: bool) -> None:
        while piece := await reader.read(_CHUNK):
            if self._proxy.delay_s:
                await asyncio.sleep(self._proxy.delay_s)
            if self.deaf:
                continue
            if towards_broker and self._proxy.torn():
                writer.write(piece[: len(piece) // 2])
                await writer.drain()
                return
            if self._proxy.loses(piece, towards_broker=towards_broker):
                return
            writer.write(piece)
            await writer.drain()
            self._proxy.passed(piece, towards_broker=towards_broker)
            self._proxy.reached(self)
