"""Notices from what a scanner reads that its settings are not what the station thinks. Pure: texts in, advice out.

A check digit that comes out right only when the text is typed again in another layout is hardly chance: three of the
last ten codes are told. A number with a wrong check digit is a misread only if it is nearly a code that was read again
and again; else it is an order or a house number, which need none.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import NamedTuple

from contract.barcode import BadBarcode, read_barcode
from contract.keys import BadKey, check_digit
from station.devices.layouts import LAYOUTS, SPACING, LayoutName
from station.devices.ports import ScannedText

_WINDOW, _ENOUGH = 10, 3
_OURS = ("PK-", "BADGE-", "BOX-")
_LENGTHS = {8, 12, 13, 14, 18, 20}
_REMEMBERED = 50
_SLIPS, _KNOWN = 2, 3
_NAMES = {
    "us": "US",
    "uk": "UK",
    "fr": "French AZERTY",
    "be": "Belgian AZERTY",
    "de": "German QWERTZ",
    "es": "Spanish",
    "it": "Italian",
}
_MEND = (
    "Calibrate it again: touch the corner of the screen, or packline-station calibrate",
    "Étalonnez-le : touchez le coin de l'écran, ou packline-station calibrate",
)


class Advice(NamedTuple):
    """What is probably wrong and what to do."""

    text: str
    text_fr: str


class Drift:
    """One scanner's last codes. A serial scanner has no layout; `aim` is None while nobody knows."""

    def __init__(self, layout: LayoutName | None = None, aim: bool | None = None) -> None:
        self._layout = layout
        self._aim = aim
        self._verdicts: deque[str] = deque(maxlen=_WINDOW)
        self._right: deque[str] = deque(maxlen=_REMEMBERED)

    def saw(self, scan: ScannedText) -> Advice | None:
        """Judge a scan; advice while enough of the last ones fail in the same way."""
        verdict = self._verdict(scan.text)
        if verdict:
            self._verdicts.append(verdict)
        failing = Counter(found for found in self._verdicts if found != "good")
        if not failing:
            return None
        cause, count = failing.most_common(1)[0]
        return _advice(cause, count, len(self._verdicts)) if count >= _ENOUGH else None

    def _verdict(self, text: str) -> str:
        """`good`, the name of a cause, or nothing for a code that proves nothing."""
        has_aim = len(text) > 3 and text[0] == "]"
        body = text[3:] if has_aim else text
        if self._aim is not None and self._aim != has_aim and (proven(body) or self._aim):
            return "aim gone" if self._aim else "aim new"
        if proven(body):
            self._right.append(body)
            return "good"
        if body[:6].islower() and proven(body.swapcase()):
            return "case"
        if has_aim and _separators_lost(text):
            return "gs"
        for layout in LAYOUTS if self._layout is not None else ():
            if layout != self._layout and any(map(proven, retyped(text, self._layout, layout))):
                return layout
        known = (right for right, times in Counter(self._right).items() if times >= _KNOWN)
        return "digits" if any(_nearly(body, right) for right in known) else ""


def proven(text: str) -> bool:
    """Whether the text proves itself: a right check digit, or one of Packline's own codes."""
    text = text[3:] if len(text) > 3 and text[0] == "]" else text
    if text.startswith(_OURS):
        return True
    if not (text.isascii() and text.isdigit() and len(text) in _LENGTHS and any(char != "0" for char in text)):
        return False
    digits = text[2:] if len(text) == 20 else text
    return check_digit(digits[:-1]) == digits[-1]


def _nearly(digits: str, right: str) -> bool:
    """Whether a digit or two are all that differs."""
    if len(digits) != len(right) or len(right) not in _LENGTHS or not (digits.isascii() and digits.isdigit()):
        return False
    return sum(one != other for one, other in zip(digits, right, strict=True)) <= _SLIPS


def _separators_lost(text: str) -> bool:
    try:
        read_barcode(text)
    except BadBarcode as error:
        return "GS" in str(error)
    except BadKey:
        return False
    return False


def retyped(text: str, typed_as: LayoutName | None, layout: LayoutName) -> tuple[str, ...]:
    """The text that the same keys give in another layout; nothing when no keys give `text`."""
    if typed_as is None:
        return ()
    keys = {
        char: (code, level)
        for code, key in LAYOUTS[typed_as].items()
        for level, char in reversed(tuple(enumerate(SPACING.get(char, char) for char in key)))
        if char
    }
    try:
        strokes = [keys[char] for char in text]
    except KeyError:
        return ()
    other = LAYOUTS[layout]
    chars = [other[code][level] if code in other else "" for code, level in strokes]
    return ("".join(SPACING.get(char, char) for char in chars),)


def _advice(cause: str, count: int, of: int) -> Advice:
    if cause in _NAMES:
        name = _NAMES[cause]
        why = (
            f"{count} of the last {of} codes are right only if the scanner types as a {name} keyboard",
            f"{count} des {of} derniers codes ne sont justes que si le lecteur tape comme un clavier {name}",
        )
    else:
        why_en, why_fr = _CAUSES[cause]
        why = (why_en.format(count=count, of=of), why_fr.format(count=count, of=of))
    if cause == "digits":
        return Advice(f"{why[0]}.", f"{why[1]}.")
    return Advice(f"{why[0]}. {_MEND[0]}.", f"{why[1]}. {_MEND[1]}.")


_CAUSES = {
    "aim gone": (
        "{count} of the last {of} codes came without the AIM identifier that this scanner sent when it was calibrated",
        "{count} des {of} derniers codes sont venus sans l'identifiant AIM que ce lecteur envoyait à l'étalonnage",
    ),
    "aim new": (
        "{count} of the last {of} codes came with an AIM identifier, which this scanner did not send when calibrated",
        "{count} des {of} derniers codes ont un identifiant AIM, que ce lecteur n'envoyait pas à l'étalonnage",
    ),
    "case": (
        "{count} of the last {of} codes came in small letters: the scanner changes the case, or Caps Lock is on",
        "{count} des {of} derniers codes sont en minuscules : le lecteur change la casse, ou Verr. Maj est allumé",
    ),
    "gs": (
        "{count} of the last {of} codes came without their separators (GS)",
        "{count} des {of} derniers codes sont venus sans leurs séparateurs (GS)",
    ),
    "digits": (
        "{count} of the last {of} codes have a wrong check digit: clean the scanner's window; if it stays, switch off"
        " the symbologies that you do not use (Interleaved 2 of 5 first)",
        "{count} des {of} derniers codes ont une mauvaise clé : nettoyez la vitre du lecteur ; si cela dure, désactivez"
        " les symbologies inutiles (d'abord 2 parmi 5 entrelacé)",
    ),
}
