"""Making an order what its shop says of some of its fields, and holding it where that would undo an edit. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, cast

from msgspec import UNSET
from msgspec.structs import replace

from central.desk.books import Books
from central.orders.changing import readdress, recontact
from central.orders.checks import BY_SHOP
from central.orders.editing import Edit, LineChange, edit
from central.orders.holding import put_on_hold
from central.orders.model import Contact, NewLine
from central.orders.recall import free_parcels, keep_parcels
from central.orders.rows import OrderRow
from central.orders.rules import By, changed
from central.packing.jobs import withdraw
from central.payments.balance import recost
from central.payments.rules import settled
from central.policy.applying import asked_service, service_chosen
from central.shops.comparing import complaint, contested_in, value_of, wanted_lines
from central.shops.model import FIELDS, Field, Word
from contract.keys import OrderId, Sku
from contract.values import Language

KEPT: Final = "its order waits for a choice between the shop and the office"
"""Why a parcel must not leave."""


def word_here(books: Books, order: OrderRow) -> Word:
    """What stands here; of the service what a person chose, else what was asked for: a rule's choice is nobody's."""
    service = order.service if order.actions.service_by_hand else asked_service(order)
    return Word(
        order.address,
        order.email,
        order.phone,
        cast(Language, order.language),
        order.gift_note,
        order.total,
        order.noted,
        wanted_lines(books.lines.of(order.order_id)),
        service,
    )


def take(books: Books, order_id: OrderId, told: Word, fields: Collection[Field], by: By) -> None:
    """Make these fields what the shop says. Raises `Refused` for lines that cannot be so any more; nothing is done."""
    _edit(books, order_id, told, fields, by)
    if "lines" in fields:
        books.orders.put(settled(books.orders[order_id], told.total))
    if "service" in fields:
        service_chosen(books, order_id, told.service)
    if "address" in fields:
        readdress(books, order_id, told.ship_to, by)
    if {"email", "phone", "language"} & set(fields):
        here = word_here(books, books.orders[order_id])
        reached = {name: getattr(told if name in fields else here, name) for name in ("email", "phone", "language")}
        recontact(books, order_id, Contact(**reached), by)
    if "total" in fields:
        recost(books, books.orders[order_id], told.total, by)


def _edit(books: Books, order_id: OrderId, told: Word, fields: Collection[Field], by: By) -> None:
    changes, added = _lines(books, order_id, told) if "lines" in fields else ((), ())
    service = told.service if "service" in fields else UNSET
    gift_note = told.gift_note if "gift_note" in fields else UNSET
    wish = Edit(changes, added, service, gift_note)
    # What nobody wants any piece of does not travel.
    if wish != Edit() and (changes or any(line.wanted for line in books.lines.of(order_id))):
        edit(books, order_id, wish, by)


def _lines(books: Books, order_id: OrderId, told: Word) -> tuple[tuple[LineChange, ...], tuple[NewLine, ...]]:
    """What makes of each product what the shop wants, on the lines that are here."""
    wanted: dict[Sku, int] = {}
    for line in told.lines:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    changes = []
    ours = books.lines.of(order_id)
    for row in ours:
        last = not any(other.sku == row.sku and other.line > row.line for other in ours)
        pieces = wanted.get(row.sku, 0) if last else min(row.wanted, wanted.get(row.sku, 0))
        wanted[row.sku] = wanted.get(row.sku, 0) - pieces
        changes.append(LineChange(row.line, pieces))
    added = tuple(replace(line, quantity=wanted.pop(line.sku)) for line in told.lines if wanted.get(line.sku))
    return tuple(changes), added


def contest(books: Books, order_id: OrderId, fields: Collection[Field], last: Word | None, told: Word, by: By) -> None:
    """Hold the order for a choice about these fields, and about no others: the bench is told, no parcel leaves."""
    order = books.orders[order_id]
    before = contested_in(order.reasons)
    anew = [field for field in fields if field in before and last is not None and told_anew(field, last, told)]
    if anew:
        # Who looked before that has seen another word of the shop.
        books.orders.put(changed(order, by))
        text = " ".join(complaint(field).text for field in anew)
        books.note(f"order/{order_id}", by.at, "shop_differs", by=by.name, text=text)
    if set(fields) == set(before):
        return
    hold_for(books, order_id, fields, by)
    if set(fields) - set(before):
        withdraw(books, order_id, "edited", by.at)
        keep_parcels(books, order_id, KEPT, by)


def told_anew(field: Field, last: Word, told: Word) -> bool:
    """Whether the shop says something else of it than before."""
    return value_of(last, field) != value_of(told, field)


def hold_for(books: Books, order_id: OrderId, fields: Collection[Field], by: By) -> None:
    """Make these the fields that a choice is waited for; with none the parcels may leave."""
    others = tuple(reason for reason in books.orders[order_id].reasons if not reason.code.startswith(BY_SHOP))
    put_on_hold(books, order_id, (*others, *(complaint(field) for field in FIELDS if field in fields)), by)
    if not fields:
        free_parcels(books, order_id, KEPT, by)
