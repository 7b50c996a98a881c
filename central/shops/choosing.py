"""Choosing between the shop's word and ours, where both changed an order. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.orders.rules import By, gone, live
from central.policy.applying import service_chosen
from central.shops.comparing import NAMES, contested_in
from central.shops.following import hold_for, take
from central.shops.model import FIELDS, Field, Whose, Word
from central.stock import rules as stock
from contract.keys import OrderId


def keys_to_choose(order: OrderId) -> Keys:
    """What a choice touches besides the order."""
    named = frozenset({order})
    return Keys(shops_of=named, payments_of=named)


def choose(books: Books, order_id: OrderId, choices: Mapping[Field, Whose], by: By) -> None:
    """Make each field the shop's or leave it as it is here; once none is left, the order goes on. Raises `Refused`."""
    order = live(books, order_id)
    contested = contested_in(order.reasons)
    word = told_of(books, order_id)
    if not choices:
        raise Refused("invalid", "Choose for at least one field whose value counts.", "choices")
    for field in choices:
        if field not in contested or word is None:
            raise Refused(
                "conflict",
                f"Order {order_id}: there is nothing to choose about its {NAMES[field][0]}, or somebody has chosen.",
                "choices",
                field,
            )
    shops = [field for field in FIELDS if choices.get(field) == "shop"]
    if word is not None and shops:
        if gone(books, order_id):
            raise Refused("conflict", f"Order {order_id} has left the house already.", "status", order.status)
        take(books, order_id, word, shops, by)
    if word is not None and choices.get("service") == "ours":
        service_chosen(books, order_id, word.service)
    left = [field for field in contested if field not in choices]
    hold_for(books, order_id, left, by)
    told = " ".join(_said(field, choices[field]) for field in FIELDS if field in choices)
    books.note(f"order/{order_id}", by.at, "shop_settled", by=by.name, text=told)
    if not left:
        stock.reserve(books, order_id, by.at)


def _said(field: Field, whose: Whose) -> str:
    name = NAMES[field][0]
    return f"Taken from the shop: the {name}." if whose == "shop" else f"Kept as it is here: the {name}."


def told_of(books: Books, order_id: OrderId) -> Word | None:
    """The newest word of a shop about the order; None when no shop told of it."""
    rows = [row for row in books.shop_orders if row.order_id == order_id]
    return max(rows, key=lambda row: row.told_at).word if rows else None
