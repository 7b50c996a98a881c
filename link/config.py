"""Configuration files: TOML into a frozen struct. A key that nobody reads is refused, with the key that was meant."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from contract.complaint import in_words, shown, why_unreadable

Config = TypeVar("Config")


class BadConfig(Exception):
    """The file cannot be used; the text names the file, the place and the remedy."""


def load(path: Path, kind: type[Config]) -> Config:
    """Read `path` as a `kind`. Raises `BadConfig`."""
    try:
        return msgspec.convert(tables(text_of(path), str(path)), kind)
    except msgspec.ValidationError as error:
        raise BadConfig(f"{path}: {_in_words(str(error), kind)}") from error


def text_of(path: Path) -> str:
    """What is in the file. Raises `BadConfig`."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadConfig(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadConfig(f"{path}: line {line}: {why_unreadable(error)}; save the file as UTF-8") from error


def tables(text: str, file: str) -> dict[str, Any]:
    """The TOML in `text`. Raises `BadConfig` in the name of `file`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{file}: not TOML: {error}") from error
    except RecursionError as error:
        raise BadConfig(f"{file}: not TOML: lists or tables are nested too deeply") from error
    except ValueError as error:
        # The only one that the parser lets through: Python reads no number of more than 4300 digits.
        raise BadConfig(f"{file}: not TOML: a number has too many digits") from error


def _in_words(complaint: str, kind: type) -> str:
    """msgspec's complaint with the file's own notation, and what would have been right."""
    text, _, place = complaint.partition(" - at `")
    place = place.rstrip("`").removeprefix("$").lstrip(".")
    table = f"[{place}]" if place else "top level"
    if unknown := re.fullmatch(r"Object contains unknown field `(.+)`", text):
        near = difflib.get_close_matches(unknown[1], sorted(_keys(kind)), n=1)
        hint = f"did you mean '{near[0]}'?" if near else "remove it, or see the documentation for the keys there are"
        return f"{table}: unknown key '{shown(unknown[1])}'; {hint}"
    if missing := re.fullmatch(r"Object missing required field `(.+)`", text):
        return f"{table}: the key '{missing[1]}' is missing"
    if wrong := re.fullmatch(r"Invalid (?:enum )?value '(.+)'", text, re.DOTALL):
        return f"{place}: '{shown(wrong[1])}' is none of {', '.join(sorted(_choices(kind, place.rpartition('.')[2])))}"
    return f"{place or 'top level'}: {in_words(text, {'object': 'a table'})}"


def _properties(kind: type) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that occurs anywhere in `kind`, with its schema."""
    for component in msgspec.json.schema_components([kind])[1].values():
        yield from component.get("properties", {}).items()


def _keys(kind: type) -> set[str]:
    return {key for key, _ in _properties(kind)}


def _choices(kind: type, key: str) -> set[str]:
    """The words that may stand at a key of this name, or in its list."""
    name = key.partition("[")[0]
    schemas = [part for each, schema in _properties(kind) if each == name for part in (schema, schema.get("items", {}))]
    return {str(choice) for schema in schemas for choice in schema.get("enum", ())}
