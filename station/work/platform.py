"""What the scale's latest word is worth: a weight, a reason why there is none, and whether the platform moved."""

from __future__ import annotations

from typing import Literal

from station.devices.ports import DeviceStatus, Health, Kind, Reading, ScaleOrder, ScaleState
from station.work.session import Session

Trouble = Literal["lost", "silent", "overload", "underload", "fault"]
"""Why the scale cannot give a weight, however long one waits."""


def fresh(session: Session, at: int) -> Reading | None:
    """The newest reading, unless the scale has gone quiet since, or the clock was set meanwhile."""
    reading = session.reading
    return reading if reading is not None and abs(at - reading.at) <= session.settings.fresh_ms else None


def steady_g(session: Session, at: int) -> int | None:
    """What stands still on the platform, in grams; None while that is not known."""
    reading = fresh(session, at)
    return reading.weight if reading is not None else None


def scale(session: Session) -> DeviceStatus | None:
    """The bench's scale, as its keeper sees it."""
    return next((device for device in session.devices if device.kind is Kind.SCALE), None)


def orders(session: Session) -> tuple[ScaleOrder, ...]:
    """What the bench's scale does when it is told."""
    device = scale(session)
    return device.orders if device is not None else ()


def trouble(session: Session, at: int) -> Trouble | None:
    """Why the scale is of no use now; None while it can weigh."""
    device = scale(session)
    if device is not None and device.health in (Health.LOST, Health.STARTING):
        return "lost"
    reading = fresh(session, at)
    if reading is None or (device is not None and device.health is Health.SILENT):
        return "silent"
    match reading.state:
        case ScaleState.OVERLOAD:
            return "overload"
        case ScaleState.UNDERLOAD:
            return "underload"
        case ScaleState.FAULT:
            return "fault"
        case ScaleState.STABLE | ScaleState.MOTION:
            return None


def near(one_g: int, other_g: int, reading: Reading) -> bool:
    """Whether two weights are the same to this scale."""
    return abs(one_g - other_g) <= max(2 * reading.division_g, 2)


def moved(was_g: int | None, reading: Reading) -> bool:
    """Whether a reading shows that what weighed `was_g` is no longer alone on the platform."""
    if was_g is None:
        return True
    return reading.grams is not None and not near(was_g, reading.grams, reading)
