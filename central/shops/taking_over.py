"""Taking over what a shop changed of an order since it last told of it, and nothing else. Pure.

A shop repeats the whole order with every update. What the office mended meanwhile stays where the shop only repeats
itself; where both changed the same field, the office's stays and a person is asked.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final, cast

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.changing import readdress, recontact
from central.orders.editing import Edit, LineChange, edit
from central.orders.model import Contact, NewLine, NewOrder
from central.orders.rows import OrderRow
from central.orders.rules import By, changed, gone
from central.payments.balance import recost
from central.payments.rules import settled
from central.policy.applying import asked_service, service_chosen
from central.shops.model import Word
from central.shops.rows import ShopOrderRow
from central.tracking.rows import ProblemRow
from contract.keys import Sku
from contract.values import Language

_FIELDS: Final = {
    "ship_to": "address",
    "email": "e-mail address",
    "phone": "phone number",
    "language": "language",
    "gift_note": "gift note",
    "total": "total",
}


def lines_of(lines: tuple[NewLine, ...]) -> str:
    """Digest of products and quantities."""
    return hashlib.sha256(msgspec.json.encode([(line.sku, line.quantity) for line in lines])).hexdigest()


def word_of(new: NewOrder) -> Word:
    """What the shop says."""
    contact = new.contact
    return Word(new.ship_to, contact.email, contact.phone, contact.language, new.gift_note, new.total, new.notes)


def take_over(books: Books, new: NewOrder, before: ShopOrderRow | None, by: By) -> None:
    """Change of the order what the shop changed since `before`, as far as it can be followed."""
    order = books.orders[new.order]
    ordered = tuple(NewLine(line.sku, line.ordered) for line in books.lines.of(new.order))
    relined = lines_of(new.lines) != (lines_of(ordered) if before is None else before.lines)
    ours = _word_here(order)
    last = before.word if before is not None else None
    if last is None and order.version == 1:
        last = ours  # nobody has changed it since it came
    if relined:
        # What the shop says its new lines cost counts, its discounts and postage too.
        ours = replace(ours, total=new.total)
    wanted, contested = _merged(ours, last, word_of(new))
    if gone(books, new.order):
        if relined or wanted.ship_to != ours.ship_to or _FIELDS["ship_to"] in contested:
            ask(books, new, "the shop changed it, and it has left the house", by)
        return
    readdress(books, new.order, wanted.ship_to, by)
    recontact(books, new.order, Contact(wanted.email, wanted.phone, wanted.language), by)
    _renote(books, new, before, by)
    _by_wishes(books, new, wanted.gift_note, by)
    if relined:
        _relined(books, new, by)
        books.orders.put(settled(books.orders[new.order], new.total))
    elif wanted.total != order.total:
        recost(books, books.orders[new.order], wanted.total, by)
    if contested:
        both = ", ".join(contested)
        ask(books, new, f"the shop changed the {both}, after it was changed here to something else, which stays", by)


def ask(books: Books, new: NewOrder, what: str, by: By) -> None:
    """Have a person compare the order with the shop's."""
    text = f"Order {new.order}: {what}. Compare the two."
    books.problems.append(ProblemRow("shop_differs", text, by.at, order_id=new.order))


def _word_here(order: OrderRow) -> Word:
    language = cast(Language, order.language)
    return Word(order.address, order.email, order.phone, language, order.gift_note, order.total, order.noted)


def _merged(ours: Word, last: Word | None, now: Word) -> tuple[Word, list[str]]:
    """Ours with what the shop changed since `last`; and the fields that were changed here too, to something else."""
    taken: dict[str, Any] = {}
    contested = []
    for field, name in _FIELDS.items():
        here, before, told = (getattr(word, field, UNSET) for word in (ours, last, now))
        if told in (here, before):
            continue
        if here == before:
            taken[field] = told
        else:
            contested.append(name)
    return replace(ours, **taken), contested


def _renote(books: Books, new: NewOrder, before: ShopOrderRow | None, by: By) -> None:
    """Notes of the house stay, those that the shop withdrew go, its new ones come."""
    order = books.orders[new.order]
    last = before.word.notes if before is not None and before.word is not None else ()
    kept = tuple(note for note in order.noted if note in new.notes or note not in last)
    notes = (*kept, *(note for note in new.notes if note not in last and note not in kept))
    if notes != order.noted:
        books.orders.put(changed(order, by, notes=msgspec.json.encode(notes).decode()))


def _by_wishes(books: Books, new: NewOrder, gift_note: str, by: By) -> None:
    """How it travels, unless a rule or a person chose otherwise than the shop asked; and what is written on a card."""
    order = books.orders[new.order]
    asks_anew = new.service != asked_service(order)
    edit(books, new.order, Edit(service=new.service if asks_anew else UNSET, gift_note=gift_note), by)
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
        ask(books, new, f"the shop changed its lines, and {refused.text.removesuffix('.')}", by)
