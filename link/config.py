"""Configuration files: TOML into a frozen struct. A key that nobody reads is refused, with the key that was meant."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

Config = TypeVar("Config")


class BadConfig(Exception):
    """The file cannot be used; the text names the file, the place and the remedy."""


def load(path: Path, kind: type[Config]) -> Config:
    """Read `path` as a `kind`. Raises `BadConfig`."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), kind)
    except OSError as error:
        raise BadConfig(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path}: not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise BadConfig(f"{path}: {_in_words(str(error), kind)}") from error


def _in_words(complaint: str, kind: type) -> str:
    """msgspec's complaint with the file's own notation, and a guess at a misspelt key."""
    text, _, place = complaint.partition(" - at `")
    place = place.rstrip("`").removeprefix("$").lstrip(".")
    unknown = re.fullmatch(r"Object contains unknown field `(.+)`", text)
    if unknown is None:
        return f"{place or 'top level'}: {text}"
    key = unknown.group(1)
    near = difflib.get_close_matches(key, sorted(_keys(kind)), n=1)
    hint = f"; did you mean '{near[0]}'?" if near else "; remove it, or see the documentation for the keys there are"
    return f"{'[' + place + ']' if place else 'top level'}: unknown key '{key}'{hint}"


def _keys(kind: type) -> set[str]:
    """Every field name that occurs anywhere in `kind`."""
    found: set[str] = set()
    for component in msgspec.json.schema_components([kind])[1].values():
        found.update(component.get("properties", ()))
    return found
