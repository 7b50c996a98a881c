"""What a scanner sent: bytes or keys in, scans and refusals out. Pure."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

GS = "\x1d"
GsText = Annotated[str, Meta(max_length=8)]
"""What a scanner sends in place of GS; empty when it sends GS, or nothing."""

LONGEST = 512
"""Characters in one scan; the longest codes at a bench (a DataMatrix with many fields) have under 200."""
_SEPARATORS = frozenset("\x04\x1c\x1d\x1e\x1f")
"""Control characters that codes use inside: GS in GS1, RS and EOT in ISO 15434."""


class Scan(Struct, frozen=True):
    """One whole scan, terminator removed."""

    text: str


class Refusal(Struct, frozen=True):
    """Something that is no scan, and why, for the packer."""

    reason: str
    reason_fr: str


Outcome: TypeAlias = Scan | Refusal

TOO_LONG = Refusal(
    f"The scanner sent more than {LONGEST} characters without an end. Scan again; if it repeats,"
    " set the scanner to end each code with Enter.",
    f"Le lecteur a envoyé plus de {LONGEST} caractères sans fin. Scannez à nouveau ; si cela se répète,"
    " réglez-le pour terminer chaque code par Entrée.",
)
UNFINISHED = Refusal(
    "Only a part of a code came from the scanner. Scan again; if it repeats, set the scanner to end each code"
    ' with Enter, or ends_by = "pause" in station.toml.',
    "Le lecteur n'a envoyé qu'une partie d'un code. Scannez à nouveau ; si cela se répète, réglez-le pour terminer"
    ' chaque code par Entrée, ou mettez ends_by = "pause" dans station.toml.',
)
NOT_TEXT = Refusal(
    "The scanner sent signs that are no bar code. Scan again; if it repeats, check its cable and baud rate.",
    "Le lecteur a envoyé des signes qui ne sont pas un code. Scannez à nouveau ; si cela se répète, vérifiez son"
    " câble et sa vitesse.",
)


def outcome(text: str) -> Outcome:
    """The scan with this text, or why it is none."""
    if len(text) > LONGEST:
        return TOO_LONG
    if any(not char.isprintable() and char not in _SEPARATORS for char in text):
        return NOT_TEXT
    return Scan(text)
