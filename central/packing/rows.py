"""Jobs as the books hold them: one row for each order, leased as often as it takes.

A job is named by its order; several orders that are packed together are one job, named by the first of them.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from contract.keys import JobId
from contract.values import PackedLine

JobState: TypeAlias = Literal["leased", "suspended", "idle", "withdrawn", "wanted"]
"""`withdrawn`: central took it back and waits for the station's `JobReturned`. `wanted`: lent ahead, and asked back in
case that it is not opened."""
HELD: Final = ("leased", "withdrawn", "wanted")
"""States of a job that a station has."""


class JobRow(Struct, frozen=True, gc=False):
    """Who holds a job, and where its open parcel stands."""

    job_id: JobId
    station: str = ""
    fence: int = 0
    state: str = "idle"
    badge: str = ""
    leased_at: int = 0
    in_hand: str = "[]"
    """JSON of `contract.values.PackedLine`: scanned into the open parcel when the job was suspended."""
    confirmed: str = "[]"
    """JSON list of the instructions that were confirmed before."""
    old_labels: int = 0
    """Labels of leases up to this fence have an old address or service."""
    under: JobId = JobId("")
    """The job whose lease covers its order: its own, or that of the orders it is packed with; empty: none does."""

    until: int = 0
    """Lent ahead: opened by nobody until then, it goes back into the queue. 0: it is opened, or was asked for."""

    @property
    def is_unopened(self) -> bool:
        """Whether a station has it that nobody there has asked for yet."""
        return self.until > 0 and self.state in HELD

    @property
    def pieces(self) -> tuple[PackedLine, ...]:
        """What is in hand."""
        return msgspec.json.decode(self.in_hand, type=tuple[PackedLine, ...])
