"""The codes that are not goods: commands, badges, boxes, lines and reasons. One parse, at the door of the core."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from contract.commands import COMMAND_PREFIX, REASON_PREFIX, Command

BADGE_PREFIX = "BADGE-"
BOX_PREFIX = "BOX-"
MATERIAL_PREFIX = "MAT-"
_LINE_PREFIX = "PK-LINE-"
_LONGEST_MATERIAL = 40


class Badge(Struct, frozen=True):
    """A badge, without its prefix."""

    badge: str


class BoxCode(Struct, frozen=True):
    """A box's barcode, whole, in capitals."""

    code: str


class MaterialCode(Struct, frozen=True):
    """Filling, tape, padding: its barcode, whole, in capitals."""

    code: str


class LinePick(Struct, frozen=True):
    """A line touched on the screen, counted from 0 in the job's order."""

    line: int


class ReasonPick(Struct, frozen=True):
    """A reason touched or scanned, counted from 0 in the order shown."""

    reason: int


class UnknownCommand(Struct, frozen=True):
    """It has the commands' prefix and is none."""

    text: str


class Code(Struct, frozen=True):
    """Anything else: goods, an order, a label. Leading and trailing blanks removed."""

    text: str


Token: TypeAlias = Command | Badge | BoxCode | MaterialCode | LinePick | ReasonPick | UnknownCommand | Code

_COMMANDS = {command.value: command for command in Command}


def read_token(text: str) -> Token:
    """What kind of code this is. Never raises; prefixes count in capitals or not."""
    text = text.strip(" \t\r\n")
    if text.startswith("]"):
        # An AIM identifier tells the symbology, which no code of ours depends on.
        bare = text[3:]
        token = _own(bare, bare.upper())
        return token if token is not None else Code(text)
    token = _own(text, text.upper())
    return token if token is not None else Code(text)


def _own(text: str, upper: str) -> Token | None:
    if upper.startswith(COMMAND_PREFIX):
        return _COMMANDS.get(upper) or _pick(upper) or UnknownCommand(text[:40])
    if upper.startswith(BADGE_PREFIX) and len(text) > len(BADGE_PREFIX):
        return Badge(text[len(BADGE_PREFIX) :])
    if upper.startswith(BOX_PREFIX) and len(text) > len(BOX_PREFIX):
        return BoxCode(upper)
    if upper.startswith(MATERIAL_PREFIX) and len(MATERIAL_PREFIX) < len(text) <= _LONGEST_MATERIAL:
        return MaterialCode(upper)
    return None


def _pick(upper: str) -> LinePick | ReasonPick | None:
    for prefix, kind in ((_LINE_PREFIX, LinePick), (REASON_PREFIX, ReasonPick)):
        number = upper.removeprefix(prefix)
        if number != upper and number.isascii() and number.isdigit() and int(number[:6]) > 0 and len(number) <= 6:
            return kind(int(number) - 1)
    return None


def line_code(line: int) -> str:
    """What a touch on the line (from 0) sends."""
    return f"{_LINE_PREFIX}{line + 1}"


def pressed(name: str) -> Token:
    """The command of a button or pedal, by the name that the station's configuration gives it."""
    return read_token(COMMAND_PREFIX + name.strip().replace("_", ""))
