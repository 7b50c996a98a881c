"""One change of one order, asked for by a program or a page: of the version that was seen, or of none in particular."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException
from litestar.params import HeaderParameter

from central.desk.books import Books, Keys
from central.office.commands import answered, command
from central.office.office import Office
from central.orders import reading
from central.orders.answers import OrderAnswer
from central.orders.rules import By, OfAVersion, Seen, expect
from contract.keys import OrderId

_HEADER: Final = "If-Match"
_VERSION: Final = re.compile(r'^(?:\*|"?([0-9]{1,15})"?)$')
IF_MATCH: Final = {
    "if_match": HeaderParameter(
        annotation=str | None,
        name=_HEADER,
        required=False,
        pattern=_VERSION.pattern,
        description="The `version` of the order that you decided about. If the order was changed since, nothing is "
        "done, and the answer is a 409 with `now`, the order as it is, and `sent`, what you asked for. `*` stands for "
        "whatever is there. An operation with a 428 among its answers replaces values that others may have changed, "
        "and is refused with it, `now` and `sent` when the header is missing; elsewhere without it is as with `*`.",
    )
}
"""Documents the header on every route of a router."""
Decide = Callable[[Books, By], None]
R = TypeVar("R")


async def change(
    office: Office,
    request: Request[Any, Any, Any],
    number: str,
    decide: Decide,
    also: Keys | None = None,
    *,
    replaces: bool = False,
) -> OrderAnswer:
    """Carry out a program's command on one order and show it as it is then. `also`: what else the command touches.

    `replaces`: it sets values that others may have changed, so that the version that was seen must be said.
    """
    order = OrderId(number)

    def of_one(books: Books, by: By) -> OrderId:
        decide(books, by)
        return order

    return await make(office, request, order, of_one, also, replaces=replaces)


async def make(
    office: Office,
    request: Request[Any, Any, Any],
    order: OrderId,
    decide: Callable[[Books, By], OrderId],
    also: Keys | None = None,
    *,
    replaces: bool = False,
) -> OrderAnswer:
    """As `change`, for a command on one order that leads to another, which is shown."""
    decide = _about(order, _seen(request, "unsaid" if replaces else "any"), decide)
    try:
        return await answered(office, request, keys_to_change(order, also), decide, reading.one, OrderAnswer)
    except OfAVersion as error:
        error.now = await reading.one(office.store, order)
        body = await request.body()
        error.sent = msgspec.json.decode(body) if body else None
        raise


def _seen(request: Request[Any, Any, Any], without: Seen) -> Seen:
    header = request.headers.get(_HEADER)
    if header is None:
        return without
    given = _VERSION.match(header)
    if given is None:
        wrong = {"key": _HEADER, "message": "this is not a version: a number, or * for any", "source": "header"}
        raise ValidationException(extra=[wrong])
    return int(given[1]) if given[1] else "any"


async def change_seen(
    office: Office,
    request: Request[Any, Any, Any],
    order: OrderId,
    seen: int,
    decide: Callable[[Books, By], object],
    also: Keys | None = None,
) -> None:
    """Carry out a command unless the order left the version that was seen. Raises `ChangedSince`."""

    def of_what_was_seen(books: Books, by: By) -> None:
        expect(books, order, seen)
        decide(books, by)

    await command(office, request, keys_to_change(order, also), of_what_was_seen)


def _about(order: OrderId, seen: Seen, decide: Callable[[Books, By], R]) -> Callable[[Books, By], R]:
    def of_what_was_seen(books: Books, by: By) -> R:
        expect(books, order, seen)
        return decide(books, by)

    return of_what_was_seen


def keys_to_change(order: OrderId, also: Keys | None = None) -> Keys:
    """What a command on one order touches, with what else this one does."""
    return Keys.union((Keys(orders=frozenset({order}), parcels_of=frozenset({order})), also or Keys()))
