"""The scale's own check: a weight that everybody knows, put on once a day, and what the empty platform showed since."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from contract.commands import Command
from contract.messages import ScaleChecked
from contract.values import Person
from station.devices.ports import Lamp, Reading, ScaleOrder, ScaleState
from station.work.answers import Say
from station.work.commands import Token
from station.work.effects import OrderScale
from station.work.phases import CheckingScale, Idle
from station.work.platform import fresh, orders, steady_g
from station.work.session import LastCheck, Session
from station.work.turn import Turn

_RESTS_MS = 1_000
"""How long a weight must stand still to count: a hand on the platform is steady for a moment too."""
_HOUR_MS = 3_600_000

Overdue = Literal["never", "failed", "late"]


def overdue(session: Session, at: int) -> Overdue | None:
    """Why the scale should be checked now; None where it should not, or nothing is configured."""
    rule, last = session.settings.check, session.checked
    if rule is None:
        return None
    if last is None:
        return "never"
    if not last.passed:
        return "failed"
    # Either way: a check of a clock that was years ahead would be good for years.
    return "late" if abs(at - last.at) > rule.every_h * _HOUR_MS else None


def stops_work(session: Session, at: int) -> bool:
    """Whether no order may be begun before the scale was checked."""
    rule = session.settings.check
    return rule is not None and rule.overdue == "block" and overdue(session, at) is not None


def begin(turn: Turn, packer: Person) -> None:
    """A packer wants to check the scale."""
    if turn.session.settings.check is None:
        turn.say(Lamp.LOOK, Say.NO_SCALE_CHECK)
    else:
        turn.go(CheckingScale(packer, "empty"))
        turn.say(Lamp.READY, Say.SCALE_CHECK_BEGUN)
        look(turn)


def answered(turn: Turn, phase: CheckingScale, token: Token) -> None:
    """A code during the check."""
    match token:
        case Command.CANCEL:
            turn.go(Idle(phase.packer))
            turn.say(Lamp.READY, Say.NEVER_MIND)
        case Command.ZERO if phase.step == "empty":
            zero(turn)
        case Command.CONFIRM if phase.step == "empty" and phase.seen_g is not None:
            _go_on(turn, phase, phase.seen_g)
        case _:
            turn.say(Lamp.LOOK, Say.FINISH_CHECK)


def look(turn: Turn) -> None:
    """See what the platform shows, and go on when it has stood still on what this step waits for."""
    phase, rule = turn.phase, turn.session.settings.check
    if not isinstance(phase, CheckingScale) or rule is None:
        return
    reading = fresh(turn.session, turn.at)
    if reading is None or reading.weight is None:
        if phase.seen_g is not None:
            turn.go(replace(phase, seen_g=None))
        return
    if phase.seen_g is None or abs(reading.weight - phase.seen_g) > reading.division_g:
        turn.go(replace(phase, seen_g=reading.weight, seen_at=reading.at))
    elif abs(reading.at - phase.seen_at) >= _RESTS_MS and _is_awaited(
        turn.session, phase, reading.weight, rule.weight_g
    ):
        _go_on(turn, phase, reading.weight)


def _is_awaited(session: Session, phase: CheckingScale, grams: int, weight_g: int) -> bool:
    match phase.step:
        case "empty":
            return abs(grams) < session.settings.empty_g
        case "weight":
            return grams - phase.zero_g > weight_g // 2
        case "return":
            return grams - phase.zero_g < weight_g // 2


def _go_on(turn: Turn, phase: CheckingScale, grams: int) -> None:
    match phase.step:
        case "empty":
            turn.go(CheckingScale(phase.packer, "weight", zero_g=grams))
            turn.say(Lamp.GOOD, Say.SCALE_IS_EMPTY)
        case "weight":
            turn.go(CheckingScale(phase.packer, "return", zero_g=phase.zero_g, shown_g=grams))
            turn.say(Lamp.GOOD, Say.CHECK_WEIGHT_TAKEN, grams=str(grams))
        case "return":
            _judge(turn, phase, grams)


def _judge(turn: Turn, phase: CheckingScale, return_g: int) -> None:
    rule, reading = turn.session.settings.check, turn.session.reading
    if rule is None or reading is None:
        return
    off_g = phase.shown_g - rule.weight_g
    passed = max(abs(off_g), abs(phase.zero_g), abs(return_g)) <= rule.tolerance_g
    low_g, high_g = turn.session.empty_seen or (return_g, return_g)
    turn.record(
        ScaleChecked(
            scale=reading.device,
            at=turn.at,
            badge=phase.packer.badge,
            weight_g=rule.weight_g,
            tolerance_g=rule.tolerance_g,
            zero_g=phase.zero_g,
            shown_g=phase.shown_g,
            return_g=return_g,
            empty_low_g=min(low_g, phase.zero_g, return_g),
            empty_high_g=max(high_g, phase.zero_g, return_g),
            passed=passed,
            due_at=turn.at + rule.every_h * _HOUR_MS if passed else turn.at,
        )
    )
    turn.update(checked=LastCheck(turn.at, passed), empty_seen=None)
    turn.go(Idle(phase.packer))
    numbers = {
        "off": f"{off_g:+d}",
        "zero": f"{phase.zero_g:+d}",
        "back": f"{return_g:+d}",
        "grams": str(phase.shown_g),
    }
    if passed:
        turn.say(Lamp.DONE, Say.SCALE_IS_RIGHT, **numbers)
    else:
        told = f"{reading.device} shows {phase.shown_g} g for a weight of {rule.weight_g} g"
        turn.raise_problem(
            "scale_check_failed",
            f"{told}; empty it shows {phase.zero_g} g before and {return_g} g after",
            phase.packer.badge,
        )
        turn.say(Lamp.STOP, Say.SCALE_IS_WRONG, **numbers)


def empty_platform_seen(turn: Turn, reading: Reading) -> None:
    """Keep the least and the most that the empty platform showed since the last check: its zero creeps."""
    grams = reading.weight
    if (
        grams is None
        or reading.net
        or turn.session.settings.check is None
        or abs(grams) >= turn.session.settings.empty_g
    ):
        return
    low_g, high_g = turn.session.empty_seen or (grams, grams)
    if turn.session.empty_seen is None or not low_g <= grams <= high_g:
        turn.update(empty_seen=(min(low_g, grams), max(high_g, grams)))


def zero(turn: Turn) -> None:
    """Have the empty scale show zero."""
    reading = fresh(turn.session, turn.at)
    below = reading is not None and reading.state is ScaleState.UNDERLOAD
    grams = 0 if below and _takes(turn, ScaleOrder.ZERO) else _standing_g(turn, ScaleOrder.ZERO)
    if grams is None:
        return
    if grams > 10 * turn.session.settings.empty_g:
        turn.say(Lamp.LOOK, Say.EMPTY_FIRST, grams=str(grams))
    else:
        turn.effects.append(OrderScale(ScaleOrder.ZERO))
        turn.say(Lamp.GOOD, Say.SCALE_ZEROED)


def tare(turn: Turn) -> None:
    """Have the scale take off the tray that stands on it."""
    grams = _standing_g(turn, ScaleOrder.TARE)
    if grams is not None:
        turn.effects.append(OrderScale(ScaleOrder.TARE))
        turn.say(Lamp.GOOD, Say.SCALE_TARED, grams=str(grams))


def _takes(turn: Turn, order: ScaleOrder) -> bool:
    return order in orders(turn.session)


def _standing_g(turn: Turn, order: ScaleOrder) -> int | None:
    """What stands still on a scale that takes the order; else the packer is told why it cannot be given."""
    if not _takes(turn, order):
        turn.say(Lamp.LOOK, Say.SCALE_HAS_A_KEY)
        return None
    grams = steady_g(turn.session, turn.at)
    if grams is None:
        turn.say(Lamp.LOOK, Say.SCALE_MOVES)
    return grams
