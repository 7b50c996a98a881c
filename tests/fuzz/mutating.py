"""Changes of JSON as a hostile program would make them: a value becomes another, a key goes, a list grows."""

from __future__ import annotations

import copy
import json
import random
from typing import Any, Final

STRANGE: Final[tuple[Any, ...]] = (
    0, -1, 1, 2**31, 2**53, 2**63, -(2**63) - 1, 10**30, 1e308, -0.0, 0.5, True, False, None,
    "", " ", "\0", "\ud7ff", "\ufeff", "\u202e", "e\u0301" * 40, "x" * 300, "../../etc/passwd", "%00", "'\";--",
    "<b>&{{7*7}}",     "+/#", "NaN", "-1", "1e400", "9" * 40, "2026-02-30T25:61:61Z", "0001-01-01T00:00:00+14:00",
    [], [[]], {}, {"": ""}, [None] * 40,
)  # fmt: skip


def changed(data: bytes, chance: random.Random) -> bytes | None:
    """The input with one to three values of its JSON changed; None when there is no JSON in it."""
    start = min((place for place in (data.find(b"{"), data.find(b"[")) if place >= 0), default=-1)
    if start < 0:
        return None
    try:
        value = json.loads(data[start:])
    except (ValueError, RecursionError):
        return None
    for _ in range(chance.randint(1, 3)):
        value = _other(value, chance)
    return data[:start] + json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _other(value: Any, chance: random.Random) -> Any:
    places = list(_places(value))
    if not places:
        return _strange(chance)
    holder, key = chance.choice(places)
    match chance.randrange(6):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.extend([holder[key]] * chance.choice((1, 3, 60)))
        case 1:
            holder[chance.choice(("", "type", "x" * 60))] = holder[key]
        case 2:
            holder[key] = {"type": holder[key]} if chance.random() < 0.5 else [holder[key]]
        case 3 if isinstance(holder[key], int) and not isinstance(holder[key], bool):
            holder[key] = holder[key] * -1 + chance.randint(-2, 2)
        case 4:
            other, place = chance.choice(places)
            if not _within(other[place], holder):
                holder[key] = other[place]
        case _:
            holder[key] = _strange(chance)
    return value


def _strange(chance: random.Random) -> Any:
    # The next change may be to the inside of it.
    return copy.deepcopy(chance.choice(STRANGE))


def _places(value: Any) -> Any:
    """Every (container, key) in the value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield value, key
        yield from _places(each)


def _within(value: Any, holder: Any) -> bool:
    """Whether putting the value into the holder would make it hold itself."""
    return value is holder or any(each is holder for container, key in _places(value) for each in (container[key],))
