"""What can be touched in each phase: every button sends exactly what its code on the command sheet would."""

from __future__ import annotations

from collections.abc import Iterator

from contract.commands import Command, reason_code
from contract.values import Language
from station.devices.ports import ScaleOrder
from station.kiosk.situations import troubled_paper
from station.kiosk.texts import ACTIONS, BEGIN_AGAIN, NO_BIN, REASONS
from station.kiosk.view import ActionView
from station.work import phases
from station.work.commands import line_code
from station.work.counting import bins, bins_left
from station.work.leaving import untouched
from station.work.load import open_lines
from station.work.platform import orders
from station.work.questions import reasons
from station.work.receiving import missing
from station.work.scale_check import overdue
from station.work.session import Paper, Session

_DANGEROUS = frozenset({Command.DISCARD, Command.SIGN_OUT})
_MOST_BOXES = 6
_MOST_TOUCHED = 8


def actions_for(session: Session) -> tuple[ActionView, ...]:
    """The buttons of this moment, the likeliest first, each once: its code is about a paper in trouble before all."""
    first: dict[str, ActionView] = {}
    for action in _actions(session):
        first.setdefault(action.code, action)
    return tuple(first.values())


def _actions(session: Session) -> Iterator[ActionView]:
    phase, language = session.phase, session.language
    paper = troubled_paper(session)
    if paper is not None and not phases.paper_waits(phase):
        yield from _buttons(language, *_of_paper(paper, phase), primary=True)
    match phase:
        case phases.Asking():
            yield from _answers(phase, language)
        case phases.SignedOut() | phases.Away():
            yield from _buttons(language, Command.EXPLAIN, Command.LANGUAGE)
            return
        case phases.Recalled():
            yield from _buttons(language, Command.CONFIRM, primary=True)
        case phases.Idle():
            yield from _noted(session)
            yield from _buttons(language, Command.WORK)
            yield from _of_scale(session)
            yield from _buttons(language, *_if_drawer(session))
            yield from _buttons(language, Command.LEAD, Command.SIGN_OUT, dangerous=frozenset())
        case phases.CheckingScale():
            if phase.step == "empty":
                zero = (Command.ZERO,) if ScaleOrder.ZERO in orders(session) else ()
                yield from _buttons(language, Command.CONFIRM, *zero)
            yield from _buttons(language, Command.CANCEL, Command.SIGN_OUT, dangerous=frozenset())
        case phases.Counting() | phases.Receiving():
            yield from _noted(session)
            yield from _at_shelf(session, phase)
        case phases.Opening():
            yield from _buttons(language, Command.CANCEL, Command.SIGN_OUT, dangerous=frozenset())
        case _:
            yield from _noted(session)
            yield from _at_work(session, phase)
    yield from _buttons(language, Command.EXPLAIN, Command.LANGUAGE)


def _of_paper(paper: Paper, phase: phases.AnyPhase) -> tuple[Command, ...]:
    if paper.state == "uncertain":
        return (Command.YES, Command.NO)
    if isinstance(phase, phases.Instructing):
        return (Command.REPRINT,)
    return (Command.CONFIRM,) if isinstance(phase, phases.Labelling) else (Command.CONFIRM, Command.CANCEL)


def _noted(session: Session) -> Iterator[ActionView]:
    if session.notes and troubled_paper(session) is None and not isinstance(session.phase, phases.Instructing):
        yield from _buttons(session.language, Command.CONFIRM, primary=True)


def _if_drawer(session: Session) -> tuple[Command, ...]:
    return (Command.DRAWER,) if session.settings.drawer else ()


def _of_scale(session: Session) -> Iterator[ActionView]:
    """What may be done to the scale between two orders."""
    if session.settings.check is not None:
        due = overdue(session, session.active_at) is not None
        yield from _buttons(session.language, Command.CHECK_SCALE, primary=due)
    for order in orders(session):
        yield from _buttons(session.language, Command.ZERO if order is ScaleOrder.ZERO else Command.TARE)


def _answers(phase: phases.Asking, language: Language) -> Iterator[ActionView]:
    choices = reasons(phase.question, phase.before)
    for place, reason in enumerate(choices):
        yield ActionView(reason_code(place), REASONS[reason].to(language), primary=place == 0)
    match phase.question:
        case phases.Discard() | phases.Leave() | phases.Unscanned():
            yield ActionView(Command.YES, ACTIONS[Command.YES].to(language), dangerous=True)
            yield ActionView(Command.NO, ACTIONS[Command.NO].to(language), primary=True)
        case phases.Short():
            only = len(open_lines(phase.before.work)) == 1
            yield from _buttons(language, *((Command.CONFIRM,) if only else ()), Command.CANCEL)
        case phases.TakeOut() | phases.Reprint() | phases.LetPass() | phases.Origin():
            yield from _buttons(language, Command.CANCEL)


def _at_shelf(session: Session, phase: phases.AtShelf) -> Iterator[ActionView]:
    language = session.language
    match phase.question:
        case phases.Origin() | phases.Short():
            if isinstance(phase.question, phases.Short):
                for place, item in enumerate(phase.items[:_MOST_TOUCHED]):
                    yield ActionView(line_code(place), item.sku)
            yield from _buttons(language, Command.CANCEL)
        case None:
            yield from _shelf_work(session, phase)
        case question:
            dangerous = not isinstance(question, phases.NothingMore | phases.NewBin)
            yield ActionView(Command.YES, ACTIONS[Command.YES].to(language), dangerous=dangerous)
            yield ActionView(Command.NO, ACTIONS[Command.NO].to(language), primary=dangerous)
            if isinstance(question, phases.NothingMore):
                yield from _buttons(language, Command.CANCEL)


def _shelf_work(session: Session, phase: phases.AtShelf) -> Iterator[ActionView]:
    language = session.language
    if isinstance(phase, phases.Counting):
        if phase.bin is None and "" in bins_left(phase):
            yield ActionView(line_code(bins(phase).index("")), NO_BIN.to(language))
        if phase.bin is not None:
            yield from _buttons(language, Command.NEXT, primary=bool(phase.pieces))
        may_cancel = not phase.pieces and (phase.bin is not None or not phase.done)
    else:
        loose = bool(phase.pieces) and not phase.delivery.bins
        if loose or not phase.pieces:
            yield from _buttons(language, Command.NEXT, primary=loose or not missing(phase))
        yield from _buttons(language, Command.DAMAGED)
        may_cancel = not phase.pieces and not any(phase.put)
    if phase.pieces:
        yield from _buttons(language, Command.UNDO)
        yield ActionView(Command.DISCARD, BEGIN_AGAIN.to(language), dangerous=True)
    else:
        yield from _buttons(language, Command.SUSPEND)
    yield from _buttons(language, *((Command.CANCEL,) if may_cancel else ()), *_if_drawer(session))
    yield from _buttons(language, Command.LEAD, Command.SIGN_OUT)


def _at_work(session: Session, phase: phases.Working) -> Iterator[ActionView]:
    language = session.language
    match phase:
        case phases.Instructing():
            yield from _buttons(language, Command.CONFIRM, primary=True)
            yield from _buttons(language, *_if_pieces(phase, Command.UNDO), *_if_untouched(phase, Command.CANCEL))
        case phases.Packing():
            yield from _suggested(session, phase)
            closing = _if_pieces(phase, Command.NEXT)
            yield from _buttons(language, *closing, primary=not open_lines(phase.work))
            yield from _buttons(language, *_if_pieces(phase, Command.UNDO, Command.TAKE_OUT))
            yield from _buttons(language, Command.SHORT, Command.DAMAGED, *_if_untouched(phase, Command.CANCEL))
        case phases.OnScale():
            if phase.halt is not None:
                way_out = Command.CONFIRM if phase.halt.kind == "bracket" else Command.TAKE_OUT
                yield from _buttons(language, way_out, primary=True)
            yield from _boxes(session, phase)
            if phase.wrong_weight is None:
                yield from _buttons(language, Command.NEXT)
            yield from _buttons(language, *_if_pictured(session, phase))
            yield from _buttons(
                language, Command.CANCEL, Command.UNDO, Command.TAKE_OUT, Command.SHORT, Command.DAMAGED
            )
        case phases.Unnumbered():
            yield from _buttons(language, Command.CANCEL)
        case phases.Unpictured():
            yield from _buttons(language, *_if_pictured(session, phase), primary=True)
            yield from _buttons(language, Command.CANCEL)
        case phases.Labelling():
            yield from _buttons(language, Command.REPRINT, Command.CANCEL, Command.UNDO)
            yield from _buttons(language, *_if_pictured(session, phase))
    discard = _if_pieces(phase, Command.DISCARD)
    yield from _buttons(language, Command.SUSPEND, *discard, Command.LEAD, Command.SIGN_OUT)


def _if_pieces(phase: phases.Working, *commands: Command) -> tuple[Command, ...]:
    return commands if phase.work.parcel.pieces else ()


def _if_untouched(phase: phases.Working, *commands: Command) -> tuple[Command, ...]:
    return commands if untouched(phase.work) else ()


def _if_pictured(session: Session, phase: phases.Working) -> tuple[Command, ...]:
    wanted = phase.work.job.photo != "never" and session.settings.camera
    return (Command.PHOTO,) if wanted else ()


def _suggested(session: Session, phase: phases.Packing) -> Iterator[ActionView]:
    """The box that should be taken, while none was."""
    parcel = phase.work.parcel
    for box in session.boxes:
        if box.code == parcel.suggested and not parcel.box:
            yield ActionView(box.code, box.name, primary=not parcel.pieces)


def _boxes(session: Session, phase: phases.OnScale) -> Iterator[ActionView]:
    """The boxes, when the weight says that it may be another one, or none was named yet."""
    likely = {change.name for change in phase.finding if change.kind == "box"}
    if phase.wrong_weight is not None or not phase.work.parcel.box:
        others = [box for box in session.boxes if box.code != phase.work.parcel.box]
        for box in sorted(others, key=lambda box: box.code not in likely)[:_MOST_BOXES]:
            yield ActionView(box.code, box.name, primary=box.code in likely)


def _buttons(
    language: Language, *commands: Command, primary: bool = False, dangerous: frozenset[Command] = _DANGEROUS
) -> Iterator[ActionView]:
    for command in commands:
        yield ActionView(command.value, ACTIONS[command].to(language), command in dangerous, primary)
