"""What rules make of an order that comes in. Pure: reads and changes `Books`."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from central.desk.books import Books
from central.orders.checks import BY_RULE
from central.orders.model import Complaint, Note
from central.orders.rows import LineRow, OrderRow
from central.orders.urgency import PRIORITIES
from central.policy.model import Facts, Flag
from central.policy.rules import decide, in_words
from central.stock.rows import ProductRow
from contract.keys import OrderId


def apply_rules(books: Books, order_id: OrderId, at: int) -> tuple[Complaint, ...]:
    """Let the house's rules act on a new order, each told on its timeline; return why rules hold it."""
    order = books.orders[order_id]
    rules = books.standing.rules
    facts = facts_of(books, order)
    if order.email:
        books.earlier[order.email.lower()] = facts.earlier_orders + 1
    actions = decide(rules, facts)
    if not actions.rules:
        return ()
    for rule in rules.rules:
        if rule.name in actions.rules:
            books.note(f"order/{order_id}", at, "rule_applied", by="rules", text=f"{rule.name}: {in_words(rule)}")
    notes = (*order.noted, *(Note("packer", text) for text in actions.notes))
    books.orders.put(
        replace(
            order,
            service=actions.service or order.service,
            notes=msgspec.json.encode(notes).decode(),
            priority=PRIORITIES.index(actions.priority) if actions.priority else order.priority,
            priority_reason=", ".join(actions.rules) if actions.priority else order.priority_reason,
            decided=msgspec.json.encode(actions).decode(),
        )
    )
    return tuple(Complaint(f"{BY_RULE}{name}", reason, reason) for name, reason in actions.holds)


def facts_of(books: Books, order: OrderRow) -> Facts:
    """What rules may ask of a new order."""
    lines = books.lines.of(order.order_id)
    address = order.address
    products = [books.products.get(line.sku) for line in lines]
    return Facts(
        country=address.country,
        postcode=address.postcode,
        currency=order.currency,
        total=order.total,
        mass_g=_mass(lines, products),
        pieces=sum(line.ordered for line in lines),
        skus=tuple(line.sku for line in lines),
        flags=frozenset(flag for product in products if product is not None for flag in flags_of(product)),
        source=order.source,
        service=order.service,
        earlier_orders=_earlier(books, order),
    )


def _earlier(books: Books, order: OrderRow) -> int:
    """As the store counted, else those at hand: of a copy, the order that it is a copy of."""
    email = order.email.lower()
    if not email:
        return 0
    at_hand = sum(
        1
        for each in books.orders
        if each.email.lower() == email and each.order_id != order.order_id and not each.cancelled
    )
    return max(books.earlier.get(email, 0), at_hand)


def _mass(lines: list[LineRow], products: list[ProductRow | None]) -> int | None:
    total = 0
    for line, product in zip(lines, products, strict=True):
        if product is None or product.mass_g is None:
            return None
        total += line.ordered * product.mass_g
    return total


def flags_of(product: ProductRow) -> set[Flag]:
    """What kinds of product it is."""
    said: tuple[tuple[Flag, bool], ...] = (
        ("fragile", bool(product.fragile)),
        ("oversell", bool(product.oversell)),
        ("traced", product.requires != "[]"),
    )
    return {flag for flag, so in said if so}
