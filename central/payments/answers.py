"""Payments as the REST interface and the pages show them. Money in minor units, moments in milliseconds."""

from __future__ import annotations

from msgspec import Struct

from central.payments.model import Kind, State


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
