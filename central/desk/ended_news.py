"""Takes news from the broker that stands there of what is over: kept for ever, it would be most of what the broker has,
and the broker writes all that it has to its disk every second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from central.desk.books import Books, Keys
from central.store.store import Store, StoreTrouble

log = logging.getLogger(__name__)

STANDS_MS: Final = 24 * 3_600_000
"""After the end: programs that look now and then see that it came."""
_LOOK_EVERY_S: Final = 600.0
_AT_ONCE: Final = 500


class EndedNews:
    """Empties the topics of orders and parcels a day after their end."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.empty()
            except StoreTrouble as error:
                log.error("news of what is over stays with the broker until the database can be written: %s", error)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def empty(self) -> None:
        """All that have stood long enough."""
        while rows := await self._store.read("desk.ended", (self._now() - STANDS_MS, _AT_ONCE)):
            await self._store.transact(Keys(), _emptied([row["topic"] for row in rows]))


def _emptied(topics: Sequence[str]) -> Callable[[Books], None]:
    return lambda books: books.emptied.extend(topics)
