"""Timelines, tracking events and problems as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct


class TimelineEntry(Struct, frozen=True):
    """What happened, when, where, by whom."""

    at: int
    what: str
    station: str
    by: str
    text: str


class TrackingEvent(Struct, frozen=True):
    """Something that happened to a parcel on its way."""

    at: int
    status: str
    source: str
    text: str
    place: str
    recorded_at: int


class ProblemAnswer(Struct, frozen=True):
    """Something that a person must look at, or has looked at."""

    problem: int
    kind: str
    text: str
    at: int
    station: str
    badge: str
    order_id: str
    sscc: str
    sku: str
    closed_at: int | None
    closed_by: str


class ProblemPage(Struct, frozen=True):
    """One page of problems, newest first."""

    items: tuple[ProblemAnswer, ...]
    next: str | None


class ProblemResult(Struct, frozen=True):
    """What became of one problem of many."""

    problem: int
    done: bool
    text: str = ""
    """Why it was not done."""


class ProblemResults(Struct, frozen=True):
    """One for each that was named, in that order."""

    items: tuple[ProblemResult, ...]
