"""Claiming: how a new station and central prove to each other that one person stands in front of both. Pure.

The station draws a code and shows it; a person types it into the office. It never travels between the two: each side
sends a proof that needs it. So whoever sits on the line can neither put a key of theirs in the place of the station's
nor an authority of theirs in the place of central's, whether or not the line is HTTPS (docs/decisions/0019).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

CODE_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Those that nobody mistakes for another."""
CODE_LENGTH: Final = 12
"""59 bits: behind `_ROUNDS`, nobody finds it by trying while it lasts, nor in years after."""
_ROUNDS: Final = 200_000
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?", re.ASCII)
RESERVED: Final = frozenset({"broker", "canary", "central", "reader"})
"""Names on the broker that are no station's."""

Pem: TypeAlias = Annotated[str, Meta(min_length=1, max_length=8_000)]
Proof: TypeAlias = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class ClaimOffer(Struct, frozen=True, forbid_unknown_fields=True):
    """A station asks for a certificate."""

    station: Annotated[str, Meta(min_length=1, max_length=40)]
    request: Pem
    """PKCS#10: its public key, and that it has the private one."""
    proof: Proof
    """`proof_of_offer`."""


class ClaimNoted(Struct, frozen=True):
    """Central took the offer down; a person has until `ends_at`."""

    claim: str
    ends_at: int
    """Milliseconds since the epoch, by central's clock."""
    again_s: int
    """How often to ask."""


class ClaimState(Struct, frozen=True):
    """What became of an offer. `certificate`, `authority` and `proof` are there when it was approved."""

    state: Literal["waiting", "approved", "refused", "over"]
    certificate: str = ""
    authority: str = ""
    proof: str = ""
    """`proof_of_answer`."""


class RenewalOffer(Struct, frozen=True, forbid_unknown_fields=True):
    """A station whose certificate ends before long asks for the next one."""

    certificate: Pem
    """The one it has."""
    request: Pem
    """Of a new key."""
    signature: Annotated[str, Meta(pattern="^[0-9a-f]{16,512}$")]
    """ECDSA with SHA-256 by the key of `certificate` over `renewal_text`."""


class Renewed(Struct, frozen=True):
    """The next certificate, by the same authority."""

    certificate: str


def station_name(text: str) -> str:
    """`text` as the name of a station in a certificate and in topics. Raises `ValueError`."""
    if not _NAME.fullmatch(text) or text.lower() in RESERVED:
        raise ValueError(
            f"{text!r} cannot be the name of a station: 1 to 40 letters, digits, dots, hyphens, and none of "
            f"{', '.join(sorted(RESERVED))}"
        )
    return text


def new_code(choose: Callable[[str], str]) -> str:
    """A code; `choose` draws a letter of a text."""
    return "".join(choose(CODE_LETTERS) for _ in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """For people: three groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed_code(text: str) -> str:
    """What a person typed, as the code that it stands for. Raises `ValueError`."""
    code = re.sub(r"[\s-]", "", text).upper()
    if len(code) != CODE_LENGTH or set(code) - set(CODE_LETTERS):
        raise ValueError(f"a code: {CODE_LENGTH} letters and digits")
    return code


def key_of(code: str, request: str) -> bytes:
    """What both sides make of the code, for this offer alone. Takes a tenth of a second: that is what it is for."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), hashlib.sha256(request.encode()).digest(), _ROUNDS)


def proof_of_offer(key: bytes, station: str, request: str) -> str:
    """Who asks knows the code."""
    return _mac(key, "offer", station, request)


def proof_of_answer(key: bytes, request: str, certificate: str, authority: str) -> str:
    """Who answers was told the code by a person."""
    return _mac(key, "answer", request, certificate, authority)


def fits(proof: str, expected: str) -> bool:
    """In a time that tells nothing."""
    return hmac.compare_digest(proof.encode(), expected.encode())


def fingerprint(public_key: bytes) -> str:
    """The first 128 bits of the SHA-256 of a public key (SubjectPublicKeyInfo), for people to compare."""
    digest = hashlib.sha256(public_key).hexdigest()[:32].upper()
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def renewal_text(request: str) -> bytes:
    """What the old key signs."""
    return b"packline renewal\0" + request.encode()


def _mac(key: bytes, *parts: str) -> str:
    # The length before each part: no two lists of parts are one text.
    text = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.new(key, text, hashlib.sha256).hexdigest()
