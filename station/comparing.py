"""After central's database was restored: asks which of the facts kept here it lacks, and sends those again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from contract import topics
from contract.envelope import Envelope, encode
from contract.keys import StationId
from contract.messages import FactsLacking, WhichLack
from contract.values import SsccRange
from link.client import Link, LinkDown, PublishRefused
from link.identity import new_message_id
from station.journal import Journal

log = logging.getLogger(__name__)

_PATIENCE_S = 20.0
_TRY_AGAIN_S = 5.0


class Comparing:
    """Compares page by page; how far it came is in the journal, so that a restart goes on there."""

    def __init__(
        self,
        journal: Journal,
        link: Link,
        site: str,
        station: StationId,
        ranges: Callable[[], tuple[SsccRange, ...]],
        resent: Callable[[], None],
        now_ms: Callable[[], int],
    ) -> None:
        """`ranges`: the SSCCs that this station was ever leased and still knows of; `resent` hears of facts to send."""
        self._journal = journal
        self._link = link
        self._station = station
        self._ask_topic = topics.ask(site, station)
        self._inbox_topic = topics.inbox(site, station)
        self._ranges = ranges
        self._resent = resent
        self._now_ms = now_ms
        self._wake = asyncio.Event()
        self._wake.set()
        self._asked = b""
        self._answer: asyncio.Future[FactsLacking] | None = None

    def wake(self) -> None:
        """There is something to compare, or the link is up."""
        self._wake.set()

    def answered(self, correlation: bytes | None, lacking: FactsLacking) -> None:
        """Central's answer; one that nobody waits for any more is asked for again."""
        if self._answer is not None and not self._answer.done() and correlation == self._asked:
            self._answer.set_result(lacking)

    async def run(self) -> None:
        """Compare whenever there is something to, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._link.online and not self._journal.comparison.done:
                if not await self._compare_page():
                    await asyncio.sleep(_TRY_AGAIN_S)

    async def _compare_page(self) -> bool:
        """False when central did not answer."""
        began = self._journal.comparison
        page = await self._journal.kept_after(began.through)
        lacking = await self._ask(WhichLack(tuple(message for _, message in page), self._ranges()))
        if lacking is None:
            return False
        through = page[-1][0] if page else began.through
        count = await self._journal.compared(began, through, lacking.messages, is_last=not page)
        if count:
            log.warning("central's database was restored: %d facts are sent again", count)
            self._resent()
        return True

    async def _ask(self, question: WhichLack) -> FactsLacking | None:
        message = new_message_id()
        self._asked, self._answer = message.encode(), asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._link.publish(
                    self._ask_topic,
                    encode(Envelope(message, self._station, 0, self._now_ms(), question)),
                    expiry_s=round(_PATIENCE_S),
                    response_topic=self._inbox_topic,
                    correlation=self._asked,
                )
                return await self._answer
        except (TimeoutError, LinkDown, PublishRefused) as failure:
            log.warning("what central lacks is not known yet: %s", failure or f"no answer in {_PATIENCE_S} s")
            return None
