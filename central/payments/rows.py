"""Payments as the books hold them."""

from __future__ import annotations

from msgspec import Struct

from contract.keys import OrderId


class PaymentRow(Struct, frozen=True, gc=False):
    """Money that moved. Never changed: what was wrong is given back by another row."""

    order_id: OrderId
    number: int
    """1 for the order's first."""
    kind: str
    """A `central.payments.model.Kind`."""
    amount: int
    """Minor units, never below zero. 0: the shop says that it is paid and not how much."""
    method: str
    reference: str = ""
    """Of this payment: a transfer's reference, a cheque's number, a card charge."""
    slip: str = ""
    """What it was paid in with, together with others."""
    note: str = ""
    by: str = ""
    at: int = 0


class IncomingRow(Struct, frozen=True, gc=False):
    """Money of which a bank or a card processor told."""

    key: str
    """Of this piece of money: what is told again has the same."""
    kind: str
    """A `central.payments.model.Kind`."""
    amount: int
    """Of a refund: the sum that was given back of its charge so far."""
    currency: str
    method: str
    reference: str
    label: str
    """What the bank wrote; of a card: the other name of the charge."""
    named: str
    """The order that it says it is for; empty: none."""
    at: int
    state: str = "open"
    """`open`, `booked` or `dismissed`."""
    order_id: str = ""
    by: str = ""
