"""Jobs that central lent ahead of time: how long each may still be opened, and which comes first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from contract.keys import JobId
from contract.values import Ahead, HeldJob, Job


class Moment(NamedTuple):
    """Now, by both clocks of the machine. Milliseconds."""

    boot: str
    """Which run of the machine it is."""
    since_boot: int
    wall: int
    """Since the epoch; it may be wrong, and jump."""


class AtHand(Struct, frozen=True):
    """The terms of a job that nobody has opened here, and when it came."""

    ahead: Ahead
    boot: str
    since_boot: int
    wall: int

    @classmethod
    def since(cls, ahead: Ahead, now: Moment) -> AtHand:
        """It comes now."""
        return cls(ahead, *now)

    def is_over(self, now: Moment) -> bool:
        """Whether it may not be opened any more: by the clock that never jumps, after a restart of the machine by the
        wall's, unless that one was put back.
        """
        if now.boot == self.boot:
            gone_ms = now.since_boot - self.since_boot
        elif now.wall >= self.wall:
            gone_ms = now.wall - self.wall
        else:
            return True
        return gone_ms >= self.ahead.lasts_s * 1_000

    @property
    def place(self) -> tuple[int, int, int]:
        """Its place in the queue, the lowest first."""
        return -self.ahead.priority, self.ahead.due_at, self.ahead.placed_at


_ASKED_FOR = (-(2**63), 0, 0)
"""What somebody here has asked for comes before all that nobody has."""


def in_order(jobs: Iterable[Job], at_hand: Mapping[JobId, AtHand]) -> list[Job]:
    """The jobs as they should be packed."""

    def place(job: Job) -> tuple[int, int, int]:
        terms = at_hand.get(job.job)
        return _ASKED_FOR if terms is None else terms.place

    return sorted(jobs, key=lambda job: (place(job), job.job))


def may_be_opened(jobs: Mapping[JobId, Job], at_hand: Mapping[JobId, AtHand], now: Moment) -> list[Job]:
    """All that the station has and whose time is not over, as they should be packed."""
    good = [job for job in jobs.values() if (terms := at_hand.get(job.job)) is None or not terms.is_over(now)]
    return in_order(good, at_hand)


def told(jobs: Mapping[JobId, Job], at_hand: Mapping[JobId, AtHand]) -> tuple[HeldJob, ...]:
    """What central is told that the station has."""
    return tuple(HeldJob(job.job, job.fence, opened=job.job not in at_hand) for job in jobs.values())
