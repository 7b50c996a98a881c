"""A rules file, refused with its file, rule and key when it cannot be meant so."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import msgspec
from msgspec import Struct

from central.policy.model import Known, Mode, Paper, Rule, Rules, Then, When
from contract.complaint import in_words, shown
from link.config import BadConfig, tables, text_of

K = TypeVar("K")
_PAPERS: Final = get_args(Paper)


def read_rules(text: str, file: str, known: Known) -> Rules:
    """Raises `BadConfig` naming file, rule and key, and what was probably meant."""
    table = tables(text, file)
    _only(file, table, ("apply", "rules"))
    mode = _converted(file, {"apply": table.get("apply", "first")}, _Head).apply
    listed = table.get("rules", [])
    if not isinstance(listed, list) or not all(isinstance(rule, dict) for rule in listed):
        raise BadConfig(f"{file}: write each rule as a table of its own, under [[rules]]")
    rules = tuple(_rule(file, number, rule, known) for number, rule in enumerate(listed, 1))
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise BadConfig(f"{file}: two rules are called {name!r}; timelines could not tell them apart")
    return Rules(mode, rules)


def read_rules_file(path: Path, known: Known) -> Rules:
    """Raises `BadConfig`."""
    return read_rules(text_of(path), str(path), known)


class _Head(Struct, frozen=True):
    apply: Mode


def _rule(file: str, number: int, table: Mapping[str, Any], known: Known) -> Rule:
    name = table.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 80:
        raise BadConfig(f"{file}: rule {number}: give it a name of at most 80 characters")
    where = f"{file}: rule {name!r}"
    _only(where, table, Rule.__struct_fields__)
    for part, kind in (("when", When), ("then", Then)):
        inner = table.get(part, {})
        if not isinstance(inner, dict):
            raise BadConfig(f"{where}: {part}: a table is expected, such as {part}.country = …")
        _only(f"{where}: {part}", inner, kind.__struct_fields__)
    _papers(f"{where}: then.documents", table.get("then", {}).get("documents"))
    rule = _converted(where, table, Rule)
    if rule.then == Then():
        raise BadConfig(f"{where}: then: it does nothing; say what becomes of the order, or remove the rule")
    _one(f"{where}: then.service", rule.then.service, known.services)
    _one(f"{where}: then.box", rule.then.box, known.boxes)
    return rule


def _papers(where: str, names: object) -> None:
    for name in names if isinstance(names, list) else []:
        if isinstance(name, str) and name not in _PAPERS:
            near = difflib.get_close_matches(name, _PAPERS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(_PAPERS)}"
            raise BadConfig(f"{where}: {shown(name)!r} is no paper that benches print for a rule; {hint}")


def _converted(where: str, table: Mapping[str, Any], kind: type[K]) -> K:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        text, _, place = str(error).partition(" - at `")
        key = place.rstrip("`").removeprefix("$").lstrip(".")
        raise BadConfig(f"{where}: {key + ': ' if key else ''}{in_words(text, {'object': 'a table'})}") from error


def _only(where: str, table: Mapping[str, Any], keys: Collection[str]) -> None:
    for key in table:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(keys)}"
            raise BadConfig(f"{where}: unknown key {shown(key)!r}; {hint}")


def _one(where: str, name: str, names: Collection[str]) -> None:
    if not name or not names or name.casefold() in {each.casefold() for each in names}:
        return
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(names))}"
    raise BadConfig(f"{where}: there is no {shown(name)!r} in central's configuration; {hint}")
