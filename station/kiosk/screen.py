"""A session as the packer sees it. Pure: the page only draws what is said here."""

from __future__ import annotations

from collections import Counter

from contract.values import Language
from station.devices.ports import Health, Kind, Lamp
from station.kiosk import shelf, texts
from station.kiosk.situations import BLOCKED, Situation, situation_of, troubled_paper
from station.kiosk.touch import actions_for
from station.kiosk.view import AskedText, LineMark, LineView, PhotoView, Screen, Tone, WeightView
from station.work import phases
from station.work.answers import Say
from station.work.commands import line_code
from station.work.load import Work, in_parcel, packed, remaining
from station.work.platform import fresh, trouble
from station.work.scales import expected_of
from station.work.session import Session
from station.work.weighing import Change

_TONES: dict[Lamp, Tone] = {
    Lamp.READY: "ready",
    Lamp.GOOD: "good",
    Lamp.DONE: "good",
    Lamp.SIGN_IN: "good",
    Lamp.WAIT: "wait",
    Lamp.LOOK: "look",
    Lamp.CALL_LEAD: "look",
    Lamp.STOP: "stop",
}
SENTENCE_CHARS = 40
"""What two lines of 72 px hold on a panel 800 px wide."""
_CODE_CHARS = 24
_ABOUT_CHECK = frozenset(
    {
        Situation.IDLE_UNCHECKED,
        Situation.UNCHECKED,
        Situation.CHECK_EMPTY,
        Situation.CHECK_WEIGHT,
        Situation.CHECK_RETURN,
    }
)
_BADGE_REFUSED = frozenset({Say.LEAD_ONLY, Say.BADGE_UNKNOWN, Say.BADGE_NOT_CHECKED})
"""Answers to a badge that was to let a blocked parcel pass."""


def screen_for(session: Session, now_ms: int) -> Screen:
    """The whole screen of this moment, in the packer's language."""
    situation = situation_of(session, now_ms)
    places = _places(session, situation)
    sentence, why = _told(session, situation, places)
    work = _work(session)
    return Screen(
        tone=_tone(session, situation),
        sentence=sentence,
        why=why,
        note=_note(session),
        title=_title(session, work),
        lines=_lines(session, work),
        parcel=work.parcel.number if work is not None else 0,
        weight=_weight(session, work, now_ms),
        actions=actions_for(session),
        packer=_packer(session),
        language=session.language,
        flash=session.flash,
        sound=session.said.lamp.value if session.flash else "",
        repeat_sound=session.said.lamp is Lamp.STOP,
        asks_text=_asks_text(session.phase),
        photo=_photo(work, session.language),
    )


def _tone(session: Session, situation: Situation) -> Tone:
    """The last answer's colour, unless the bench is blocked or waits for central."""
    if situation in BLOCKED:
        return "stop"
    if situation in (Situation.OPENING, Situation.OPENING_NEXT):
        return "wait"
    said = _TONES[session.said.lamp]
    return "wait" if situation is Situation.HANDS_OFF and said in ("ready", "good") else said


def _told(session: Session, situation: Situation, places: dict[str, str]) -> tuple[str, str]:
    """The sentence and the why."""
    language = session.language
    asked, told = texts.SITUATIONS[situation], texts.ANSWERS[session.said.say]
    args = places | {name: _cut(text, 160) for name, text in session.said.args.items()}
    sentence = asked.sentence.to(language).format_map(places)
    if told.do is not None and situation not in BLOCKED:
        sentence = told.do.to(language)
    if session.said.say is Say.EXPLAINED or (session.said.say, situation) == (Say.HALTED, Situation.NEXT_PRICE):
        why = asked.explained.to(language).format_map(places)
    elif situation in BLOCKED:
        refused = told.why.to(language).format_map(args) if session.said.say in _BADGE_REFUSED and told.why else ""
        why = refused or _blocked_why(session, situation, places)
    else:
        why = told.why.to(language).format_map(args) if told.why is not None else ""
    if len(sentence) > SENTENCE_CHARS and situation is Situation.WRONG_WEIGHT:
        why = f"{places['cause'][:1].upper()}{places['cause'][1:]}. {why}"
        sentence = places["head"]
    return sentence, why


def _blocked_why(session: Session, situation: Situation, places: dict[str, str]) -> str:
    """Why nothing goes on; a device's own word counts more than ours."""
    language = session.language
    match situation:
        case Situation.WRONG_WEIGHT:
            return f"{texts.BAND.to(language).format_map(places)} {texts.UNWEIGHABLE.to(language)}"
        case Situation.SCALE_FAULT:
            detail = _device_detail(session, Kind.SCALE)
            explained = texts.SITUATIONS[situation].explained.to(language)
            return f"{detail} {texts.UNWEIGHABLE.to(language)}" if detail else explained
        case _:
            return texts.SITUATIONS[situation].explained.to(language).format_map(places).strip()


def _photo(work: Work | None, language: Language) -> PhotoView | None:
    """The picture of the open parcel, or the word that stands in its place."""
    shot = work.parcel.shot if work is not None else None
    if shot is None:
        return None
    return PhotoView(shot.sha256, "" if shot.state == "taken" else texts.PHOTO_WORDS[shot.state].to(language))


def _asks_text(phase: phases.AnyPhase) -> AskedText:
    match phase:
        case phases.Asking(question=phases.Origin(wanted=wanted)) | (
            phases.Counting(question=phases.Origin(wanted=wanted))
            | phases.Receiving(question=phases.Origin(wanted=wanted))
        ):
            return "date" if wanted == "expiry" else "text"
        case _:
            return ""


def _places(session: Session, situation: Situation) -> dict[str, str]:
    """What the texts of this situation name."""
    rule = session.settings.check
    if rule is not None and situation in _ABOUT_CHECK:
        return {"weight": str(rule.weight_g), "tolerance": str(rule.tolerance_g), "hours": str(rule.every_h)}
    match situation, session.phase:
        case Situation.OPENING, phases.Opening(code=code):
            return {"code": _cut(code, _CODE_CHARS)}
        case Situation.WRONG_WEIGHT, phases.OnScale() as phase:
            return _weight_places(phase, session.language)
        case Situation.RECALLED, phases.Recalled(text=text, text_fr=text_fr):
            return {"text": text if session.language == "en" else text_fr}
        case Situation.STICK_LABEL, phases.Labelling(label=label):
            return {"ends": label.sscc[-6:]}
        case Situation.TAKE_BOX, phases.Packing(work=work):
            return {"box": next((b.name for b in session.boxes if b.code == work.parcel.suggested), "")}
        case _, phases.Counting() | phases.Receiving() as phase:
            return shelf.places_of_texts(session, phase)
        case _, phases.OnScale(halt=phases.Halt() as halt):
            grams = halt.weighing.grams
            return {"over": str(grams - halt.limit_g), "limit": str(halt.limit_g), "grams": str(grams)}
        case _, phases.Asking(question=phases.Origin(piece=piece), before=before):
            line = before.work.job.lines[piece.line]
            return {"item": f"{line.sku} {line.name}"}
        case Situation.NO_PHOTO, phases.Unpictured(work=work) if (shot := work.parcel.shot) is not None:
            return {"reason": shot.reason if session.language == "en" else shot.reason_fr}
        case Situation.LABEL_FAILED | Situation.SLIP_FAILED | Situation.RETURN_FAILED, _:
            return {"detail": _paper_detail(session)}
        case _:
            return {}


def _paper_detail(session: Session) -> str:
    """Why the paper did not come out: the printer's present word counts more than the one of that moment."""
    paper = troubled_paper(session)
    now = _device_detail(session, Kind.PRINTER)
    if now or paper is None:
        return now
    return paper.detail if session.language == "en" else paper.detail_fr or paper.detail


def _weight_places(phase: phases.OnScale, language: Language) -> dict[str, str]:
    weighed = phase.wrong_weight
    if weighed is None or weighed.expected_g is None or weighed.tolerance_g is None:
        return {}
    off_g = weighed.grams - weighed.expected_g
    head = texts.OVER if off_g > 0 else texts.SHORT_OF
    causes = [_cause(change, count, language) for change, count in Counter(phase.finding).items()]
    return {
        "head": head.to(language).format(grams=abs(off_g)),
        "cause": texts.AND.to(language).join(causes) or texts.CHECK_ALL.to(language),
        "low": str(weighed.expected_g - weighed.tolerance_g),
        "high": str(weighed.expected_g + weighed.tolerance_g),
        "grams": str(weighed.grams),
    }


def _cause(change: Change, count: int, language: Language) -> str:
    """One likely cause in words: "one B-17 missing", "2 B-17 missing", "is it BOX-L?"."""
    spoken = texts.ONE.to(language) if count == 1 else str(count)
    return texts.CAUSES[change.kind].to(language).format_map({"count": spoken, "name": change.name})


def _device_detail(session: Session, kind: Kind) -> str:
    """What the first ill device of the kind says of itself."""
    ill = next((d for d in session.devices if d.kind is kind and d.health is not Health.OK and d.detail), None)
    if ill is None:
        return ""
    detail = ill.detail if session.language == "en" else ill.detail_fr or ill.detail
    return detail if detail.endswith(".") else f"{detail}."


def _note(session: Session) -> str:
    phase = session.phase
    inner = phase.before if isinstance(phase, phases.Asking) else phase
    if isinstance(inner, phases.Instructing):
        return inner.instruction.text
    return session.notes[0] if session.notes and not isinstance(phase, phases.SignedOut | phases.Away) else ""


def _work(session: Session) -> Work | None:
    match session.phase:
        case (
            phases.SignedOut()
            | phases.Idle()
            | phases.Opening()
            | phases.CheckingScale()
            | phases.Counting()
            | phases.Receiving()
            | phases.Recalled()
            | phases.Away()
        ):
            return None
        case phase:
            return phase.work


def _packer(session: Session) -> str:
    match session.phase:
        case phases.SignedOut() | phases.Away():
            return ""
        case phase:
            return phase.packer.name


def _title(session: Session, work: Work | None) -> str:
    if isinstance(session.phase, phases.Counting | phases.Receiving):
        return shelf.title_of(session, session.phase)
    return f"{', '.join(work.job.orders)} · {work.job.consignee.city}" if work is not None else ""


def _lines(session: Session, work: Work | None) -> tuple[LineView, ...]:
    """What remains first, in the job's order; what is done last. The line just touched keeps its place."""
    if isinstance(session.phase, phases.Counting | phases.Receiving):
        return shelf.lines_of(session, session.phase)
    if work is None:
        return ()
    lines = [_line(session, work, place) for place in range(len(work.job.lines))]
    return tuple(sorted(lines, key=lambda line: line.mark in ("done", "short")))


def _line(session: Session, work: Work, place: int) -> LineView:
    line = work.job.lines[place]
    by_hand = line.policy != "scan"
    return LineView(
        order=line.order,
        line=line.line,
        sku=line.sku,
        name=line.name,
        picture=line.picture,
        packed=packed(work, place),
        quantity=line.quantity,
        short=work.short[place],
        mark=_mark(work, place),
        may_type=by_hand and isinstance(session.phase, phases.Packing | phases.OnScale),
        fragile=line.fragile,
        touch_code=line_code(place) if _touchable(session.phase, work, place, by_hand=by_hand) else "",
    )


def _mark(work: Work, place: int) -> LineMark:
    if place == work.touched:
        return "touched"
    if remaining(work, place):
        return "todo"
    return "short" if work.short[place] else "done"


def _touchable(phase: phases.AnyPhase, work: Work, place: int, *, by_hand: bool) -> bool:
    match phase:
        case phases.Packing() | phases.OnScale():
            return by_hand and remaining(work, place) > 0
        case phases.Asking(question=phases.TakeOut()):
            return in_parcel(work, place) > 0
        case phases.Asking(question=phases.Short(kind)):
            return remaining(work, place) > 0 or (kind == "damaged" and in_parcel(work, place) > 0)
        case _:
            return False


def _weight(session: Session, work: Work | None, now_ms: int) -> WeightView | None:
    """The live weight while it matters; beside it, what a tare takes off is told."""
    if work is None and not isinstance(session.phase, phases.CheckingScale):
        return None
    reading = fresh(session, now_ms)
    wrong = trouble(session, now_ms)
    unstable = reading is not None and reading.weight is None
    net = reading is not None and reading.net
    word = wrong or ("motion" if unstable else "net" if net else None)
    low, high = _band(session, work, division_g=reading.division_g if reading is not None else 1)
    shown = reading.weight if reading is not None and wrong is None else None
    return WeightView(
        grams=shown,
        word=texts.WEIGHT_WORDS[word].to(session.language) if word is not None else "",
        low_g=low,
        high_g=high,
        full_scale_g=_full_scale_g(max(shown or 0, high or 0)),
    )


def _band(session: Session, work: Work | None, division_g: int) -> tuple[int | None, int | None]:
    """Where the weight should be: around the expected one, or around the accepted one while its label waits."""
    phase, rule = session.phase, session.settings.check
    if isinstance(phase, phases.CheckingScale) and phase.step == "weight" and rule is not None:
        return rule.weight_g - rule.tolerance_g, rule.weight_g + rule.tolerance_g
    inner = phase.before if isinstance(phase, phases.Asking) else phase
    if isinstance(inner, phases.Labelling) and inner.weighing is not None:
        reach = max(session.settings.same_parcel_g, 2 * division_g)
        return max(0, inner.weighing.grams - reach), inner.weighing.grams + reach
    if not isinstance(inner, phases.OnScale) or work is None:
        return None, None
    expected = expected_of(session, work, division_g)
    if expected is None:
        return None, None
    return max(0, expected.grams - expected.tolerance_g), expected.grams + expected.tolerance_g


def _full_scale_g(most_g: int) -> int:
    """A round end of the bar that leaves room beyond the greatest weight shown."""
    full = 500
    while full < most_g * 5 // 4:
        full *= 2
    return full


def _cut(text: str, most: int) -> str:
    """A code or an outside text at a length that the screen can hold; our own texts are never cut."""
    return text if len(text) <= most else text[: most - 1] + "…"
