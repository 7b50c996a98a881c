"""Live pages: a stream of events that ends when its visitor may not be here any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Final

from litestar import Request
from litestar.response import ServerSentEvent, ServerSentEventMessage

from central.office.access import Door
from central.office.crowd import Crowd, Room
from central.office.office import Office
from central.office.watch import LOOK_AGAIN_S
from central.people.scopes import needed

_GATHER_S: Final = 1.0
"""Changes of a second are shown at once: a busy house changes the queue and the stock many times a second."""


def stream(
    office: Office, request: Request[Any, Any, Any], messages: AsyncGenerator[ServerSentEventMessage]
) -> ServerSentEvent:
    """The messages, until the visitor signs out, loses the right of this route, or his token is revoked."""
    crowd: Crowd = request.app.state.crowd
    crowd.office.find()
    return ServerSentEvent(_while_let_in(office, request, messages))


def follow(office: Office, request: Request[Any, Any, Any], subject: str) -> ServerSentEvent:
    """One `changed` when something was written about the subject, and now and then: what is shown also ages by itself,
    and other processes write too.
    """

    async def changes() -> AsyncGenerator[ServerSentEventMessage]:
        yield ServerSentEventMessage(comment="open")
        with office.live.watch.over(subject) as bell:
            while True:
                await bell.wait(LOOK_AGAIN_S)
                await asyncio.sleep(_GATHER_S)
                yield ServerSentEventMessage(data=subject, event="changed")

    return stream(office, request, changes())


def stream_to_customer(
    request: Request[Any, Any, Any], messages: AsyncGenerator[ServerSentEventMessage]
) -> ServerSentEvent:
    """The messages, for who knows a link."""
    crowd: Crowd = request.app.state.crowd
    crowd.customers.find()
    return ServerSentEvent(_within(crowd.customers, messages))


async def _within(
    room: Room, messages: AsyncGenerator[ServerSentEventMessage]
) -> AsyncIterator[ServerSentEventMessage]:
    with room.taken():
        async with aclosing(messages):
            async for message in messages:
                yield message


async def _while_let_in(
    office: Office, request: Request[Any, Any, Any], messages: AsyncGenerator[ServerSentEventMessage]
) -> AsyncIterator[ServerSentEventMessage]:
    crowd: Crowd = request.app.state.crowd
    with crowd.office.taken(), office.live.watch.over("door") as bell:
        coming = asyncio.ensure_future(anext(messages))
        try:
            while True:
                rung = asyncio.ensure_future(bell.wait(LOOK_AGAIN_S))
                await asyncio.wait({coming, rung}, return_when=asyncio.FIRST_COMPLETED)
                rung.cancel()
                if not await _may_stay(request):
                    return
                if coming.done():
                    try:
                        yield coming.result()
                    except StopAsyncIteration:
                        return
                    coming = asyncio.ensure_future(anext(messages))
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
            await messages.aclose()


async def _may_stay(request: Request[Any, Any, Any]) -> bool:
    door: Door = request.app.state.door
    # An open page is no sign of somebody at work: it does not keep a session alive.
    visitor = await door.visitor(request, at_work=False)
    return visitor is not None and needed(request.route_handler.opt["area"], "GET") in visitor.scopes
