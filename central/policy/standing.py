"""`Standing`: what the house decided once for all orders, as every transaction has it at hand. Pure values."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from central.counting.model import Recount
from central.policy.model import NO_RULES, Known, Rules
from central.policy.timetable import Timetable
from central.stock.model import MAIN


class Standing(Struct, frozen=True):
    """One site's standing decisions about orders, whichever door they came by."""

    warehouses: tuple[str, ...] = (MAIN,)
    """The site's, the one to ship from first at the front."""
    timetable: Timetable = Timetable()
    rules: Rules = NO_RULES
    known: Known = Known()
    """What rules may name."""
    warn_ms: int = 3_600_000
    """So long before it is due an order that is not packed counts as at risk."""
    recount: Recount = Recount()
    """Which differences of a count are counted a second time."""
    restored_at: int = 0
    """When the database was restored from a copy, the last time; 0: never. What was given out before may be unknown."""
    opened_at: int = 0
    """When this central began to work with the database."""


NOTHING_DECIDED: Final = Standing()
"""The usual hours, and nothing else."""
