"""One thing done to many parcels: each by itself, with a result of its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias, get_args

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.rules import By
from central.shipping.answers import ParcelResult
from central.shipping.rules import let_go, mark_shipped
from central.tracking.rules import record
from contract.keys import Sscc

Do: TypeAlias = Literal["shipped", "delivered", "let_go"]
DOES: Final[tuple[Do, ...]] = get_args(Do)
MOST: Final = 500
"""Parcels at once."""


def carry_out(books: Books, parcels: Iterable[Sscc], do: Do, by: By) -> tuple[ParcelResult, ...]:
    """Do it to each; one that is refused stops no other, and what is so already stays as it is.

    Load with `Keys(parcels=…)`.
    """
    return tuple(_one(books, sscc, do, by) for sscc in parcels)


def _one(books: Books, sscc: Sscc, do: Do, by: By) -> ParcelResult:
    parcel = books.parcels.get(sscc)
    try:
        match do:
            case "shipped":
                mark_shipped(books, sscc, by.name, by.at)
            case "let_go":
                let_go(books, sscc, by.name, by.at)
            case "delivered":
                if parcel is None or parcel.status != "delivered":
                    record(books, sscc, "delivered", at=by.at, now=by.at, source="office", by=by.name)
    except Refused as error:
        return ParcelResult(str(sscc), False, parcel.status if parcel else "", error.text)
    return ParcelResult(str(sscc), True, books.parcels[sscc].status)
