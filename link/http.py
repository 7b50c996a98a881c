"""HTTP as central's pages and a bench's are served: uvicorn's protocol, and what it leaves open."""

from __future__ import annotations

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S: Final = 30.0
"""For the head of a request, from the connection or from its first byte: uvicorn itself would wait for ever."""
MOST_CONNECTIONS: Final = 2_000
"""Open at once: the live pages and ten for each of an office of fifty people. A service may open 8,192 files
(systemd/packline-central.service): whoever only connects takes none from the database."""


class Http(H11Protocol):
    """A request may break while it is being answered: then one of two answers must not be sent."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._expect_a_head()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        super().data_received(data)
        self._expect_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is expected any more."""
        self._expect_nothing()
        super().connection_lost(exc)

    def _expect_a_head(self) -> None:
        """The time runs from the first byte that is missing something, whatever trickles in after it."""
        if self.conn.their_state is not h11.IDLE:
            self._expect_nothing()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_S, self.transport.abort)

    def _expect_nothing(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; what the application says to its beginning is heard by nobody."""
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started:
                self.transport.close()
                return
        super().send_400_response(msg)
