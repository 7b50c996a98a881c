"""Stopping a lot, and letting it go on. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Final

from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.orders.recall import hold_parcel
from central.orders.rules import By
from central.packing.telling import lot_stopped
from central.shipping.rows import ParcelRow, lots_in
from central.stock.ledger import free, may_oversell
from central.stock.promises import take_back
from central.tracking.rows import ProblemRow
from contract.keys import OrderId, Sku

_NAMED: Final = 20
"""Orders that a problem names."""


def keys_of(sku: Sku) -> Keys:
    """All rows that changing where the product lies, or letting one of its lots go on, may touch."""
    one = frozenset({sku})
    return Keys(skus=one, lots_of=one, promised=one)


def keys_to_stop(sku: Sku) -> Keys:
    """All rows that stopping one of the product's lots may touch."""
    return replace(keys_of(sku), parcels_with=frozenset({sku}))


def stop(books: Books, sku: Sku, lot: str, reason: str, by: By) -> None:
    """Promise nothing more of the lot. Promises that no other lot covers are taken back, the newest orders first; they
    wait for stock again and get what there is elsewhere. Benches are told to pack none of it, and parcels that hold
    some and are still here are held. Load with `keys_to_stop`. Raises `Refused`.
    """
    known = books.lots.get((sku, lot))
    if known is None:
        raise not_found("lot", lot)
    if not reason:
        raise Refused("invalid", "Say why the lot is stopped.", "reason", "")
    books.lots.put(replace(known, stopped=reason))
    books.note(f"product/{sku}", by.at, "lot_stopped", by=by.name, text=f"{lot}: {reason}")
    lot_stopped(books, sku, lot, reason)
    for parcel in list(books.parcels):
        _hold(books, parcel, sku, lot, f"lot {lot} of {sku} was stopped: {reason}", by.at)
    if not may_oversell(books, sku):
        _free(books, sku, lot, by)


def _hold(books: Books, parcel: ParcelRow, sku: Sku, lot: str, why: str, at: int) -> None:
    inside = next((each for each in parcel.packed_lines if each.sku == sku and lot in lots_in((each,))), None)
    if inside is not None and parcel.shipped_at is None and parcel.status != "voided":
        hold_parcel(books, parcel, inside.order, "stopped_lot", why, at)


def _free(books: Books, sku: Sku, lot: str, by: By) -> None:
    lost: Counter[OrderId] = Counter()
    for level in books.levels.of(sku):
        lacking = -free(books, sku, level.warehouse, by.at)
        if lacking > 0:
            taken, _ = take_back(books, sku, level.warehouse, lacking, f"of lot {lot}", by)
            lost.update(taken)
    if lost:
        pieces, named = sum(lost.values()), ", ".join(sorted(lost)[:_NAMED])
        more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        books.problems.append(
            ProblemRow(
                "lot_stopped",
                f"{sku}: lot {lot} was stopped while {pieces} of it were promised; these orders wait for stock again: "
                f"{named}{more}. Look whether some of it is in a tote or at a bench",
                by.at,
                badge=by.name,
                sku=sku,
            )
        )


def resume(books: Books, sku: Sku, lot: str, by: By) -> None:
    """It may be promised again. Raises `Refused`."""
    known = books.lots.get((sku, lot))
    if known is None:
        raise not_found("lot", lot)
    if known.stopped:
        books.lots.put(replace(known, stopped=""))
        books.note(f"product/{sku}", by.at, "lot_resumed", by=by.name, text=lot)
