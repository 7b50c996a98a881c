"""What must be right before an order may be packed: products, quantities, address, phone, stock."""

from __future__ import annotations

from typing import Final

import msgspec

from central.desk.books import Books
from central.orders import address
from central.orders.model import Complaint, Contact
from central.orders.rows import LineRow, OrderRow

MOST_OF_ONE_LINE: Final = 999
"""More pieces than this are more often a slip of the finger than an order."""
BY_HAND: Final = "by_hand"
"""Code of a hold that a person set; only a person takes it away."""
BY_RULE: Final = "rule."
"""How the code of a hold that a rule set begins; a person takes it away."""
BY_SHOP: Final = "shop."
"""How the code of a hold begins that ends when a person chooses between the shop's word and ours."""
UNKNOWN_PRODUCT: Final = "product."
OF_LINES: Final = (UNKNOWN_PRODUCT, "quantity.", "stock.")
"""How the codes of complaints about lines begin."""
PHONE: Final = "contact.phone"


def complaints(books: Books, order: OrderRow) -> tuple[Complaint, ...]:
    """Everything that is wrong with the order now, but for what a rule lets pass. Reserve its stock first."""
    found: list[Complaint] = []
    for line in books.lines.of(order.order_id):
        if line.to_pack:
            found += _of_line(books, line)
    where = order.address
    found += address.complaints(where)
    phone = address.phone_complaint(Contact(phone=order.phone), where.country)
    if phone is not None:
        found.append(phone)
    passing = order.actions.release
    return tuple(complaint for complaint in found if complaint.code.split(".")[0] not in passing)


def line_of(code: str) -> int | None:
    """The line that a complaint about stock or quantity is of; None for any other complaint."""
    what, _, number = code.partition(".")
    return int(number) if what in ("stock", "quantity") else None


def _of_line(books: Books, line: LineRow) -> list[Complaint]:
    if line.sku not in books.products:
        return [
            Complaint(
                f"{UNKNOWN_PRODUCT}{line.sku}",
                f"Line {line.line}: there is no product {line.sku!r}. Import it, or cancel the order.",
                f"Ligne {line.line} : l'article {line.sku!r} n'existe pas. Importez-le ou annulez la commande.",
            )
        ]
    found = []
    if line.ordered > MOST_OF_ONE_LINE:
        found.append(
            Complaint(
                f"quantity.{line.line}",
                f"Line {line.line}: {line.ordered} pieces of {line.sku} are unusually many. Ask the customer.",
                f"Ligne {line.line} : {line.ordered} pièces de {line.sku}, c'est beaucoup. Demandez au client.",
            )
        )
    if line.back_ordered:
        there = line.to_pack - line.back_ordered
        found.append(
            Complaint(
                f"stock.{line.line}",
                f"Line {line.line}: only {there} of {line.to_pack} pieces of {line.sku} are in stock.",
                f"Ligne {line.line} : {there} pièces de {line.sku} en stock sur {line.to_pack}.",
            )
        )
    return found


def as_json(reasons: tuple[Complaint, ...]) -> str:
    """Complaints as an order row holds them."""
    return msgspec.json.encode(reasons).decode()
