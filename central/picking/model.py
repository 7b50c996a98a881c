"""What is picked together, and in which order."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias, get_args

BatchKind: TypeAlias = Literal["chosen", "queue", "singles", "zone"]
"""`chosen`: by hand. `queue`: the next ones. `singles`: orders of one piece, all in one tote. `zone`: of one zone."""
KINDS: Final[tuple[BatchKind, ...]] = get_args(BatchKind)
BatchState: TypeAlias = Literal["open", "done", "stopped"]
PREFIX: Final = "PICK-"
"""Begins every batch's number, so that its code is no order's."""
MOST_ORDERS: Final = 60
"""Of one batch: more than a trolley holds."""
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PART: Final = re.compile(r"(\d+)")


def batch_number(at: int, chance: int) -> str:
    """A batch's number: the moment and a little chance, short enough for a barcode and for reading aloud."""
    number, digits = (at // 1000 << 10) | chance & 1023, ""
    while number:
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return PREFIX + digits


def walk(bin_: str) -> tuple[tuple[int, str], ...]:
    """Sorts bins as one walks past them: A-2 before A-10, loose pieces last."""
    if not bin_:
        return ((2, ""),)
    return tuple((0, part.zfill(12)) if part.isdigit() else (1, part.upper()) for part in _PART.split(bin_) if part)
