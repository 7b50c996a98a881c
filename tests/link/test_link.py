"""The link against a real Mosquitto: nothing lost over kills, acknowledgements by hand, wills, refusals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from demo.broker import Broker
from link import connection
from link.client import BrokerConfig, Delivery, Link, LinkDown, Subscription, Will
from link.relay import Outgoing, Relay

PATIENCE_S = 60


class Listener:
    """A link and what came over it; every wait is bounded."""

    def __init__(
        self,
        broker: Broker,
        name: str,
        *,
        filters: Sequence[str] = (),
        will: Will | None = None,
        most_unacknowledged: int = 1_000,
    ) -> None:
        self.received: list[Delivery] = []
        self.acknowledge = True
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_change: Callable[[bool], None] = lambda online: None
        self.on_delivery: Callable[[Delivery], None] = lambda delivery: None
        self.link = Link(
            BrokerConfig(host=broker.host, port=broker.port),
            name,
            subscriptions=[Subscription(wanted) for wanted in filters],
            deliver=self._deliver,
            will=will,
            changed=self._changed,
            most_unacknowledged=most_unacknowledged,
        )

    def _tell(self) -> None:
        async def notify() -> None:
            async with self._news:
                self._news.notify_all()

        task = asyncio.create_task(notify())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _deliver(self, delivery: Delivery) -> None:
        self.received.append(delivery)
        if self.acknowledge:
            delivery.ack()
        self.on_delivery(delivery)
        self._tell()

    def _changed(self, online: bool) -> None:
        self.on_change(online)
        self._tell()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(condition)

    def payloads(self) -> list[bytes]:
        return [delivery.payload for delivery in self.received]


@asynccontextmanager
async def running(listener: Listener) -> AsyncIterator[Listener]:
    task = asyncio.create_task(listener.link.run())
    try:
        await listener.until(lambda: listener.link.online)
        yield listener
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_properties_travel(broker: Broker) -> None:
    async with running(Listener(broker, "a", filters=["t/#"])) as a, running(Listener(broker, "b")) as b:
        await b.link.publish("t/ask", b"?", expiry_s=30, response_topic="t/answer", correlation=b"\x01\x02")
        await a.until(lambda: bool(a.received))
        (delivery,) = a.received
        assert (delivery.topic, delivery.payload, delivery.retained) == ("t/ask", b"?", False)
        assert (delivery.response_topic, delivery.correlation) == ("t/answer", b"\x01\x02")


async def test_a_broker_that_lost_its_file_knows_nobody_from_before(broker: Broker) -> None:
    async with running(Listener(broker, "a", filters=["t/#"])) as first:
        assert not first.link.remembered, "we come for the first time"
    async with running(Listener(broker, "a", filters=["t/#"])) as again:
        assert again.link.remembered
        broker.kill()
        (broker.folder / "store/mosquitto.db").unlink(missing_ok=True)
        await again.until(lambda: not again.link.online)
        broker.start()
        await again.until(lambda: again.link.online)
        assert not again.link.remembered
    async with running(Listener(broker, "b")) as other:
        assert not other.link.remembered


async def test_without_acknowledgement_a_message_comes_again(broker: Broker) -> None:
    first = Listener(broker, "a", filters=["t/#"])
    first.acknowledge = False
    async with running(Listener(broker, "b")) as b:
        async with running(first):
            await b.link.publish("t/1", b"one")
            await first.until(lambda: len(first.received) == 1)
        first.received[0].ack()  # its connection is gone: nothing may happen
        async with running(Listener(broker, "a", filters=["t/#"])) as again:
            await again.until(lambda: len(again.received) == 1)
            assert again.payloads() == [b"one"]


async def test_the_will_is_said_at_a_clean_end_too(broker: Broker) -> None:
    async with running(Listener(broker, "a", filters=["t/#"])) as a:
        async with running(Listener(broker, "b", will=Will("t/state", b"gone"))):
            assert a.received == []
        await a.until(lambda: a.payloads() == [b"gone"])


async def test_publishing_without_a_connection_is_an_error_that_says_so(broker: Broker) -> None:
    listener = Listener(broker, "a")
    with pytest.raises(LinkDown, match="not connected yet"):
        listener.link.publish("t/1", b"one")
    listener.link.post("t/1", b"dropped without a word")


async def test_a_killed_broker_is_found_again(broker: Broker) -> None:
    async with running(Listener(broker, "a", filters=["t/#"])) as a, running(Listener(broker, "b")) as b:
        broker.kill()
        await a.until(lambda: not a.link.online)
        await b.until(lambda: not b.link.online)
        broker.start()
        await a.until(lambda: a.link.online)
        await b.until(lambda: b.link.online)
        await b.link.publish("t/1", b"after")
        await a.until(lambda: a.payloads() == [b"after"])


async def test_a_name_used_twice_is_said_in_words(broker: Broker) -> None:
    async with running(Listener(broker, "a")) as first:
        second = Listener(broker, "a")
        task = asyncio.create_task(second.link.run())
        try:
            await first.until(lambda: "same station id" in first.link.fault)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class MemoryOutbox:
    """Rows in a dict, settled when the far end says so."""

    def __init__(self, count: int) -> None:
        self.rows = {number: Outgoing(number, "t/fact", str(number).encode()) for number in range(1, count + 1)}

    async def unsent(self, after: int, limit: int) -> Sequence[Outgoing]:
        return [self.rows[number] for number in sorted(self.rows) if number > after][:limit]

    async def published(self, rows: Sequence[Outgoing]) -> None:
        pass


@pytest.mark.feature("R2")
async def test_the_relay_delivers_all_over_a_killed_broker(broker: Broker) -> None:
    """The broker is killed in the middle; every row arrives at least once and is settled by its receiver only."""
    outbox = MemoryOutbox(400)
    receiver, sender = Listener(broker, "central", filters=["t/#"]), Listener(broker, "station")
    relay = Relay(outbox, sender.link, most=20)
    sender.on_change = lambda online: relay.start_over() if online else None

    def settle(delivery: Delivery) -> None:
        outbox.rows.pop(int(delivery.payload), None)
        relay.settle([int(delivery.payload)])

    receiver.on_delivery = settle
    async with running(receiver), running(sender):
        relaying = asyncio.create_task(relay.run())
        try:
            await receiver.until(lambda: len(receiver.received) > 50)
            broker.kill()
            await sender.until(lambda: not sender.link.online)
            broker.start()
            await receiver.until(lambda: not outbox.rows)
        finally:
            relaying.cancel()
            await asyncio.gather(relaying, return_exceptions=True)
    assert set(receiver.payloads()) == {str(number).encode() for number in range(1, 401)}


async def test_the_window_bounds_what_is_under_way(broker: Broker) -> None:
    outbox = MemoryOutbox(100)
    async with running(Listener(broker, "central", filters=["t/#"])) as receiver, running(Listener(broker, "s")) as s:
        relay = Relay(outbox, s.link, most=10)
        relaying = asyncio.create_task(relay.run())
        relay.wake()
        try:
            await receiver.until(lambda: len(receiver.received) == 10)
            for number in (1, 2, 3):
                del outbox.rows[number]
            relay.settle([1, 2, 3])
            await receiver.until(lambda: len(receiver.received) == 13)
        finally:
            relaying.cancel()
            await asyncio.gather(relaying, return_exceptions=True)
        assert [int(payload) for payload in receiver.payloads()] == list(range(1, 14))


async def test_the_broker_brings_no_more_than_may_be_unacknowledged(broker: Broker) -> None:
    """Also after a break, when what was not acknowledged comes again."""
    receiver = Listener(broker, "r", filters=["t/#"], most_unacknowledged=5)
    receiver.acknowledge = False
    async with running(receiver), running(Listener(broker, "s")) as sender:
        await asyncio.gather(*(sender.link.publish("t", str(number).encode()) for number in range(50)))
        await receiver.until(lambda: len(receiver.received) == 5)
        broker.stop()
        await receiver.until(lambda: not receiver.link.online)
        broker.start()
        await receiver.until(lambda: receiver.link.online)
        await sender.until(lambda: sender.link.online)
        await sender.link.publish("t", b"last")
        await receiver.until(lambda: len(receiver.received) == 10)
        receiver.acknowledge = True
        for delivery in receiver.received[5:]:
            delivery.ack()
        await receiver.until(lambda: b"last" in receiver.payloads())
    assert receiver.payloads()[5:] == [*(str(number).encode() for number in range(50)), b"last"]


async def test_a_busy_loop_leaves_the_socket_unread(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_MOST_EVENTS", 50)
    receiver = Listener(broker, "r", filters=["t/#"], most_unacknowledged=5_000)
    async with running(receiver), running(Listener(broker, "s")) as sender:
        noted = receiver.link._connection
        assert noted is not None
        most = 0
        deliver = receiver.link._deliver

        def slow(delivery: Delivery) -> None:
            nonlocal most
            most = max(most, len(noted._events))
            deliver(delivery)

        noted._deliver = slow
        await asyncio.gather(*(sender.link.publish("t", b"x" * 500) for _ in range(3_000)))
        await receiver.until(lambda: len(receiver.received) == 3_000)
    assert 0 < most <= 51
