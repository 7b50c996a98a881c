"""Tasks that live and end together, back-off, message ids, and systemd's socket."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from link.backoff import Backoff
from link.identity import new_message_id
from link.tasks import Heart, notify, run_together, until_signalled


async def test_the_first_to_end_ends_all() -> None:
    ended: list[str] = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("forever")

    async def brief() -> None:
        await asyncio.sleep(0)

    assert await run_together({"forever": forever(), "brief": brief()}) == "brief"
    assert ended == ["forever"]


async def test_an_error_ends_all_and_is_raised() -> None:
    async def broken() -> None:
        raise ValueError("torn")

    with pytest.raises(ValueError, match="torn"):
        await run_together({"broken": broken(), "signal": until_signalled()})


async def test_sigterm_ends_all() -> None:
    async def kill() -> None:
        await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    assert await run_together({"signals": until_signalled(), "kill": kill()}) == "signals"


def systemd_socket(folder: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(str(folder / "notify"))
    sock.setblocking(False)
    return sock


async def test_the_heart_beats_only_while_all_organs_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = asyncio.Event()

    async def probe() -> None:
        if stuck.is_set():
            await asyncio.Event().wait()

    with systemd_socket(tmp_path) as sock:
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "20000")
        heart = asyncio.create_task(Heart({"journal": probe}).run())
        loop = asyncio.get_running_loop()
        assert await asyncio.wait_for(loop.sock_recv(sock, 100), 60) == b"WATCHDOG=1"
        stuck.set()
        beats = 0
        with contextlib.suppress(TimeoutError):
            while True:
                await asyncio.wait_for(loop.sock_recv(sock, 100), 0.3)
                beats += 1
        assert beats <= 1  # one that was on its way
        heart.cancel()
        await asyncio.gather(heart, return_exceptions=True)


def test_outside_a_unit_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")


@given(st.lists(st.floats(0, 0.999), min_size=1, max_size=60))
def test_backoff_grows_to_its_cap(chances: list[float]) -> None:
    source = iter(chances)
    backoff = Backoff(0.2, 15, lambda: next(source))
    delays = [backoff.next_s() for _ in chances]
    for number, delay in enumerate(delays):
        whole = min(15, 0.2 * 2**number)
        assert whole / 2 <= delay <= whole


def test_message_ids_are_uuid7_and_differ() -> None:
    ids = [new_message_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {(uuid.UUID(text).version, uuid.UUID(text).variant) for text in ids} == {(7, uuid.RFC_4122)}
    assert [text[:13] for text in ids] == sorted(text[:13] for text in ids)
