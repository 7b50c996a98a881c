"""Every topic that there is, tried by everybody who should not have it. A new topic must be decided here first."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from contract import topics
from contract.keys import OrderId, Sku, Sscc, StationId
from demo.broker import Broker
from tests.support.broker import Authority, Client

pytestmark = pytest.mark.xdist_group("topics")

SITE, OWN, OTHER = "lyon", StationId("bench-1"), StationId("bench-2")
SSCC: Final = Sscc.numbered("03401234", 1)

Right = tuple[str, str]
"""Who writes and who reads, but for central, which does both: `owner`, `reader` or `nobody`."""
RIGHTS: Final[Mapping[str, Right]] = {
    "fact": ("owner", "nobody"),
    "ask": ("owner", "nobody"),
    "state": ("owner", "nobody"),
    "progress": ("owner", "nobody"),
    "photo": ("owner", "nobody"),
    "inbox": ("nobody", "owner"),
    "news_order": ("nobody", "reader"),
    "news_parcel": ("nobody", "reader"),
    "news_stock": ("nobody", "reader"),
}
"""By the function of `contract.topics`."""
NAMES: Final[Mapping[str, Any]] = {"site": SITE, "order": OrderId("P-1"), "sscc": SSCC, "sku": Sku("MUG")}
NOT_TOPICS: Final = {"level", "from_stations", "parse_station_topic"}


def found() -> dict[str, Callable[..., str]]:
    """Every function of the module that makes a topic."""
    return {
        name: made
        for name, made in inspect.getmembers(topics, inspect.isfunction)
        if made.__module__ == topics.__name__ and not name.startswith("_") and name not in NOT_TOPICS
    }


def topic(name: str, station: StationId) -> str:
    values = {**NAMES, "station": station}
    made = found()[name]
    return made(*(values[parameter] for parameter in inspect.signature(made).parameters))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certs"))


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Broker]:
    authority.revoke(authority.issue("taken-back", common_name=OWN)[0])
    with Broker(tmp_path_factory.mktemp("broker"), "conf.d/tls.conf", authority.folder) as running:
        yield running


@pytest.mark.feature("R5")
def test_every_topic_is_decided() -> None:
    assert found().keys() == RIGHTS.keys(), "say in RIGHTS who may write and read it, and in packline.acl too"


@pytest.mark.feature("R5")
@pytest.mark.parametrize("name", RIGHTS)
@pytest.mark.parametrize("who", [OTHER, "reader"])
def test_nobody_else_writes_to_a_topic(guarded: Broker, authority: Authority, who: str, name: str) -> None:
    with (
        Client(guarded, "c", authority, "central") as central,
        Client(guarded, "x", authority, certificate=authority.issue("it", common_name=who)) as other,
    ):
        wanted = topic(name, OWN)
        central.subscribe(wanted)
        assert other.publish(wanted, b"forged", retain=True) == "Not authorized"
        assert central.publish(wanted, b"true") == "Success"
        assert central.next() == (wanted, b"true")


@pytest.mark.feature("R5")
@pytest.mark.parametrize("who", [OWN, OTHER, "reader", "stranger"])
def test_everybody_reads_only_what_is_theirs(guarded: Broker, authority: Authority, who: str) -> None:
    mark = f"{who}/inbox".encode()
    with (
        Client(guarded, "c", authority, "central") as central,
        Client(guarded, "x", authority, certificate=authority.issue("it", common_name=who)) as other,
    ):
        for station in (OWN, OTHER):
            for name in RIGHTS:
                other.subscribe(topic(name, station))
        other.subscribe("#")
        expected = set()
        for station in (OWN, OTHER):
            for name, (_, reads) in RIGHTS.items():
                assert central.publish(topic(name, station), mark) == "Success"
                if (reads == "owner" and who == station) or (reads == "reader" and who == "reader"):
                    expected.add(topic(name, station))
        # Whatever came late came before this: the broker keeps the order of one sender.
        last = topics.news_order(SITE, OrderId("last")) if who == "reader" else topics.inbox(SITE, StationId(who))
        central.publish(last, b"last")
        seen = set()
        while (message := other.next())[1] != b"last":
            seen.add(message[0])
        assert seen == expected


@pytest.mark.feature("R5")
@pytest.mark.parametrize("name", RIGHTS)
def test_the_owner_writes_what_is_its_own(guarded: Broker, authority: Authority, name: str) -> None:
    with Client(guarded, "s", authority, OWN) as station:
        may = RIGHTS[name][0] == "owner"
        assert (station.publish(topic(name, OWN)) != "Not authorized") is may


@pytest.mark.feature("R5")
@pytest.mark.parametrize("how", ["none", "foreign", "expired", "revoked"])
def test_a_certificate_that_does_not_count_opens_nothing(
    guarded: Broker, authority: Authority, tmp_path: Path, how: str
) -> None:
    match how:
        case "none":
            certificate = None
        case "expired":
            ends = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
            certificate = authority.issue("expired", common_name=OWN, ends=ends)
        case "revoked":
            certificate = (authority.folder / "taken-back.pem", authority.folder / "taken-back.key")
        case _:
            certificate = Authority(tmp_path / "foreign").issue(OWN)
    with pytest.raises(ConnectionRefusedError), Client(guarded, "x", authority, certificate=certificate):
        pass
