"""A shop's new word beside what stands here and what the shop told before: who changed what. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from central.orders.checks import BY_SHOP
from central.orders.model import Complaint, NewLine
from central.orders.rows import LineRow
from central.shops.model import FIELDS, Difference, Field, Word
from contract.keys import Sku

NAMES: Final[Mapping[Field, tuple[str, str]]] = {
    "lines": ("lines", "les lignes"),
    "service": ("service", "le service"),
    "address": ("address", "l'adresse"),
    "email": ("e-mail address", "l'adresse e-mail"),
    "phone": ("phone number", "le téléphone"),
    "language": ("language", "la langue"),
    "gift_note": ("gift note", "le message cadeau"),
    "total": ("total", "le total"),
}
"""In English, and in French with its article."""


class Compared(NamedTuple):
    """What becomes of a shop's new word."""

    taken: tuple[Field, ...]
    """The shop alone changed these: its value counts."""
    contested: tuple[Field, ...]
    """Both changed these, to something else: a person chooses."""


def compare(ours: Word, last: Word | None, told: Word, contested: Collection[Field]) -> Compared:
    """`last`: what the shop told before, None when nobody knows; `contested`: what nobody has chosen about yet.

    What the shop only repeats is nothing new, whatever the office made of it since.
    """
    taken: list[Field] = []
    open_: list[Field] = []
    for field in FIELDS:
        here, now = value_of(ours, field), value_of(told, field)
        before = None if last is None else value_of(last, field)
        if field == "total" and "lines" in open_:
            continue  # it goes with them
        waits = field in contested
        if field == "total" and _relined(last, told, contested):
            # What the shop says its new lines cost counts, its discounts and postage too.
            before, waits = here, False
        if now == here or (now == before and not waits):
            continue
        (taken if here == before and not waits else open_).append(field)
    return Compared(tuple(taken), tuple(open_))


def _relined(last: Word | None, told: Word, contested: Collection[Field]) -> bool:
    """Whether the shop says anything new of its lines, or comes to say what stands here."""
    return "lines" in contested or (last is not None and value_of(last, "lines") != value_of(told, "lines"))


def value_of(word: Word, field: Field) -> object:
    """What is compared: of lines their pieces by product, in whatever order and on however many lines."""
    if field == "lines":
        return pieces_of(word.lines)
    return word.ship_to if field == "address" else getattr(word, field)


def pieces_of(lines: Iterable[NewLine]) -> dict[Sku, int]:
    """How many of each product are wanted."""
    pieces: dict[Sku, int] = {}
    for line in lines:
        if line.quantity:
            pieces[line.sku] = pieces.get(line.sku, 0) + line.quantity
    return pieces


def wanted_lines(lines: Iterable[LineRow]) -> tuple[NewLine, ...]:
    """An order's lines as they are wanted now."""
    return tuple(NewLine(line.sku, line.wanted, line.unit_price, line.name) for line in lines if line.wanted)


def complaint(field: Field) -> Complaint:
    """Why an order is held until somebody chooses."""
    name, nom = NAMES[field]
    return Complaint(
        f"{BY_SHOP}{field}",
        f"The shop and the office both changed the {name}: choose whose counts.",
        f"La boutique et le bureau ont tous deux changé {nom} : choisissez qui l'emporte.",
    )


def contested_in(reasons: Iterable[Complaint]) -> tuple[Field, ...]:
    """What nobody has chosen about yet, by why the order is held."""
    codes = {reason.code for reason in reasons}
    return tuple(field for field in FIELDS if f"{BY_SHOP}{field}" in codes)


def differences(contested: Iterable[Field], ours: Word, told: Word, currency: str) -> tuple[Difference, ...]:
    """Both sides of each."""
    return tuple(
        Difference(field, _in_words(ours, field, currency), _in_words(told, field, currency)) for field in contested
    )


def _in_words(word: Word, field: Field, currency: str) -> str:
    match field:
        case "lines":
            return ", ".join(f"{pieces} × {sku}" for sku, pieces in pieces_of(word.lines).items())
        case "address":
            at = word.ship_to
            parts = (at.name, at.company, *at.lines, f"{at.postcode} {at.city}".strip(), at.region, at.country)
            return ", ".join(part for part in parts if part)
        case "total":
            return f"{word.total // 100}.{word.total % 100:02} {currency}"
        case _:
            return str(value_of(word, field))
