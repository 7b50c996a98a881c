"""Keyboard layouts as tables: which character a key gives plain, with Shift and with AltGr. Pure.

Key codes are the kernel's (`linux/input-event-codes.h`); each row of keys is written from left to right as it lies
on the desk. Source of the characters: the keyboards of Windows, which scanners imitate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

LayoutName = Literal["us", "uk", "fr", "be", "de", "es", "it"]

_NUMBERS = (41, *range(2, 14))
_UPPER = tuple(range(16, 28))
_HOME = (*range(30, 41), 43)
_LOWER = (86, *range(44, 54))
_NONE = "\0"
"""A key that gives nothing at this level."""


class Key(NamedTuple):
    """What one key gives; empty where it gives nothing."""

    plain: str
    shift: str
    altgr: str
    both: str = ""
    """With Shift and AltGr, where that differs."""


NO_KEY = Key("", "", "")
_GRAVE, _ACUTE, _CIRCUMFLEX, _TILDE, _DIAERESIS = "\u0300", "\u0301", "\u0302", "\u0303", "\u0308"
SPACING: Mapping[str, str] = {_GRAVE: "`", _ACUTE: "´", _CIRCUMFLEX: "^", _TILDE: "~", _DIAERESIS: "¨"}
"""Dead keys: they give a combining character, which waits for its letter; with Space it stands for itself."""
Layout: TypeAlias = Mapping[int, Key]


def _row(codes: tuple[int, ...], plain: str, shift: str, altgr: str) -> Iterator[tuple[int, Key]]:
    for code, *levels in zip(codes, plain, shift, altgr.ljust(len(codes), _NONE), strict=True):
        yield code, Key(*("" if char == _NONE else char for char in levels))


def _layout(*rows: tuple[tuple[int, ...], str, str, str]) -> dict[int, Key]:
    keys = {57: Key(" ", " ", " ")}
    for row in rows:
        keys.update(_row(*row))
    return keys


LAYOUTS: Mapping[LayoutName, Layout] = {
    "us": _layout(
        (_NUMBERS, "`1234567890-=", "~!@#$%^&*()_+", ""),
        (_UPPER, "qwertyuiop[]", "QWERTYUIOP{}", ""),
        (_HOME, "asdfghjkl;'\\", 'ASDFGHJKL:"|', ""),
        (_LOWER, "\\zxcvbnm,./", "|ZXCVBNM<>?", ""),
    ),
    "uk": _layout(
        (_NUMBERS, "`1234567890-=", '¬!"£$%^&*()_+', "¦\0\0\0€"),
        (_UPPER, "qwertyuiop[]", "QWERTYUIOP{}", "\0\0é\0\0\0úíó"),
        (_HOME, "asdfghjkl;'#", "ASDFGHJKL:@~", "á"),
        (_LOWER, "\\zxcvbnm,./", "|ZXCVBNM<>?", ""),
    ),
    "fr": _layout(
        (_NUMBERS, "²&é\"'(-è_çà)=", "\0" + "1234567890°+", f"\0\0{_TILDE}#{{[|{_GRAVE}\\^@]}}"),
        (_UPPER, f"azertyuiop{_CIRCUMFLEX}$", f"AZERTYUIOP{_DIAERESIS}£", "\0\0€\0\0\0\0\0\0\0\0¤"),
        (_HOME, "qsdfghjklmù*", "QSDFGHJKLM%µ", ""),
        (_LOWER, "<wxcvbn,;:!", ">WXCVBN?./§", ""),
    ),
    "be": _layout(
        (_NUMBERS, "²&é\"'(§è!çà)-", "³1234567890°_", "\0|@#\0\0^\0\0{}"),
        (_UPPER, f"azertyuiop{_CIRCUMFLEX}$", f"AZERTYUIOP{_DIAERESIS}*", "\0\0€\0\0\0\0\0\0\0[]"),
        (_HOME, "qsdfghjklmùµ", "QSDFGHJKLM%£", f"\0\0\0\0\0\0\0\0\0\0{_ACUTE}{_GRAVE}"),
        (_LOWER, "<wxcvbn,;:=", ">WXCVBN?./+", f"\\\0\0\0\0\0\0\0\0\0{_TILDE}"),
    ),
    "de": _layout(
        (_NUMBERS, f"{_CIRCUMFLEX}1234567890ß{_ACUTE}", f'°!"§$%&/()=?{_GRAVE}', "\0\0²³\0\0\0{[]}\\"),
        (_UPPER, "qwertzuiopü+", "QWERTZUIOPÜ*", "@\0€\0\0\0\0\0\0\0\0~"),
        (_HOME, "asdfghjklöä#", "ASDFGHJKLÖÄ'", ""),
        (_LOWER, "<yxcvbnm,.-", ">YXCVBNM;:_", "|\0\0\0\0\0\0µ"),
    ),
    "es": _layout(
        (_NUMBERS, "º1234567890'¡", 'ª!"·$%&/()=?¿', f"\\|@#{_TILDE}€¬"),
        (_UPPER, f"qwertyuiop{_GRAVE}+", f"QWERTYUIOP{_CIRCUMFLEX}*", "\0\0€\0\0\0\0\0\0\0[]"),
        (_HOME, f"asdfghjklñ{_ACUTE}ç", f"ASDFGHJKLÑ{_DIAERESIS}Ç", "\0\0\0\0\0\0\0\0\0\0{}"),
        (_LOWER, "<zxcvbnm,.-", ">ZXCVBNM;:_", ""),
    ),
    # Windows has no ` and ~ here; where other systems have them, nothing else is in the way.
    "it": _layout(
        (_NUMBERS, "\\1234567890'ì", '|!"£$%&/()=?^', "\0\0\0\0\0€\0{\0\0}`~"),
        (_UPPER, "qwertyuiopè+", "QWERTYUIOPé*", "\0\0€\0\0\0\0\0\0\0[]"),
        (_HOME, "asdfghjklòàù", "ASDFGHJKLç°§", "\0\0\0\0\0\0\0\0\0@#"),
        (_LOWER, "<zxcvbnm,.-", ">ZXCVBNM;:_", ""),
    )
    | {26: Key("è", "é", "[", "{"), 27: Key("+", "*", "]", "}")},
}
