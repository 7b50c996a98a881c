"""Our layouts beside those of X11 (Debian's xkb-data, which Chromium brings), key by key.

Scanners imitate Windows; X11 gives some keys more. Each place where both differ is listed here, with what Windows has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from station.devices.layouts import LAYOUTS, LayoutName

pytestmark = pytest.mark.feature("D1")

SYMBOLS = Path("/usr/share/X11/xkb/symbols")
VARIANTS: Mapping[LayoutName, str] = {
    "us": "us(basic)",
    "uk": "gb(basic)",
    "fr": "fr(azerty)",
    "be": "be(basic)",
    "de": "de(basic)",
    "es": "es(winkeys)",
    "it": "it(winkeys)",
}
# X11 counts keys from the top row down: E, D, C, B; the kernel by its own codes.
CODES = {f"AE{n:02}": 1 + n for n in range(1, 13)} | {f"AD{n:02}": 15 + n for n in range(1, 13)}
CODES |= {f"AC{n:02}": 29 + n for n in range(1, 12)} | {f"AB{n:02}": 43 + n for n in range(1, 11)}
CODES |= {"TLDE": 41, "BKSL": 43, "LSGT": 86}
NAMED = {
    "exclam": "!",
    "quotedbl": '"',
    "numbersign": "#",
    "dollar": "$",
    "percent": "%",
    "ampersand": "&",
    "apostrophe": "'",
    "parenleft": "(",
    "parenright": ")",
    "asterisk": "*",
    "plus": "+",
    "comma": ",",
    "minus": "-",
    "period": ".",
    "slash": "/",
    "colon": ":",
    "semicolon": ";",
    "less": "<",
    "equal": "=",
    "greater": ">",
    "question": "?",
    "at": "@",
    "bracketleft": "[",
    "backslash": "\\",
    "bracketright": "]",
    "asciicircum": "^",
    "underscore": "_",
    "grave": "`",
    "braceleft": "{",
    "bar": "|",
    "braceright": "}",
    "asciitilde": "~",
    "notsign": "¬",
    "brokenbar": "¦",
    "sterling": "£",
    "section": "§",
    "degree": "°",
    "twosuperior": "²",
    "threesuperior": "³",
    "masculine": "º",
    "ordfeminine": "ª",
    "exclamdown": "¡",
    "questiondown": "¿",
    "periodcentered": "·",
    "ssharp": "ß",
    "mu": "µ",
    "EuroSign": "€",
    "currency": "¤",
    "dead_grave": "\u0300",
    "dead_acute": "\u0301",
    "dead_circumflex": "\u0302",
    "dead_tilde": "\u0303",
    "dead_diaeresis": "\u0308",
    "ccedilla": "ç",
    "Ccedilla": "Ç",
    "ntilde": "ñ",
    "Ntilde": "Ñ",
}
STATEMENT = re.compile(r'include\s+"([^"]+)"|key\s*<(\w+)>\s*\{([^}]*)\}')
ACCENTS = {"grave": "\u0300", "acute": "\u0301", "diaeresis": "\u0308"}
PLAIN, SHIFT, ALTGR = range(3)
_DEAD_TILDE, _DEAD_GRAVE = "\u0303", "\u0300"
DIFFERENCES: Mapping[LayoutName, Mapping[tuple[str, int], tuple[str, str]]] = {
    # The key that European keyboards have more than American ones.
    "us": {("LSGT", PLAIN): ("\\", "<"), ("LSGT", SHIFT): ("|", ">")},
    "uk": {
        ("AD03", ALTGR): ("é", "e"),
        ("AD07", ALTGR): ("ú", "downarrow"),
        ("AD08", ALTGR): ("í", "rightarrow"),
        ("AD09", ALTGR): ("ó", "oslash"),
        ("AC01", ALTGR): ("á", "ae"),
        ("TLDE", ALTGR): ("¦", "|"),
    },
    # On Windows these wait for their letter.
    "fr": {("AE02", ALTGR): (_DEAD_TILDE, "~"), ("AE07", ALTGR): (_DEAD_GRAVE, "`")},
    "be": {},
    "de": {},
    "es": {("AE04", ALTGR): (_DEAD_TILDE, "~"), ("AE05", ALTGR): ("€", "onehalf")},
    "it": {("AE05", ALTGR): ("€", "onehalf")},
}
"""Ours, as Windows has it, and X11's."""


def character(name: str) -> str:
    """What a key symbol types; the name itself where no scanner types it."""
    if len(name) == 1 or name in NAMED:
        return NAMED.get(name, name)
    if name[1:] in ACCENTS:
        return unicodedata.normalize("NFC", name[0] + ACCENTS[name[1:]])
    return name


def keys_of(layout: str) -> dict[str, list[str]]:
    """A layout of X11 with all that it includes: key names, and what each types plain, with Shift, with AltGr."""
    file, _, variant = layout.rstrip(")").partition("(")
    text = (SYMBOLS / file).read_text("utf-8", "replace")
    blocks = re.findall(r'xkb_symbols\s+"([^"]+)"\s*\{(.*?)\n\s*\};', text, re.DOTALL)
    body = dict(blocks)[variant or blocks[0][0]]
    keys: dict[str, list[str]] = {}
    for included, name, content in STATEMENT.findall(re.sub(r"//[^\n]*", "", body)):
        if name:
            levels = re.findall(r"\[([^\]]*)\]", re.sub(r"\[Group1\]", "", content))[-1]
            keys[name] = [character(each.strip()) for each in levels.split(",")]
        elif included.startswith(("latin", file)):
            keys |= keys_of(included)
    return keys


def different(layout: LayoutName) -> dict[tuple[str, int], tuple[str, str]]:
    """Key and level: what we say and what X11 says, where we say anything."""
    theirs = {"LSGT": ["<", ">"]} | keys_of(VARIANTS[layout])  # as its model of a keyboard has it, beside any layout
    found = {}
    for name, code in CODES.items():
        ours = LAYOUTS[layout].get(code)
        for level, char in enumerate((ours.plain, ours.shift, ours.altgr) if ours else ()):
            other = theirs[name][level] if name in theirs and level < len(theirs[name]) else ""
            if char and char != other:
                found[name, level] = (char, other)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_key_types_what_it_types_on_x11_or_the_difference_is_known(layout: LayoutName) -> None:
    assert different(layout) == DIFFERENCES[layout]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_key_of_the_letters_and_digits_is_compared(layout: LayoutName) -> None:
    compared = keys_of(VARIANTS[layout]).keys() & CODES.keys()
    assert len(compared) >= 46
