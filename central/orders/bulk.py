"""One thing done to many orders: each order by itself, with a result of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, TypeVar, get_args

from msgspec import Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.documents import rules as documents
from central.documents.model import OURS, Kind
from central.documents.papers import of_kind
from central.orders import cancelling, holding
from central.orders.model import Payment
from central.orders.rules import By, known
from central.orders.status import status_of
from central.orders.urgency import PRIORITIES, Priority, prioritise
from central.packing.house import House
from central.payments import rules as payments
from central.shipping import rules as shipping
from contract.keys import OrderId

Do: TypeAlias = Literal["paid", "released", "held", "shipped", "cancelled", "prioritised", "sent_to_printer", "printed"]
DOES: Final[tuple[Do, ...]] = get_args(Do)
ON_PAPER: Final[frozenset[Do]] = frozenset({"sent_to_printer", "printed"})
N = TypeVar("N", bound=str)


class Action(Struct, frozen=True):
    """What is done to each order. Make it with `action`."""

    do: Do
    reason: str = ""
    """Of `held` and `cancelled`; of `sent_to_printer` for a second copy."""
    method: str = ""
    """Of `paid`: how the money came."""
    reference: str = ""
    priority: Priority = "normal"
    """Of `prioritised`, with its reason."""
    paper: Kind = "pick_list"
    """Of `sent_to_printer` and `printed`."""
    station: str = ""
    """Of `sent_to_printer`."""


class Result(Struct, frozen=True):
    """What became of one order."""

    order: str
    done: bool
    status: str
    """Of the order afterwards; empty when there is no such order."""
    text: str = ""
    """Why it was not done."""


def action(
    do: str,
    reason: str = "",
    method: str = "",
    reference: str = "",
    priority: str = "",
    paper: str = "",
    station: str = "",
) -> Action:
    """Raises `Refused` for one that is not known, or lacks what it needs."""
    name = _one_of("action", DOES, do, "do")
    if name in ("held", "cancelled") and not reason.strip():
        raise Refused("invalid", "Say why.", "reason")
    if name == "paid" and not method.strip():
        raise Refused("invalid", "Say how the money came: transfer, cheque, card.", "method")
    if name == "sent_to_printer" and not station.strip():
        raise Refused("invalid", "Say at which station.", "station")
    rank = _one_of("priority", PRIORITIES, priority, "priority") if name == "prioritised" else "normal"
    kind = _one_of("paper", OURS, paper, "paper") if name in ON_PAPER else "pick_list"
    return Action(name, reason.strip(), method.strip(), reference.strip(), rank, kind, station.strip())


def _one_of(what: str, known: Sequence[N], named: str, field: str) -> N:
    for one in known:
        if one == named:
            return one
    raise Refused("invalid", f"There is no {what} {named!r}; there are {', '.join(known)}.", field, named)


def keys_of(orders: Sequence[OrderId], action: Action) -> Keys:
    """What an action may touch."""
    named = frozenset(orders)
    if action.do in ON_PAPER:
        stations = frozenset({action.station} if action.station else ())
        return Keys(orders=named, parcels_of=named, papers_of=named, stations=stations)
    return Keys(orders=named, parcels_of=named, payments_of=named)


def carry_out(books: Books, house: House, orders: Sequence[OrderId], action: Action, by: By) -> list[Result]:
    """Do it to each; one that is refused stops no other."""
    return [_one(books, house, order, action, by) for order in orders]


def _one(books: Books, house: House, order: OrderId, action: Action, by: By) -> Result:
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
            case "sent_to_printer":
                names = of_kind(books, action.paper, known(books, order).order_id)
                documents.send_all(books, house, names, action.station, action.reason, by)
            case "printed":
                names = of_kind(books, action.paper, known(books, order).order_id)
                documents.mark_all(books, house, names, by)
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
