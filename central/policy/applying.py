"""What rules make of an order: when it comes in, and again when it was edited or money moved. Pure: changes `Books`.

What rules did before and would not do now is undone, unless a person has decided otherwise since.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from central.desk.books import Books
from central.orders.checks import BY_RULE, complaints
from central.orders.holding import put_on_hold
from central.orders.model import Complaint, Note
from central.orders.recall import by_another_service
from central.orders.rows import LineRow, OrderRow
from central.orders.rules import By
from central.orders.urgency import PRIORITIES
from central.packing.jobs import withdraw
from central.policy.model import Actions, Facts, Flag
from central.policy.rules import decide, in_words
from central.stock.rows import ProductRow
from contract.keys import OrderId


def apply_rules(books: Books, order_id: OrderId, by: By, *, paid: bool) -> None:
    """Let the house's rules act on a new order, each told on its timeline. What rules hold it for: `holds_of`."""
    order = books.orders[order_id]
    facts = facts_of(books, order, _earlier(books, order), paid=paid)
    if order.email:
        books.earlier[order.email.lower()] = facts.earlier_orders + 1
    _act(books, order, Actions(), facts, by)


def service_chosen(books: Books, order_id: OrderId, asked: str) -> None:
    """Somebody has decided how it travels, where the shop asks for `asked`: no rule chooses after that."""
    order = books.orders[order_id]
    actions = replace(order.actions, service="", asked_service=asked, service_by_hand=True)
    books.orders.put(replace(order, decided=msgspec.json.encode(actions).decode()))


def apply_again(books: Books, order_id: OrderId, by: By) -> None:
    """The order is not what it was: let the rules act that are true of it now. Of what is packed nothing changes."""
    order = books.orders[order_id]
    lines = books.lines.of(order_id)
    if order.cancelled or (any(line.packed for line in lines) and not any(line.to_pack for line in lines)):
        return
    then = order.actions
    reasons = order.reasons
    now = _act(books, order, then, facts_of(books, order, then.earlier_orders, paid=order.is_paid), by)
    if now == then:
        return
    ended = {each.code for each in holds_of(then) if each not in holds_of(now)}
    lifted, checked = set(now.release) - set(then.release), set(then.release) - set(now.release)
    kept = [each for each in reasons if each.code not in ended and each.code.split(".")[0] not in lifted]
    kept += [each for each in holds_of(now) if each not in holds_of(then)]
    found = complaints(books, books.orders[order_id])
    kept += [each for each in found if each.code.split(".")[0] in checked and each not in kept]
    put_on_hold(books, order_id, tuple(kept), by)
    withdraw(books, order_id, "edited", by.at)


def holds_of(actions: Actions) -> tuple[Complaint, ...]:
    """Why rules hold an order."""
    return tuple(Complaint(f"{BY_RULE}{name}", reason, reason) for name, reason in actions.holds)


def _act(books: Books, order: OrderRow, then: Actions, facts: Facts, by: By) -> Actions:
    """Decide, and write what differs from what was decided before into the order's row."""
    rules = books.standing.rules
    now = decide(rules, facts)
    if then.service_by_hand:
        now = replace(now, service="", asked_service=then.asked_service, service_by_hand=True)
    now = replace(now, earlier_orders=facts.earlier_orders if rules.ask_customers else 0)
    if now == order.actions:
        return now
    for rule in rules.rules:
        if rule.name in now.rules and rule.name not in then.rules:
            books.note(
                f"order/{order.order_id}", by.at, "rule_applied", by="rules", text=f"{rule.name}: {in_words(rule)}"
            )
    for name in then.rules:
        if name not in now.rules:
            books.note(f"order/{order.order_id}", by.at, "rule_ended", by="rules", text=name)
    rank, why = _priority(order, then, now)
    service = now.service or asked_service(order)
    if then.service_by_hand or (then.service and order.service != then.service):
        service = order.service
    books.orders.put(
        replace(
            order,
            service=service,
            notes=msgspec.json.encode(_notes(order, then, now)).decode(),
            priority=rank,
            priority_reason=why,
            decided=msgspec.json.encode(now).decode() if now != Actions() else "",
        )
    )
    if service != order.service:
        by_another_service(books, order.order_id, by)
    return now


def _priority(order: OrderRow, then: Actions, now: Actions) -> tuple[int, str]:
    """A person's word counts for more than a rule's."""
    whose = ", ".join(then.rules) if then.priority else ""
    if order.priority_reason != whose:
        return order.priority, order.priority_reason
    return (PRIORITIES.index(now.priority), ", ".join(now.rules)) if now.priority else (0, "")


def _notes(order: OrderRow, then: Actions, now: Actions) -> tuple[Note, ...]:
    ended = {Note("packer", text) for text in then.notes if text not in now.notes}
    new = tuple(Note("packer", text) for text in now.notes if text not in then.notes)
    return (*(note for note in order.noted if note not in ended), *new)


def asked_service(order: OrderRow) -> str:
    """How the shop or the customer wants it to travel, whatever a rule or a person chose."""
    actions = order.actions
    if actions.service_by_hand:
        return actions.asked_service
    return actions.asked_service if actions.service and order.service == actions.service else order.service


def facts_of(books: Books, order: OrderRow, earlier_orders: int, *, paid: bool) -> Facts:
    """What rules may ask of an order."""
    lines = [line for line in books.lines.of(order.order_id) if line.wanted]
    address = order.address
    products = [books.products.get(line.sku) for line in lines]
    return Facts(
        country=address.country,
        postcode=address.postcode,
        currency=order.currency,
        total=order.total,
        mass_g=_mass(lines, products),
        pieces=sum(line.wanted for line in lines),
        skus=tuple(line.sku for line in lines),
        flags=frozenset(flag for product in products if product is not None for flag in flags_of(product)),
        source=order.source,
        service=order.service if order.actions.service_by_hand else asked_service(order),
        earlier_orders=earlier_orders,
        paid=paid,
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
        total += line.wanted * product.mass_g
    return total


def flags_of(product: ProductRow) -> set[Flag]:
    """What kinds of product it is."""
    said: tuple[tuple[Flag, bool], ...] = (
        ("fragile", bool(product.fragile)),
        ("oversell", bool(product.oversell)),
        ("traced", product.requires != "[]"),
    )
    return {flag for flag, so in said if so}
