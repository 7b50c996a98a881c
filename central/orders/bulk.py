"""One thing done to many orders: each order by itself, with a result of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.orders import cancelling, holding
from central.orders.model import Payment
from central.orders.rules import By, known
from central.orders.status import status_of
from central.orders.urgency import PRIORITIES, Priority, prioritise
from central.payments import rules as payments
from central.shipping import rules as shipping
from contract.keys import OrderId

Do: TypeAlias = Literal["paid", "released", "held", "shipped", "cancelled", "prioritised"]
DOES: Final[tuple[Do, ...]] = get_args(Do)


class Action(Struct, frozen=True):
    """What is done to each order. Make it with `action`."""

    do: Do
    reason: str = ""
    """Of `held` and `cancelled`."""
    method: str = ""
    """Of `paid`: how the money came."""
    reference: str = ""
    priority: Priority = "normal"
    """Of `prioritised`, with its reason."""


class Result(Struct, frozen=True):
    """What became of one order."""

    order: str
    done: bool
    status: str
    """Of the order afterwards; empty when there is no such order."""
    text: str = ""
    """Why it was not done."""


def action(do: str, reason: str = "", method: str = "", reference: str = "", priority: str = "") -> Action:
    """Raises `Refused` for one that is not known, or lacks what it needs."""
    for name in DOES:
        if name == do:
            break
    else:
        raise Refused("invalid", f"There is no action {do!r}; there are {', '.join(DOES)}.", "do", do)
    if name in ("held", "cancelled") and not reason.strip():
        raise Refused("invalid", "Say why.", "reason")
    if name == "paid" and not method.strip():
        raise Refused("invalid", "Say how the money came: transfer, cheque, card.", "method")
    rank: Priority = "normal"
    if name == "prioritised":
        rank = _priority(priority)
    return Action(name, reason.strip(), method.strip(), reference.strip(), rank)


def _priority(named: str) -> Priority:
    for priority in PRIORITIES:
        if priority == named:
            return priority
    raise Refused("invalid", f"There is no priority {named!r}; there are {', '.join(PRIORITIES)}.", "priority", named)


def keys_of(orders: Sequence[OrderId]) -> Keys:
    """What an action may touch."""
    return Keys(orders=frozenset(orders), parcels_of=frozenset(orders), payments_of=frozenset(orders))


def carry_out(books: Books, orders: Sequence[OrderId], action: Action, by: By) -> list[Result]:
    """Do it to each; one that is refused stops no other."""
    return [_one(books, order, action, by) for order in orders]


def _one(books: Books, order: OrderId, action: Action, by: By) -> Result:
    try:
        match action.do:
            case "paid":
                payments.pay(books, order, Payment(action.method, action.reference), by)
            case "released":
                holding.release(books, order, by)
            case "held":
                holding.hold(books, order, action.reason, by)
            case "cancelled":
                cancelling.cancel(books, order, action.reason, by)
            case "prioritised":
                prioritise(books, order, action.priority, action.reason, by)
            case "shipped":
                _ship(books, order, by)
    except Refused as error:
        row = books.orders.get(order)
        return Result(order, False, row.status if row else "", error.text)
    return Result(order, True, status_of(books.orders[order], books.lines.of(order)))


def _ship(books: Books, order_id: OrderId, by: By) -> None:
    """All its parcels that are here leave together, or none does."""
    order = known(books, order_id)
    parcels = [row for row in books.parcels if order_id in row.order_ids and row.status != "voided"]
    if not parcels:
        raise Refused("conflict", f"Order {order_id} has no parcel that could leave.", "status", order.status)
    here = [parcel for parcel in parcels if parcel.shipped_at is None]
    for parcel in here:
        shipping.may_leave(parcel, by.at)
    for parcel in here:
        shipping.mark_shipped(books, parcel.sscc, by.name, by.at)
