"""Named tasks that live and end together, and the word to systemd that all is well."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Mapping

log = logging.getLogger(__name__)


async def run_together(tasks: Mapping[str, Coroutine[object, object, object]]) -> str:
    """Run all until the first ends, then cancel the others and wait for them; return the first one's name.

    Raises what the first one raised. An error of another while it is being cancelled is logged.
    """
    running = {asyncio.create_task(work, name=name) for name, work in tasks.items()}
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in running:
            task.cancel()
        outcomes = await asyncio.gather(*running, return_exceptions=True)
    first = next(iter(done))
    for task, outcome in zip(running, outcomes, strict=True):
        if task is not first and isinstance(outcome, Exception):
            log.error("task %s failed while it was ending", task.get_name(), exc_info=outcome)
    first.result()
    return first.get_name()


async def until_signalled() -> None:
    """Return at SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await stop.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def notify(state: str) -> None:
    """Tell systemd (`READY=1`, `STOPPING=1`, `STATUS=…`); does nothing outside a unit. Source: sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            sock.sendto(state.encode(), address)
    except OSError as error:
        log.warning("cannot tell systemd %r: %s", state, error)


Probe = Callable[[], Awaitable[object]]
"""Goes through an organ the way its work does (a commit, a turn of the queue) and returns when it came out."""


class Heart:
    """Feeds systemd's watchdog, and only while every probe comes back in time."""

    def __init__(self, probes: Mapping[str, Probe]) -> None:
        self._probes = dict(probes)
        microseconds = int(os.environ.get("WATCHDOG_USEC", "0"))
        self._interval_s = microseconds / 2_000_000 if microseconds else 10.0

    async def run(self) -> None:
        """Probe twice per watchdog period until cancelled."""
        while True:
            if await self._all_well():
                notify("WATCHDOG=1")
            await asyncio.sleep(self._interval_s)

    async def _all_well(self) -> bool:
        for name, probe in self._probes.items():
            try:
                await asyncio.wait_for(probe(), self._interval_s)
            except TimeoutError:
                log.error("%s gave no sign of life in %.0f s", name, self._interval_s)
                return False
        return True
