"""Twins of the printers: they listen on TCP as port 9100 does, and keep what reached them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Self

_JOB = re.compile(rb"\^XA.*?\^XZ", re.DOTALL)
_QUESTION = re.compile(rb"(?:\x10\x04[\x01-\x04])+")
_CUT = re.compile(rb"\x1dV(?:[\x00\x01\x30\x31]|[\x41\x42].)", re.DOTALL)


class ListeningPrinter:
    """What every network printer does: one host at a time, and a plug that can be pulled."""

    def __init__(self, *, host: str, port: int) -> None:
        self.host = host
        self.port = port
        """0 until it listens on a port that the system chose."""
        self.silent = False
        """Takes data and answers no question."""
        self._cut_after: int | None = None
        self._server: asyncio.Server | None = None
        self._hosts: set[asyncio.Transport] = set()

    async def __aenter__(self) -> Self:
        await self.plug()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.unplug()

    @property
    def plugged(self) -> bool:
        """Whether the network cable is in."""
        return self._server is not None

    async def plug(self) -> None:
        """Listen, on the same port as before."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(lambda: _Host(self), self.host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def unplug(self) -> None:
        """Cut every connection and refuse new ones; what was half received is lost."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in tuple(self._hosts):
            transport.abort()
        await asyncio.sleep(0)
        self.forget_half()

    def cut_after(self, size: int) -> None:
        """Break the connection when this many more bytes have come: in the middle of a label."""
        self._cut_after = size

    def stop_taking(self) -> None:
        """Take nothing more on the connection that is open, as a printer does whose memory is full."""
        for transport in self._hosts:
            transport.pause_reading()

    def opened(self, transport: asyncio.Transport) -> None:
        self._hosts.add(transport)

    def closed(self, transport: asyncio.Transport) -> None:
        self._hosts.discard(transport)
        self.forget_half()

    def received(self, data: bytes, transport: asyncio.Transport) -> None:
        if self._cut_after is not None:
            self._cut_after -= len(data)
            if self._cut_after <= 0:
                self._cut_after = None
                transport.abort()
                return
        answer = self.took(data)
        if answer and not self.silent:
            transport.write(answer)

    def took(self, data: bytes) -> bytes:
        """Handle what came; return what to answer."""
        raise NotImplementedError

    def forget_half(self) -> None:
        """Drop a document that did not come whole."""
        raise NotImplementedError


class _Host(asyncio.Protocol):
    def __init__(self, printer: ListeningPrinter) -> None:
        self._printer = printer
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._printer.opened(transport)

    def data_received(self, data: bytes) -> None:
        self._printer.received(data, self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._printer.closed(self._transport)


class SimulatedZplPrinter(ListeningPrinter):
    """A ZPL label printer: keeps each `^XA … ^XZ` it printed and answers `~HS`."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, printed: Callable[[bytes], None] | None = None
    ) -> None:
        super().__init__(host=host, port=port)
        self.labels: list[bytes] = []
        """What came out, oldest first."""
        self._waiting: list[bytes] = []
        self._held = b""
        self._printed = printed
        self._paper_out = False
        self._head_open = False
        self._paused = False

    @property
    def paper_out(self) -> bool:
        """Whether the roll is empty. Labels wait in the printer until it is not."""
        return self._paper_out

    @paper_out.setter
    def paper_out(self, out: bool) -> None:
        self._paper_out = out
        self._print()

    @property
    def head_open(self) -> bool:
        """Whether the cover is open."""
        return self._head_open

    @head_open.setter
    def head_open(self, is_open: bool) -> None:
        self._head_open = is_open
        self._print()

    @property
    def paused(self) -> bool:
        """Whether somebody pressed PAUSE."""
        return self._paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._paused = paused
        self._print()

    def took(self, data: bytes) -> bytes:
        """Take labels and questions, in any pieces."""
        self._held += data
        asked = 0
        while b"~HS" in self._held and not self._in_label(self._held.index(b"~HS")):
            self._held = self._held.replace(b"~HS", b"", 1)
            asked += 1
        while job := _JOB.search(self._held):
            self._waiting.append(job[0])
            self._held = self._held[job.end() :]
        self._print()
        return self._host_status() * asked

    def forget_half(self) -> None:
        """A label that did not come whole is never printed."""
        self._held = b""

    def _in_label(self, place: int) -> bool:
        before = self._held[:place]
        return before.rfind(b"^XA") > before.rfind(b"^XZ")

    def _print(self) -> None:
        while self._waiting and not (self._paper_out or self._head_open or self._paused):
            label = self._waiting.pop(0)
            self.labels.append(label)
            if self._printed is not None:
                self._printed(label)

    def _host_status(self) -> bytes:
        first = b"030,%d,%d,1218,%03d,0,0,%d,000,0,0,0" % (
            self._paper_out,
            self._paused,
            len(self._waiting),
            bool(self._held),
        )
        second = b"000,0,%d,0,0,2,4,0,00000000,1,000" % self._head_open
        return b"".join(b"\x02%s\x03\r\n" % line for line in (first, second, b"1234,0"))


class SimulatedEscPosPrinter(ListeningPrinter):
    """An ESC/POS receipt printer: keeps what it printed and answers `DLE EOT n`."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, printed: Callable[[bytes], None] | None = None
    ) -> None:
        super().__init__(host=host, port=port)
        self.receipts: list[bytes] = []
        """What was printed and cut, oldest first."""
        self.paper_out = False
        self.cover_open = False
        self._held = b""
        self._printed = printed

    def took(self, data: bytes) -> bytes:
        """Take documents and questions. A question inside picture data is data."""
        self._held += data
        while cut := _CUT.search(self._held):
            receipt, self._held = self._held[: cut.end()], self._held[cut.end() :]
            self.receipts.append(receipt)
            if self._printed is not None:
                self._printed(receipt)
        if not _QUESTION.fullmatch(self._held):
            return b""
        questions, self._held = self._held[2::3], b""
        return bytes(self._answer(asked) for asked in questions)

    def forget_half(self) -> None:
        """A receipt that did not come whole is torn off."""
        self._held = b""

    def _answer(self, asked: int) -> int:
        status = 0x12
        if asked == 1 and (self.cover_open or self.paper_out):
            status |= 0x08
        if asked == 2:
            status |= 0x04 * self.cover_open | 0x20 * self.paper_out
        if asked == 4 and self.paper_out:
            status |= 0x6C
        return status
