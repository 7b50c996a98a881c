"""The parcel on the scale: when its weight counts, whether it is right, and what explains it when it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from msgspec.structs import replace

from contract.values import Box, Person, UnitMass, Weighing
from station.devices.ports import Lamp, Reading
from station.work.answers import Say
from station.work.limits import halted
from station.work.load import Work, in_parcel
from station.work.phases import OnScale
from station.work.platform import fresh, moved, near
from station.work.session import Session
from station.work.turn import Turn
from station.work.weighing import NO_BOX, Change, Crate, Expected, Load, expect, explain

Accept = Callable[[Turn, Person, Work, Weighing | None], None]


def expected_of(session: Session, work: Work, division_g: int) -> Expected | None:
    """What the open parcel should weigh; None when the mass of one of its products is unknown."""
    return expect(_loads(work), _box_mass(session, work), division_g, session.settings.strictness)


def _box_mass(session: Session, work: Work) -> UnitMass:
    box = _box(session, work)
    return box_mass(work, box) if box is not None else NO_BOX


def _box(session: Session, work: Work) -> Box | None:
    return next((box for box in session.boxes if box.code == work.parcel.box), None)


def box_mass(work: Work, box: Box) -> UnitMass:
    """What the box weighs: as it was learned, else as on file, where cardboard takes up 2 % of the room's moisture."""
    return work.job.box_masses.get(box.code) or UnitMass(box.tare_g * 1_000, box.tare_g * 20)


def _loads(work: Work) -> list[Load]:
    quantities: dict[str, Load] = {}
    for place, line in enumerate(work.job.lines):
        known = quantities.get(line.sku, Load(line.sku, 0, line.mass))
        quantities[line.sku] = replace(known, quantity=known.quantity + in_parcel(work, place))
    return list(quantities.values())


def look(turn: Turn, phase: OnScale, accept: Accept) -> None:
    """Take the weight if there is one: stable, fresh, of this parcel, and right or at least settled."""
    reading = fresh(turn.session, turn.at)
    if reading is None or reading.weight is None or not _is_this_parcel(turn, phase, reading, reading.weight):
        return
    expected = expected_of(turn.session, phase.work, reading.division_g)
    weighing = _weighing(reading, reading.weight, expected)
    off_g = expected.off_by(weighing.grams) if expected is not None else 0
    settled = phase.unmoved_g is None or abs(turn.at - phase.since) >= turn.session.settings.settle_ms
    if expected is not None and off_g and settled:
        _refuse(turn, phase, weighing, off_g, expected)
    elif off_g or (expected is None and not settled):
        return
    elif not stopped(turn, phase, weighing):
        accept(turn, phase.packer, phase.work, weighing)


def stopped(turn: Turn, phase: OnScale, weighing: Weighing) -> bool:
    """Whether a limit or a price bracket stands before the label; the packer is told."""
    halt = halted(weighing, phase.work.job.service, _box(turn.session, phase.work))
    if halt is None:
        return False
    turn.go(replace(phase, unmoved_g=None, wrong_weight=None, finding=(), halt=halt))
    turn.say(Lamp.LOOK if halt.kind == "bracket" else Lamp.STOP, Say.HALTED)
    return True


def _is_this_parcel(turn: Turn, phase: OnScale, reading: Reading, grams: int) -> bool:
    if grams < turn.session.settings.empty_g or turn.session.left_on_scale_g is not None:
        return False
    judged = phase.halt.weighing if phase.halt is not None else phase.wrong_weight
    return judged is None or not near(judged.grams, grams, reading)


def _weighing(reading: Reading, grams: int, expected: Expected | None) -> Weighing:
    return Weighing(
        grams=grams,
        at=reading.at,
        scale=reading.device,
        raw=reading.raw,
        expected_g=expected.grams if expected is not None else None,
        tolerance_g=expected.tolerance_g if expected is not None else None,
        division_g=reading.division_g,
    )


def _refuse(turn: Turn, phase: OnScale, weighing: Weighing, off_g: int, expected: Expected) -> None:
    session, work = turn.session, phase.work
    crates = [Crate(box.code, box_mass(work, box)) for box in session.boxes if box.code != work.parcel.box]
    finding = explain(off_g, expected.tolerance_g, _loads(work), _box_mass(session, work), crates)
    if phase.wrong_weight is None:
        turn.raise_problem("weight_mismatch", _for_the_office(off_g, finding), phase.packer.badge, work.job.job)
    turn.go(replace(phase, unmoved_g=None, wrong_weight=weighing, finding=finding, halt=None))
    turn.say(Lamp.STOP, Say.WEIGHT_WRONG)


def _for_the_office(off_g: int, finding: tuple[Change, ...]) -> str:
    causes = {"missing": "{} {} missing", "extra": "{} {} too many", "box": "packed in {1}"}
    counted = Counter(finding).items()
    told = " and ".join(causes[change.kind].format("one" if n == 1 else n, change.name) for change, n in counted)
    return f"{abs(off_g)} g {'over' if off_g > 0 else 'short'}: {told or 'no single cause fits'}"


def platform_moves(turn: Turn, reading: Reading) -> None:
    """Keep the newest reading, and forget what the platform held before once it holds something else."""
    left_g = turn.session.left_on_scale_g
    still_left = left_g is not None and not moved(left_g, reading)
    turn.update(reading=reading, left_on_scale_g=left_g if still_left else None)
    phase = turn.phase
    if isinstance(phase, OnScale) and phase.unmoved_g is not None and moved(phase.unmoved_g, reading):
        turn.go(replace(phase, unmoved_g=None))
