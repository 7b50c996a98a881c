"""The corpus of the fuzzers, thrown at a running shop by its wires; then a parcel is packed as if nothing had been."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from demo.broker import Broker
from demo.children import Child
from demo.count import settled
from demo.playing import playing
from demo.robot import Robot
from demo.stand import SITE
from demo.world import STATION, World
from tests.fuzz.door import CORPUS
from tests.fuzz.doors.wires import request
from tests.support.broker import Client

_MORE_MB = 150
"""So much more memory may a process have than before: no bound of speed or size, but of what grows without end."""
_ROUNDS = 3
_MOST_LEVELS = 200
"""A broker ends the connection for a topic of more."""


_ANSWER_TO = (f"packline/1/{SITE}/station/{STATION}/inbox", "x" * 5_000, "$SYS/broker", "a\u202eb")


def _memory_mb(child: Child) -> float:
    (line,) = [each for each in Path(f"/proc/{child.pid}/status").read_text().splitlines() if each.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def _files(door: str, named: str = "*") -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / door).glob(named))]


def _over_mqtt(broker: Broker, number: int) -> int:
    """Everything that MQTT can carry, with properties as bad as they may be; how many messages."""
    sent = 0
    with Client(broker, "intruder") as intruder:
        for data in _files("inbox_of_central"):
            topic, _, payload = data.replace(b"lyon", SITE.encode()).replace(b"pack-1", b"bench-9").partition(b"\n")
            name = topic.decode("utf-8", "replace")
            if name and not set("+#\0") & set(name) and name.count("/") < _MOST_LEVELS:
                intruder.publish(name, payload.replace(b"@new", b"%d-%d" % (number, sent)), properties=_odd(sent))
                sent += 1
        # What can be read there is an order to the bench: that nobody else gives one is for the broker's rights.
        for data in _files("inbox_of_station", "broken-*"):
            intruder.publish(
                f"packline/1/{SITE}/station/{STATION}/inbox", data.partition(b"\n")[2], properties=_odd(sent)
            )
            sent += 1
    return sent


def _odd(number: int) -> Properties:
    """As bad as a broker lets them through."""
    properties = Properties(PacketTypes.PUBLISH)
    properties.ResponseTopic = _ANSWER_TO[number % len(_ANSWER_TO)]
    properties.CorrelationData = (b"", b"\0" * 60_000, b"\xff\xfe")[number % 3]
    properties.ContentType = "application/x-\u2066"
    properties.PayloadFormatIndicator = number % 2
    properties.MessageExpiryInterval = (1, 2**32 - 1)[number % 2]
    properties.UserProperty = [("station", "bench-1")] * 50
    return properties


async def _over_http(url: str, door: str) -> None:
    """Each input on a connection of its own, half of them cut as soon as they are sent."""
    place = urlsplit(url)
    for number, data in enumerate(_files(door)):
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        writer.write(request(data).replace(b"127.0.0.1:8080", place.netloc.encode()))
        if number % 2:
            writer.write_eof()
            await reader.read(65_536)
        writer.close()


@pytest.mark.feature("R4")
async def test_after_everything_that_is_bad_a_parcel_is_packed(tmp_path: Path) -> None:
    async with World(tmp_path / "shop") as world, playing(world) as table:
        robot = Robot(table)
        await robot.pack(1)
        await settled(world, table)
        children = (world.central, world.station)
        before = [_memory_mb(child) for child in children]
        pids = [child.pid for child in children]
        for number in range(_ROUNDS):
            assert await asyncio.to_thread(_over_mqtt, world.broker, number) > 40
            await _over_http(world.office_url, "http_central")
            await _over_http(world.kiosk_url, "http_kiosk")
        await robot.pack(1)
        await settled(world, table)
        async with httpx.AsyncClient(base_url=world.office_url, timeout=60) as client:
            problems = (await client.get("/problems", headers={"Accept": "text/html"})).raise_for_status().text
        after = [_memory_mb(child) for child in children]
        assert "JSON is malformed" in problems, "the office sees what was set aside"
        assert [child.pid for child in (world.central, world.station)] == pids
        assert [child.returncode for child in children] == [None, None]
        assert all(late - early < _MORE_MB for early, late in zip(before, after, strict=True)), (before, after)
