"""One thing done to many pieces of money that wait: each on its own, one that is refused stops no other. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.orders.rules import By, known
from central.payments import incoming
from central.payments.answers import PieceResult
from central.payments.recording import keys_to_pay
from contract.keys import OrderId

Do: TypeAlias = Literal["accepted", "dismissed"]
DOES: Final[tuple[Do, ...]] = get_args(Do)
Proposed: TypeAlias = Mapping[str, OrderId | None]
"""Pieces by their keys, each with the order that is proposed; None: no order stands out."""


def keys_of(pieces: Proposed) -> Keys:
    """What `carry_out` touches."""
    orders = {order for order in pieces.values() if order is not None}
    return replace(keys_to_pay(*orders), incoming=frozenset(pieces))


def carry_out(books: Books, do: Do, pieces: Proposed, by: By) -> tuple[PieceResult, ...]:
    """A result for each piece, in the order given."""
    return tuple(_try(books, do, key, order, by) for key, order in pieces.items())


def _try(books: Books, do: Do, key: str, order: OrderId | None, by: By) -> PieceResult:
    row = books.incoming.get(key)
    money = (row.label or row.reference or key) if row else key
    named = (order or "") if do == "accepted" else ""
    try:
        if do == "accepted":
            _accept(books, key, order, by)
        else:
            incoming.dismiss(books, key, by)
    except Refused as error:
        return PieceResult(key, money, named, False, error.text)
    return PieceResult(key, money, named, True)


def _accept(books: Books, key: str, order_id: OrderId | None, by: By) -> None:
    """As proposed, while the order still awaits money: another piece may have paid it since."""
    row = incoming.row_of(books, key)
    if row.state != "open":
        raise incoming.over(row)
    if order_id is None:
        raise Refused("conflict", "No order stands out; name one.", "order")
    if row.kind == "received" and not known(books, order_id).awaits_money:
        raise Refused("conflict", f"Order {order_id} awaits no money any more; look at it.", "order", order_id)
    incoming.book(books, key, order_id, by)
