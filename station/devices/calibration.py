"""Finds out how a scanner is set from two scans of the calibration sheet. Pure: readings in, settings or advice out.

The first code has the signs that lie elsewhere in each layout, and both cases. The second is GS1 with a GS inside.
The third is for scanners that lose the signs of the AltGr level.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from station.devices.calibration_reading import End, Reading
from station.devices.keymap import CapsLock, FunctionKey
from station.devices.layouts import LayoutName
from station.devices.scan_text import GS

FIRST, SECOND, THIRD = "PK@Cal-1", f"10CAL{GS}212", 'PK"Zy/^_m'
SECOND_ELEMENTS = "(10)CAL(21)2"
"""The second code as GS1 elements."""
GsManner = Literal["kept", "key", "text", "lost"]

_AIM = r"(?P<aim>\][A-Za-z][0-9A-Za-z])?"
_WHOLE_FIRST = re.compile(_AIM + re.escape(FIRST))
_POOR_FIRST = re.compile(r"(?P<aim>.{0,2}[A-Za-z][0-9A-Za-z])?PK.{0,2}Cal-1", re.DOTALL)
_ANY_SECOND = re.compile(_AIM + r"10CAL(?P<gs>.{0,8})212", re.DOTALL)
_WHOLE_THIRD = re.compile(f"(?:{_AIM}|.{{0,2}}[A-Za-z][0-9A-Za-z])" + re.escape(THIRD), re.DOTALL)
_IN_CODES = re.compile(r"[0-9A-Za-z ./$%+-]+")
"""Signs that codes are full of: none of them can stand for GS."""


class Calibration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one scanner is set."""

    layout: LayoutName | None
    """None on a serial line."""
    end: End
    aim: bool
    """Whether it sends AIM identifiers."""
    gs: GsManner
    gs_keys: tuple[FunctionKey, ...] = ()
    gs_text: str = ""
    caps_lock: CapsLock = "lit"
    altgr_lost: bool = False
    """It cannot type `@`, `]`, `\\` and their like."""
    at: int = 0
    """When it was found, milliseconds since the epoch."""


class Next(Struct, frozen=True):
    """Which code of the sheet to scan now, and what was wrong with the last one."""

    code: Literal[1, 2, 3]
    trouble: str = ""
    trouble_fr: str = ""


Finding: TypeAlias = Calibration | Next


class _Fit(NamedTuple):
    """A reading that is a code of the sheet."""

    code: Literal[1, 2, 3]
    reading: Reading
    aim: bool
    gs: str = ""
    whole: bool = True

    @property
    def manner(self) -> tuple[LayoutName | None, CapsLock]:
        return self.reading.layout, self.reading.caps_lock


def infer(scans: Sequence[Sequence[Reading]]) -> Finding:
    """What these scans of the sheet say, oldest first; each as it reads in every layout."""
    fits: dict[int, list[_Fit]] = {}
    for scan in scans:
        for fit in (found := [fit for reading in scan if (fit := _fit(reading)) is not None]):
            fits[fit.code] = [other for other in found if other.code == fit.code]
    if scans and not any(_fit(reading) for reading in scans[-1]):
        return Next(2 if 1 in fits and 2 not in fits else 1, *_strange(scans[-1]))
    if 1 not in fits:
        return Next(1)
    if 2 not in fits:
        return Next(2)
    return _together(fits)


def _fit(reading: Reading) -> _Fit | None:
    if (match := _WHOLE_FIRST.fullmatch(reading.text)) is not None:
        return _Fit(1, reading, match["aim"] is not None)
    if (match := _ANY_SECOND.fullmatch(reading.text)) is not None:
        return _Fit(2, reading, match["aim"] is not None, match["gs"])
    if (match := _WHOLE_THIRD.fullmatch(reading.text)) is not None:
        return _Fit(3, reading, False)
    if (match := _POOR_FIRST.fullmatch(reading.text)) is not None:
        return _Fit(1, reading, match["aim"] is not None, whole=False)
    return None


def _together(fits: dict[int, list[_Fit]]) -> Finding:
    """Both codes are there: the manners of typing that explain them all."""
    firsts = [fit for fit in fits[1] if fit.whole] or fits[1]
    others = [{fit.manner for fit in found} for code, found in fits.items() if code != 1]
    firsts = [fit for fit in firsts if all(fit.manner in manners for manners in others)]
    if not firsts:
        return Next(1, *_DISAGREE)
    if not firsts[0].whole and 3 not in fits and len({fit.manner for fit in firsts}) > 1:
        return Next(3)
    # More than one that is whole: the scanner types by Alt codes, which are the same in every layout.
    first = firsts[0]
    second = next(fit for fit in fits[2] if fit.manner == first.manner)
    if first.reading.end != second.reading.end:
        return Next(2, *_OTHER_END)
    if first.whole and first.aim != second.aim:
        return Next(2, *_OTHER_AIM)
    gs, gs_keys, gs_text = _gs(second)
    return Calibration(
        layout=first.reading.layout,
        end=first.reading.end,
        aim=second.aim,
        gs=gs,
        gs_keys=gs_keys,
        gs_text=gs_text,
        caps_lock=first.reading.caps_lock,
        altgr_lost=not first.whole,
    )


def _gs(second: _Fit) -> tuple[GsManner, tuple[FunctionKey, ...], str]:
    if second.gs == GS:
        return ("key", second.reading.gs_keys, "") if second.reading.gs_keys else ("kept", (), "")
    if not second.gs or _IN_CODES.fullmatch(second.gs) or not second.gs.isprintable():
        return "lost", (), ""
    return "text", (), second.gs


_DISAGREE = (
    "The two codes were typed in different ways. Scan both again",
    "Les deux codes n'ont pas été tapés de la même façon. Scannez-les à nouveau",
)
_OTHER_END = (
    "The two codes ended in different ways. Scan code 2 again, and wait for the station after each code",
    "Les deux codes ne finissent pas de la même façon. Scannez à nouveau le code 2, et attendez après chaque code",
)
_OTHER_AIM = (
    "One code came with an AIM identifier, the other without. Set the scanner to send it for every symbology, or none",
    "Un code est venu avec un identifiant AIM, l'autre sans. Réglez le lecteur pour l'envoyer toujours, ou jamais",
)
_NOT_ONE = (
    "That was not one scan. Scan one code and wait for the station",
    "Ce n'était pas une seule lecture. Scannez un code et attendez le poste",
)
_UNKNOWN = (
    "That was no code of the calibration sheet, or it was typed in a layout that Packline does not know. Set the"
    " scanner to the keyboard of a country that Packline knows (US, UK, FR, BE, DE, ES, IT), then scan",
    "Ce n'était pas un code de la feuille, ou il a été tapé dans une disposition inconnue. Réglez le lecteur sur le"
    " clavier d'un pays connu de Packline (US, UK, FR, BE, DE, ES, IT), puis scannez",
)
_CASE = (
    "The scanner changes capitals and small letters. Set it to send letters as they are, then scan",
    "Le lecteur change majuscules et minuscules. Réglez-le pour envoyer les lettres telles quelles, puis scannez",
)


def _strange(scan: Sequence[Reading]) -> tuple[str, str]:
    """Why the scan is no code of the sheet, as far as it can be told."""
    if not scan:
        return _NOT_ONE
    bodies = (FIRST, SECOND.replace(GS, ""))
    for reading in scan:
        for body in bodies:
            before, found, after = reading.text.replace(GS, "").partition(body)
            if found:
                return _added(before, after)
            if body.casefold() in reading.text.casefold():
                return _CASE
    return _UNKNOWN


def _added(before: str, after: str) -> tuple[str, str]:
    what = " … ".join(ascii(part) for part in (before, after) if part)
    return (
        f"The scanner adds {what} to the code. Switch its own prefix and suffix off, then scan",
        f"Le lecteur ajoute {what} au code. Supprimez son préfixe et son suffixe, puis scannez",
    )
