"""The packing bench: one input, one step. Pure; what each phase does is in the module that it is named after."""

from __future__ import annotations

from msgspec.structs import replace

from contract.messages import DeviceChanged, LeaseSscc
from contract.values import DeviceState, Override
from station.devices.ports import DeviceStatus, Health, Kind, Lamp
from station.work import (
    commands,
    counting,
    items,
    labelling,
    leaving,
    opening,
    papers,
    people,
    phases,
    photo,
    questions,
    receiving,
    scale_check,
    scales,
    serials,
    shelf,
)
from station.work.answers import Say
from station.work.commands import Token
from station.work.desk import token_taken
from station.work.inputs import (
    AnyInput,
    AskFailed,
    Configured,
    CountArrived,
    DeliveryArrived,
    DeviceChange,
    JobArrived,
    JobWasWithdrawn,
    NoteArrived,
    PersonKnown,
    PersonUnknown,
    PictureMissed,
    PictureTaken,
    Pressed,
    Printed,
    PrintFailed,
    PrintUncertain,
    Scanned,
    SsccArrived,
    Ticked,
    Typed,
    Weighed,
    WorkWasRefused,
)
from station.work.session import Session, Step
from station.work.turn import Turn

_ASK_AGAIN_MS = 60_000


def step(session: Session, given: AnyInput) -> Step:
    """What an input makes of a session, and what is to be done about it."""
    turn = Turn(session, given.at)
    match given:
        case Scanned(text=text):
            _by_a_person(turn, commands.read_token(text))
        case Pressed(command=command):
            _by_a_person(turn, commands.pressed(command))
        case Typed():
            _typed(turn, given)
        case Weighed(reading=reading):
            scales.platform_moves(turn, reading)
            scale_check.empty_platform_seen(turn, reading)
            _on_the_scale(turn)
        case Ticked():
            _time_passes(turn)
        case PictureTaken():
            photo.came(turn, given)
        case PictureMissed():
            photo.missed(turn, given)
        case DeviceChange(status=status):
            _device_changed(turn, status)
        case Printed():
            papers.printed(turn, given)
        case PrintFailed():
            papers.failed(turn, given)
        case PrintUncertain(print_id=print_id):
            papers.uncertain(turn, print_id)
        case _:
            _from_central(turn, given)
    _settle(turn)
    return turn.done(session)


def _time_passes(turn: Turn) -> None:
    people.idle(turn)
    if isinstance(turn.phase, phases.Opening):
        opening.given_up(turn, turn.phase)


def _by_a_person(turn: Turn, token: Token) -> None:
    turn.update(active_at=turn.at)
    token_taken(turn, token)
    _on_the_scale(turn)


def _typed(turn: Turn, given: Typed) -> None:
    turn.update(active_at=turn.at)
    match turn.phase:
        case phases.Packing() | phases.OnScale() as phase:
            items.typed(turn, phase, given)
        case phases.Asking() as phase:
            questions.typed(turn, phase, given)
        case phases.Counting() | phases.Receiving() as phase:
            shelf.typed(turn, phase, given)
        case _:
            turn.say(Lamp.LOOK, Say.NOT_NOW)


def _on_the_scale(turn: Turn) -> None:
    """A weight that is there is taken without a key press."""
    match turn.phase:
        case phases.OnScale() as phase:
            scales.look(turn, phase, labelling.number)
        case phases.Labelling() as phase:
            labelling.weight_after_scan(turn, phase)
        case phases.CheckingScale():
            scale_check.look(turn)
        case _:
            pass


def _from_central(
    turn: Turn,
    given: JobArrived
    | CountArrived
    | DeliveryArrived
    | WorkWasRefused
    | AskFailed
    | JobWasWithdrawn
    | SsccArrived
    | PersonKnown
    | PersonUnknown
    | Configured
    | NoteArrived,
) -> None:
    match given, turn.phase:
        case JobArrived(), phases.Opening() as phase:
            opening.arrived(turn, phase, given)
        case CountArrived(code=code), phases.Opening() as phase if code == phase.code:
            counting.begin(turn, phase.packer, given)
        case DeliveryArrived(code=code), phases.Opening() as phase if code == phase.code:
            receiving.begin(turn, phase.packer, given)
        case WorkWasRefused(refusal=refusal), phases.Opening() as phase:
            opening.refused(turn, phase, refusal)
        case AskFailed(what="OpenWork", code=code), phases.Opening() as phase:
            opening.unanswered(turn, phase, code)
        case AskFailed(what="WhoIs", code=badge), _:
            people.unanswered(turn, badge, Say.BADGE_NOT_CHECKED)
        case JobWasWithdrawn(), _:
            leaving.withdrawn(turn, given)
        case SsccArrived(range=new), _:
            turn.update(leases=serials.leased(turn.session.leases, new), sscc_asked_at=None)
        case PersonKnown(person=person), _:
            people.answered(turn, person)
        case PersonUnknown(badge=badge), _:
            people.unanswered(turn, badge, Say.BADGE_UNKNOWN)
        case Configured(people=named, boxes=boxes, version=version), _:
            turn.update(boxes=boxes, configured=version)
            people.listed(turn, named)
        case NoteArrived(text=text, text_fr=text_fr), _:
            turn.note(text, text_fr)
        case _:
            # An answer that nobody waits for any more: the job stays leased and opens by its code.
            pass


def _device_changed(turn: Turn, status: DeviceStatus) -> None:
    known, said = turn.session.devices, turn.session.said
    before = next((device for device in known if device.name == status.name), None)
    turn.update(devices=(*(device for device in known if device.name != status.name), status))
    if status.health is not Health.STARTING and (before is None or before.health is not status.health):
        state = DeviceState(status.name, status.kind.value, status.health.value, status.detail)
        turn.record(DeviceChanged(state, turn.at))
        if status.health is not Health.OK and _matters(turn, status):
            if status.health is Health.LOST:
                turn.mention(Lamp.LOOK, Say.DEVICE_GONE, name=status.name)
            else:
                detail = {"en": status.detail, "fr": status.detail_fr or status.detail}
                turn.mention(Lamp.LOOK, Say.DEVICE_LOST, name=status.name, **detail)
        elif said.say in (Say.DEVICE_LOST, Say.DEVICE_GONE) and said.args.get("name") == status.name:
            turn.say(Lamp.READY, Say.NOTHING)
    papers.printer_changed(turn, before, status)


def _matters(turn: Turn, status: DeviceStatus) -> bool:
    """Whether the device stands in the way of what the bench does now."""
    match status.kind:
        case Kind.SCANNER:
            return True
        case Kind.SCALE:
            return isinstance(turn.phase, phases.OnScale | phases.Labelling | phases.CheckingScale)
        case Kind.PRINTER:
            return isinstance(turn.phase, phases.Labelling) and papers.find(turn, turn.phase.print_id) is not None
        case Kind.SIGNALS | Kind.CAMERA:
            return False


def _settle(turn: Turn) -> None:
    """What follows from the state alone: a bench without a scale, serials or a picture that
    came, serials that run low."""
    phase, settings = turn.phase, turn.session.settings
    if isinstance(phase, phases.OnScale) and not settings.require_scale:
        override = Override("scale", phase.packer.badge, "bench_without_scale")
        parcel = replace(phase.work.parcel, overrides=(*phase.work.parcel.overrides, override))
        labelling.number(turn, phase.packer, replace(phase.work, parcel=parcel), None)
    elif (isinstance(phase, phases.Unnumbered) and serials.left(turn.session.leases)) or (
        isinstance(phase, phases.Unpictured) and not photo.holds(phase.work)
    ):
        labelling.number(turn, phase.packer, phase.work, phase.weighing)
    asked_at = turn.session.sscc_asked_at
    if serials.left(turn.session.leases) < settings.sscc_low and (
        asked_at is None or abs(turn.at - asked_at) >= _ASK_AGAIN_MS
    ):
        turn.update(sscc_asked_at=turn.at)
        turn.ask(LeaseSscc(settings.sscc_lease))
