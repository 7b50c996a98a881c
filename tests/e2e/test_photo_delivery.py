"""Pictures from a bench's disk to central's, by the true relay, inbox, files and Mosquitto."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from central.desk.deliveries import PHOTO
from central.desk.replies import Replies
from central.photos.folder import PhotoFolder as Kept
from central.photos.inbox import PhotoInbox
from contract import topics
from contract.envelope import read_fact, read_inbox, read_photo
from contract.keys import JobId, Sscc, StationId
from contract.messages import ParcelClosed, PhotoHeld, ProblemRaised
from contract.values import Photo
from demo.broker import Broker
from link.client import BrokerConfig, Delivery, Link, Subscription
from link.identity import new_message_id
from station.journal import Entry, Journal
from station.photo_relay import PIECE_BYTES, PhotoRelay
from station.photos import PhotoFolder, PhotosConfig

pytestmark = pytest.mark.feature("P19")
SITE, STATION = "lyon", StationId("bench-1")


def now_ms() -> int:
    return 1_790_000_000_000


def a_picture(number: int, size: int) -> bytes:
    return random.Random(number).randbytes(size)


@asynccontextmanager
async def running(*work: Callable[[], object]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(each()) for each in work]  # type: ignore[arg-type]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


class Wire:
    """Waits for what happens on either side."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def tell(self) -> None:
        self._news.set()

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not true():
                self._news.clear()
                await self._news.wait()


class CentralSide:
    """Central, as far as pictures go."""

    def __init__(self, folder: Path, broker: Broker, wire: Wire) -> None:
        self.kept = Kept(folder)
        self.bytes_came = 0
        self.aside: list[str] = []
        """Why, for each delivery that is no piece."""
        self.link = Link(
            BrokerConfig(port=broker.port),
            "central",
            subscriptions=[Subscription(topics.from_stations(SITE, PHOTO))],
            deliver=self.deliver,
            changed=lambda online: wire.tell(),
        )
        replies = Replies(self.link, SITE, new_message_id)
        self.inbox = PhotoInbox(SITE, self.kept, 90, replies, self._set_aside, now_ms)
        self._wire = wire

    def deliver(self, delivery: Delivery) -> None:
        self.bytes_came += len(read_photo(delivery.payload).body.data) if delivery.payload[:1] == b"{" else 0
        self.inbox.deliver(delivery)
        self._wire.tell()

    def _set_aside(self, delivery: Delivery, reason: str) -> None:
        self.aside.append(reason)
        delivery.ack()
        self._wire.tell()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[CentralSide]:
        async with running(self.link.run, self.inbox.run):
            await self._wire.until(lambda: self.link.online)
            yield self


class StationSide:
    """A bench, as far as pictures go."""

    def __init__(self, journal: Journal, folder: PhotoFolder, broker: Broker, wire: Wire) -> None:
        self.journal = journal
        self.folder = folder
        self._wire = wire
        self.link = Link(
            BrokerConfig(port=broker.port),
            STATION,
            subscriptions=[Subscription(topics.inbox(SITE, STATION))],
            deliver=self._deliver,
            changed=self._changed,
        )
        self.relay = PhotoRelay(journal, folder, self.link, SITE, STATION, lambda: None, now_ms, again_s=0.3)

    def _changed(self, online: bool) -> None:
        self.relay.wake()
        self._wire.tell()

    def _deliver(self, delivery: Delivery) -> None:
        item = read_inbox(delivery.payload).body
        assert isinstance(item, PhotoHeld)
        self.relay.held(item)
        delivery.ack()
        self._wire.tell()

    async def close_parcel(self, number: int, content: bytes) -> str:
        """A parcel with this picture."""
        name = self.folder.keep(content)
        photo = Photo(name, now_ms(), "top", len(content))
        sscc = Sscc.numbered("03401234", number)
        closed = ParcelClosed(sscc, JobId("J"), 1, 1, (), None, "0001", now_ms(), now_ms(), photo=photo)
        await self.journal.record(Entry(facts=(closed,)))
        self.relay.wake()
        return name

    async def all_delivered(self) -> None:
        async with asyncio.timeout(60):
            while await self.journal.photos():  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@asynccontextmanager
async def a_bench(folder: Path, broker: Broker, wire: Wire) -> AsyncIterator[StationSide]:
    async with await Journal.open(folder / "journal.db", SITE, STATION, now_ms) as journal:
        yield StationSide(journal, PhotoFolder(folder / "photos", PhotosConfig()), broker, wire)


async def test_pictures_of_any_size_arrive_whole_and_leave_the_bench(tmp_path: Path, broker: Broker) -> None:
    wire = Wire()
    async with a_bench(tmp_path / "bench", broker, wire) as bench, AsyncExitStack() as stack:
        sizes = (1, PIECE_BYTES, PIECE_BYTES + 1, 700_000)
        names = [await bench.close_parcel(n, a_picture(n, size)) for n, size in enumerate(sizes, 1)]
        central = await stack.enter_async_context(CentralSide(tmp_path / "central", broker, wire).at_work())
        await stack.enter_async_context(running(bench.link.run, bench.relay.run))
        await bench.all_delivered()
        for number, (name, size) in enumerate(zip(names, sizes, strict=True), 1):
            assert central.kept.read(name) == a_picture(number, size)
            assert bench.folder.read(name) is None
        assert central.bytes_came == sum(sizes), "no byte travelled twice"


async def test_a_picture_goes_on_where_it_stopped_when_either_side_falls(tmp_path: Path, broker: Broker) -> None:
    wire, size = Wire(), 900_000
    central = CentralSide(tmp_path / "central", broker, wire)
    async with a_bench(tmp_path / "bench", broker, wire) as bench:
        name = await bench.close_parcel(1, a_picture(1, size))
        async with running(bench.link.run, bench.relay.run):
            async with central.at_work():
                await wire.until(lambda: central.bytes_came >= 2 * PIECE_BYTES)
            again = CentralSide(tmp_path / "central", broker, wire)
            async with again.at_work():
                await wire.until(lambda: again.bytes_came >= 2 * PIECE_BYTES)
    async with a_bench(tmp_path / "bench", broker, wire) as bench:
        last = CentralSide(tmp_path / "central", broker, wire)
        async with last.at_work(), running(bench.link.run, bench.relay.run):
            await bench.all_delivered()
        assert last.kept.read(name) == a_picture(1, size)
        came = central.bytes_came + again.bytes_came + last.bytes_came
        assert came <= size + 4 * PIECE_BYTES, "what central had was not sent again"


async def test_a_broker_that_is_killed_costs_no_picture(tmp_path: Path, broker: Broker) -> None:
    wire = Wire()
    central = CentralSide(tmp_path / "central", broker, wire)
    async with a_bench(tmp_path / "bench", broker, wire) as bench:
        name = await bench.close_parcel(1, a_picture(1, 500_000))
        async with central.at_work(), running(bench.link.run, bench.relay.run):
            await wire.until(lambda: central.bytes_came > 0)
            broker.kill()
            await asyncio.to_thread(broker.start)
            await bench.all_delivered()
        assert central.kept.read(name) == a_picture(1, 500_000)


async def test_a_file_that_is_gone_is_a_problem_of_its_parcel_and_stops_no_other(
    tmp_path: Path, broker: Broker
) -> None:
    wire = Wire()
    central = CentralSide(tmp_path / "central", broker, wire)
    async with a_bench(tmp_path / "bench", broker, wire) as bench:
        lost = await bench.close_parcel(1, a_picture(1, 5_000))
        good = await bench.close_parcel(2, a_picture(2, 5_000))
        bench.folder.forget(lost)
        async with central.at_work(), running(bench.link.run, bench.relay.run):
            await bench.all_delivered()
        assert (central.kept.read(lost), central.kept.read(good)) == (None, a_picture(2, 5_000))
        facts = [read_fact(row.payload).body for row in await bench.journal.unsent(0, 10)]
        problems = [fact for fact in facts if isinstance(fact, ProblemRaised)]
        assert [(each.kind, each.sscc) for each in problems] == [("photo_lost", Sscc.numbered("03401234", 1))]


async def test_what_is_no_piece_is_set_aside_and_the_next_one_is_taken(tmp_path: Path, broker: Broker) -> None:
    wire = Wire()
    central = CentralSide(tmp_path / "central", broker, wire)
    async with a_bench(tmp_path / "bench", broker, wire) as bench, central.at_work():
        async with running(bench.link.run):
            await wire.until(lambda: bench.link.online)
            await bench.link.publish(topics.photo(SITE, STATION), b"no piece at all")
            await wire.until(lambda: bool(central.aside))
            name = await bench.close_parcel(1, a_picture(1, 5_000))
            async with running(bench.relay.run):
                await bench.all_delivered()
        assert hashlib.sha256(central.kept.read(name) or b"").hexdigest() == name
