"""What a scan that opens work may mean: the spellings under which the books could hold it. Pure."""

from __future__ import annotations

import re
from contextlib import suppress

from contract.keys import BadKey, Gtin
from contract.messages import COUNT_PREFIX, DELIVERY_PREFIX

_AIM = re.compile(r"^\](?:C1|C0|E0|E4|d2|Q3|A0|I1)", re.IGNORECASE)
_SSCC_AI = re.compile(r"^(?:\(00\) ?|00)(\d{18})$")


def spellings(code: str) -> tuple[str, ...]:
    """The code as it is, without AIM prefix, an SSCC without its AI, a GTIN with 14 digits; most literal first."""
    plain = _AIM.sub("", code.strip())
    found = [code.strip(), plain, plain.upper()]
    digits = plain.replace(" ", "")
    if match := _SSCC_AI.match(digits):
        found.append(match[1])
    with suppress(BadKey):
        found.append(str(Gtin(plain)))
    return tuple(dict.fromkeys(filter(None, found)))


def names_of_work(code: str) -> tuple[str, ...]:
    """Names that a count or a supplier's delivery may have when this code is its own, with its prefix or without."""
    found = list(spellings(code))
    for plain in tuple(found):
        for prefix in (COUNT_PREFIX, DELIVERY_PREFIX):
            if plain.upper().startswith(prefix):
                found.insert(0, plain[len(prefix) :])
    return tuple(dict.fromkeys(filter(None, found)))
