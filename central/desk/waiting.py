"""What stations sent and nobody has booked yet: a queue for each station, bounded, every station in its turn. Pure.

One station's messages keep their order: an ask may be about what the facts before it did. Between stations there is no
order, so whoever sends much waits for himself, and a station with an ask goes before those with facts alone.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")

AT_A_TURN: Final = 10
"""Messages of one station, before the next: few enough to be fair, enough to share one message of receipts."""


class Bounds(NamedTuple):
    """Beyond any of them, nothing more is taken."""

    messages: int = 10_000
    octets: int = 64 * 1024 * 1024
    messages_of_one: int = 400
    """A station has at most a hundred facts under way (`link.relay`), sent twice or three times at worst."""
    octets_of_one: int = 8 * 1024 * 1024


BOUNDS: Final = Bounds()


class _Queue(Generic[T]):
    """One station's."""

    __slots__ = ("asks", "octets", "rows")

    def __init__(self) -> None:
        self.rows: deque[tuple[T, int, bool]] = deque()
        self.octets = 0
        self.asks = 0


class Waiting(Generic[T]):
    """The queues of all stations."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._queues: dict[str, _Queue[T]] = {}
        """The station whose turn it is comes first; none is empty."""
        self._asking: dict[str, None] = {}
        """Stations with an ask in their queue, likewise."""
        self._messages = 0
        self._octets = 0

    def __len__(self) -> int:
        return self._messages

    def put(self, station: str, message: T, octets: int, *, is_ask: bool) -> bool:
        """Behind what waits of this station. False when there is no room for it."""
        bounds, queue = self._bounds, self._queues.get(station)
        if self._messages >= bounds.messages or self._octets + octets > bounds.octets:
            return False
        if queue is None:
            queue = self._queues[station] = _Queue()
        elif len(queue.rows) >= bounds.messages_of_one or queue.octets + octets > bounds.octets_of_one:
            return False
        queue.rows.append((message, octets, is_ask))
        queue.octets += octets
        self._messages += 1
        self._octets += octets
        if is_ask:
            queue.asks += 1
            self._asking[station] = None
        return True

    def take(self, most: int) -> list[T]:
        """Whose turn it is: up to half for stations that ask, the rest for each in its turn."""
        taken: list[T] = []
        for station in tuple(self._asking)[: most // (2 * AT_A_TURN)]:
            self._give(station, taken, AT_A_TURN)
        while self._queues and len(taken) < most:
            self._give(next(iter(self._queues)), taken, min(AT_A_TURN, most - len(taken)))
        return taken

    def _give(self, station: str, taken: list[T], most: int) -> None:
        queue = self._queues.pop(station)
        self._asking.pop(station, None)
        for _ in range(min(most, len(queue.rows))):
            message, octets, is_ask = queue.rows.popleft()
            taken.append(message)
            queue.octets -= octets
            queue.asks -= is_ask
            self._messages -= 1
            self._octets -= octets
        if queue.rows:
            self._queues[station] = queue
        if queue.asks:
            self._asking[station] = None
