"""Papers on their way to a station that the broker has lost: they are sent again, and the station prints each once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from central.desk.refused import Refused
from central.documents import rules
from central.documents.model import parsed
from central.documents.papers import keys_of
from central.packing.house import House
from central.store.store import Store, StoreTrouble
from contract.keys import StationId
from contract.messages import StationState

log = logging.getLogger(__name__)

_AGAIN_S: Final = 5.0


class OnceMore:
    """Sends them to each station that says so."""

    def __init__(self, store: Store, house: House, now: Callable[[], int]) -> None:
        self._store = store
        self._house = house
        self._now = now
        self._heard: dict[StationId, int] = {}
        """Of when a station's newest loss is that was seen to."""
        self._stations: set[StationId] = set()
        self._came = asyncio.Event()

    def heard(self, station: StationId, state: StationState) -> None:
        """A station says how it is; it says so again and again."""
        if state.forgotten_at is not None and self._heard.get(station) != state.forgotten_at:
            self._heard[station] = state.forgotten_at
            self._stations.add(station)
            self._came.set()

    async def run(self) -> None:
        """Work until cancelled. While the database is in trouble, all of them wait."""
        while True:
            await self._came.wait()
            self._came.clear()
            while self._stations:
                station = min(self._stations)
                try:
                    await self._send(station)
                except StoreTrouble as error:
                    log.error("papers for %s that the broker lost are not sent again yet: %s", station, error)
                    await asyncio.sleep(_AGAIN_S)
                else:
                    self._stations.discard(station)

    async def _send(self, station: StationId) -> None:
        """Every paper of which it has told nothing. What cannot be drawn any more stays as it is, for a person."""
        for row in await self._store.read("documents.on_their_way", (station,)):
            print_id = row["print_id"]
            try:
                keys = replace(keys_of(parsed(row["document"])), stations=frozenset({station}))
                await self._store.transact(
                    keys,
                    lambda books, name=print_id: rules.send_again(books, self._house, name, self._now()),  # type: ignore[misc]
                )
            except Refused as refused:
                log.warning("print %s, which the broker lost, is not sent again: %s", print_id, refused.text)
