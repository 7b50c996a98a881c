"""Tables as CSV files that spreadsheets open: UTF-8 with its mark, a row of names, no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from litestar import Response
from litestar.openapi import ResponseSpec

SHEET: Final = {200: ResponseSpec(bytes, description="CSV", media_type="text/csv", generate_examples=False)}
"""How a route documents it."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response[bytes]:
    """A file to be downloaded as `name`.csv."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in name)
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{plain}.csv"'},
    )


def _cell(value: object) -> object:
    """A text that a spreadsheet would calculate is told to be one."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
