"""How long the audit trail is kept: it names people, and customers whose addresses were changed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Annotated, Final

from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.steady import SteadyClock
from central.store.store import Store, StoreTrouble

log = logging.getLogger(__name__)

_DAY_MS: Final = 24 * 3_600_000
_LOOK_EVERY_S: Final = 3600.0


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
        """Every hour, until cancelled; only while the clock has gone steadily for six hours."""
        clock = SteadyClock(self._now, self._since_boot_s)
        while True:
            try:
                if clock.look():
                    await self.forget()
            except StoreTrouble as error:
                log.error("old entries of the audit trail were not deleted: %s", error)
            await asyncio.sleep(self._look_every_s)

    async def forget(self) -> None:
        """Delete the entries that are too old."""
        before = self._now() - self._config.keep_audit_days * _DAY_MS

        def decide(books: Books) -> None:
            books.audit_kept_from = before

        await self._store.transact(Keys(), decide)
