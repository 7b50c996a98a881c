"""Whose money it may be: by the order's number in the label, the amount, and the customer's name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from msgspec import Struct

from central.orders.terms import folded
from contract.keys import OrderId

Because = Literal["number", "amount", "name"]
_WORDS: Final = re.compile(r"[a-z0-9]+")
_SHORTEST: Final = 3
"""Of a number or a name in a label: what is shorter is there by chance."""
_MOST: Final = 3
_WORTH: Final = {"number": 4, "amount": 2, "name": 2}


class Owing(Struct, frozen=True):
    """An order that money is awaited for."""

    order: OrderId
    name: str
    currency: str
    owed: int


class Proposal(Struct, frozen=True):
    """An order whose money it may be, and why."""

    order: OrderId
    name: str
    owed: int
    because: tuple[Because, ...]

    @property
    def worth(self) -> int:
        """How likely it is."""
        return sum(_WORTH[why] for why in self.because)

    @property
    def sure(self) -> bool:
        """Number and amount: a person need only nod."""
        return "number" in self.because and "amount" in self.because


def likeliest(proposals: Sequence[Proposal]) -> Proposal | None:
    """The one that stands out; None when there is none, or when another is as likely. They come likeliest first."""
    if not proposals or (len(proposals) > 1 and proposals[0].worth == proposals[1].worth):
        return None
    return proposals[0]


class Matcher:
    """Finds proposals among the orders that owe; made once for many labels."""

    def __init__(self, owing: Iterable[Owing]) -> None:
        self._numbers: dict[str, Owing] = {}
        self._amounts: dict[tuple[str, int], list[Owing]] = {}
        for each in owing:
            number = "".join(_WORDS.findall(folded(each.order)))
            if len(number) >= _SHORTEST:
                self._numbers[number] = each
            self._amounts.setdefault((each.currency, each.owed), []).append(each)

    def proposals(self, label: str, amount: int, currency: str) -> tuple[Proposal, ...]:
        """The likeliest first: its number is in the label, or both amount and name fit."""
        words = _WORDS.findall(folded(label))
        found = {each.order: each for each in self._named(words)}
        found.update((each.order, each) for each in self._amounts.get((currency, amount), ()))
        proposals = [self._proposal(each, words, amount) for each in found.values() if each.currency == currency]
        good = [each for each in proposals if each.worth >= _WORTH["number"]]
        return tuple(sorted(good, key=lambda each: (-each.worth, each.order))[:_MOST])

    def _named(self, words: Sequence[str]) -> Iterable[Owing]:
        """A number may be written in one word or in several: `P-1001`, `P 1001`, `P1001`."""
        for start in range(len(words)):
            joined = ""
            for word in words[start : start + 4]:
                joined += word
                if joined in self._numbers:
                    yield self._numbers[joined]

    def _proposal(self, owing: Owing, words: Sequence[str], amount: int) -> Proposal:
        because: list[Because] = []
        if owing in self._named(words):
            because.append("number")
        if owing.owed == amount:
            because.append("amount")
        if {word for word in _WORDS.findall(folded(owing.name)) if len(word) >= _SHORTEST} & set(words):
            because.append("name")
        return Proposal(owing.order, owing.name, owing.owed, tuple(because))
