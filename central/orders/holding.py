"""Stopping an order and letting it go on. Pure."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders import checks
from central.orders.model import Complaint
from central.orders.rules import By, changed, live
from central.packing.jobs import withdraw
from central.stock import rules as stock
from contract.keys import OrderId


def hold(books: Books, order_id: OrderId, reason: str, by: By) -> None:
    """Stop the order until somebody releases it; a bench that packs it is told."""
    order = live(books, order_id)
    complaint = Complaint(checks.BY_HAND, reason, reason)
    if complaint not in order.reasons:
        put_on_hold(books, order_id, (*order.reasons, complaint), by)
        withdraw(books, order_id, "edited", by.at)


def release(books: Books, order_id: OrderId, by: By) -> None:
    """Let the order be packed although it was held: with the stock that there is, to the address as it is."""
    order = live(books, order_id)
    unknown = [reason for reason in order.reasons if reason.code.startswith(checks.UNKNOWN_PRODUCT)]
    if unknown:
        raise Refused("conflict", unknown[0].text, "held", unknown[0].code)
    differing = [reason for reason in order.reasons if reason.code.startswith(checks.BY_SHOP)]
    if differing:
        raise Refused("conflict", differing[0].text, "held", differing[0].code)
    if not order.is_held:
        return
    stock.reserve(books, order_id, by.at)
    # As it is now: that may have routed it to another warehouse.
    books.orders.put(changed(books.orders[order_id], by, held="[]"))
    text = " ".join(reason.text for reason in order.reasons)
    books.note(f"order/{order_id}", by.at, "order_released", by=by.name, text=text)


def recheck(books: Books, order_id: OrderId, by: By) -> None:
    """Stock or products came: promise what is free now, and drop the complaints that are no longer true.

    What a person released stays free; a line whose product was unknown is checked for the first time.
    """
    if books.orders[order_id].cancelled:
        return
    stock.reserve(books, order_id, by.at)
    order = books.orders[order_id]
    if not order.is_held:
        return
    still = {complaint.code: complaint for complaint in checks.complaints(books, order)}
    before = {reason.code for reason in order.reasons}
    kept = [
        still.get(reason.code, reason)
        for reason in order.reasons
        if reason.code in still or reason.code.startswith((checks.BY_HAND, checks.BY_RULE, checks.BY_SHOP))
    ]
    known = {
        line.line for line in books.lines.of(order_id) if checks.UNKNOWN_PRODUCT + line.sku in before - still.keys()
    }
    kept += [found for code, found in still.items() if code not in before and checks.line_of(code) in known]
    if kept != list(order.reasons):
        books.orders.put(replace(order, held=checks.as_json(tuple(kept)), changed_at=by.at))
        if not kept:
            books.note(f"order/{order_id}", by.at, "order_released", by=by.name)


def look_again(books: Books, order_id: OrderId, lines: Collection[int], by: By) -> None:
    """Lines of the order were changed: complain of what is wrong with them now, and of nothing else anew."""
    order = books.orders[order_id]
    skus = {books.lines[order_id, number].sku for number in lines}
    touched = {*(f"{code}.{number}" for number in lines for code in ("quantity", "stock"))}
    touched |= {f"{checks.UNKNOWN_PRODUCT}{sku}" for sku in skus}
    kept = tuple(reason for reason in order.reasons if reason.code not in touched)
    found = tuple(reason for reason in checks.complaints(books, order) if reason.code in touched)
    put_on_hold(books, order_id, (*kept, *found), by)


def put_on_hold(books: Books, order_id: OrderId, reasons: tuple[Complaint, ...], by: By) -> None:
    """Make these the reasons why it is held; with none it is free."""
    order = books.orders[order_id]
    new = [reason for reason in reasons if reason not in order.reasons]
    if reasons != order.reasons:
        books.orders.put(changed(order, by, held=checks.as_json(reasons)))
    if new:
        text = " ".join(reason.text for reason in new)
        books.note(f"order/{order_id}", by.at, "order_held", by=by.name, text=text)
