"""Stopping a lot, and letting it go on. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.orders.rules import By
from contract.keys import Sku


def stop(books: Books, sku: Sku, lot: str, reason: str, by: By) -> None:
    """Promise nothing more of the lot. What is promised already is not taken back: orders have no lot until they are
    packed, and packers are sent to other lots first. Load with `Keys(skus={sku}, lots_of={sku})`. Raises `Refused`.
    """
    known = books.lots.get((sku, lot))
    if known is None:
        raise not_found("lot", lot)
    if not reason:
        raise Refused("invalid", "Say why the lot is stopped.", "reason", "")
    books.lots.put(replace(known, stopped=reason))
    books.note(f"product/{sku}", by.at, "lot_stopped", by=by.name, text=f"{lot}: {reason}")


def resume(books: Books, sku: Sku, lot: str, by: By) -> None:
    """It may be promised again. Raises `Refused`."""
    known = books.lots.get((sku, lot))
    if known is None:
        raise not_found("lot", lot)
    if known.stopped:
        books.lots.put(replace(known, stopped=""))
        books.note(f"product/{sku}", by.at, "lot_resumed", by=by.name, text=lot)
