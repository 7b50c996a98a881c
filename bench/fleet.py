"""Simulated stations: each its own connection, the true relay, an outbox in memory in the place of the journal.

Runs as a process of its own: `python -m bench.fleet PLAN`, a file of JSON. Prints a line at the beginning of each
phase and what it saw as the last one.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from bench import shop
from bench.figures import percentile
from bench.light_client import LightClient, connect
from contract import topics
from contract.envelope import Envelope, encode, read_inbox
from contract.keys import StationId
from contract.messages import Receipts, WhoIs
from link.identity import new_message_id
from link.relay import Outgoing, Relay

ASK_EVERY_S = 0.5
ANSWER_WITHIN_S = 5.0
"""What a packer waits (`station.asking`)."""
DRAIN_WITHIN_S = 900.0


class Phase(Struct, frozen=True):
    """So many parcels a second, by the clock, whatever becomes of them."""

    name: str
    per_second: float
    seconds: float


class Plan(Struct, frozen=True):
    port: int
    site: str
    stations: tuple[str, ...]
    first: int
    """Number of the first parcel's order; the others follow."""
    phases: tuple[Phase, ...]


class PhaseSeen(Struct):
    """Milliseconds from closing a parcel to its receipt, and from a question to its answer."""

    name: str
    offered: int = 0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    ask_p50_ms: float = 0.0
    ask_p99_ms: float = 0.0
    unanswered: int = 0


class Seen(Struct, frozen=True):
    phases: tuple[PhaseSeen, ...]
    receipted: int
    drained_s: float
    """From the end of the flood until nothing waited any more."""
    waiting: int
    """Parcels without a receipt, all stations together, at most."""
    under_way: int
    """Of them sent, at most."""


class Simulated:
    """One station."""

    def __init__(self, fleet: Fleet, name: str) -> None:
        self._fleet = fleet
        station = StationId(name)
        self._topic = topics.fact(fleet.plan.site, station)
        self.rows: dict[int, Outgoing] = {}
        self._closed: dict[str, tuple[int, int, float]] = {}
        """By message: its row, its phase and when."""
        self._sequence = 0
        self.client = LightClient(name, topics.inbox(fleet.plan.site, station), self._came)
        self.relay = Relay(self, self.client)

    def close_parcel(self, number: int, phase: int) -> None:
        self._sequence += 1
        fact = shop.fact(number, self._fleet.plan.stations)
        self.rows[self._sequence] = Outgoing(self._sequence, self._topic, encode(fact))
        self._closed[fact.message_id] = self._sequence, phase, time.perf_counter()
        self.relay.wake()

    async def unsent(self, after: int, limit: int) -> Sequence[Outgoing]:
        found = []
        for number, row in self.rows.items():
            if number > after:
                found.append(row)
                if len(found) == limit:
                    break
        return found

    async def published(self, rows: Sequence[Outgoing]) -> None: ...

    def _came(self, payload: bytes) -> None:
        body = read_inbox(payload).body
        assert isinstance(body, Receipts), body
        now, gone = time.perf_counter(), []
        for receipt in body.receipts:
            if (closed := self._closed.pop(receipt.message, None)) is not None:
                sequence, phase, at = closed
                del self.rows[sequence]
                gone.append(sequence)
                self._fleet.receipted(phase, (now - at) * 1000)
        self.relay.settle(gone)


class Fleet:
    """All stations, and one that asks."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._stations = [Simulated(self, name) for name in plan.stations]
        self._asker = LightClient("asker", topics.inbox(plan.site, StationId("asker")), self._answered)
        self._asked: dict[str, tuple[int, float]] = {}
        self._answers: list[list[float]] = [[] for _ in plan.phases]
        self._took: list[list[float]] = [[] for _ in plan.phases]
        self._offered = [0 for _ in plan.phases]
        self._phase = 0
        self._drained = asyncio.Event()
        self._drained.set()
        self._waiting = self._most_waiting = self._most_under_way = 0

    def receipted(self, phase: int, took_ms: float) -> None:
        self._took[phase].append(took_ms)
        self._waiting -= 1
        if not self._waiting:
            self._drained.set()

    def _answered(self, payload: bytes) -> None:
        body = read_inbox(payload).body
        badge = getattr(body, "badge", None)
        if badge in self._asked:
            phase, at = self._asked.pop(badge)
            self._answers[phase].append((time.perf_counter() - at) * 1000)

    async def run(self) -> Seen:
        """Offer every phase, wait until nothing waits. Raises `TimeoutError` when it does not end."""
        for client in [each.client for each in self._stations] + [self._asker]:
            await connect(self.plan.port, client)
        clients = [each.client for each in self._stations] + [self._asker]
        tasks = [asyncio.create_task(each.relay.run()) for each in self._stations]
        tasks += [asyncio.create_task(client.keep_alive()) for client in clients]
        tasks += [asyncio.create_task(self._ask()), asyncio.create_task(self._watch())]
        number, drained_s = self.plan.first, 0.0
        for place, phase in enumerate(self.plan.phases):
            self._phase = place
            print(f"phase {phase.name}", flush=True)
            number = await self._offer(phase, number)
            if phase.per_second == max(each.per_second for each in self.plan.phases):
                began = time.perf_counter()
                await self._drain()
                drained_s = time.perf_counter() - began
        await self._drain()
        await asyncio.sleep(ANSWER_WITHIN_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        phases = tuple(self._seen(place) for place in range(len(self.plan.phases)))
        took = sum(len(each) for each in self._took)
        return Seen(phases, took, drained_s, self._most_waiting, self._most_under_way)

    async def _drain(self) -> None:
        async with asyncio.timeout(DRAIN_WITHIN_S):
            await self._drained.wait()

    def _seen(self, place: int) -> PhaseSeen:
        took, answers = self._took[place] or [0.0], self._answers[place] or [0.0]
        never = sum(phase == place for phase, _ in self._asked.values())
        return PhaseSeen(
            self.plan.phases[place].name,
            self._offered[place],
            p50_ms=percentile(took, 0.5),
            p99_ms=percentile(took, 0.99),
            ask_p50_ms=percentile(answers, 0.5),
            ask_p99_ms=percentile(answers, 0.99),
            unanswered=never + sum(each > ANSWER_WITHIN_S * 1000 for each in answers),
        )

    async def _offer(self, phase: Phase, number: int) -> int:
        began, wanted = time.perf_counter(), round(phase.per_second * phase.seconds)
        for offered in range(wanted):
            ahead = began + offered / phase.per_second - time.perf_counter()
            if ahead > 0 or offered % 50 == 0:
                await asyncio.sleep(max(0.0, ahead))
            self._stations[number % len(self._stations)].close_parcel(number, self._phase)
            self._waiting += 1
            self._drained.clear()
            self._offered[self._phase] += 1
            number += 1
        return number

    async def _ask(self) -> None:
        topic = topics.ask(self.plan.site, StationId("asker"))
        for number in range(1_000_000):
            badge = f"nobody-{number}"
            self._asked[badge] = self._phase, time.perf_counter()
            ask = Envelope(new_message_id(), "asker", 0, shop.AT, WhoIs(badge))
            await self._asker.publish(topic, encode(ask), correlation=badge.encode())
            await asyncio.sleep(ASK_EVERY_S)

    async def _watch(self) -> None:
        while True:
            self._most_waiting = max(self._most_waiting, self._waiting)
            self._most_under_way = max(self._most_under_way, sum(each.relay.under_way for each in self._stations))
            await asyncio.sleep(0.1)


async def deliver(plan: Plan) -> Seen:
    """The whole plan."""
    return await Fleet(plan).run()


def main() -> None:
    """Argument: the plan's file."""
    plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)
    print("seen " + msgspec.json.encode(asyncio.run(deliver(plan))).decode(), flush=True)


if __name__ == "__main__":
    main()
