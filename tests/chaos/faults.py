"""Every fault by name: where it strikes, and how it is done and undone."""

from __future__ import annotations

import random
from enum import StrEnum
from typing import Final

from tests.chaos import changes, deaths, devices_lost, outages
from tests.chaos.hands import Step
from tests.chaos.house import BROKER, CENTRAL, House
from tests.chaos.outages import Deed


class Fault(StrEnum):
    """What can go wrong."""

    KILL_STATION = "kill_station"
    KILL_CENTRAL = "kill_central"
    KILL_BROKER = "kill_broker"
    KILL_STATION_IN_COMMIT = "kill_station_in_commit"
    KILL_CENTRAL_IN_COMMIT = "kill_central_in_commit"
    KILL_AT_QUESTION = "kill_at_question"
    """While it prints, and again as the packer answers whether the paper came out."""
    BROKER_FORGETS = "broker_forgets"
    BROKER_FULL = "broker_full"
    CENTRAL_AWAY = "central_away"
    TWO_CENTRALS = "two_centrals"
    DELIVERED_AGAIN = "delivered_again"
    CUT = "cut"
    HALF_OPEN = "half_open"
    SLOW = "slow"
    TORN = "torn"
    SWAPPED = "swapped"
    CLOCK_FORWARD = "clock_forward"
    CLOCK_BACK = "clock_back"
    DISK_FULL = "disk_full"
    JOURNAL_FLIPPED = "journal_flipped"
    JOURNAL_TRUNCATED = "journal_truncated"
    STATION_REPLACED = "station_replaced"
    SAME_NAME = "same_name"
    LEASE_TAKEN_BACK = "lease_taken_back"
    PUT_DOWN = "put_down"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_EDITED = "order_edited"


DEATHS: Final = (Fault.KILL_STATION, Fault.KILL_CENTRAL, Fault.KILL_BROKER)
"""Those that strike in a boundary."""
_ANYWHERE: Final = frozenset(
    {
        Fault.CUT,
        Fault.HALF_OPEN,
        Fault.SLOW,
        Fault.TORN,
        Fault.SWAPPED,
        Fault.CLOCK_FORWARD,
        Fault.CLOCK_BACK,
        Fault.DISK_FULL,
    }
)
_CENTRALS: Final = frozenset(
    {Fault.KILL_CENTRAL, Fault.KILL_CENTRAL_IN_COMMIT, Fault.CENTRAL_AWAY, Fault.TWO_CENTRALS, Fault.BROKER_FULL}
)
_BROKERS: Final = frozenset({Fault.KILL_BROKER, Fault.BROKER_FORGETS, Fault.DELIVERED_AGAIN})


def place_of(fault: Fault, house: House, chance: random.Random) -> str:
    """Whose trouble it is."""
    if fault in _CENTRALS:
        return CENTRAL
    if fault in _BROKERS:
        return BROKER
    return chance.choice((CENTRAL, *house.stations) if fault in _ANYWHERE else house.stations)


async def strike(house: House, fault: Fault, place: str, step: Step, chance: random.Random) -> str:
    """Do it at the step and undo it. What exactly was done, for the account."""
    return await _HOW[fault](house, place, step, chance)


_HOW: Final[dict[Fault, Deed]] = {
    Fault.KILL_STATION: deaths.kill_station,
    Fault.KILL_CENTRAL: deaths.kill_central,
    Fault.KILL_BROKER: deaths.kill_broker,
    Fault.KILL_STATION_IN_COMMIT: deaths.kill_station_in_commit,
    Fault.KILL_CENTRAL_IN_COMMIT: deaths.kill_central_in_commit,
    Fault.KILL_AT_QUESTION: deaths.kill_at_question,
    Fault.BROKER_FORGETS: outages.broker_forgets,
    Fault.BROKER_FULL: outages.broker_full,
    Fault.CENTRAL_AWAY: outages.central_away,
    Fault.TWO_CENTRALS: outages.two_centrals,
    Fault.DELIVERED_AGAIN: outages.delivered_again,
    Fault.CUT: outages.wire(lambda house, name, chance: house.wires[name].cut()),
    Fault.HALF_OPEN: outages.wire(lambda house, name, chance: house.wires[name].go_deaf()),
    Fault.SLOW: outages.wire(lambda house, name, chance: house.wires[name].slow(chance.uniform(0.05, 0.8))),
    Fault.TORN: outages.wire(lambda house, name, chance: house.wires[name].tear()),
    Fault.SWAPPED: outages.wire(lambda house, name, chance: house.wires[name].swap()),
    Fault.CLOCK_FORWARD: outages.clock(1),
    Fault.CLOCK_BACK: outages.clock(-1),
    Fault.DISK_FULL: outages.disk_full,
    Fault.JOURNAL_FLIPPED: devices_lost.journal_flipped,
    Fault.JOURNAL_TRUNCATED: devices_lost.journal_truncated,
    Fault.STATION_REPLACED: devices_lost.station_replaced,
    Fault.SAME_NAME: devices_lost.same_name,
    Fault.LEASE_TAKEN_BACK: changes.lease_taken_back,
    Fault.PUT_DOWN: changes.put_down,
    Fault.ORDER_CANCELLED: changes.cancelled,
    Fault.ORDER_EDITED: changes.edited,
}
