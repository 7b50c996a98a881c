"""What stations say of themselves right now, for the office's live page. Kept in memory only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from msgspec import Struct
from msgspec.structs import replace

from central.office.watch import Watch
from contract.keys import StationId
from contract.machine import MachineTrouble
from contract.messages import Progress, StationState


class Bench(Struct, frozen=True):
    """One station as it is now."""

    station: StationId
    heard_at: int
    state: StationState | None = None
    progress: Progress | None = None

    @property
    def online(self) -> bool:
        return self.state is not None and self.state.online


class Live:
    """The newest word of every station, and who listens. All calls on the loop's thread."""

    def __init__(self) -> None:
        self._benches: dict[StationId, Bench] = {}
        self._listeners: set[_Listener] = set()
        self.own_troubles: tuple[MachineTrouble, ...] = ()
        """What is wrong with the computer that central runs on."""
        self.watch = Watch()
        """Whom to tell what is written to the database."""
        self.copied_at: int | None = None
        """Of when the newest good copy of the database is; 0: there is none. None: nobody looks after copies here."""
        self.copy_is_old = False
        """The next one is overdue."""

    def state(self, station: StationId, state: StationState, at: int) -> None:
        """A station's retained state, or its last will."""
        known = self._benches.get(station, Bench(station, at))
        progress = known.progress if state.online else None
        self._tell(replace(known, state=state, progress=progress, heard_at=at))

    def progress(self, station: StationId, progress: Progress, at: int) -> None:
        """What the bench is doing."""
        known = self._benches.get(station, Bench(station, at))
        self._tell(replace(known, progress=progress, heard_at=at))

    def benches(self) -> tuple[Bench, ...]:
        """Every station that spoke since the start, by name."""
        return tuple(self._benches[name] for name in sorted(self._benches))

    def bench(self, station: StationId) -> Bench:
        return self._benches[station]

    def _tell(self, bench: Bench) -> None:
        self._benches[bench.station] = bench
        for listener in self._listeners:
            listener.heard(bench.station)

    async def changes(self) -> AsyncIterator[StationId]:
        """Names of stations as they change; a slow listener misses what a station was, never what it is."""
        listener = _Listener()
        self._listeners.add(listener)
        try:
            while True:
                yield await listener.next()
        finally:
            self._listeners.discard(listener)


class _Listener:
    """Stations that changed and were not looked at since, each once."""

    def __init__(self) -> None:
        self._waiting: dict[StationId, None] = {}
        self._wake = asyncio.Event()

    def heard(self, station: StationId) -> None:
        self._waiting[station] = None
        self._wake.set()

    async def next(self) -> StationId:
        while not self._waiting:
            self._wake.clear()
            await self._wake.wait()
        station = next(iter(self._waiting))
        del self._waiting[station]
        return station
