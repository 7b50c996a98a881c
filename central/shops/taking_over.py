"""Taking over what a shop changed of an order since it last told of it, and nothing else. Pure.

A shop repeats the whole order with every update. What the office mended meanwhile stays where the shop only repeats
itself; where both changed the same field, the order is held until a person chooses.
"""

from __future__ import annotations

import hashlib

import msgspec
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.model import NewLine, NewOrder
from central.orders.rows import OrderRow
from central.orders.rules import By, changed, gone
from central.policy.applying import asked_service
from central.shops.comparing import Compared, compare, contested_in
from central.shops.following import contest, take, word_here
from central.shops.model import Word
from central.shops.rows import ShopOrderRow
from central.tracking.rows import ProblemRow


def lines_of(lines: tuple[NewLine, ...]) -> str:
    """Digest of products and quantities."""
    return hashlib.sha256(msgspec.json.encode([(line.sku, line.quantity) for line in lines])).hexdigest()


def word_of(new: NewOrder) -> Word:
    """What the shop says."""
    contact = new.contact
    return Word(
        new.ship_to,
        contact.email,
        contact.phone,
        contact.language,
        new.gift_note,
        new.total,
        new.notes,
        new.lines,
        new.service,
    )


def take_over(books: Books, new: NewOrder, before: ShopOrderRow | None, by: By) -> None:
    """Change of the order what the shop changed since `before`, as far as it can be followed."""
    order = books.orders[new.order]
    ours, told = word_here(books, order), word_of(new)
    last = _last(order, before, ours, told)
    found = compare(ours, last, told, contested_in(order.reasons))
    if gone(books, new.order):
        if {"lines", "address"} & {*found.taken, *found.contested}:
            ask(books, new, "the shop changed it, and it has left the house", by)
        return
    _renote(books, new, before, by)
    _take(books, new, told, found, by)
    contest(books, new.order, found.contested, last, told, by)


def ask(books: Books, new: NewOrder, what: str, by: By) -> None:
    """Have a person compare the order with the shop's."""
    text = f"Order {new.order}: {what}. Compare the two."
    books.problems.append(ProblemRow("shop_differs", text, by.at, order_id=new.order))


def _last(order: OrderRow, before: ShopOrderRow | None, ours: Word, told: Word) -> Word | None:
    """What the shop told before; of an order that nobody has changed what stands here; None when nobody knows."""
    if before is None or before.word is None:
        return ours if order.version == 1 else None
    word = before.word
    if word.lines:
        return word
    # Told before lines were kept: their digest is there.
    known = [each.lines for each in (told, ours) if lines_of(each.lines) == before.lines]
    return replace(word, lines=known[0] if known else (), service=asked_service(order))


def _take(books: Books, new: NewOrder, told: Word, found: Compared, by: By) -> None:
    try:
        take(books, new.order, told, found.taken, by)
    except Refused as refused:
        ask(books, new, f"the shop changed its lines, and {refused.text.removesuffix('.')}", by)
        take(books, new.order, told, [field for field in found.taken if field != "lines"], by)


def _renote(books: Books, new: NewOrder, before: ShopOrderRow | None, by: By) -> None:
    """Notes of the house stay, those that the shop withdrew go, its new ones come."""
    order = books.orders[new.order]
    last = before.word.notes if before is not None and before.word is not None else ()
    kept = tuple(note for note in order.noted if note in new.notes or note not in last)
    notes = (*kept, *(note for note in new.notes if note not in last and note not in kept))
    if notes != order.noted:
        books.orders.put(changed(order, by, notes=msgspec.json.encode(notes).decode()))
