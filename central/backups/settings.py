"""What the configuration says of copies."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class BackupConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[backup]`: copies of the database, the authority and the configuration. Pictures are copied by other means."""

    folder: str = ""
    """Empty: `backups` beside the database. On another disk a copy outlives the database's."""
    every_minutes: Annotated[int, Meta(ge=5, le=7 * 24 * 60)] = 60
    newest: Annotated[int, Meta(ge=1, le=1000)] = 12
    """So many of the newest are kept, …"""
    days: Annotated[int, Meta(ge=0, le=3650)] = 14
    """… and the last one of each of so many days."""

    @property
    def overdue_ms(self) -> int:
        """A newest copy that is older than this is a problem."""
        return 3 * self.every_minutes * 60_000
