"""The bench's drawer: opened by a packer, and the office knows by whom."""

from __future__ import annotations

from contract.messages import DrawerOpened
from station.devices.ports import Health, Lamp
from station.work.answers import Say
from station.work.effects import OpenDrawer
from station.work.turn import Turn

_AWAY = (Health.STARTING, Health.LOST)


def opened_by(turn: Turn, badge: str) -> None:
    """Open it for this packer, if there is one and its device is there."""
    name = turn.session.settings.drawer
    if not name:
        turn.say(Lamp.LOOK, Say.NO_DRAWER)
    elif any(device.name == name and device.health in _AWAY for device in turn.session.devices):
        turn.say(Lamp.LOOK, Say.DRAWER_GONE, name=name)
    else:
        turn.record(DrawerOpened(name, turn.at, badge))
        turn.effects.append(OpenDrawer(name))
        turn.say(Lamp.GOOD, Say.DRAWER_OPENED)
