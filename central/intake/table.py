"""A CSV file, as bytes, to rows with their line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping

from msgspec import Struct

from central.intake.fields import BadField, suggestion
from central.intake.writing import armed
from contract.complaint import shown

MAX_ROWS = 50_000
MAX_COLUMNS = 500


class BadTable(ValueError):
    """The file as a whole cannot be read; the text says why and what to do."""


class Row(Struct, frozen=True):
    """One record; `line` is where it begins in the file (a quoted field may span several lines)."""

    line: int
    fields: Mapping[str, str]
    width: int
    """Fields in the file; another number than the header has columns is a fault of the row."""


class Table(Struct, frozen=True):
    """A header and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def whole(self, row: Row) -> Mapping[str, str]:
        """The row's fields. Raise `BadField` when there are fewer or more than the header has columns."""
        if row.width == len(self.columns):
            return row.fields
        where = self.columns[row.width] if row.width < len(self.columns) else self.columns[-1]
        raise BadField(where, f"{row.width} fields", f"in a row of {len(self.columns)} fields like the header")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        found = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, f"0x{data[error.start]:02X}"
        if encoding == "utf-8":
            why = f"Line {line}: byte {byte} is not UTF-8. Save the file as “CSV UTF-8” and send it again."
        else:
            why = f"Line {line}: byte {byte} is not {encoding}. Name the file's encoding in the mapping."
        raise BadTable(why) from None
    if "\0" in found:
        raise BadTable(f"Line {found.count(chr(10), 0, found.index(chr(0))) + 1}: a NUL byte. This is not a CSV file.")
    return found


def _delimiter(content: str) -> str:
    header = content.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _header(record: list[str]) -> tuple[str, ...]:
    if len(record) > MAX_COLUMNS:
        raise BadTable(f"Line 1: {len(record)} columns. This is not a file for here: it has at most {MAX_COLUMNS}.")
    columns = tuple(column.strip() for column in record)
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise BadTable(f"Line 1: the column {shown(twice[0])!r} is there twice. Keep one of them.")
    return columns


def read(data: bytes, delimiter: str = "", encoding: str = "utf-8") -> Table:
    """Read UTF-8 with or without a byte order mark, separated by comma, semicolon or tab. Raise `BadTable`.

    A mapping may name another delimiter and encoding. An apostrophe that keeps a spreadsheet from carrying out a
    field is taken away again.
    """
    content = _decoded(data, encoding)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter or _delimiter(content), strict=True)
    rows: list[Row] = []
    columns: tuple[str, ...] | None = None
    line = 1
    try:
        for record in reader:
            if not any(record):
                pass
            elif columns is None:
                columns = _header(record)
            elif len(rows) == MAX_ROWS:
                raise BadTable(f"Line {line}: more than {MAX_ROWS} rows. Send the file in parts.")
            else:
                rows.append(Row(line, dict(zip(columns, map(armed, record), strict=False)), len(record)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTable(f"Line {line}: {error}. A quotation mark is probably missing at the end of a field.") from None
    if columns is None:
        raise BadTable("The file is empty. The first line must name the columns.")
    return Table(columns, tuple(rows))


def require_columns(table: Table, required: Collection[str]) -> None:
    """Raise `BadTable` naming every required column that is not there."""
    missing = [column for column in required if column not in table.columns]
    if missing:
        hints = ", ".join(repr(column) + suggestion(column, table.columns) for column in missing)
        raise BadTable(
            f"Line 1: the column {hints} is missing."
            if len(missing) == 1
            else f"Line 1: the columns {hints} are missing."
        )


def refuse_others(table: Table, known: Collection[str]) -> None:
    """Raise `BadTable` for a column that nobody would read, so that a misspelt one is not lost silently."""
    for column in table.columns:
        if column not in known:
            raise BadTable(
                f"Line 1: the column {shown(column)!r} is not known{suggestion(column, known)}. "
                f"The columns are {', '.join(known)}."
            )
