"""Requests that break while they are answered, and connections that say nothing or too little, over real sockets."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from link import http
from link.http import Http

BEGUN = b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"
BROKEN = b"no number of letters\r\n"
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Answering:
    """An application that has read the beginning, and answers before it has heard the end, or after."""

    def __init__(self, *, at_once: bool) -> None:
        self.began = asyncio.Event()
        self.gone = asyncio.Event()
        self.asking: list[asyncio.StreamWriter] = []
        self._at_once = at_once

    async def __call__(self, scope: object, receive: Receive, send: Send) -> None:
        await receive()
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
        if self._at_once:
            await send(start)
            await send({"type": "http.response.body", "body": b"so far", "more_body": True})
        self.began.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        self.gone.set()
        if not self._at_once:
            await send(start)
        await send({"type": "http.response.body", "body": b"the end"})


@asynccontextmanager
async def served(app: Answering) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, http=Http, lifespan="off", log_config=None))  # type: ignore[arg-type]
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            yield reader, writer
        finally:
            writer.close()
            server.should_exit = True
            await serving


@pytest.mark.feature("R4")
@pytest.mark.parametrize(("at_once", "status"), [(True, b"200"), (False, b"400")])
async def test_a_body_that_breaks_under_its_answer_ends_the_connection_and_is_no_error(
    caplog: pytest.LogCaptureFixture, at_once: bool, status: bytes
) -> None:
    app = Answering(at_once=at_once)
    async with served(app) as (reader, writer):
        writer.write(BEGUN)
        await app.began.wait()
        writer.write(BROKEN)
        said = await reader.read()
        await app.gone.wait()
    assert said.startswith(b"HTTP/1.1 " + status)
    assert said.count(b"HTTP/1.1") == 1
    assert b"the end" not in said
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


async def over(reader: asyncio.StreamReader) -> bytes:
    """What still comes until the other side has ended the connection."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def ask(address: tuple[str, int], app: Answering) -> None:
    """Until one request has begun: on a loaded machine even its head may come too late."""
    while not app.began.is_set():
        reader, writer = await asyncio.open_connection(*address)
        writer.write(BEGUN)
        waits = [asyncio.create_task(app.began.wait()), asyncio.create_task(over(reader))]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        app.asking.append(writer)
        for wait in waits:
            wait.cancel()


@pytest.mark.feature("R4")
@pytest.mark.parametrize("beginning", [b"", b"GET / HTTP/1.1\r\nHost: "])
async def test_who_connects_and_asks_nothing_is_cut_off_and_who_asked_is_not(
    monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(http, "HEAD_S", 0.3)
    app = Answering(at_once=True)
    async with asyncio.timeout(60), served(app) as (_, writer):
        address = writer.get_extra_info("peername")
        await ask(address, app)
        silent, theirs = await asyncio.open_connection(*address)
        theirs.write(beginning)
        ending = asyncio.create_task(over(silent))
        while not ending.done():
            # Letter by letter, which is no reason to wait longer.
            theirs.write(b"x" if beginning else b"")
            await asyncio.wait({ending}, timeout=0.02)
        assert await ending == b""
        theirs.close()
        assert not app.gone.is_set()
        for writer in app.asking:
            writer.close()


@pytest.mark.feature("R4")
async def test_one_connection_more_than_there_may_be_is_ended_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "MOST_CONNECTIONS", 1)
    app = Answering(at_once=True)
    async with asyncio.timeout(60), served(app) as (_, writer):
        writer.write(BEGUN)
        await app.began.wait()
        further, theirs = await asyncio.open_connection(*writer.get_extra_info("peername"))
        assert await over(further) == b""
        theirs.close()
        assert not app.gone.is_set()
