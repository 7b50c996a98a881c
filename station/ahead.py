"""Keeps orders at hand while there is a network, so that the bench goes on when there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from contract.messages import Ask, LendAhead
from station.at_hand import Moment
from station.journal import Journal
from station.work import phases
from station.work.inputs import AnyInput, JobWasWithdrawn, NoteArrived

_BETWEEN_MS: Final = 1_000
_UNANSWERED_MS: Final = 15_000
_ALL_THE_SAME_MS: Final = 300_000
"""Central sends by itself what comes into an empty queue; a central that was started anew may have forgotten it."""
_RESTS_MS: Final = 10_000
"""What is asked back is for another bench: who gave it back does not ask for it again at once."""
_UNATTENDED_MS: Final = 120_000
"""A packer's break; after that, others pack what is here."""


class WorkAhead:
    """Look every second: it costs nothing when nothing is due."""

    def __init__(
        self,
        journal: Journal,
        phase: Callable[[], phases.AnyPhase],
        ask: Callable[[Ask], None],
        submit: Callable[[AnyInput], None],
        moment: Callable[[], Moment],
        most: int,
    ) -> None:
        """`most`: so many unopened orders at most."""
        self._journal = journal
        self._phase = phase
        self._ask = ask
        self._submit = submit
        self._moment = moment
        self._most = most
        self._compares = True
        """Central is to be told what is here."""
        self._asked_at: int | None = None
        self._waits = False
        self._had: int | None = None
        """The most that was at hand since the last ask; None: nobody has asked since somebody signed in."""
        self._rests_until = 0
        self._attended_at: int | None = None

    def compare(self) -> None:
        """Central may have taken back meanwhile what is here, or know nothing of it: tell it with the next look."""
        self._compares = True
        self._waits = False

    def answered(self) -> None:
        """Central has answered; what it lends comes by itself."""
        self._waits = False
        self._compares = False

    def asked_back(self) -> None:
        """Another station is to have something of what is here."""
        self._rests_until = self._moment().since_boot + _RESTS_MS

    def look(self, *, online: bool) -> None:
        """Ask for more when half is opened, give back what is over."""
        now = self._moment()
        attended = not isinstance(self._phase(), phases.SignedOut | phases.Away)
        if attended or self._attended_at is None:
            self._attended_at = now.since_boot
        if not attended:
            self._had = None
        unattended = online and now.since_boot - self._attended_at >= _UNATTENDED_MS
        over = [job for job, terms in self._journal.at_hand.items() if unattended or terms.is_over(now)]
        for job in over:
            reason = "unattended" if unattended else "expired"
            self._submit(JobWasWithdrawn(now.wall, job, self._journal.jobs[job].fence, reason, "", ""))
        if over and not online:
            self._submit(_time_is_over(now.wall, [number for job in over for number in self._journal.jobs[job].orders]))
        if online and self._is_due(now.since_boot, attended):
            self._asked_at, self._waits = now.since_boot, True
            self._had = len(self._journal.at_hand) if attended else None
            self._ask(LendAhead(self._most if attended else 0))

    def _is_due(self, now: int, attended: bool) -> bool:
        since = now - self._asked_at if self._asked_at is not None else _ALL_THE_SAME_MS
        if since < (_UNANSWERED_MS if self._waits else _BETWEEN_MS):
            return False
        if self._compares or not (attended and self._most):
            return self._compares
        has = len(self._journal.at_hand)
        opened_some = self._had is None or has < self._had
        if self._had is not None:
            self._had = max(self._had, has)
        if now < self._rests_until or has > self._most // 2:
            return False
        return opened_some or since >= _ALL_THE_SAME_MS


def _time_is_over(at: int, orders: Sequence[str]) -> NoteArrived:
    """With a network they would come again at once; without one they go to other benches."""
    named = ", ".join(orders)
    return NoteArrived(
        at,
        f"Too long without network: other benches may pack {named} now. Put aside what was fetched.",
        f"Trop longtemps sans réseau : d'autres postes peuvent emballer {named}. Mettez de côté ce qui a été pris.",
    )
