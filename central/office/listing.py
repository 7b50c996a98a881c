"""A list as its address asks for it: which rows, in which order, from where, and whether to be printed whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

from central.office.paging import USUAL, words_of
from central.store.queries import sortings

PRINTED: Final = 2_000
"""Rows that are printed at most: about forty sheets. Who needs more downloads the list."""


class Listing(Struct, frozen=True):
    """What the address of a list's page says, as the list is read, drawn, downloaded and printed."""

    asked: Mapping[str, str]
    """The filters that are filled in."""
    exported: Mapping[str, str]
    """The same as the download names them."""
    offered: Collection[str]
    """The orders that may be asked for: `name`, and `-name` from the other end."""
    sort: str = ""
    usual: str = ""
    """The order that it has when none is asked for."""
    after: str = ""
    printed: bool = False

    @property
    def limit(self) -> int:
        return PRINTED if self.printed else USUAL

    @property
    def query(self) -> str:
        """Filters and order, as the address has them."""
        return urlencode({**self.asked, **self._order})

    @property
    def download(self) -> str:
        return urlencode({**self.exported, **self._order})

    @property
    def printing(self) -> str:
        return urlencode({**self.asked, **self._order, "print": "yes"})

    @property
    def _order(self) -> dict[str, str]:
        return {"sort": self.sort} if self.sort else {}

    def sorted_by(self, name: str) -> str:
        """The address with the list sorted by this; when it is so already, from the other end."""
        return urlencode({**self.asked, "sort": f"-{name}" if self.direction(name) == "ascending" else name})

    def direction(self, name: str) -> str:
        """How the list is sorted by this: `ascending`, `descending` or not at all."""
        now = self.sort or self.usual
        return {name: "ascending", f"-{name}": "descending"}.get(now, "")


def listing(
    given: Mapping[str, str],
    offered: str | Collection[str],
    asked: Mapping[str, str],
    exported: Mapping[str, str] | None = None,
    *,
    always: str = "",
) -> Listing:
    """Of what a request gives beside the filters that were `asked`; `exported`: as the download names
    them, if otherwise. `offered`: the query that says how it is sorted, or the orders of a list that is sorted in
    memory, the usual one first. `always`: the filter that the address names even if it is empty, as without it the page
    shows less.
    """
    if isinstance(offered, str):
        sorting = sortings()[offered]
        offered, usual = sorting.words, sorting.usual
    else:
        usual = next(iter(offered))
        offered = words_of(offered)
    return Listing(
        {name: value for name, value in asked.items() if value or name == always},
        _filled(asked if exported is None else exported),
        offered,
        given.get("sort", ""),
        usual,
        given.get("after", ""),
        given.get("print", "") == "yes",
    )


def _filled(filters: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in filters.items() if value}
