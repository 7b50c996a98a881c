"""What others hear of a station, when something older is heard after it."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress
from pathlib import Path

import pytest

from contract import topics
from contract.envelope import read_state
from demo.broker import Broker
from link.client import BrokerConfig, Link
from station.journal import Journal
from station.presence import Presence, will
from tests.station.played import SITE, STATION, News, played_central

_ticks = itertools.count(1_800_000_000_000)


@pytest.mark.feature("F5", "R2")
async def test_after_a_last_will_that_came_late_the_station_is_online_again(broker: Broker, tmp_path: Path) -> None:
    now_ms, news = _ticks.__next__, News()
    link = Link(
        BrokerConfig(host=broker.host, port=broker.port),
        STATION,
        subscriptions=[],
        deliver=lambda delivery: None,
        changed=lambda online: news.tell(),
    )
    async with (
        await Journal.open(tmp_path / "journal.db", SITE, STATION, now_ms) as journal,
        played_central(broker) as central,
    ):
        presence = Presence(journal, link, SITE, STATION, "1", now_ms, configured=lambda: 7, again_s=0.5)
        running = [asyncio.create_task(each) for each in (link.run(), presence.run())]
        await central.until(lambda: central.state is not None and central.state.configured == 7)
        late = will(SITE, STATION, now_ms())
        assert not read_state(late.payload).body.online
        await central.link.publish(topics.state(SITE, STATION), late.payload)
        await central.until(lambda: central.state is not None and not central.state.online)
        await central.until(lambda: central.state is not None and central.state.online)
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
