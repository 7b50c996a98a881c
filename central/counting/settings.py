"""`[counts]` of central.toml."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from central.counting.model import Recount


class CountsConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[counts]`: which differences are counted a second time before the stock becomes what was found."""

    recount_pieces: Annotated[int, Meta(ge=0, le=10_000_000)] = 10
    """Differences above so many pieces; 0: none is counted again."""
    recount_percent: Annotated[int, Meta(ge=0, le=1000)] = 10
    """And only those above this share of what should be there; 0: whatever the share."""

    recount_by: Literal["another", "anyone"] = "another"
    """Who counts the second time: a person who did not count first, or anyone, in a shop of one person."""

    @property
    def recount(self) -> Recount:
        return Recount(self.recount_pieces, self.recount_percent, self.recount_by == "anyone")
