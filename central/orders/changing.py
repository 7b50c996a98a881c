"""Changing an order that is here: where it goes, what is noted on it. Pure."""

from __future__ import annotations

from typing import cast

import msgspec

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders import checks
from central.orders.address import proposal
from central.orders.holding import put_on_hold
from central.orders.merging import leave
from central.orders.model import Contact, Note
from central.orders.recall import hold_parcels
from central.orders.rules import By, changed, gone, known, live
from central.packing.jobs import withdraw
from central.packing.recalling import labels_are_old
from central.policy.applying import apply_again
from contract.keys import OrderId
from contract.values import Address, Language


def readdress(books: Books, order_id: OrderId, ship_to: Address, by: By) -> None:
    """Send it elsewhere: the address is checked again, a bench is told, parcels with the old label are held."""
    order = live(books, order_id)
    if ship_to == order.address:
        return
    if gone(books, order_id):
        raise Refused("conflict", f"Order {order_id} has left the house already.", "status", order.status)
    order = changed(order, by, ship_to=msgspec.json.encode(ship_to).decode(), name=ship_to.name)
    books.orders.put(order)
    books.note(
        f"order/{order_id}", by.at, "address_changed", by=by.name, text=f"{ship_to.postcode} {ship_to.city}".strip()
    )
    others = tuple(reason for reason in order.reasons if not reason.code.startswith("address."))
    wrong = tuple(found for found in checks.complaints(books, order) if found.code.startswith("address."))
    put_on_hold(books, order_id, (*others, *wrong), by)
    apply_again(books, order_id, by)
    withdraw(books, order_id, "edited", by.at)
    leave(books, order_id, by)
    labels_are_old(books, order_id)
    hold_parcels(books, order_id, "relabel", "its label has an old address", by.at)


def take_proposal(books: Books, order_id: OrderId, by: By) -> None:
    """Write the address as the post and the label take it. Raises `Refused` when nobody can tell how that is."""
    proposed = proposal(live(books, order_id).address)
    if proposed is None:
        raise Refused("conflict", f"Order {order_id} has no better form of its address.", "address", "")
    readdress(books, order_id, proposed, by)


def recontact(books: Books, order_id: OrderId, contact: Contact, by: By) -> None:
    """Reach the customer otherwise: the phone number is checked again; one that holds the order stops its bench.

    Raises `Refused`.
    """
    order = known(books, order_id)
    if contact == Contact(order.email, order.phone, cast(Language, order.language)):
        return
    order = changed(order, by, email=contact.email, phone=contact.phone, language=contact.language)
    books.orders.put(order)
    books.note(f"order/{order_id}", by.at, "contact_changed", by=by.name)
    if order.cancelled:
        return
    others = tuple(reason for reason in order.reasons if reason.code != checks.PHONE)
    wrong = tuple(found for found in checks.complaints(books, order) if found.code == checks.PHONE)
    put_on_hold(books, order_id, (*others, *wrong), by)
    if wrong:
        withdraw(books, order_id, "edited", by.at)


def annotate(books: Books, order_id: OrderId, note: Note, by: By) -> None:
    """Add a note for packers, the office or the customer."""
    order = known(books, order_id)
    notes = msgspec.json.encode((*order.noted, note)).decode()
    books.orders.put(changed(order, by, notes=notes))
    books.note(f"order/{order_id}", by.at, "note_added", by=by.name, text=note.text)
