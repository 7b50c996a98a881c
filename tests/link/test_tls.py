"""The link over TLS with certificates on both sides, against the shipped listener."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.broker import Broker
from link.client import BrokerConfig, Delivery, Link, PublishRefused, Subscription
from tests.support.broker import Authority

_BATCHES, _BATCH = 100, 20


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "certs")


@pytest.fixture
def secure(tmp_path: Path, authority: Authority) -> Iterator[Broker]:
    with Broker(tmp_path / "broker", "conf.d/tls.conf", authority.folder) as running:
        yield running


def link(
    broker: Broker, authority: Authority, name: str, changes: asyncio.Queue[bool], received: list[Delivery]
) -> Link:
    certificate, key = authority.issue(name)
    config = BrokerConfig(broker.host, broker.port, str(authority.ca_file), str(certificate), str(key))
    return Link(
        config,
        name,
        subscriptions=[Subscription(f"packline/1/main/station/{name}/inbox")],
        deliver=received.append,
        changed=changes.put_nowait,
    )


@pytest.mark.feature("R5")
async def test_a_station_speaks_for_itself_only(secure: Broker, authority: Authority) -> None:
    changes: asyncio.Queue[bool] = asyncio.Queue()
    bench = link(secure, authority, "bench-1", changes, [])
    running = asyncio.create_task(bench.run())
    try:
        async with asyncio.timeout(60):
            assert await changes.get()
            await bench.publish("packline/1/main/station/bench-1/fact", b"{}")
            with pytest.raises(PublishRefused):
                await bench.publish("packline/1/main/station/bench-2/fact", b"{}")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.feature("R5")
@pytest.mark.filterwarnings("ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning")
async def test_a_foreign_authority_is_refused_in_words(secure: Broker, tmp_path: Path) -> None:
    """paho leaves the socket of a failed handshake to the garbage collector, which closes it with a warning."""
    stranger = Authority(tmp_path / "elsewhere")
    bench = link(secure, stranger, "bench-1", asyncio.Queue(), [])
    running = asyncio.create_task(bench.run())
    try:
        async with asyncio.timeout(60):
            while "certificate" not in bench.fault:  # noqa: ASYNC110 - a fault is a value that nobody announces
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert "check [broker]" in bench.fault
    assert not bench.online


@pytest.mark.feature("R2", "R5")
async def test_a_connection_lasts_while_much_goes_both_ways_at_once(secure: Broker, authority: Authority) -> None:
    """What is sent and what comes are one TLS connection's, which only one thread may use at a time."""
    fact, inbox = (f"packline/1/main/station/bench-1/{channel}" for channel in ("fact", "inbox"))
    came: dict[str, int] = {"bench-1": 0, "central": 0}
    changes: dict[str, list[bool]] = {"bench-1": [], "central": []}
    up = asyncio.Event()

    def made(name: str, listens: str) -> Link:
        certificate, key = authority.issue(name)

        def deliver(delivery: Delivery) -> None:
            came[name] += 1
            delivery.ack()

        def changed(online: bool) -> None:
            changes[name].append(online)
            if all(changes.values()):
                up.set()

        config = BrokerConfig(secure.host, secure.port, str(authority.ca_file), str(certificate), str(key))
        return Link(config, name, subscriptions=[Subscription(listens)], deliver=deliver, changed=changed)

    bench, central = made("bench-1", inbox), made("central", fact)
    running = [asyncio.create_task(each.run()) for each in (bench, central)]

    async def send(link: Link, topic: str) -> None:
        for _ in range(_BATCHES):
            await asyncio.gather(*(link.publish(topic, b"x" * 2000) for _ in range(_BATCH)))

    try:
        async with asyncio.timeout(60):
            await up.wait()
            ways = [(bench, fact), (central, inbox)] * 4
            await asyncio.gather(*(send(*way) for way in ways))
            await bench.publish(fact, b"the last")
            await central.publish(inbox, b"the last")
            while set(came.values()) != {4 * _BATCHES * _BATCH + 1}:  # noqa: ASYNC110 - the last ones are under way
                await asyncio.sleep(0.01)
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    assert secure.log.count("Protocol error") == 0
