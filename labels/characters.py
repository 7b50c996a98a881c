"""Which characters the fonts can put on paper, and a text made ready for it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from labels.documents import Unprintable

_PLAIN = re.compile(r"[ -~\xa0¡-¬®-ſ΄-ΊΌΎ-ΡΣ-ώ–—‘’“”…€]*")
"""Latin and Greek as they are usually written: known to be in the fonts, so not looked at one by one."""
_WHITE_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_RIGHT_TO_LEFT = ("R", "AL")
_PICTOGRAM = "•"


def printable(field: str, text: str) -> str:
    """`text` as it is set: composed, white space made one space, pictograms without a glyph as a dot.

    Raises `Unprintable` for a letter that the fonts lack, and for scripts that are written from right to left.
    """
    text = _WHITE_SPACE.sub(" ", text).strip(" ")
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_glyph(field, character) for character in unicodedata.normalize("NFC", text))


def bound(text: str) -> str:
    """French signs tied to the word that they belong to, so that no line begins with "!"."""
    return re.sub(r" (?=[!?:;»])|(?<=«) ", "\xa0", text)


def _glyph(field: str, character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or "︀" <= character <= "️":
        return ""
    if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
        raise Unprintable(field, f"{character!r} is written from right to left; write this in Latin or Greek letters")
    if category == "Cc" or not in_fonts(character):
        if category in ("So", "Sk", "Cn"):
            return _PICTOGRAM
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        raise Unprintable(field, f"{character!r} ({name}) is not in the label fonts; write it in Latin letters")
    return character


@lru_cache(maxsize=4096)
def in_fonts(character: str) -> bool:
    """Whether both faces have a glyph for it: it does not come out as the empty box that stands for none."""
    from labels.typeset import face

    for bold in (False, True):
        font = face(16, bold)
        if character != " " and bytes(font.getmask(character)) == bytes(font.getmask("\uffff")):
            return False
    return True
