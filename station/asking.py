"""Asks of the core: answered from the jobs that the station holds, else by central, else by `AskFailed`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from msgspec.structs import replace

from contract import topics
from contract.envelope import Envelope, encode
from contract.keys import StationId
from contract.messages import (
    Ask,
    LeaseSscc,
    LendAhead,
    OpenWork,
    TellTime,
    WhichLack,
    WhoIs,
    WorkComing,
    WorkRefused,
)
from contract.values import Job
from link.client import Link, LinkDown, PublishRefused
from link.identity import new_message_id
from station.at_hand import Moment, may_be_opened, told
from station.clock import moment
from station.journal import Journal
from station.leases import job_behind
from station.work.inputs import AnyInput, AskFailed, JobArrived, WorkWasRefused

log = logging.getLogger(__name__)

_PATIENCE_S = 5.0
"""A packer waits this long for central, and the broker keeps the ask no longer."""
_AGAIN_S = 0.2
"""Another station gives the work back meanwhile."""


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
        moment: Callable[[], Moment] = moment,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._journal = journal
        self._link = link
        self._station = station
        self._ask_topic = topics.ask(site, station)
        self._inbox_topic = topics.inbox(site, station)
        self._submit = submit
        self._now_ms = now_ms
        self._moment = moment
        self._patience_s = patience_s
        self._was_online = asyncio.Event()
        self._queue: asyncio.Queue[Ask] = asyncio.Queue()
        self._under_way: dict[bytes, tuple[Ask, asyncio.Future[WorkComing | None]]] = {}
        self._numbers_asked = ""
        """The name of an ask for parcel numbers without an answer yet: under it central gives the same ones again."""

    def ask(self, ask: Ask) -> None:
        """The answer, or `AskFailed`, comes as an input."""
        if isinstance(ask, OpenWork) and (held := self._held(ask.code)) is not None:
            self._submit(JobArrived(self._now_ms(), held, ask.code))
        else:
            self._queue.put_nowait(ask)

    def _held(self, code: str) -> Job | None:
        return job_behind(code, may_be_opened(self._journal.jobs, self._journal.at_hand, self._moment()))

    def link_is_up(self) -> None:
        """From the first time on, an ask without a link fails at once; a station that starts waits for it."""
        self._was_online.set()

    def answered(self, correlation: bytes | None) -> Ask | None:
        """The ask that a message with this correlation answers; None when nobody waits for it any more."""
        ask, done = self._under_way.pop(correlation or b"", (None, None))
        if done is not None and not done.done():
            done.set_result(None)
            if isinstance(ask, LeaseSscc):
                self._numbers_asked = ""
            return ask
        return None

    def coming(self, correlation: bytes | None, word: WorkComing) -> None:
        """What was asked for is being given back elsewhere: it is asked for again."""
        _, done = self._under_way.pop(correlation or b"", (None, None))
        if done is not None and not done.done():
            done.set_result(word)

    async def run(self) -> None:
        """Ask until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                ask = await self._queue.get()
                group.create_task(self._ask_central(ask), name=f"ask {type(ask).__name__}")

    async def _ask_central(self, ask: Ask) -> None:
        coming: WorkComing | None = None
        try:
            async with asyncio.timeout(self._patience_s):
                while (word := await self._asked_once(ask)) is not None:
                    coming = word
                    await asyncio.sleep(_AGAIN_S)
        except (TimeoutError, LinkDown, PublishRefused) as failure:
            log.warning("%s was not answered: %s", type(ask).__name__, failure or f"nothing in {self._patience_s} s")
            if coming is not None:
                refusal = WorkRefused(coming.code, "leased", coming.text, coming.text_fr)
                self._submit(WorkWasRefused(self._now_ms(), refusal))
            elif not isinstance(ask, TellTime | LendAhead):
                self._submit(AskFailed(self._now_ms(), type(ask).__name__, _code(ask)))

    async def _asked_once(self, ask: Ask) -> WorkComing | None:
        """Return when it is answered; with a word when it must be asked again."""
        message = self._named(ask)
        correlation = message.encode()
        done: asyncio.Future[WorkComing | None] = asyncio.get_running_loop().create_future()
        self._under_way[correlation] = ask, done
        try:
            await self._after_facts()
            await self._link.publish(
                self._ask_topic,
                encode(Envelope(message, self._station, 0, self._now_ms(), self._as_it_is(ask))),
                expiry_s=max(1, round(self._patience_s)),
                response_topic=self._inbox_topic,
                correlation=correlation,
            )
            return await done
        finally:
            self._under_way.pop(correlation, None)

    def _named(self, ask: Ask) -> str:
        if not isinstance(ask, LeaseSscc):
            return new_message_id()
        self._numbers_asked = self._numbers_asked or new_message_id()
        return self._numbers_asked

    def _as_it_is(self, ask: Ask) -> Ask:
        """The ask, with what the station has at the moment of asking."""
        if not isinstance(ask, LendAhead):
            return ask
        journal = self._journal
        return replace(ask, held=told(journal.jobs, journal.at_hand), settled=not journal.waiting)

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
        case LeaseSscc() | TellTime() | WhichLack() | LendAhead():
            return ""
