"""What comes to a station over MQTT: from central, or from an intruder who writes to its inbox.

An input is a line with the correlation, and the payload; `@new` in it is another name each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from contract import topics
from contract.messages import Ask, LeaseSscc, OpenWork, WhoIs
from station.app import Station
from station.clock import now_ms
from station.config import StationConfig
from station.journal import Journal
from station.work.session import new_session
from tests.fuzz.door import Door, Finding, on_a_loop
from tests.fuzz.doors.inbox_of_central import Came
from tests.station.played import SITE, STATION

_GOLDEN = Path(__file__).parents[2] / "contract" / "golden"
_ASKED: dict[bytes, Ask] = {b"work": OpenWork("J-1001"), b"badge": WhoIs("4711"), b"numbers": LeaseSscc(100)}


@asynccontextmanager
async def _inbox(folder: Path) -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    numbers = count(1)
    config = StationConfig(STATION, SITE, str(folder), "http://127.0.0.1:9")
    topic = topics.inbox(SITE, STATION)
    async with await Journal.open(config.journal, SITE, STATION, now_ms) as journal:
        station = Station(config, journal, new_session(config.settings))
        work = (station.bench.run(), station.inlet.run(), station.printing.run(), station.office_papers.run())
        running = [asyncio.create_task(each) for each in work]

        async def offer(data: bytes) -> str:
            correlation, _, payload = data.partition(b"\n")
            payload = payload.replace(b"@new", b"fuzz-%d" % next(numbers))
            if correlation in _ASKED:
                done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                station.asking._under_way[correlation] = _ASKED[correlation], done
            before = await journal.unreadable()
            came = Came(topic, payload, correlation)
            station.inlet.deliver(came)  # type: ignore[arg-type]
            acknowledged = asyncio.create_task(came.acknowledged.wait())
            await asyncio.wait([acknowledged, *running], return_when=asyncio.FIRST_COMPLETED)
            if acknowledged.done():
                probe = asyncio.create_task(station.bench.probe())
                await asyncio.wait([probe, *running], return_when=asyncio.FIRST_COMPLETED)
            for task in running:
                if task.done():
                    raise Finding("a task of the station ended") from task.exception()
            after = await journal.unreadable()
            return await _reason(journal) if after > before else ""

        try:
            yield offer
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


async def _reason(journal: Journal) -> str:
    rows = list(await journal._database.execute_fetchall("SELECT reason FROM unreadable ORDER BY number DESC LIMIT 1"))
    return str(rows[0][0])


def _messages() -> Iterable[bytes]:
    for path in sorted(_GOLDEN.glob("*.json")):
        for correlation in (b"", *_ASKED):
            yield correlation + b"\n" + path.read_bytes()


def _opened(folder: Path) -> Any:
    return on_a_loop(_inbox(folder))


DOORS = (Door("inbox_of_station", _opened, more=_messages, is_json=True),)
