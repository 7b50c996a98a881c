"""Until when an order must be packed, by the carriers' hours and the clock on the site's wall."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from central.policy.timetable import WEEKDAYS, Departures, Timetable
from link.config import BadConfig
from tests.central.test_config import TEXT, configured

pytestmark = pytest.mark.feature("O13")
PARIS = ZoneInfo("Europe/Paris")
SITE = Timetable(
    "Europe/Paris",
    holidays=frozenset({date(2026, 12, 25)}),
    usual=Departures(time(17, 0)),
    services=(
        ("express", Departures(time(16, 30))),
        ("pallet", Departures(time(11, 0), frozenset({"tue", "thu"}), transit_days=3)),
    ),
)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp() * 1000)


def on_the_wall(moment: int | None) -> str:
    assert moment is not None
    return datetime.fromtimestamp(moment / 1000, PARIS).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("service", "ready", "due"),
    [
        ("Express", "2026-11-23T09:00", "Mon 2026-11-23 16:30"),
        ("Express", "2026-11-23T16:30", "Mon 2026-11-23 16:30"),
        ("Express", "2026-11-23T16:31", "Tue 2026-11-24 16:30"),
        ("unheard of", "2026-11-23T16:31", "Mon 2026-11-23 17:00"),
        ("express", "2026-11-27T18:00", "Mon 2026-11-30 16:30"),
        ("express", "2026-12-24T18:00", "Mon 2026-12-28 16:30"),
        ("pallet", "2026-11-24T12:00", "Thu 2026-11-26 11:00"),
        # The nights when clocks change: the cut-off stays on the wall.
        ("express", "2026-03-27T18:00", "Mon 2026-03-30 16:30"),
        ("express", "2026-10-23T18:00", "Mon 2026-10-26 16:30"),
    ],
)
def test_without_a_promise_it_leaves_with_the_next_departure(service: str, ready: str, due: str) -> None:
    assert on_the_wall(SITE.due(service, None, at(ready))) == due


@pytest.mark.parametrize(
    ("service", "promised", "ready", "due"),
    [
        ("express", "2026-11-27T12:00", "2026-11-23T09:00", "Thu 2026-11-26 16:30"),
        ("express", "2026-11-29T12:00", "2026-11-23T09:00", "Thu 2026-11-26 16:30"),
        ("pallet", "2026-12-04T12:00", "2026-11-23T09:00", "Tue 2026-12-01 11:00"),
        # Promised sooner than anything leaves: with the first departure, whatever that is worth.
        ("express", "2026-11-23T12:00", "2026-11-23T09:00", "Mon 2026-11-23 16:30"),
        # Over the holiday.
        ("express", "2026-12-28T12:00", "2026-12-20T09:00", "Thu 2026-12-24 16:30"),
    ],
)
def test_a_promise_says_the_last_departure_that_keeps_it(service: str, promised: str, ready: str, due: str) -> None:
    assert on_the_wall(SITE.due(service, at(promised), at(ready))) == due


def test_what_cannot_be_packed_yet_is_due_only_by_its_promise() -> None:
    assert SITE.due("express", None, None) is None
    assert on_the_wall(SITE.due("express", at("2026-11-27T12:00"), None)) == "Thu 2026-11-26 16:30"


@settings(max_examples=150)
@example(datetime(2027, 4, 28, 2, 35), {"sat"}, time(2, 35), "UTC")
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    st.times(),
    st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_whatever_the_hours_it_is_due_at_the_first_cut_off_on_a_working_day(
    ready: datetime, days: set[str], cut_off: time, zone: str
) -> None:
    cut_off = cut_off.replace(second=0, microsecond=0, fold=0)
    site = Timetable(zone, frozenset(days), frozenset({date(2027, 5, 1)}), Departures(cut_off, frozenset(days)))
    ready_at = int(ready.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
    due = site.due("", None, ready_at)
    assert due is not None
    assert due >= ready_at
    local = datetime.fromtimestamp(due / 1000, ZoneInfo(zone))
    assert WEEKDAYS[local.weekday()] in days
    assert local.date() != date(2027, 5, 1)
    # An hour that a change of clocks leaves out is read as the one after.
    assert local.time() in (cut_off, (datetime.combine(local.date(), cut_off) + timedelta(hours=1)).time()) or (
        zone == "Australia/Lord_Howe"
    )
    # The one working day of the week before may be the holiday.
    earlier = site.due("", None, due - 86_400_000 * 15)
    assert earlier is not None
    assert earlier < due


def test_the_configuration_says_when_services_leave(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        TEXT
        + """
        [calendar]
        cut_off = "17:15"
        holidays = ["2026-12-25"]
        [[services]]
        name = "Express"
        cut_off = "16:30"
        days = ["mon", "fri"]
        transit_days = 2
        """,
    )
    timetable = config.standing.timetable
    assert timetable.zone == "Europe/Paris"
    assert timetable.departures("EXPRESS") == Departures(time(16, 30), frozenset({"mon", "fri"}), 2)
    assert timetable.departures("another").cut_off == time(17, 15)
    assert timetable.holidays == {date(2026, 12, 25)}


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ('[[services]]\nname = "X"\ncut_off = "25:00"', "cut_off"),
        ('[[services]]\nname = "X"\ndays = ["sun"]', "it would never leave"),
        ('[calendar]\nworking_days = ["lundi"]', "working_days"),
        ("[calendar]\nworking_days = []", "working_days"),
        ('[calendar]\nholidays = ["25/12/2026"]', "holidays"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_their_place(tmp_path: Path, lines: str, complaint: str) -> None:
    with pytest.raises(BadConfig, match=complaint):
        configured(tmp_path, f"{TEXT}\n{lines}\n")
