"""Orders that go to one address in one parcel: proposed by the books, accepted and undone by a person. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.rows import OrderRow
from central.orders.rules import By, changed, live
from central.packing.jobs import withdraw
from central.packing.recalling import goes_alone, trim_in_hand
from central.packing.together import members
from contract.keys import JobId, OrderId
from contract.values import Address


def destination(ship_to: Address, service: str, warehouse: str) -> tuple[str, ...]:
    """What orders in one parcel must have in common, without regard to case and spaces."""
    parts = (
        *(ship_to.name, ship_to.company, " ".join(ship_to.lines), ship_to.postcode, ship_to.city, ship_to.region),
        *(ship_to.country, service, warehouse),
    )
    return tuple(" ".join(part.casefold().split()) for part in parts)


def merge(books: Books, order_ids: Sequence[OrderId], by: By) -> None:
    """Pack these orders, and those that are merged with them, as one. Raises `Refused`."""
    named = [live(books, order_id) for order_id in dict.fromkeys(order_ids)]
    together = list({each.order_id: each for order in named for each in members(books, order)}.values())
    if len(together) < 2:
        raise Refused("invalid", "Name at least two orders to pack them together.", "orders")
    for order in together:
        _check(books, order, together[0])
    if len({order.merged_into for order in together}) == 1 and together[0].merged_into:
        return
    first = min(together, key=lambda order: (order.placed_at, order.order_id)).order_id
    for order in together:
        withdraw(books, order.order_id, "edited", by.at)
        books.orders.put(changed(order, by, merged_into=first))
        others = ", ".join(sorted(each.order_id for each in together if each is not order))
        books.note(f"order/{order.order_id}", by.at, "orders_merged", by=by.name, text=others)


def _check(books: Books, order: OrderRow, first: OrderRow) -> None:
    number = order.order_id
    if destination(order.address, order.service, order.warehouse) != destination(
        first.address, first.service, first.warehouse
    ):
        raise Refused(
            "conflict",
            f"Orders {first.order_id} and {number} do not go to one address by one service from one warehouse.",
            "orders",
            number,
        )
    if order.is_held or not order.is_paid or not any(line.to_pack for line in books.lines.of(number)):
        raise Refused("conflict", f"Order {number} is held, unpaid or packed; it cannot be merged.", "orders", number)
    row = books.jobs.get(JobId(number))
    if row is not None and row.state != "idle" and not row.is_unopened:
        raise Refused(
            "conflict", f"Order {number} is at station {row.station}; merge it when it is back.", "orders", number
        )


def unmerge(books: Books, order_id: OrderId, by: By) -> None:
    """Each order goes its own way again; a bench that packs them is told. What is packed together stays so."""
    order = live(books, order_id)
    if not order.merged_into:
        return
    together = members(books, order)
    withdraw(books, order_id, "edited", by.at)
    for each in together:
        _alone(books, each, by)


def leave(books: Books, order_id: OrderId, by: By) -> None:
    """The order can no longer be packed with the others; they go on without it."""
    order = books.orders[order_id]
    if not order.merged_into:
        return
    others = [each for each in members(books, order) if each.order_id != order_id]
    withdraw(books, order_id, "edited", by.at)
    _alone(books, order, by)
    if len(others) == 1:
        _alone(books, others[0], by)
    elif order.merged_into == order_id:
        _follow(books, order_id, others, by)


def _alone(books: Books, order: OrderRow, by: By) -> None:
    if order.merged_into != order.order_id:
        goes_alone(books, order.order_id, by.at)
    books.orders.put(changed(books.orders[order.order_id], by, merged_into=""))
    books.note(f"order/{order.order_id}", by.at, "order_unmerged", by=by.name)


def _follow(books: Books, left: OrderId, others: Sequence[OrderRow], by: By) -> None:
    """The order that named the job has left: the next one names it, and takes over an open parcel."""
    first = min(others, key=lambda order: (order.placed_at, order.order_id)).order_id
    for each in others:
        books.orders.put(changed(each, by, merged_into=first))
    row = books.jobs.get(JobId(left))
    if row is None or row.state != "suspended":
        return
    trim_in_hand(books, left, by.at, all_of_it=True)
    row = books.jobs[JobId(left)]
    for each in others:
        under = JobId("") if each.order_id == first else JobId(first)
        own = books.jobs.get(JobId(each.order_id))
        if own is not None and own.under == JobId(left):
            in_hand = row.in_hand if each.order_id == first else "[]"
            books.jobs.put(replace(own, under=under, in_hand=in_hand, confirmed=row.confirmed))
    books.jobs.put(replace(row, state="idle", in_hand="[]", confirmed="[]"))
