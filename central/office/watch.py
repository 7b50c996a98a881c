"""Who watches what: open pages wait here for the transactions that concern them. All on the event loop's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

LOOK_AGAIN_S: Final = 10.0


class Bell:
    """Rings when something was written about its subject; one ring stands for many."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, patience_s: float) -> None:
        """Return at the next ring, or the last one that nobody waited for, or when patience ends."""
        try:
            await asyncio.wait_for(self._rung.wait(), patience_s)
        except TimeoutError:
            return
        self._rung.clear()


class Watch:
    """Bells by subject: `order/1001`, `parcel/034…`, or a whole kind: `order`."""

    def __init__(self) -> None:
        self._bells: dict[str, set[Bell]] = {}

    def wrote(self, subjects: Iterable[str]) -> None:
        """A transaction changed these."""
        if not self._bells:
            return
        heard = set(subjects)
        heard |= {subject.partition("/")[0] for subject in heard}
        for subject in heard & self._bells.keys():
            for bell in self._bells[subject]:
                bell.ring()

    @contextmanager
    def over(self, subject: str) -> Iterator[Bell]:
        """A bell for as long as the page is open. Look at the database after this, so that nothing is missed."""
        bell = Bell()
        self._bells.setdefault(subject, set()).add(bell)
        try:
            yield bell
        finally:
            bells = self._bells[subject]
            bells.discard(bell)
            if not bells:
                del self._bells[subject]
