"""From an accepted weight to a closed parcel: number it, print its label, bind the label by its scan."""

from __future__ import annotations

from msgspec.structs import replace

from contract.keys import Sscc
from contract.messages import LabelVoided, ParcelClosed
from contract.papers import PackingSlip, SlipLine
from contract.values import Override, Person, Weighing
from labels.documents import LogisticLabel, ReturnForm, ReturnLabel
from station.devices.ports import Lamp
from station.work import papers, photo, serials
from station.work.answers import Say
from station.work.boxes import with_suggestion
from station.work.course import go_on
from station.work.load import Work, contents, in_parcel, next_parcel, open_lines, remaining, spoken_for
from station.work.phases import Labelling, Packing, Unnumbered, Unpictured
from station.work.platform import fresh, steady_g, trouble
from station.work.scales import expected_of
from station.work.turn import Turn

_BOUND = 30
"""Closed parcels whose labels are still recognised, when one is scanned once more."""


def number(turn: Turn, packer: Person, work: Work, weighing: Weighing | None) -> None:
    """Give the parcel its SSCC and print its papers; without a serial, or a picture that it must have, it waits."""
    if photo.holds(work):
        photo.held(turn, Unpictured(packer, work, weighing))
        return
    taken = serials.take(turn.session.leases)
    if taken is None:
        turn.go(Unnumbered(packer, work, weighing))
        turn.say(Lamp.STOP, Say.NO_SSCC)
        return
    sscc, leases = taken
    turn.update(leases=leases)
    label = _label(turn, work, weighing, sscc)
    slip = _slip(turn, work, sscc) if turn.session.settings.has_slip_printer else None
    print_id = papers.put(turn, "label", label)
    if slip is not None:
        papers.put(turn, "slip", slip)
    _returns(turn, work, label)
    turn.go(Labelling(packer, work, weighing, label, print_id, slip))
    turn.say(Lamp.GOOD, Say.WEIGHED)


def _label(turn: Turn, work: Work, weighing: Weighing | None, sscc: Sscc) -> LogisticLabel:
    job = work.job
    if weighing is not None:
        grams = weighing.grams
    else:
        expected = expected_of(turn.session, work, division_g=1)
        grams = expected.grams if expected is not None else 0
    return LogisticLabel(
        sscc=sscc,
        sender=job.sender,
        consignee=job.consignee,
        orders=job.orders,
        number=work.parcel.number,
        of=None if open_lines(work) else work.parcel.number,
        grams=grams,
        service=job.service.name,
        packed_at=turn.at,
        fragile=any(line.fragile and in_parcel(work, place) for place, line in enumerate(job.lines)),
    )


def _slip(turn: Turn, work: Work, sscc: Sscc) -> PackingSlip:
    job = work.job
    cancels = job.short_policy == "cancel"
    places = range(len(job.lines))
    return PackingSlip(
        sscc=sscc,
        sender=job.sender,
        consignee=job.consignee,
        orders=job.orders,
        number=work.parcel.number,
        packed=_slip_lines(work, [in_parcel(work, place) for place in places]),
        to_follow=_slip_lines(work, [remaining(work, p) + (0 if cancels else work.short[p]) for p in places]),
        cancelled=_slip_lines(work, work.short) if cancels else (),
        packed_at=turn.at,
        language=job.language,
        gift_note=next((each.text for each in job.instructions if each.kind == "gift_note"), ""),
        contact=job.contact,
    )


def _returns(turn: Turn, work: Work, label: LogisticLabel) -> None:
    """What the parcel carries for sending things back, as the job's policy wants it."""
    job = work.job
    if job.returns == "label_and_form":
        back = ReturnLabel(label.sscc, job.consignee, job.sender, job.orders, job.service.name, job.language)
        papers.put(turn, "return_label", back)
    if job.returns != "none" and turn.session.settings.has_form_printer:
        form = ReturnForm(
            sscc=label.sscc,
            shop=job.sender,
            orders=job.orders,
            lines=_slip_lines(work, [in_parcel(work, place) for place in range(len(job.lines))]),
            within_days=job.returns_within_days,
            country=job.consignee.country,
            language=job.language,
            contact=job.contact,
        )
        papers.put(turn, "return_form", form)


def _slip_lines(work: Work, quantities: list[int] | tuple[int, ...]) -> tuple[SlipLine, ...]:
    return tuple(
        SlipLine(line.sku, line.name, quantity)
        for line, quantity in zip(work.job.lines, quantities, strict=True)
        if quantity
    )


def label_scanned(turn: Turn, phase: Labelling, sscc: Sscc) -> None:
    """A label was scanned: this parcel's closes it, while it is on the scale."""
    if sscc != phase.label.sscc:
        turn.say(Lamp.STOP, Say.OTHER_LABEL, ends=sscc[-6:], wanted=phase.label.sscc[-6:])
    elif phase.weighing is None:
        close(turn, phase)
    elif trouble(turn.session, turn.at) is not None:
        turn.say(Lamp.STOP, Say.NO_SCALE)
    elif (grams := steady_g(turn.session, turn.at)) is None:
        turn.go(replace(phase, scanned=True))
        turn.say(Lamp.WAIT, Say.HANDS_OFF)
    else:
        _compare(turn, phase, phase.weighing, grams)


def weight_after_scan(turn: Turn, phase: Labelling) -> None:
    """The scale speaks while a scanned label waits for it."""
    grams = steady_g(turn.session, turn.at)
    if phase.scanned and phase.weighing is not None and grams is not None:
        _compare(turn, phase, phase.weighing, grams)


def _compare(turn: Turn, phase: Labelling, weighing: Weighing, grams: int) -> None:
    reading = fresh(turn.session, turn.at)
    division_g = reading.division_g if reading is not None else 1
    if abs(grams - weighing.grams) <= max(turn.session.settings.same_parcel_g, 2 * division_g):
        close(turn, phase)
    else:
        turn.go(replace(phase, scanned=False))
        turn.say(Lamp.STOP, Say.NOT_ON_SCALE, grams=str(weighing.grams), shown=str(grams))


def close(turn: Turn, phase: Labelling) -> None:
    """The parcel is closed: tell central all of it, and go on with the rest."""
    work, label, packer = phase.work, phase.label, phase.packer
    papers.confirm(turn, phase.print_id)
    turn.record(
        ParcelClosed(
            sscc=label.sscc,
            job=work.job.job,
            fence=work.job.fence,
            number=work.parcel.number,
            contents=contents(work),
            weighing=phase.weighing,
            badge=packer.badge,
            opened_at=work.parcel.opened_at,
            closed_at=turn.at,
            box=work.parcel.box,
            box_tare_g=_tare_g(turn, work),
            materials=work.parcel.materials,
            label_copy=label.copy,
            overrides=(*spoken_for(work), *work.parcel.overrides),
            last=not open_lines(work),
            photo=photo.as_told(work),
        )
    )
    on_scale = steady_g(turn.session, turn.at)
    weighed = phase.weighing.grams if phase.weighing is not None else None
    turn.update(
        bound=(*turn.session.bound, label.sscc)[-_BOUND:],
        left_on_scale_g=on_scale if on_scale is not None else weighed,
    )
    turn.say(Lamp.DONE, Say.PARCEL_CLOSED, number=str(work.parcel.number))
    go_on(turn, packer, with_suggestion(next_parcel(work, turn.at), turn.session.boxes))


def _tare_g(turn: Turn, work: Work) -> int:
    return next((box.tare_g for box in turn.session.boxes if box.code == work.parcel.box), 0)


def reopen(turn: Turn, phase: Labelling, reason: str) -> Packing:
    """Drop the label and have the parcel open again; its number is never used for another."""
    void(turn, phase, reason)
    opened = Packing(phase.packer, phase.work)
    turn.go(opened)
    turn.say(Lamp.LOOK, Say.LABEL_DROPPED, ends=phase.label.sscc[-6:])
    return opened


def void(turn: Turn, phase: Labelling, reason: str) -> None:
    """The label, printed or not, will not be used."""
    cancel_papers(turn, phase)
    turn.record(LabelVoided(phase.label.sscc, phase.work.job.job, turn.at, phase.packer.badge, reason))


def cancel_papers(turn: Turn, phase: Labelling) -> None:
    """Print nothing more of this parcel."""
    for paper in turn.session.papers:
        if paper.document.sscc == phase.label.sscc:
            papers.cancel(turn, paper.print_id)


def passed(turn: Turn, phase: Labelling, override: Override) -> None:
    """A lead closes the parcel without the scale's word."""
    parcel = replace(phase.work.parcel, overrides=(*phase.work.parcel.overrides, override))
    close(turn, replace(phase, work=replace(phase.work, parcel=parcel)))
