"""Messages from central become inputs. Each is acknowledged when what it caused is durable, and not before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from contract.envelope import Unreadable, read_inbox
from contract.messages import (
    AheadLent,
    Ask,
    BadgeKnown,
    BadgeUnknown,
    CompareFacts,
    Configure,
    CountOffered,
    DeliveryOffered,
    FactsLacking,
    InboxItem,
    JobOffered,
    JobWithdrawn,
    LendAhead,
    MessageToPacker,
    OpenWork,
    PhotoHeld,
    PrintDocument,
    Receipts,
    SsccLeased,
    TimeTold,
    WithdrawDocument,
    WorkComing,
    WorkRefused,
)
from contract.values import Ahead, Receipt
from link.client import Delivery
from station.at_hand import AtHand, Moment
from station.clock import moment
from station.journal import Journal
from station.work.inputs import (
    AnyInput,
    Configured,
    CountArrived,
    DeliveryArrived,
    JobArrived,
    JobWasWithdrawn,
    NoteArrived,
    PersonKnown,
    PersonUnknown,
    SsccArrived,
    WorkWasRefused,
)
from station.work.leaving import IF_UNOPENED

log = logging.getLogger(__name__)

_ASKED_FOR: Final = Ahead(lasts_s=60)
"""Terms of a job that was asked for by its code. It is opened at once, or the ask was given up or came twice: so long
is it kept for who scans the code once more."""


class Taker(Protocol):
    """The bench, as the inlet sees it."""

    def submit(self, given: AnyInput) -> None: ...
    async def taken(self, given: AnyInput, seen: str = "") -> None: ...


class PaperTaker(Protocol):
    """Where the office's papers go."""

    async def asked(self, order: PrintDocument, message: str) -> None: ...
    async def withdrawn(self, print_id: str) -> None: ...


class Comparer(Protocol):
    """Who asks which facts central lacks."""

    def wake(self) -> None: ...
    def answered(self, correlation: bytes | None, lacking: FactsLacking) -> None: ...


class WorkTaker(Protocol):
    """What keeps orders at hand."""

    def answered(self) -> None: ...
    def asked_back(self) -> None: ...
    def compare(self) -> None: ...


class Answers(Protocol):
    """What waits for answers."""

    def answered(self, correlation: bytes | None) -> Ask | None: ...
    def coming(self, correlation: bytes | None, word: WorkComing) -> None: ...


class Inlet:
    """The station's inbox. Every message may come twice."""

    def __init__(
        self,
        journal: Journal,
        bench: Taker,
        papers: PaperTaker,
        work: WorkTaker,
        asking: Answers,
        settled: Callable[[Iterable[int]], None],
        leased: Callable[[JobOffered], None],
        time_told: Callable[[int], None],
        pictured: Callable[[PhotoHeld], None],
        comparing: Comparer,
        now_ms: Callable[[], int],
        moment: Callable[[], Moment] = moment,
    ) -> None:
        """`settled` hears which facts central has, `leased` of each job that is new here, `time_told` what
        central's clock shows, `pictured` how much of a picture is in central."""
        self._journal = journal
        self._bench = bench
        self._papers = papers
        self._work = work
        self._asking = asking
        self._settled = settled
        self._leased = leased
        self._time_told = time_told
        self._pictured = pictured
        self._comparing = comparing
        self._now_ms = now_ms
        self._moment = moment
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()

    def deliver(self, delivery: Delivery) -> None:
        """Take this when its turn comes."""
        self._queue.put_nowait(delivery)

    async def run(self) -> None:
        """Work until cancelled: all that has arrived, with one commit for its receipts."""
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            receipts: list[Receipt] = []
            for delivery in batch:
                receipts += await self._take(delivery)
            await self._forget(receipts)
            for delivery in batch:
                delivery.ack()

    async def _take(self, delivery: Delivery) -> tuple[Receipt, ...]:
        try:
            envelope = read_inbox(delivery.payload)
            if isinstance(envelope.body, Receipts):
                return envelope.body.receipts
            if isinstance(envelope.body, FactsLacking):
                self._comparing.answered(delivery.correlation, envelope.body)
            elif isinstance(envelope.body, WorkComing):
                self._asking.coming(delivery.correlation, envelope.body)
            else:
                await self._act(envelope.body, self._asking.answered(delivery.correlation), envelope.message_id)
        except (Unreadable, OverflowError) as error:
            # A number that the journal cannot hold would come back from the broker at every start.
            await self._journal.set_aside(delivery.topic, delivery.payload, str(error))
            log.error(
                "%s: a message was set aside, the %d. so far: %s",
                delivery.topic,
                await self._journal.unreadable(),
                error,
            )
        return ()

    async def _act(self, item: InboxItem, ask: Ask | None, message: str) -> None:
        now = self._now_ms()
        match item:
            case JobOffered():
                await self._offered(item, ask)
            case CountOffered(task) if isinstance(ask, OpenWork):
                self._bench.submit(CountArrived(now, task, ask.code))
            case DeliveryOffered(delivery) if isinstance(ask, OpenWork):
                self._bench.submit(DeliveryArrived(now, delivery, ask.code))
            case WorkRefused() if ask is not None:
                self._bench.submit(WorkWasRefused(now, item))
            case JobWithdrawn(job, fence) if (held := self._journal.jobs.get(job)) and fence < held.fence:
                log.info("job %s: the withdrawal of lease %d came after lease %d", job, fence, held.fence)
            case JobWithdrawn(job, fence, reason) if reason in IF_UNOPENED and await self._journal.is_over(job, fence):
                log.info("job %s: lease %d was asked back when it was over", job, fence)
            case JobWithdrawn(job, fence, reason, text, text_fr):
                if reason == "wanted":
                    self._work.asked_back()
                lay_here = job in self._journal.at_hand
                await self._bench.taken(JobWasWithdrawn(now, job, fence, reason, text, text_fr, lay_here))
            case AheadLent() if isinstance(ask, LendAhead):
                self._work.answered()
            # Unasked, it may be an answer to the device that had our name before, which used the numbers.
            case SsccLeased() if ask is not None:
                await self._bench.taken(SsccArrived(now, item.range))
            # Unasked, it may be older than the list of people that this station has.
            case BadgeKnown() if ask is not None:
                await self._bench.taken(PersonKnown(now, item.person))
            case BadgeUnknown() if ask is not None:
                self._bench.submit(PersonUnknown(now, item.badge))
            case MessageToPacker():
                if not await self._journal.has_seen(message):
                    await self._bench.taken(NoteArrived(now, item.text, item.text_fr), seen=message)
            case PrintDocument():
                await self._papers.asked(item, message)
            case WithdrawDocument(print_id):
                await self._papers.withdrawn(print_id)
            case TimeTold(at) if ask is not None:
                self._time_told(at)
            case PhotoHeld():
                self._pictured(item)
            case CompareFacts(restored_at):
                await self._journal.compare(restored_at)
                self._comparing.wake()
                self._work.compare()
            case Configure():
                await self._bench.taken(Configured(now, item.people, item.boxes, item.version))
            case _:
                log.info("%s came too late: nobody waits for it any more", type(item).__name__)

    async def _offered(self, offer: JobOffered, ask: Ask | None) -> None:
        terms = AtHand.since(offer.ahead or _ASKED_FOR, self._moment())
        kept = await self._journal.lease(offer.job, terms, asked=isinstance(ask, OpenWork))
        if kept:
            self._leased(offer)
        if not isinstance(ask, OpenWork):
            return
        if kept:
            self._bench.submit(JobArrived(self._now_ms(), offer.job, ask.code))
        else:
            self._bench.submit(WorkWasRefused(self._now_ms(), _over_here(ask.code)))

    async def _forget(self, receipts: list[Receipt]) -> None:
        if not receipts:
            return
        told = {receipt.message: receipt.problem for receipt in receipts}
        self._settled(await self._journal.receipted(told))
        for message, problem in told.items():
            if problem and not await self._journal.has_seen(message):
                await self._bench.taken(NoteArrived(self._now_ms(), problem), seen=message)


def _over_here(code: str) -> WorkRefused:
    """The station has done with this lease, and central has not heard of it yet."""
    return WorkRefused(
        code,
        "packed",
        f"{code} was finished or put down at this station a moment ago. Try again when nothing is waiting to be sent.",
        f"{code} vient d'être terminée ou posée à ce poste. Réessayez quand plus rien n'attend d'être envoyé.",
    )
