"""Rows to CSV that this house reads back unchanged, and that no spreadsheet takes for a formula. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

_BEGINS: Final = r"(?:^|(?<=[;\r\n]))"
"""Of a cell, also where a spreadsheet sees one: one in French parts at semicolons, whatever stands in quotes."""
_FORMULA: Final = re.compile(rf"""{_BEGINS}(?=['"]*[=+\-@\t\r])""")
_DEFUSED: Final = re.compile(rf"""{_BEGINS}'(?=['"]*[=+\-@\t\r])""")
_NUMBER: Final = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)
MARK: Final = "\ufeff"
"""At the head of a file, so that spreadsheets read its accents."""


def defused(value: str) -> str:
    """With an apostrophe before what a spreadsheet would carry out (OWASP, CSV injection); numbers stay numbers."""
    return value if _NUMBER.fullmatch(value) else _FORMULA.sub("'", value)


def armed(value: str) -> str:
    """What was defused, as it was."""
    return _DEFUSED.sub("", value)


def lines(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV, separated by commas; nothing for None."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return target.getvalue()


def _cell(value: object) -> str:
    return "" if value is None else defused(str(value))


def money(minor: int) -> str:
    """Such as 12.50; empty for nothing."""
    return f"{minor // 100}.{minor % 100:02d}" if minor else ""


def moment(at: int | None) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return "" if at is None else datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")


def yes(value: bool) -> str:
    return "yes" if value else ""
