"""Asks of the core: answered from the jobs that the station holds, else by central, else by `AskFailed`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from contract import topics
from contract.envelope import Envelope, encode
from contract.keys import StationId
from contract.messages import Ask, LeaseSscc, OpenWork, TellTime, WhichLack, WhoIs
from link.client import Link, LinkDown, PublishRefused
from link.identity import new_message_id
from station.journal import Journal
from station.leases import job_behind
from station.work.inputs import AnyInput, AskFailed, JobArrived

log = logging.getLogger(__name__)

_PATIENCE_S = 5.0
"""A packer waits this long for central, and the broker keeps the ask no longer."""


class Asking:
    """Each ask under way has a correlation; the first inbox message with it is the answer."""

    def __init__(
        self,
        journal: Journal,
        link: Link,
        site: str,
        station: StationId,
        submit: Callable[[AnyInput], None],
        now_ms: Callable[[], int],
        *,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._journal = journal
        self._link = link
        self._station = station
        self._ask_topic = topics.ask(site, station)
        self._inbox_topic = topics.inbox(site, station)
        self._submit = submit
        self._now_ms = now_ms
        self._patience_s = patience_s
        self._was_online = asyncio.Event()
        self._queue: asyncio.Queue[Ask] = asyncio.Queue()
        self._under_way: dict[bytes, tuple[Ask, asyncio.Future[None]]] = {}

    def ask(self, ask: Ask) -> None:
        """The answer, or `AskFailed`, comes as an input."""
        if isinstance(ask, OpenWork) and (held := job_behind(ask.code, self._journal.jobs.values())):
            self._submit(JobArrived(self._now_ms(), held, ask.code))
        else:
            self._queue.put_nowait(ask)

    def link_is_up(self) -> None:
        """From the first time on, an ask without a link fails at once; a station that starts waits for it."""
        self._was_online.set()

    def answered(self, correlation: bytes | None) -> Ask | None:
        """The ask that a message with this correlation answers; None when nobody waits for it any more."""
        ask, done = self._under_way.pop(correlation or b"", (None, None))
        if done is not None and not done.done():
            done.set_result(None)
            return ask
        return None

    async def run(self) -> None:
        """Ask until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                ask = await self._queue.get()
                group.create_task(self._ask_central(ask), name=f"ask {type(ask).__name__}")

    async def _ask_central(self, ask: Ask) -> None:
        message = new_message_id()
        correlation = message.encode()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._under_way[correlation] = ask, done
        try:
            async with asyncio.timeout(self._patience_s):
                await self._after_facts()
                await self._link.publish(
                    self._ask_topic,
                    encode(Envelope(message, self._station, 0, self._now_ms(), ask)),
                    expiry_s=max(1, round(self._patience_s)),
                    response_topic=self._inbox_topic,
                    correlation=correlation,
                )
                await done
        except (TimeoutError, LinkDown, PublishRefused) as failure:
            log.warning("%s was not answered: %s", type(ask).__name__, failure or f"nothing in {self._patience_s} s")
            if not isinstance(ask, TellTime):
                self._submit(AskFailed(self._now_ms(), type(ask).__name__, _code(ask)))
        finally:
            self._under_way.pop(correlation, None)

    async def _after_facts(self) -> None:
        """What happened here must be known to central before it answers: a job that was just put down."""
        await self._was_online.wait()
        if not self._link.online:
            raise LinkDown(self._link.fault)
        await self._journal.all_at_broker()


def _code(ask: Ask) -> str:
    match ask:
        case OpenWork(code):
            return code
        case WhoIs(badge):
            return badge
        case LeaseSscc() | TellTime() | WhichLack():
            return ""
