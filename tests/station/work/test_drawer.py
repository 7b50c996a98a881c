"""The drawer: who may open it, what the office learns, and what is said when there is none."""

import pytest

from contract.keys import StationId
from contract.messages import DrawerOpened
from station.devices.ports import Health, Kind, Lamp
from station.work.answers import Say
from station.work.effects import OpenDrawer
from station.work.inputs import Pressed
from station.work.session import Settings
from tests.station.work.story import Bench, job_of, mug

pytestmark = pytest.mark.feature("D11")


def bench_with(drawer: str) -> Bench:
    return Bench(Settings(station=StationId("bench-1"), language="en", drawer=drawer)).ready()


def test_a_packer_opens_it_between_orders_and_at_work_and_the_office_knows_who() -> None:
    bench = bench_with("scanner").scan("PK-DRAWER")
    assert (bench.said, bench.lamp) == (Say.DRAWER_OPENED, Lamp.GOOD)
    bench.open(job_of(mug(1))).scan("PK-DRAWER")
    assert (bench.phase, bench.said) == ("Packing", Say.DRAWER_OPENED)
    assert [(fact.drawer, fact.badge) for fact in bench.recorded(DrawerOpened)] == [("scanner", "0001")] * 2
    assert [effect for effect in bench.effects if isinstance(effect, OpenDrawer)][-1] == OpenDrawer("scanner")


def test_a_button_opens_it() -> None:
    bench = bench_with("lights").give(Pressed(0, "drawer"))
    assert bench.said is Say.DRAWER_OPENED


def test_nobody_opens_it_without_a_badge() -> None:
    bench = Bench(Settings(station=StationId("bench-1"), drawer="lights")).scan("PK-DRAWER")
    assert (bench.said, bench.recorded(DrawerOpened)) == (Say.BADGE_FIRST, [])


def test_a_bench_without_a_drawer_says_so_and_offers_no_button() -> None:
    bench = bench_with("").scan("PK-DRAWER")
    assert (bench.said, bench.recorded(DrawerOpened)) == (Say.NO_DRAWER, [])
    assert "PK-DRAWER" not in {action.code for action in bench.screen.actions}
    assert "PK-DRAWER" in {action.code for action in bench_with("lights").screen.actions}


def test_a_drawer_whose_device_is_gone_stays_shut_and_nothing_is_recorded() -> None:
    bench = bench_with("scanner").device(Kind.SCANNER, Health.LOST, "Unplugged.").scan("PK-DRAWER")
    assert (bench.said, bench.recorded(DrawerOpened)) == (Say.DRAWER_GONE, [])
