"""What goes over GPIO lines, as text for tapes. Pure.

From the bench: `all 5=1 13=0`, every input when the lines are taken; `5=0`, one that has changed. To it: `lamp stop`
and `drawer`, what the station wants; `17=1 24=0`, the outputs that this takes. 1 is the higher voltage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from station.devices.ports import Lamp

_ALL, _LAMP = "all ", "lamp "
_LEVELS = re.compile(r"(\d{1,3}=[01]( |$))*")
DRAWER = b"drawer"


def levels(lines: Mapping[int, bool]) -> bytes:
    """Lines by their numbers."""
    return " ".join(f"{line}={high:d}" for line, high in lines.items()).encode("ascii")


def every_level(lines: Mapping[int, bool]) -> bytes:
    """Of all inputs, whether they have changed or not."""
    return _ALL.encode("ascii") + levels(lines)


def wanted(lamp: Lamp) -> bytes:
    """What is to be shown."""
    return f"{_LAMP}{lamp}".encode("ascii")


def read_levels(data: bytes) -> dict[int, bool]:
    """The lines of `levels` or `every_level`. Raises `ValueError`."""
    said = data.decode("ascii", "replace").removeprefix(_ALL)
    if not _LEVELS.fullmatch(said):
        raise ValueError(f"{said!r} says nothing of lines: 5=0 or all 5=0 6=1 would")
    return {int(line): high == "1" for line, high in (each.split("=") for each in said.split())}


def read_wanted(data: bytes) -> Lamp | None:
    """The lamp, or None where this is no such wish. Raises `ValueError` for a lamp that there is not."""
    text = data.decode("ascii", "replace")
    return Lamp(text.removeprefix(_LAMP)) if text.startswith(_LAMP) else None
