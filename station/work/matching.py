"""Which line of the job a scanned code means."""

from __future__ import annotations

from typing import NamedTuple

from contract.barcode import Barcode
from contract.values import ItemCode, JobLine, StockItem
from station.work.load import Work, in_parcel, remaining


class Match(NamedTuple):
    """A line that a code names, and the pieces that one scan of it counts."""

    line: int
    quantity: int


def named(work: Work, text: str, barcode: Barcode | None) -> tuple[Match, ...]:
    """Every line that the code names, in the job's order. `barcode` is None when the text is none."""
    folded = (barcode.text if barcode is not None else text).casefold()
    return tuple(
        Match(place, quantity)
        for place, line in enumerate(work.job.lines)
        if (quantity := counted(line, folded, barcode))
    )


def counted(line: JobLine | StockItem, folded: str, barcode: Barcode | None) -> int:
    """How many pieces of the product one scan of the code counts; 0 when it names another product."""
    for code in line.codes:
        if _is(code, folded, barcode):
            contained = barcode.count if barcode is not None and barcode.count else 1
            return max(1, code.quantity) * contained
    return 1 if line.sku.casefold() == folded else 0


def _is(code: ItemCode, folded: str, barcode: Barcode | None) -> bool:
    match code.kind:
        case "sku":
            return code.code.casefold() == folded
        case "gtin":
            return barcode is not None and barcode.gtin is not None and barcode.gtin == code.code.zfill(14)
        case "in_store":
            return barcode is not None and barcode.in_store != "" and barcode.in_store == code.code


def wanted(work: Work, matches: tuple[Match, ...]) -> Match | None:
    """Of the lines that a code names, the first that has room for all its pieces."""
    return next((match for match in matches if match.quantity <= remaining(work, match.line)), None)


def held(work: Work, matches: tuple[Match, ...]) -> Match | None:
    """Of the lines that a code names, the last that has all its pieces in the open parcel."""
    return next((match for match in reversed(matches) if match.quantity <= in_parcel(work, match.line)), None)
