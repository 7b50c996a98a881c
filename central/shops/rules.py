"""Following a shop: its orders come in, change and are paid as it tells, in whatever order and however often. Pure.

The newest word of the shop counts. What the house cannot follow any more (it is packed, it has left, somebody cancelled
it here) is not refused: the shop would only send it again. It becomes a problem for a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.accepting import accept, content_of
from central.orders.cancelling import cancel_as_shop
from central.orders.model import NewLine, NewOrder
from central.orders.rows import OrderRow
from central.orders.rules import By
from central.payments.rules import catch_up, refund
from central.shops.model import GaveBack, Gone, ShopOrder
from central.shops.rows import ShopOrderRow, key_of
from central.shops.taking_over import ask, lines_of, take_over, word_of
from central.tracking.rows import ProblemRow

Outcome: TypeAlias = Literal["created", "changed", "unchanged", "older", "unused", "ping"]
"""What a delivery did. `older`: something newer was told before. `unused`: nothing in it matters here."""


def follow(books: Books, shop: str, told: ShopOrder, by: By) -> Outcome:
    """Make the order what the shop tells, unless it told something newer before."""
    key, new = key_of(shop, told.reference), told.order
    before = books.shop_orders.get(key)
    if before is not None:
        if before.deleted or told.told_at < before.told_at:
            return "older"
        new = replace(new, order=before.order_id)
    known = books.orders.get(new.order)
    if known is not None and before is None and known.placed_at // 1000 != new.placed_at // 1000:
        ask(books, new, f"shop {shop} has another order of this number; give the shop a prefix", by)
        return "unchanged"
    row = ShopOrderRow(
        key, new.order, told.told_at, lines_of(new.lines), told=msgspec.json.encode(word_of(new)).decode()
    )
    if row != before:
        books.shop_orders.put(row)
    if known is None:
        accept(books, new, by)
    else:
        _change(books, known, new, before, told.told_at, by)
    catch_up(books, new.order, new.payment, told.refunded, by)
    if known is None:
        return "created"
    return "unchanged" if books.orders[new.order] == known else "changed"


def throw_away(books: Books, shop: str, told: Gone, by: By) -> Outcome:
    """The shop deleted the order: it is cancelled here as far as it can be."""
    before = books.shop_orders.get(key_of(shop, told.reference))
    if before is None or before.deleted:
        return "unchanged"
    books.shop_orders.put(replace(before, deleted=True))
    order = books.orders[before.order_id]
    _cancel(books, order, before.word.lines if before.word is not None else (), by)
    return "unchanged" if books.orders[before.order_id] == order else "changed"


def give_back(books: Books, shop: str, told: GaveBack, by: By) -> Outcome:
    """The shop gave money back. What it told of the whole order at that moment or later has it already."""
    before = books.shop_orders.get(key_of(shop, told.reference))
    if before is None or told.told_at <= before.told_at:
        return "unused" if before is None else "older"
    order = books.orders[before.order_id]
    for part in told.parts:
        try:
            refund(books, order.order_id, part, by)
        except Refused as refused:
            text = f"Order {order.order_id}: the shop gave money back, and {refused.text} Compare the two."
            books.problems.append(ProblemRow("shop_differs", text, by.at, order_id=order.order_id))
    return "unchanged" if books.orders[before.order_id] == order else "changed"


def _change(books: Books, known: OrderRow, new: NewOrder, before: ShopOrderRow | None, told_at: int, by: By) -> None:
    newer = before is None or told_at > before.told_at
    if new.cancelled:
        _cancel(books, known, before.word.lines if before is not None and before.word is not None else new.lines, by)
    elif known.cancelled:
        if newer and content_of(new) != known.content:
            ask(books, new, "the shop changed it, and it is cancelled here", by)
    elif content_of(new) != known.content:
        take_over(books, new, before, by)
    order = books.orders[new.order]
    if order.content != content_of(new):
        books.orders.put(replace(order, content=content_of(new)))


def _cancel(books: Books, order: OrderRow, told: Iterable[NewLine], by: By) -> None:
    try:
        cancel_as_shop(books, order.order_id, told, by)
    except Refused:
        text = f"Order {order.order_id}: the shop cancelled it, and it has left the house. Await its return."
        books.problems.append(ProblemRow("shop_differs", text, by.at, order_id=order.order_id))
