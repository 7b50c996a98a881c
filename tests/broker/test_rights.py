"""Who may do what on the broker's TLS listener, with the shipped configuration and access list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.broker import Broker
from tests.support.broker import Authority, Client

OWN, OTHER = "packline/1/lyon/station/bench-1", "packline/1/lyon/station/bench-2"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "certs")


@pytest.fixture
def guarded(tmp_path: Path, authority: Authority) -> Iterator[Broker]:
    with Broker(tmp_path / "broker", "conf.d/tls.conf", authority.folder) as running:
        yield running


@pytest.mark.feature("R5")
@pytest.mark.parametrize("channel", ["fact", "ask", "photo", "state", "progress"])
def test_a_station_publishes_under_its_own_name_alone(guarded: Broker, authority: Authority, channel: str) -> None:
    with (
        Client(guarded, "c", authority, "central") as central,
        Client(guarded, "s", authority, "bench-1") as station,
    ):
        central.subscribe("packline/1/#")
        assert station.publish(f"{OTHER}/{channel}", b"forged") == "Not authorized"
        assert station.publish(f"{OWN}/{channel}", b"mine") == "Success"
        assert central.next() == (f"{OWN}/{channel}", b"mine")
        assert central.received.empty()


@pytest.mark.feature("R5")
@pytest.mark.parametrize("topic", [f"{OWN}/inbox", f"{OTHER}/inbox", "packline/1/lyon/news/stock/B-17", "anything"])
def test_a_station_writes_to_no_inbox_and_no_news(guarded: Broker, authority: Authority, topic: str) -> None:
    with Client(guarded, "s", authority, "bench-1") as station:
        assert station.publish(topic) == "Not authorized"


@pytest.mark.feature("R5")
def test_a_station_reads_its_own_inbox_alone(guarded: Broker, authority: Authority) -> None:
    with (
        Client(guarded, "c", authority, "central") as central,
        Client(guarded, "s", authority, "bench-1") as station,
    ):
        station.subscribe("#")
        for topic in (f"{OTHER}/inbox", f"{OTHER}/fact", "packline/1/lyon/news/order/1001", f"{OWN}/inbox"):
            assert central.publish(topic, topic.encode()) == "Success"
        assert station.next() == (f"{OWN}/inbox", f"{OWN}/inbox".encode())
        assert station.received.empty()


@pytest.mark.feature("R5")
def test_a_reader_reads_the_news_and_writes_nothing(guarded: Broker, authority: Authority) -> None:
    with (
        Client(guarded, "c", authority, "central") as central,
        Client(guarded, "r", authority, "reader") as reader,
    ):
        reader.subscribe("#")
        assert reader.publish("packline/1/lyon/news/order/1001") == "Not authorized"
        central.publish(f"{OWN}/inbox", b"private")
        central.publish("packline/1/lyon/news/order/1001", b"public")
        assert reader.next() == ("packline/1/lyon/news/order/1001", b"public")
        assert reader.received.empty()


@pytest.mark.feature("R5")
def test_a_stranger_that_the_authority_signed_may_do_nothing_of_central(guarded: Broker, authority: Authority) -> None:
    with (
        Client(guarded, "c", authority, "central") as central,
        Client(guarded, "x", authority, "stranger") as stranger,
    ):
        stranger.subscribe("packline/1/#")
        assert stranger.publish(f"{OWN}/fact") == "Not authorized"
        central.publish(f"{OWN}/inbox", b"private")
        central.publish("packline/1/lyon/station/stranger/inbox", b"its own")
        assert stranger.next() == ("packline/1/lyon/station/stranger/inbox", b"its own")


@pytest.mark.feature("R5")
@pytest.mark.parametrize("name", ["+", "#", "bench-1/../+"])
def test_a_name_that_mqtt_would_read_as_a_filter_opens_nothing(
    guarded: Broker, authority: Authority, tmp_path: Path, name: str
) -> None:
    certificate = authority.issue("odd", common_name=name)
    with Client(guarded, "x", authority, certificate=certificate) as odd:
        assert odd.publish(f"{OWN}/fact") == "Not authorized"


@pytest.mark.feature("R5")
def test_a_last_will_in_anothers_name_is_not_said(guarded: Broker, authority: Authority) -> None:
    with Client(guarded, "c", authority, "central") as central:
        central.subscribe("packline/1/#")
        # The broker says one will after the other: what it said of the first comes before the second.
        for topic in (f"{OTHER}/state", f"{OWN}/inbox", f"{OWN}/state"):
            with Client(guarded, "s", authority, "bench-1", last_will=(topic, b"gone")) as station:
                station.vanish()
        assert central.next() == (f"{OWN}/state", b"gone")


@pytest.mark.feature("R5")
def test_neither_shared_nor_system_topics_bring_a_station_what_is_not_its_own(
    guarded: Broker, authority: Authority
) -> None:
    with (
        Client(guarded, "c", authority, "central") as central,
        Client(guarded, "s", authority, "bench-1") as station,
    ):
        for filter_ in ("$SYS/#", "$share/mine/packline/1/#", "$share/mine/packline/1/+/station/+/inbox"):
            station.subscribe(filter_)
        for topic in (f"{OTHER}/inbox", f"{OTHER}/fact", "packline/1/lyon/news/order/1001", f"{OWN}/inbox"):
            assert central.publish(topic, topic.encode()) == "Success"
        assert station.next() == (f"{OWN}/inbox", f"{OWN}/inbox".encode())
        assert station.next() == (f"{OWN}/inbox", f"{OWN}/inbox".encode())
        assert station.received.empty()
