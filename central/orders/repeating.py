"""Ordering the same again. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.accepting import accept
from central.orders.model import Contact, NewLine, NewOrder
from central.orders.rules import By, known
from central.orders.splitting import numbers_for
from contract.keys import OrderId
from contract.values import Language


def repeat(books: Books, order_id: OrderId, wished: str, by: By) -> OrderId:
    """Take in a copy of an order under a new number, not paid, at today's stock; return its number. Raises `Refused`.

    Of an order that was cancelled as a whole all that was ordered is copied, else what was wanted in the end.
    """
    order = known(books, order_id)
    numbers = numbers_for(order_id, wished)
    number = next((each for each in numbers if each not in books.orders), None)
    if number is None:
        raise Refused("conflict", f"There is an order {numbers[0]} already; take another number.", "order", numbers[0])
    lines = books.lines.of(order_id)
    whole = not any(line.wanted for line in lines)
    language: Language = "fr" if order.language == "fr" else "en"
    new = NewOrder(
        order=number,
        placed_at=by.at,
        ship_to=order.address,
        lines=tuple(
            NewLine(line.sku, pieces, line.unit_price, line.name)
            for line in lines
            if (pieces := line.ordered if whole else line.wanted)
        ),
        contact=Contact(order.email, order.phone, language),
        currency=order.currency,
        total=order.total,
        service=order.service,
        gift_note=order.gift_note,
        source="repeat",
    )
    accept(books, new, by)
    books.note(f"order/{order_id}", by.at, "order_repeated", by=by.name, text=number)
    return number
