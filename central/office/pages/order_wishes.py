"""What the forms of an order's page ask for, and how that stands beside the order as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import UNSET

from central.desk.books import Books, Keys
from central.intake import fields
from central.office.forms import local_moment
from central.office.shown import moment
from central.orders import cancelling, changing, editing, holding, merging, repeating, splitting, supplied
from central.orders.answers import OrderAnswer
from central.orders.editing import Edit, LineChange
from central.orders.model import Audience, Contact, NewLine, Note
from central.orders.packline_csv import address_of
from central.orders.rerouting import reroute
from central.orders.rules import By
from central.orders.supplied import Stage
from central.orders.urgency import PRIORITIES, Priority, prioritise
from central.shops.choosing import choose, keys_to_choose
from central.shops.model import FIELDS, Field, Whose
from contract.keys import OrderId, Sku
from contract.values import Language

_AUDIENCES: Final[Mapping[str, Audience]] = {"packer": "packer", "office": "office", "customer": "customer"}
_LANGUAGES: Final[Mapping[str, Language]] = {"fr": "fr", "en": "en"}
_PRIORITIES: Final[Mapping[str, Priority]] = {priority: priority for priority in PRIORITIES}
_QUANTITY: Final = "quantity-"
_MOVED: Final = "move-"
_PROMISED_WAS: Final = "promised_was"
"""The page shows minutes: what was not touched must not lose its seconds."""
_STAGES: Final[Mapping[str, Stage]] = {"ordered": "ordered", "shipped": "shipped", "delivered": "delivered"}
_CHOICE: Final = "choice-"
_WHOSE: Final[Mapping[str, Whose]] = {"shop": "shop", "ours": "ours"}
FIELD_WORDS: Final[Mapping[Field, str]] = {
    "lines": "Lines",
    "service": "Service",
    "address": "Address",
    "email": "E-mail",
    "phone": "Phone",
    "language": "Customer's language",
    "gift_note": "Gift note",
    "total": "Total",
}
_LABELS: Final[Mapping[str, str]] = {
    "name": "Name",
    "company": "Company",
    "street": "Street",
    "street2": "Complement",
    "postcode": "Postcode",
    "city": "City",
    "region": "Region",
    "country": "Country",
    "method": "Method",
    "reference": "Reference",
    "amount": "Amount",
    "service": "Service",
    "gift_note": "Gift note",
    "promised_at": "Promised",
    "sku": "SKU",
    "quantity": "Quantity",
    "hold_reason": "Hold",
    "cancel_reason": "Cancel",
    "priority": "Priority",
    "priority_reason": "Why",
    "refund_note": "Why",
    "refund_reference": "Reference",
    "refund_amount": "Amount",
    "email": "E-mail",
    "phone": "Phone",
    "language": "Customer's language",
    "text": "Note",
    "split_as": "Number of the second order",
    "repeat_as": "Number of the copy",
    "pieces": "Pieces",
    "supplier": "Supplier",
    "supplier_reference": "Reference",
    "stage": "What happened",
    "line": "Line",
    "warehouse": "Warehouse",
}


class Wish(NamedTuple):
    """A rule to apply, and what it touches besides the order."""

    decide: Callable[[Books, By], object]
    also: Keys = Keys()


Read: TypeAlias = Callable[[OrderId, str, dict[str, str], ZoneInfo], Wish]
"""Understands a form: the order, the form's name, what was typed, the site's zone. Raises `BadField`."""


class Side(NamedTuple):
    """One field as it is now, and as somebody wants it who saw the order as it was."""

    label: str
    now: str
    sent: str


def wish_of(order: OrderId, action: str, form: dict[str, str], zone: ZoneInfo) -> Wish:
    """What a form asks for. Raises `BadField` for what was typed wrong."""
    match action:
        case "release":
            return Wish(lambda books, by: holding.release(books, order, by))
        case "hold":
            why = fields.required(form, "hold_reason", 500)
            return Wish(lambda books, by: holding.hold(books, order, why, by))
        case "cancel":
            reason = fields.required(form, "cancel_reason", 500)
            return Wish(lambda books, by: cancelling.cancel(books, order, reason, by))
        case "proposed":
            return Wish(lambda books, by: changing.take_proposal(books, order, by))
        case "contact":
            contact = Contact(
                fields.text(form, "email", 254),
                fields.text(form, "phone", 40),
                fields.choice(form, "language", _LANGUAGES, "fr"),
            )
            return Wish(lambda books, by: changing.recontact(books, order, contact, by))
        case "priority":
            why = fields.text(form, "priority_reason", 200)
            priority = fields.choice(form, "priority", _PRIORITIES, "normal")
            return Wish(lambda books, by: prioritise(books, order, priority, why, by))
        case "warehouse":
            warehouse = fields.required(form, "warehouse", 20)
            return Wish(lambda books, by: reroute(books, order, warehouse, by))
        case "notes":
            note = Note(fields.choice(form, "audience", _AUDIENCES, "office"), fields.required(form, "text"))
            return Wish(lambda books, by: changing.annotate(books, order, note, by))
        case "address":
            ship_to = address_of(form)
            return Wish(lambda books, by: changing.readdress(books, order, ship_to, by))
        case "edit":
            edit = _edit(form, zone)
            touched = Keys(skus=frozenset(line.sku for line in edit.added))
            return Wish(lambda books, by: editing.edit(books, order, edit, by), touched)
        case "merge":
            orders = tuple(OrderId(each) for each in form.get("orders", "").splitlines() if each)
            return Wish(lambda books, by: merging.merge(books, (order, *orders), by), Keys(orders=frozenset(orders)))
        case "shop":
            choices = {
                field: fields.choice(form, f"{_CHOICE}{field}", _WHOSE, "ours")
                for field in FIELDS
                if form.get(f"{_CHOICE}{field}")
            }
            return Wish(lambda books, by: choose(books, order, choices, by), keys_to_choose(order))
        case "unmerge":
            return Wish(lambda books, by: merging.unmerge(books, order, by))
        case "split":
            return _split(order, form)
        case "repeat":
            wished = fields.name(form, "repeat_as") if fields.text(form, "repeat_as") else ""
            touched = Keys(orders=frozenset(splitting.numbers_for(order, wished)))
            return Wish(lambda books, by: repeating.repeat(books, order, wished, by), touched)
        case "split-line":
            line, pieces = _line(form), fields.quantity(form, "pieces")
            return Wish(lambda books, by: splitting.split_line(books, order, line, pieces, by))
        case "supplier":
            line, supplier = _line(form), fields.text(form, "supplier", 120)
            return Wish(lambda books, by: supplied.assign(books, order, line, supplier, by))
        case "supply":
            line, pieces = _line(form), fields.quantity(form, "pieces")
            stage, told = fields.choice(form, "stage", _STAGES, "ordered"), fields.text(form, "supplier_reference", 120)
            return Wish(lambda books, by: supplied.tell(books, order, line, stage, pieces, told, by))
        case _:
            raise fields.BadField("order", action, "something that can be done with an order")


def _line(form: dict[str, str]) -> int:
    return fields.whole(form, "line", 1, 100_000, "lines")


def _split(order: OrderId, form: dict[str, str]) -> Wish:
    wished = fields.name(form, "split_as") if fields.text(form, "split_as") else ""
    numbers = splitting.numbers_for(order, wished)
    parts = [
        LineChange(int(field.removeprefix(_MOVED)), fields.quantity(form, field))
        for field, value in form.items()
        if field.startswith(_MOVED) and field.removeprefix(_MOVED).isdecimal() and value.strip() not in ("", "0")
    ]
    touched = Keys(orders=frozenset(numbers), payments_of=frozenset({order}))
    return Wish(lambda books, by: splitting.split_off(books, order, numbers, parts, by), touched)


def _edit(form: dict[str, str], zone: ZoneInfo) -> Edit:
    wanted = tuple(
        LineChange(int(field.removeprefix(_QUANTITY)), fields.whole(form, field, 0, fields.MAX_QUANTITY, "pieces"))
        for field in form
        if field.startswith(_QUANTITY) and field.removeprefix(_QUANTITY).isdecimal()
    )
    added: tuple[NewLine, ...] = ()
    if fields.text(form, "sku"):
        price = fields.money(form, "unit_price")
        added = (NewLine(Sku(fields.name(form, "sku")), fields.quantity(form, "quantity"), price),)
    return Edit(
        wanted,
        added,
        fields.text(form, "service", 120),
        fields.text(form, "gift_note"),
        UNSET if form.get("promised_at") == form.get(_PROMISED_WAS) else local_moment(form, "promised_at", zone),
    )


def standing(order: OrderAnswer, zone: ZoneInfo) -> dict[str, str]:
    """The order as its forms would say it."""
    address = order.ship_to
    street = (*address.lines, "", "")
    promised = "" if order.promised_at is None else moment(order.promised_at, zone).strftime("%Y-%m-%dT%H:%M")
    return {
        "name": address.name,
        "company": address.company,
        "street": street[0],
        "street2": ", ".join(line for line in street[1:] if line),
        "postcode": address.postcode,
        "city": address.city,
        "region": address.region,
        "country": address.country,
        "service": order.service,
        "gift_note": order.gift_note,
        "email": order.contact.email,
        "phone": order.contact.phone,
        "language": order.contact.language,
        "promised_at": promised,
        **{f"{_QUANTITY}{line.line}": str(line.wanted) for line in order.lines},
    }


def sides(order: OrderAnswer, now: Mapping[str, str], form: Mapping[str, str]) -> tuple[Side, ...]:
    """Each field of a form that differs from the order as it is; of a choice, what it would take from the shop now."""
    choices = tuple(
        Side(FIELD_WORDS[each.field], each.ours, each.shop)
        for each in order.differs
        if form.get(f"{_CHOICE}{each.field}") == "shop"
    )
    names = {f"{_QUANTITY}{line.line}": line.name or line.sku for line in order.lines}
    return choices + tuple(
        Side(names.get(field) or _LABELS.get(field, field), now.get(field, ""), sent)
        for field, sent in form.items()
        if sent != now.get(field, "") and field != _PROMISED_WAS and not field.startswith(_CHOICE)
    )
