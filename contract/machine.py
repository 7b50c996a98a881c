"""What is wrong with the machine that a station or central runs on. Pure: readings in, troubles out."""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec import Struct

MEGABYTE: Final = 1024 * 1024
UNDERVOLTAGE_SHOWN_MS: Final = 10 * 60_000
"""A weak supply sags again and again: between two sags it is still weak."""
CLOCK_TOLERANCE_MS: Final = 60_000
"""More than a broker and a busy central delay an answer, less than anybody would read wrong on a label."""
LEAST_FREE: Final = 256 * 1024
"""Some commits of a bench: a disk with less is full, whether or not somebody tries to write."""
_DISK_LOW_MB: Final = 200
_DISK_LOW_TENTH: Final = 10
"""Of a small disk a tenth is low."""
_MEMORY_LOW_MB: Final = 32
_MEMORY_LOW_PART: Final = 20
"""The twentieth part of the memory: below it the kernel begins to end processes (a Pi with 1 GB has 50 MB left)."""
_STEP: Final = 10
"""Amounts are told in such steps, so that not every megabyte is news."""


class MachineTrouble(Struct, frozen=True):
    """One thing that a technician has to mend."""

    kind: str
    """`disk_low`, `disk_full`, `disk_read_only`, `disk_worn`, `memory_low`, `undervoltage`, `clock_wrong`, or of a
    certificate, such as `station_certificate_ends`; a newer station may know more."""
    amount: int = 0
    """MB left of a disk or of the memory, errors of a worn disk, seconds that a clock is ahead (behind: negative),
    days left of a certificate."""


class Vitals(NamedTuple):
    """A machine as it is now. None: this machine does not tell."""

    disk_free: int
    """Bytes that we may still write beside our database."""
    disk_size: int
    disk_read_only: bool
    disk_errors: int | None
    """Errors that the file system has met since it was last mended."""
    memory_free: int | None
    """Bytes that can be had without swapping."""
    memory_size: int | None
    undervoltage_ms: int | None
    """Since when the supply was last too low."""


def troubles_of(now: Vitals, before: frozenset[str]) -> tuple[MachineTrouble, ...]:
    """The troubles of the machine. One that was there `before` ends with some room to spare, so that none flickers."""
    return tuple(
        trouble
        for trouble in (_disk(now, before), _worn(now), _memory(now, before), _supply(now))
        if trouble is not None
    )


def clock_trouble(ahead_ms: int) -> MachineTrouble | None:
    """A clock that is so far ahead of central's, or behind it (negative)."""
    return MachineTrouble("clock_wrong", ahead_ms // 1000) if abs(ahead_ms) > CLOCK_TOLERANCE_MS else None


def clock_ahead_ms(asked_at: int, answered_at: int, told: int) -> int:
    """How far our clock is certainly ahead of one that said `told` between two moments of ours; behind is negative."""
    if told < asked_at:
        return asked_at - told
    return min(0, answered_at - told)


def _disk(now: Vitals, before: frozenset[str]) -> MachineTrouble | None:
    if now.disk_read_only:
        return MachineTrouble("disk_read_only")
    if now.disk_free < min(LEAST_FREE, now.disk_size):
        return MachineTrouble("disk_full")
    low = min(_DISK_LOW_MB * MEGABYTE, now.disk_size // _DISK_LOW_TENTH)
    if now.disk_free >= low + (not before.isdisjoint(("disk_low", "disk_full"))) * low // 4:
        return None
    return MachineTrouble("disk_low", _in_steps(now.disk_free))


def _worn(now: Vitals) -> MachineTrouble | None:
    return MachineTrouble("disk_worn", now.disk_errors) if now.disk_errors else None


def _memory(now: Vitals, before: frozenset[str]) -> MachineTrouble | None:
    if now.memory_free is None or now.memory_size is None:
        return None
    low = max(_MEMORY_LOW_MB * MEGABYTE, now.memory_size // _MEMORY_LOW_PART)
    if now.memory_free >= low + ("memory_low" in before) * low // 2:
        return None
    return MachineTrouble("memory_low", _in_steps(now.memory_free))


def _supply(now: Vitals) -> MachineTrouble | None:
    if now.undervoltage_ms is None or now.undervoltage_ms > UNDERVOLTAGE_SHOWN_MS:
        return None
    return MachineTrouble("undervoltage")


def _in_steps(free: int) -> int:
    return free // MEGABYTE // _STEP * _STEP
