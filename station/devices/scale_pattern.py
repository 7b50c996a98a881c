"""A scale's frames by a regular expression of the configuration. Pure; what is wrong with it is said at the start."""

from __future__ import annotations

import difflib
import re

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer, Unit, fault, weighed, without_weight

GROUPS = ("weight", "sign", "unit", "stable", "motion", "overload", "underload", "net")
"""Names that a pattern may use. `weight` is a number; the last five mean yes when they match something."""


_ANY = "\0"
_SIGNS = re.compile(r"\\[^\w\s]|(\\.|\[\^?\]?[^]]*\]|\.)", re.DOTALL)
"""One sign that is escaped, or (a group) one of several."""
_INNERMOST = re.compile(r"\((?:\?(?::|P<\w+>))?([^()]*)\)([+*]|\{\d*,\})?")
_REPEAT = re.compile(r"[+*]|\{\d*,\}")
_KEPT_APART = re.compile(rf"[^{_ANY}|](?![+*?{{])[^|]*|[^|]*[^{_ANY}|+*?}}]")
"""What begins or ends with a sign of its own can be cut into its repeats in one way only."""


def proven_quick(pattern: str) -> None:
    """Raise `ValueError` for a repeat within a repeat: a garbled frame can be cut in too many ways to try them all."""
    left = _SIGNS.sub(lambda sign: _ANY if sign[1] else ",", pattern)
    while (group := _INNERMOST.search(left)) is not None:
        within = _REPEAT.search(group[1])
        if within and group[2] and not _KEPT_APART.fullmatch(group[1]):
            raise ValueError("a repeat within a repeat can hold the bench up for ever, write one of them")
        left = left[: group.start()] + _ANY + ("+" if within or group[2] else "") + left[group.end() :]


def compiled(pattern: str, unit: str) -> re.Pattern[str]:
    """The pattern, ready to use. Raises `ValueError` that says what to mend."""
    try:
        found = re.compile(pattern)
        proven_quick(pattern)
    except (re.error, ValueError) as error:
        raise ValueError(f"pattern: {error}: {pattern!r}") from error
    for name in found.groupindex:
        if name not in GROUPS:
            near = difflib.get_close_matches(name, GROUPS, 1)
            meant = f"did you mean {near[0]!r}?" if near else f"use {', '.join(GROUPS)}"
            raise ValueError(f"pattern: nobody knows the group {name!r}: {meant}")
    if "weight" not in found.groupindex:
        raise ValueError(r"pattern: name the number: (?P<weight>[\d.]+)")
    if "unit" in found.groupindex and unit:
        raise ValueError("unit: the pattern has a group for it already; take one of them away")
    if "unit" not in found.groupindex and not unit:
        raise ValueError('unit: say what the numbers are (unit = "kg"), or name it in the pattern: (?P<unit>kg|g)')
    if {"stable", "motion"} <= found.groupindex.keys():
        raise ValueError("pattern: the groups stable and motion say the same thing twice; keep one")
    if found.fullmatch("") is not None:
        raise ValueError("pattern: it matches an empty frame, so silence would be a weight")
    return found


def read_frame(raw: bytes, ends: bytes, pattern: re.Pattern[str], unit: Unit | None) -> Answer:
    """One frame with its end."""
    text = raw.decode("latin-1").rstrip(ends.decode("latin-1"))
    found = pattern.fullmatch(text)
    if found is None:
        return fault(raw, "no frame of the configured pattern")
    said = found.groupdict()
    if said.get("overload"):
        return without_weight(ScaleState.OVERLOAD, raw)
    if said.get("underload"):
        return without_weight(ScaleState.UNDERLOAD, raw)
    if said["weight"] is None:
        return fault(raw, "a frame without a number")
    names = pattern.groupindex
    return weighed(
        f"{said.get('sign') or ''}{said['weight']}".replace(",", "."),
        unit or said.get("unit") or "",
        raw,
        moving=bool(said.get("motion")) or ("stable" in names and not said["stable"]),
        net=bool(said.get("net")),
        unmarked="stable" not in names and "motion" not in names,
    )
