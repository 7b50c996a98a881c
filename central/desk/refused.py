"""What a person or a program asked for and the rules do not allow. Nothing was changed."""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["invalid", "not_found", "conflict", "unsaid", "too_many"]


class Refused(Exception):
    """Raised by rules inside a transaction; the text is one plain sentence that says what to do.

    `field` and `value` name what was wrong with the request, when it was one field.
    """

    def __init__(self, kind: Kind, text: str, field: str = "", value: str = "") -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.field = field
        self.value = value


def not_found(what: str, name: str) -> Refused:
    """Nobody has heard of it."""
    return Refused("not_found", f"There is no {what} {name!r}.", what, name)
