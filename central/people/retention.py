"""How long the audit trail is kept: it names people, and customers whose addresses were changed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Annotated, Final

from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.store.store import Store, StoreTrouble

log = logging.getLogger(__name__)

_DAY_MS: Final = 24 * 3_600_000
_LOOK_EVERY_S: Final = 3600.0
_STEADY_S: Final = 24 * 3600.0
_JUMP_S: Final = 600.0
"""By more than this no clock is corrected between two looks, unless it was wrong."""


class PeopleConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[people]`."""

    keep_audit_days: Annotated[int, Meta(ge=30, le=36_500)] = 3 * 365
    """Older entries of the audit trail are deleted."""


class Retention:
    """Deletes what is kept long enough."""

    def __init__(
        self,
        store: Store,
        config: PeopleConfig,
        now: Callable[[], int],
        *,
        since_boot_s: Callable[[], float] = time.monotonic,
        look_every_s: float = _LOOK_EVERY_S,
    ) -> None:
        self._store = store
        self._config = config
        self._now = now
        self._since_boot_s = since_boot_s
        self._look_every_s = look_every_s

    async def run(self) -> None:
        """Every hour, until cancelled; only while the clock has gone steadily for a day.

        A clock that is years ahead at a start, or jumps there, would make everything old.
        """
        steady_from = self._since_boot_s()
        before = self._drift_s()
        while True:
            drift = self._drift_s()
            if abs(drift - before) > _JUMP_S:
                steady_from = self._since_boot_s()
            before = drift
            try:
                if self._since_boot_s() - steady_from >= _STEADY_S:
                    await self.forget()
            except StoreTrouble as error:
                log.error("old entries of the audit trail were not deleted: %s", error)
            await asyncio.sleep(self._look_every_s)

    def _drift_s(self) -> float:
        """How far the wall clock is from the one that nobody sets."""
        return self._now() / 1000 - self._since_boot_s()

    async def forget(self) -> None:
        """Delete the entries that are too old."""
        before = self._now() - self._config.keep_audit_days * _DAY_MS

        def decide(books: Books) -> None:
            books.audit_kept_from = before

        await self._store.transact(Keys(), decide)
