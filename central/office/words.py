"""The office's and the customer's words: English is the key, French beside it in `french.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from contract.values import Language

FRENCH: Final[Mapping[str, str]] = tomllib.loads((files("central.office") / "french.toml").read_text("utf-8"))


def said(words: str, language: Language, **values: object) -> str:
    """`words` in the language, with `{names}` filled in; what has no French yet stays English."""
    chosen = FRENCH.get(words, words) if language == "fr" else words
    return chosen.format(**values) if values else chosen
