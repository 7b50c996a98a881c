"""Following a shop: its orders come in, change and are paid as it tells, in whatever order and however often. Pure.

The newest word of the shop counts. What the house cannot follow any more (it is packed, it has left, somebody cancelled
it here) is not refused: the shop would only send it again. It becomes a problem for a person.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.accepting import accept, content_of
from central.orders.cancelling import cancel
from central.orders.changing import readdress
from central.orders.editing import Edit, LineChange, edit
from central.orders.model import NewLine, NewOrder
from central.orders.rows import OrderRow
from central.orders.rules import By, changed, gone
from central.payments.balance import recost
from central.payments.rules import catch_up, refund, settled
from central.policy.applying import asked_service, service_chosen
from central.shops.model import GaveBack, Gone, ShopOrder
from central.shops.rows import ShopOrderRow, key_of
from central.tracking.rows import ProblemRow
from contract.keys import Sku

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
        _ask(books, new, f"shop {shop} has another order of this number; give the shop a prefix", by)
        return "unchanged"
    row = ShopOrderRow(key, new.order, told.told_at, lines_of(new.lines))
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
    _cancel(books, order, by)
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


def lines_of(lines: tuple[NewLine, ...]) -> str:
    """Digest of products and quantities."""
    return hashlib.sha256(msgspec.json.encode([(line.sku, line.quantity) for line in lines])).hexdigest()


def _change(books: Books, known: OrderRow, new: NewOrder, before: ShopOrderRow | None, told_at: int, by: By) -> None:
    newer = before is None or told_at > before.told_at
    if new.cancelled:
        _cancel(books, known, by)
    elif known.cancelled:
        if newer and content_of(new) != known.content:
            _ask(books, new, "the shop changed it, and it is cancelled here", by)
    elif content_of(new) != known.content:
        _edit(books, new, before, by)
    order = books.orders[new.order]
    if order.content != content_of(new):
        books.orders.put(replace(order, content=content_of(new)))


def _cancel(books: Books, order: OrderRow, by: By) -> None:
    try:
        cancel(books, order.order_id, "cancelled in the shop", by)
    except Refused:
        text = f"Order {order.order_id}: the shop cancelled it, and it has left the house. Await its return."
        books.problems.append(ProblemRow("shop_differs", text, by.at, order_id=order.order_id))


def _edit(books: Books, new: NewOrder, before: ShopOrderRow | None, by: By) -> None:
    """What can be followed is."""
    order = books.orders[new.order]
    ordered = tuple(NewLine(line.sku, line.ordered) for line in books.lines.of(new.order))
    told_before = lines_of(ordered) if before is None else before.lines
    if gone(books, new.order):
        if lines_of(new.lines) != told_before or new.ship_to != order.address:
            _ask(books, new, "the shop changed it, and it has left the house", by)
        return
    readdress(books, new.order, new.ship_to, by)
    _by_wishes(books, new, by)
    plain = _plain(books.orders[new.order], new)
    if plain:
        books.orders.put(changed(books.orders[new.order], by, **plain))
    if lines_of(new.lines) != told_before:
        _relined(books, new, by)
        # What the shop says it costs counts, its discounts and postage too.
        books.orders.put(settled(books.orders[new.order], new.total))
    elif new.total != order.total:
        recost(books, books.orders[new.order], new.total, by)


def _plain(order: OrderRow, new: NewOrder) -> dict[str, Any]:
    """Fields that nothing hangs on but themselves, where the shop's differ."""
    added = tuple(note for note in new.notes if note not in order.noted)
    told: dict[str, Any] = {
        "email": new.contact.email,
        "phone": new.contact.phone,
        "language": new.contact.language,
        "notes": msgspec.json.encode((*order.noted, *added)).decode() if added else order.notes,
    }
    return {field: value for field, value in told.items() if getattr(order, field) != value}


def _by_wishes(books: Books, new: NewOrder, by: By) -> None:
    """How it travels, unless a rule or a person chose otherwise than the shop asked; and what is written on a card."""
    order = books.orders[new.order]
    asks_anew = new.service != asked_service(order)
    edit(books, new.order, Edit(service=new.service if asks_anew else UNSET, gift_note=new.gift_note), by)
    if asks_anew:
        service_chosen(books, new.order, new.service)


def _relined(books: Books, new: NewOrder, by: By) -> None:
    """Want of each product what the shop wants now, on the lines that are here."""
    wanted: dict[Sku, int] = {}
    for line in new.lines:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    changes = []
    ours = books.lines.of(new.order)
    for row in ours:
        last = not any(other.sku == row.sku and other.line > row.line for other in ours)
        pieces = wanted.get(row.sku, 0) if last else min(row.wanted, wanted.get(row.sku, 0))
        wanted[row.sku] = wanted.get(row.sku, 0) - pieces
        changes.append(LineChange(row.line, pieces))
    added = tuple(replace(line, quantity=wanted.pop(line.sku)) for line in new.lines if wanted.get(line.sku))
    try:
        edit(books, new.order, Edit(tuple(changes), added), by)
    except Refused as refused:
        _ask(books, new, f"the shop changed its lines, and {refused.text.removesuffix('.')}", by)


def _ask(books: Books, new: NewOrder, what: str, by: By) -> None:
    text = f"Order {new.order}: {what}. Compare the two."
    books.problems.append(ProblemRow("shop_differs", text, by.at, order_id=new.order))
