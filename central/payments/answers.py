"""Payments as the REST interface and the pages show them. Money in minor units, moments in milliseconds."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from central.intake.report import Rejected
from central.payments.matching import Proposal
from central.payments.model import Kind, State
from contract.keys import OrderId


class PaymentEntry(Struct, frozen=True):
    """Money that moved for one order."""

    number: int
    kind: Kind
    amount: int
    method: str
    reference: str
    slip: str
    """What it was paid in with, together with others."""
    note: str
    by: str
    at: int


class Paid(Struct, frozen=True):
    """Where the money stands."""

    state: State
    method: str
    """Of the newest payment."""
    reference: str
    amount: int
    """All that came."""
    refunded: int
    owed: int
    entries: tuple[PaymentEntry, ...]


class Accepted(Struct, frozen=True, forbid_unknown_fields=True):
    """A person says whose money it is."""

    key: Annotated[str, Meta(min_length=1, max_length=200)]
    order: OrderId


class Given(Struct, frozen=True):
    """What became of one order's part."""

    order: str
    done: bool
    text: str = ""
    """Why not."""


class Outcomes(Struct, frozen=True):
    """One for each that was asked for, in that order."""

    results: tuple[Given, ...]


class PieceResult(Struct, frozen=True):
    """What became of one piece of money that waited."""

    key: str
    money: str
    """As the bank or the card processor named it."""
    order: str
    """Whose it was said to be; empty: no order's."""
    done: bool
    text: str = ""
    """Why not."""


class PieceResults(Struct, frozen=True):
    """One for each that was asked for, in that order."""

    items: tuple[PieceResult, ...]


class StatementReport(Struct, frozen=True):
    """What a bank's file held."""

    waiting: int
    """Credits that wait for somebody to say whose they are."""
    known: int
    """That an earlier file told of."""
    debits: int
    rejected: tuple[Rejected, ...]


class Unmatched(Struct, frozen=True):
    """Money that nobody knows yet whose it is."""

    key: str
    kind: Kind
    amount: int
    currency: str
    method: str
    reference: str
    label: str
    named: str
    """The order that it says it is for; it is not here yet."""
    at: int
    proposals: tuple[Proposal, ...] = ()


class UnmatchedPage(Struct, frozen=True):
    """One page, the newest first."""

    items: tuple[Unmatched, ...]
    next: str | None


class Moved(Struct, frozen=True):
    """A line of the history."""

    order: str
    currency: str
    entry: PaymentEntry


class MovedPage(Struct, frozen=True):
    """One page of the history, newest first."""

    items: tuple[Moved, ...]
    next: str | None
    """Give it as `after` to get the next page; null on the last one."""
