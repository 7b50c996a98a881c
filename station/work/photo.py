"""The picture of the open box: taken by itself when the box is complete, kept with the parcel, never waited for
unless the job requires it."""

from __future__ import annotations

from msgspec.structs import replace

from contract.values import Override, Person, Photo
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.effects import TakePicture
from station.work.inputs import PictureMissed, PictureTaken
from station.work.load import Shot, Work
from station.work.phases import AnyPhase, Asking, Away, Labelling, OnScale, Unpictured, Working, work_in
from station.work.turn import Turn

_NO_CAMERA = (
    "This bench has no camera: give it one in station.toml.",
    "Ce poste n'a pas de caméra : ajoutez-la dans station.toml.",
)
_LATE = ("The camera had not answered when the parcel was closed.", "La caméra n'avait pas répondu à la fermeture.")


def taken_of(turn: Turn, work: Work) -> Work:
    """The same work with its picture asked for, where the job wants one. What was taken of this parcel before is
    forgotten: the box was open since."""
    job, parcel = work.job, work.parcel
    if job.photo == "never":
        return work
    camera, number = turn.session.settings.camera, parcel.shots + 1
    if not camera:
        shot = Shot("", "missed", turn.at, reason=_NO_CAMERA[0], reason_fr=_NO_CAMERA[1])
        return replace(work, parcel=replace(parcel, shot=shot))
    shot = Shot(f"{job.job}/{job.fence}/{parcel.number}/{number}", "asked", turn.at, camera=camera)
    turn.effects.append(TakePicture(shot.name, camera))
    return replace(work, parcel=replace(parcel, shot=shot, shots=number))


def retake(turn: Turn, phase: Working) -> None:
    """The packer wants another picture of this box."""
    if phase.work.job.photo == "never":
        turn.say(Lamp.LOOK, Say.NO_PHOTO_HERE)
    elif not isinstance(phase, OnScale | Unpictured | Labelling):
        turn.say(Lamp.LOOK, Say.PHOTO_COMES)
    elif not turn.session.settings.camera:
        turn.say(Lamp.LOOK, Say.PHOTO_MISSED, en=_NO_CAMERA[0], fr=_NO_CAMERA[1])
    else:
        turn.go(replace(phase, work=_keeping(phase.work.parcel.shot, taken_of(turn, phase.work))))
        turn.say(Lamp.WAIT, Say.PHOTO_ASKED)


def _keeping(before: Shot | None, work: Work) -> Work:
    """The same work whose earlier picture counts until the new one is there: its box was not opened since."""
    shot = work.parcel.shot
    if before is None or shot is None or not before.sha256:
        return work
    kept = replace(shot, at=before.at, sha256=before.sha256, size=before.size)
    return replace(work, parcel=replace(work.parcel, shot=kept))


def came(turn: Turn, given: PictureTaken) -> None:
    """The picture is on this station's disk."""
    if (shot := _awaited(turn, given.picture)) is None:
        return
    _becomes(turn, replace(shot, state="taken", at=given.at, sha256=given.sha256, size=given.size))
    if given.note:
        turn.mention(Lamp.LOOK, Say.PHOTO_POOR, en=given.note, fr=given.note_fr)
    elif turn.session.said.say is Say.PHOTO_ASKED:
        turn.say(Lamp.GOOD, Say.PHOTO_TAKEN)


def missed(turn: Turn, given: PictureMissed) -> None:
    """There is no picture. Only a parcel that must have one is held up by it."""
    if (shot := _awaited(turn, given.picture)) is None:
        return
    en, fr = _sentence(given.reason), _sentence(given.reason_fr or given.reason)
    if shot.sha256:
        _becomes(turn, replace(shot, state="taken"))
    else:
        _becomes(turn, replace(shot, state="missed", at=given.at, reason=en, reason_fr=fr))
    lamp = Lamp.STOP if isinstance(turn.phase, Unpictured) else Lamp.LOOK
    turn.mention(lamp, Say.PHOTO_MISSED, en=en, fr=fr)


def _sentence(text: str) -> str:
    """A driver's words, as others can go on after them."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def holds(work: Work) -> bool:
    """Whether the parcel may not have its label before there is a picture of it."""
    parcel = work.parcel
    return (
        work.job.photo == "required"
        and (parcel.shot is None or not parcel.shot.sha256)
        and not any(override.kind == "photo" for override in parcel.overrides)
    )


def held(turn: Turn, phase: Unpictured) -> None:
    """Tell the packer what the parcel waits for."""
    turn.go(phase)
    shot = phase.work.parcel.shot
    if shot is not None and shot.state == "missed":
        turn.say(Lamp.STOP, Say.PHOTO_MISSED, en=shot.reason, fr=shot.reason_fr)
    else:
        turn.say(Lamp.WAIT, Say.PHOTO_ASKED)


def let_pass(work: Work, lead: Person, reason: str) -> Work:
    """The same work, whose parcel goes without a picture."""
    override = Override("photo", lead.badge, reason)
    return replace(work, parcel=replace(work.parcel, overrides=(*work.parcel.overrides, override)))


def as_told(work: Work) -> Photo | None:
    """What central is told of the closed parcel's picture; None when nobody wanted one."""
    shot = work.parcel.shot
    if shot is None:
        return None
    if shot.sha256:
        return Photo(shot.sha256, shot.at, shot.camera, shot.size)
    en, fr = (shot.reason, shot.reason_fr) if shot.state == "missed" else _LATE
    return Photo("", shot.at, shot.camera, missing=en, missing_fr=fr)


def shot_in(phase: AnyPhase) -> Shot | None:
    """The picture of the open parcel, as far as it has come."""
    work = work_in(phase)
    return work.parcel.shot if work is not None else None


def awaited_in(phase: AnyPhase) -> Shot | None:
    """The picture that this phase still waits for."""
    shot = shot_in(phase)
    return shot if shot is not None and shot.state == "asked" else None


def _awaited(turn: Turn, picture: str) -> Shot | None:
    shot = awaited_in(turn.phase)
    return shot if shot is not None and shot.name == picture else None


def _becomes(turn: Turn, shot: Shot) -> None:
    turn.go(_with_shot(turn.phase, shot))


def _with_shot(phase: AnyPhase, shot: Shot) -> AnyPhase:
    match phase:
        case Away(before=before):
            return replace(phase, before=_with_shot(before, shot))
        case Asking(before=before):
            return replace(phase, before=_with_shot(before, shot))
        case _ if (work := work_in(phase)) is not None:
            return replace(phase, work=replace(work, parcel=replace(work.parcel, shot=shot)))
        case _:
            return phase
