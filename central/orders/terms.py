"""The words by which an order is found: without case and accents, each found by its beginning. Pure.

An order's words are its number, the consignee's name and company, the e-mail address and the SKUs. Its text is all
of them in order, each behind a space, so that several beginnings are found by one pattern.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from central.desk.books import Books
from central.orders.rows import LineRow, OrderRow
from contract.keys import OrderId

MOST_CHARACTERS: Final = 64
"""Of a word; what is longer is found by its beginning."""
PAST_ALL: Final = "\U0010ffff"
"""Behind every word that begins alike."""
_LETTERS: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'"})
_PARTS: Final = re.compile(r"[-'.]+")
_DIGITS: Final = re.compile(r"0*(\d+)$", re.ASCII)


def folded(text: str) -> str:
    """Without case, accents and ligatures: `Mérieux`, `MERIEUX` and `merieux` are one."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def words_of(text: str) -> tuple[str, ...]:
    """What somebody looks for: each word must begin a word of the order. One that begins another says nothing more."""
    asked = sorted({word[:MOST_CHARACTERS] for word in folded(text).split()})
    return tuple(word for word, after in zip(asked, [*asked[1:], ""], strict=False) if not after.startswith(word))


def pattern(words: Sequence[str]) -> str:
    """For LIKE … ESCAPE '\\' over an order's text: both are in order, so each word finds its place behind the last."""
    escaped = (word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in words)
    return "".join(f"% {word}" for word in escaped) + "%" if words else ""


def terms_of(order: OrderRow, skus: Iterable[str]) -> frozenset[str]:
    """All words that find the order."""
    found = {*folded(order.order_id).split(), *folded(order.email).split()}
    tail = _DIGITS.search(order.order_id)
    if tail is not None:
        found.add(tail[1])
    for word in folded(f"{order.name} {order.address.company}").split():
        parts = _PARTS.split(word)
        # `jean-pierre` begins with `jean`; `pierre` needs a word of its own.
        found |= {word, *(part for part in parts[1:] if part)}
    found.update(part for sku in skus for part in folded(sku).split())
    return frozenset(word[:MOST_CHARACTERS] for word in found)


class Changes(NamedTuple):
    """What a transaction does to the words of orders."""

    gone: list[tuple[str, int, OrderId]]
    come: list[tuple[str, int, OrderId]]
    """Word, moment of placing, order."""
    texts: list[tuple[str, OrderId]]


def changes(books: Books) -> Changes:
    """The words that orders lost and got; nothing for orders whose name, address and products stayed."""
    found = Changes([], [], [])
    touched = {order for order, row in books.orders.changed.items() if _renamed(books.orders.before[order], row)}
    for key, line in books.lines.changed.items():
        before = books.lines.before[key]
        if (before is None or before.sku != line.sku) and line.order_id in books.orders:
            touched.add(line.order_id)
    for order in sorted(touched):
        _of_order(books, order, found)
    return found


def _renamed(before: OrderRow | None, now: OrderRow) -> bool:
    return before is None or (before.name, before.email, before.ship_to) != (now.name, now.email, now.ship_to)


def _of_order(books: Books, order: OrderId, found: Changes) -> None:
    row, lines = books.orders[order], books.lines.of(order)
    now = terms_of(row, (line.sku for line in lines))
    before = _before(books, row, lines)
    if now != before:
        found.gone.extend((term, row.placed_at, order) for term in sorted(before - now))
        found.come.extend((term, row.placed_at, order) for term in sorted(now - before))
        found.texts.append((text_of(now), order))


def _before(books: Books, row: OrderRow, lines: Sequence[LineRow]) -> frozenset[str]:
    before = books.orders.before.get(row.order_id, row)
    if before is None:
        return frozenset()
    known = (books.lines.before.get((line.order_id, line.line), line) for line in lines)
    return terms_of(before, (line.sku for line in known if line is not None))


def text_of(terms: Iterable[str]) -> str:
    """The order's words in one text, for `pattern`."""
    return "".join(f" {term}" for term in sorted(terms))
