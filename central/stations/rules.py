"""What stations say of themselves: presence, people, devices. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from central.desk.books import Books
from central.packing.house import House
from central.people.rules import configuration, roster
from central.stations.machine_words import told
from central.stations.rows import StationRow
from central.tracking.rows import ProblemRow
from contract.envelope import encode
from contract.machine import MachineTrouble
from contract.messages import (
    BadgeKnown,
    BadgeUnknown,
    CompareFacts,
    Configure,
    DeviceChanged,
    FactsLacking,
    SignedIn,
    SignedOut,
    StationState,
    WhoIs,
)

_TROUBLES: Final = msgspec.json.Decoder(tuple[MachineTrouble, ...])


def heard(books: Books, house: House, station: str, state: StationState, now: int) -> None:
    """A station's state: taken down, and a station that came online or has another configuration is sent ours."""
    before = books.stations.get(station) or StationRow(station)
    row = replace(before, online=state.online, seen_at=now)
    if state.online:
        row = replace(row, version=state.version, devices=encode(state.devices).decode(), queued=state.queued)
        row = replace(row, troubles=encode(state.troubles).decode())
        _troubled(books, station, before, state, now)
        people = roster(books)
        version = configuration(people, house.boxes)
        # What it goes by may be older than what was sent last: messages may come late, and in another order.
        goes_by_another = state.configured not in (None, version)
        if not before.online or before.configured != version or goes_by_another:
            books.send(station, Configure(version, people, house.boxes))
            row = replace(row, configured=version)
    if state.online and state.restored_at not in (None, books.standing.restored_at):
        books.send(station, CompareFacts(books.standing.restored_at))
    if bool(before.online) != state.online:
        books.note(f"station/{station}", now, "online" if state.online else "offline", station=station)
    books.stations.put(row)


def _troubled(books: Books, station: str, before: StationRow, state: StationState, now: int) -> None:
    """A trouble of the station's computer that is new is a problem; each end of one is told in the timeline."""
    known = {each.kind for each in _TROUBLES.decode(before.troubles)}
    for trouble in state.troubles:
        if trouble.kind not in known:
            books.problems.append(ProblemRow("station_computer", told(trouble), now, station))
            books.note(f"station/{station}", now, "station_computer", station=station, text=told(trouble))
    if known and not state.troubles:
        books.note(f"station/{station}", now, "station_computer_well", station=station)


def signed_in(books: Books, station: str, fact: SignedIn) -> None:
    before = books.stations.get(station) or StationRow(station)
    books.stations.put(replace(before, badge=fact.badge))
    books.note(f"station/{station}", fact.at, "signed_in", station=station, by=fact.badge)


def signed_out(books: Books, station: str, fact: SignedOut) -> None:
    before = books.stations.get(station) or StationRow(station)
    books.stations.put(replace(before, badge=""))
    what = "signed_out_idle" if fact.idle else "signed_out"
    books.note(f"station/{station}", fact.at, what, station=station, by=fact.badge)


def device_changed(books: Books, station: str, fact: DeviceChanged) -> None:
    device = fact.device
    text = f"{device.name}: {device.health}{' – ' + device.detail if device.detail else ''}"
    books.note(f"station/{station}", fact.at, "device_changed", station=station, text=text)


def lacking(books: Books, station: str, messages: Sequence[str], now: int) -> FactsLacking:
    """Which of a station's facts are not booked; they must be named in `Keys.messages`."""
    missing = tuple(message for message in messages if message not in books.received)
    if missing:
        books.note(f"station/{station}", now, "facts_missing", station=station, text=str(len(missing)))
    return FactsLacking(missing)


def who_is(books: Books, ask: WhoIs) -> BadgeKnown | BadgeUnknown:
    person = books.person(ask.badge)
    return BadgeKnown(person) if person else BadgeUnknown(ask.badge)
