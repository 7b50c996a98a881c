"""One thing done to many orders: each order by itself, with a result of its own. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias, TypeVar, get_args

from msgspec import Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.documents import rules as documents
from central.documents.model import OURS, Kind
from central.documents.papers import of_kind
from central.orders import cancelling, holding
from central.orders.model import Payment
from central.orders.rows import OrderRow
from central.orders.rules import By, ChangedSince, Seen, expect, known
from central.orders.status import status_of
from central.orders.urgency import PRIORITIES, Priority, prioritise
from central.packing.house import House
from central.payments import rules as payments
from central.shipping import rules as shipping
from contract.keys import OrderId

Do: TypeAlias = Literal["paid", "released", "held", "shipped", "cancelled", "prioritised", "sent_to_printer", "printed"]
DOES: Final[tuple[Do, ...]] = get_args(Do)
ON_PAPER: Final[frozenset[Do]] = frozenset({"sent_to_printer", "printed"})
REPLACING: Final[frozenset[Do]] = frozenset({"released", "prioritised"})
"""What overwrites a value that somebody else may have set since: which version was seen must be said."""
Versions: TypeAlias = Mapping[OrderId, int] | Literal["any"]
"""Of each order the version that was decided about; one that is not named counts as it is."""
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


class Side(Struct, frozen=True):
    """One thing as it stands and as it was asked for, of an order that was changed since it was seen."""

    what: Literal["priority", "reason", "held", "status"]
    now: str
    sent: str


class Result(Struct, frozen=True):
    """What became of one order."""

    order: str
    done: bool
    status: str
    """Of the order afterwards; empty when there is no such order."""
    version: int = 0
    """Of the order afterwards."""
    text: str = ""
    """Why it was not done."""
    sides: tuple[Side, ...] = ()
    """Where the order was changed since it was seen: what stands, and what was asked for."""


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


def must_say(action: Action, orders: Sequence[OrderId], versions: Versions | None) -> Versions:
    """What was seen of the orders. Raises `Refused` where it must be said and is not."""
    if action.do not in REPLACING:
        return "any" if versions is None else versions
    unsaid = versions is None or (versions != "any" and not versions.keys() >= set(orders))
    if versions is None or unsaid:
        raise Refused(
            "unsaid",
            "Nothing was changed: this replaces what others may have changed. Say in `versions` which version of each "
            'order you saw, or "any" to replace whatever is there.',
            "versions",
        )
    return versions


def carry_out(
    books: Books, house: House, orders: Sequence[OrderId], action: Action, versions: Versions, by: By
) -> list[Result]:
    """Do it to each; one that is refused stops no other."""
    return [_one(books, house, order, action, _seen(versions, order), by) for order in orders]


def _seen(versions: Versions, order: OrderId) -> Seen:
    return "any" if versions == "any" else versions.get(order, "any")


def _one(books: Books, house: House, order: OrderId, action: Action, seen: Seen, by: By) -> Result:
    try:
        if not _is_so(known(books, order), action):
            expect(books, order, seen)
            _do(books, house, order, action, by)
    except Refused as error:
        row = books.orders.get(order)
        if row is None:
            return Result(order, False, "", text=error.text)
        sides = _sides(row, action) if isinstance(error, ChangedSince) else ()
        return Result(order, False, row.status, row.version, error.text, sides)
    row = books.orders[order]
    return Result(order, True, status_of(row, books.lines.of(order)), row.version)


def _is_so(order: OrderRow, action: Action) -> bool:
    """Whether a value that would be replaced is already what is asked for: then nothing is lost, whoever set it."""
    if order.cancelled:
        return False
    match action.do:
        case "prioritised":
            return (PRIORITIES[order.priority], order.priority_reason) == (action.priority, action.reason)
        case "released":
            return not order.is_held
        case _:
            return False


def _sides(order: OrderRow, action: Action) -> tuple[Side, ...]:
    """What stands beside what was asked for."""
    match action.do:
        case "prioritised":
            return (
                Side("priority", PRIORITIES[order.priority], action.priority),
                Side("reason", order.priority_reason, action.reason),
            )
        case "released":
            return (Side("held", " ".join(reason.text for reason in order.reasons), ""),)
        case _:
            return (Side("status", order.status, action.do),)


def _do(books: Books, house: House, order: OrderId, action: Action, by: By) -> None:
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
