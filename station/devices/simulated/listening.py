"""What the twins of all printers share: they listen on TCP as port 9100 does."""

from __future__ import annotations

import asyncio
from typing import Self


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
