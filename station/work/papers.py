"""Documents on their way to paper: sent, failed, uncertain, proven. Each paper has its own name for good."""

from __future__ import annotations

from msgspec.structs import replace

from contract.messages import LabelPrinted
from station.devices.ports import DeviceStatus, Health, Kind, Lamp
from station.work.answers import Say
from station.work.effects import CancelPrint, ConfirmPrint, Print
from station.work.inputs import Printed, PrintFailed
from station.work.phases import Asking, Away, Labelling
from station.work.session import Paper, PaperRole, ParcelPaper
from station.work.turn import Turn

_ABOUT_PAPER = frozenset(
    {Say.WEIGHED, Say.PRINTING, Say.PRINTED_AGAIN, Say.LABEL_FAILED, Say.LABEL_UNCERTAIN}
    | {Say.SLIP_FAILED, Say.SLIP_UNCERTAIN}
)
"""Answers that paper coming out settles; it must not wipe a refusal off the screen."""
_MOST = 12
"""Papers without proof that are remembered; more than these nobody will ask about."""


def put(turn: Turn, role: PaperRole, document: ParcelPaper, reason: str = "", attempt: int = 1) -> str:
    """Print the document and wait for its proof; the print's name."""
    print_id = f"{role}-{document.sscc}-{document.copy}" + (f".{attempt}" if attempt > 1 else "")
    paper = Paper(print_id, role, document, reason, attempt)
    turn.update(papers=(*turn.session.papers, paper)[-_MOST:])
    turn.effects.append(Print(print_id, role, document, reason))
    return print_id


def find(turn: Turn, print_id: str) -> Paper | None:
    """The paper of this name, while it has no proof."""
    return next((paper for paper in turn.session.papers if paper.print_id == print_id), None)


def printed(turn: Turn, given: Printed) -> None:
    """The printer says that it is out; on another printer than usual, the packer is told which."""
    paper = find(turn, given.print_id)
    if paper is not None:
        _proven(turn, paper, given.printer)
        if given.instead_of:
            turn.mention(Lamp.LOOK, Say.PRINTED_ELSEWHERE, printer=given.printer, instead_of=given.instead_of)
        elif turn.session.said.say in _ABOUT_PAPER:
            turn.say(Lamp.GOOD, Say.PRINTED)


def confirm(turn: Turn, print_id: str) -> None:
    """A scan or the packer's word proves the paper."""
    paper = find(turn, print_id)
    if paper is not None:
        _proven(turn, paper)
    turn.effects.append(ConfirmPrint(print_id))


def _proven(turn: Turn, paper: Paper, printer: str = "") -> None:
    _drop(turn, paper)
    document = paper.document
    turn.record(LabelPrinted(paper.print_id, paper.role, turn.at, document.sscc, document.copy, paper.reason, printer))


def failed(turn: Turn, given: PrintFailed) -> None:
    """It did not come out: say so and wait for the printer or the packer."""
    paper = find(turn, given.print_id)
    if paper is not None and paper.state != "failed":
        _change(turn, replace(paper, state="failed", detail=given.reason, detail_fr=given.reason_fr))
        turn.say(Lamp.STOP, Say.LABEL_FAILED if paper.role == "label" else Say.SLIP_FAILED)


def uncertain(turn: Turn, print_id: str) -> None:
    """It may have come out: the packer is asked."""
    paper = find(turn, print_id)
    if paper is not None and paper.state != "uncertain":
        _change(turn, replace(paper, state="uncertain"))
        turn.say(Lamp.LOOK, Say.LABEL_UNCERTAIN if paper.role == "label" else Say.SLIP_UNCERTAIN)


def troubled(turn: Turn) -> Paper | None:
    """The first paper that needs the packer; the label before the slip."""
    return next(iter(sorted(_in_trouble(turn), key=lambda paper: paper.role)), None)


def _in_trouble(turn: Turn) -> list[Paper]:
    return [paper for paper in turn.session.papers if paper.state != "printing"]


def again(turn: Turn, paper: Paper) -> None:
    """Print what failed: it is not on paper, so the copy keeps its number."""
    _drop(turn, paper)
    print_id = put(turn, paper.role, paper.document, paper.reason, paper.attempt + 1)
    _now_called(turn, paper.print_id, print_id)
    turn.say(Lamp.WAIT, Say.PRINTING)


def _now_called(turn: Turn, old: str, new: str) -> None:
    """The open label keeps the name of its newest print, also behind a question and while the packer is away."""
    phase = turn.phase
    away = isinstance(phase, Away)
    inner = phase.before if isinstance(phase, Away) else phase
    question = inner if isinstance(inner, Asking) else None
    label = inner.before if isinstance(inner, Asking) else inner
    if isinstance(label, Labelling) and label.print_id == old:
        renamed = replace(label, print_id=new)
        before = replace(question, before=renamed) if question is not None else renamed
        turn.go(Away(before) if away else before)


def reprint(turn: Turn, paper: Paper, reason: str) -> None:
    """Print a further copy in the place of one that may or may not be somewhere: it says DUPLICATE."""
    document = paper.document
    cancel(turn, paper.print_id)
    turn.say(Lamp.WAIT, Say.PRINTED_AGAIN)
    open_one = isinstance(turn.phase, Labelling) and turn.phase.label.sscc == document.sscc
    if isinstance(turn.phase, Labelling) and open_one and paper.role in ("label", "slip"):
        further_copy(turn, turn.phase, paper.role, reason)
    else:
        put(turn, paper.role, replace(document, copy=document.copy + 1), reason)


def further_copy(turn: Turn, phase: Labelling, role: PaperRole, reason: str) -> None:
    """The open parcel's label or slip once more, with the next copy number."""
    if role == "label":
        cancel(turn, phase.print_id)
        label = replace(phase.label, copy=phase.label.copy + 1)
        # A scan that waits for the scale was of the copy that is being replaced.
        turn.go(replace(phase, label=label, print_id=put(turn, "label", label, reason), scanned=False))
    elif phase.slip is not None:
        slip = replace(phase.slip, copy=phase.slip.copy + 1)
        turn.go(replace(phase, slip=slip))
        put(turn, "slip", slip, reason)


def cancel(turn: Turn, print_id: str) -> None:
    """Do not wait for this paper any more, and do not print it if it has not begun."""
    paper = find(turn, print_id)
    if paper is not None:
        _drop(turn, paper)
        turn.effects.append(CancelPrint(print_id))


def printer_changed(turn: Turn, before: DeviceStatus | None, now: DeviceStatus) -> None:
    """A printer that is well again prints what it had refused, without a key press."""
    if now.kind is Kind.PRINTER and now.health is Health.OK and before is not None and before.health is not Health.OK:
        for paper in turn.session.papers:
            if paper.state == "failed":
                again(turn, paper)


def _change(turn: Turn, changed: Paper) -> None:
    papers = tuple(changed if paper.print_id == changed.print_id else paper for paper in turn.session.papers)
    turn.update(papers=papers)


def _drop(turn: Turn, dropped: Paper) -> None:
    turn.update(papers=tuple(paper for paper in turn.session.papers if paper.print_id != dropped.print_id))
