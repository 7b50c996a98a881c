"""A request that changes something: one transaction, at most once for each Idempotency-Key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

from litestar import Request
from litestar.params import HeaderParameter
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.office.access import visitor_of
from central.office.office import Office
from central.orders.rules import By
from central.stations.rows import ReceivedRow

_HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 100
IDEMPOTENCY: Final = {
    "idempotency_key": HeaderParameter(
        annotation=str | None,
        name=_HEADER,
        required=False,
        max_length=_LONGEST,
        description="Any text of your own. A request with the same key and content is carried out once, however often "
        "it is sent.",
    )
}
"""Documents the header on every route of a router."""


async def command(
    office: Office, request: Request[Any, Any, Any], keys: Keys, decide: Callable[[Books, By], None]
) -> None:
    """Run `decide` on the books that `keys` name, in the visitor's name."""
    visitor = visitor_of(request)
    by = By(visitor.name, office.now())
    key = request.headers.get(_HEADER, "")
    if not key:
        await office.store.transact(keys, lambda books: decide(books, by))
        return
    name = f"rest/{visitor.name}/{key}"
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    digest = hashlib.sha256(asked).hexdigest()

    def once(books: Books) -> None:
        known = books.received.get(name)
        if known is None:
            books.received.put(ReceivedRow(name, "", 0, by.at, digest))
            decide(books, by)
        elif known.problem != digest:
            raise Refused("conflict", "This key was used for another request. Take a new one.", _HEADER, key)

    await office.store.transact(replace(keys, messages=frozenset({name})), once)
