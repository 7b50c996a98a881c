"""Answers leave at once, and who does not read them is cut off."""

from __future__ import annotations

import asyncio
import socket

import pytest

from central import app
from central.app import bind


def test_connections_send_at_once() -> None:
    with bind("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@pytest.mark.feature("R2")
async def test_who_reads_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the kernel, with all that waits for him: an open live page in a laptop that sleeps."""
    monkeypatch.setattr(app, "UNREAD_MS", 500)
    cut_off = asyncio.Event()

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(b"data: x\r\n\r\n" * 1000)
                await writer.drain()
        except OSError:
            cut_off.set()

    with bind("127.0.0.1", 0) as listening:
        async with await asyncio.start_server(pour, sock=listening):
            with socket.create_connection(listening.getsockname()):
                async with asyncio.timeout(60):
                    await cut_off.wait()
