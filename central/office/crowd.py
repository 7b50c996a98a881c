"""How many requests are worked on at once. One more is told to come again, where it would only make all others wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

AGAIN_S: Final = 5
"""What a program that came too much is told to wait."""
MOST_AT_WORK: Final = 100
"""About what is answered in a second, and ten times what an office of fifty people and their programs ask at once."""
MOST_STREAMS: Final = 500
"""Open live pages of the office, and as many of customers; each costs a task and, when its reader is slow, what fits
into the connection's buffers."""


class Crowded(Exception):
    """Raised before anything of the request was done."""


class Room:
    """For the live pages of one kind of visitor."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open = 0

    def find(self) -> None:
        """Raises `Crowded`."""
        if self._open >= self._most:
            raise Crowded

    @contextmanager
    def taken(self) -> Iterator[None]:
        """For as long as a live page is open."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1


class Crowd:
    """Everybody who is being served."""

    def __init__(self, most_at_work: int = MOST_AT_WORK, most_streams: int = MOST_STREAMS) -> None:
        self._most_at_work = most_at_work
        self._at_work = 0
        self.office = Room(most_streams)
        self.customers = Room(most_streams)
        """Of their own: whoever has a tracking link could take every place of the office."""

    async def admit(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """A request counts from when its body has come until its answer begins.

        So a slow line takes no place, and neither does a live page that is open for hours.
        """
        counted, begun = False, False

        def count(now: bool) -> None:
            nonlocal counted
            self._at_work += now - counted
            counted = now

        async def receiving() -> Message:
            count(False)
            message = await receive()
            count(not begun)
            return message  # type: ignore[return-value]

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            count(False)
            await send(message)

        if self._at_work >= self._most_at_work:
            raise Crowded
        count(True)
        try:
            await app(scope, receiving, sending)  # type: ignore[arg-type]
        finally:
            count(False)


def turnstile(app: ASGIApp) -> ASGIApp:
    """Middleware. Everybody comes in through the application's crowd."""

    async def admitting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":  # type: ignore[comparison-overlap]
            crowd: Crowd = scope["app"].state.crowd
            await crowd.admit(app, scope, receive, send)
        else:
            await app(scope, receive, send)

    return admitting
