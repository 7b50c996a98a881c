"""What msgspec complains of, in words of a person who never heard of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_TYPES: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}
_EXPECTED: Final = re.compile(r"Expected (.+?)(?:, got (.+))?")
_INVALID: Final = re.compile(r"Invalid( enum)? value '(.*)'", re.DOTALL)
_NAME: Final = re.compile(r"[`']([\w | ]+)[`']")


_MOST_SHOWN: Final = 80


def shown(text: str) -> str:
    """`text` as a sentence can repeat it, whatever somebody wrote there."""
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def why_unreadable(error: Exception) -> str:
    """Why something cannot be read; of a text that is none, which byte is in the way."""
    return (
        f"byte 0x{error.object[error.start]:02X} is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
    )


def in_words(complaint: str, types: Mapping[str, str] | None = None) -> str:
    """`Expected 'int', got 'str'` as `a whole number is expected, not text`; anything else as it is.

    `types` has other words for some of the types: what JSON calls an object is a table in TOML.
    """
    words = _TYPES | dict(types or {})
    found = _EXPECTED.fullmatch(complaint)
    if found is None:
        return _INVALID.sub(lambda value: f"Invalid{value[1] or ''} value '{shown(value[2])}'", complaint)

    def plain(names: str) -> str:
        return _NAME.sub(lambda name: " or ".join(words.get(each, each) for each in name[1].split(" | ")), names)

    instead = f", not {plain(found[2])}" if found[2] else ""
    return f"{plain(found[1])} is expected{instead}"
