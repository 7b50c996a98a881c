"""What an import did, row by row."""

from __future__ import annotations

from msgspec import Struct

from central.intake.fields import BadField


class Rejected(Struct, frozen=True):
    """A row that was not taken, and what would have been."""

    line: int
    """Line of the file where the row begins; the header is line 1."""
    field: str
    value: str
    expected: str
    about: str = ""
    """The order or product that was left out by it."""

    @property
    def text(self) -> str:
        """The sentence of the report."""
        left_out = f" {self.about} was not imported." if self.about else ""
        return f"Line {self.line}, {self.field}: {self.value!r} is not {self.expected}.{left_out}"


def rejected(line: int, about: str, bad: BadField) -> Rejected:
    """The report line of a field that was refused."""
    return Rejected(line=line, field=bad.field, value=bad.value, expected=bad.expected, about=about)
