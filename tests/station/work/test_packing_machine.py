"""Everything that can happen, in any order: what must never be is never."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from contract.commands import Command
from contract.envelope import encode
from contract.keys import JobId
from contract.messages import JobOpened, WorkRefused
from contract.values import Instruction, Service, SsccRange, TraceKind
from labels.documents import LogisticLabel
from station.devices.ports import DeviceStatus, Health, Kind, ScaleState
from station.work import phases
from station.work.effects import Print, Signal
from station.work.inputs import (
    AnyInput,
    AskFailed,
    Configured,
    DeviceChange,
    JobArrived,
    JobWasWithdrawn,
    NoteArrived,
    PersonKnown,
    PersonUnknown,
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
from station.work.session import Settings
from tests.station.work.story import ANNA, LARGE, LEA, MUG_EAN, SMALL, TEA_EAN, Bench, job_of, mug, reading, tea
from tests.station.work.tally import GOODS, Tally

OTHER_CODES = [
    *("A-1001", "TOTE-4", "4006381333932", "0036000291452", "]C1ZZ", "", "]C100340123450000000017", "FLY-1"),
    *("L-7", "28.02.2029", "MAT-PAPER"),
    *("BOX-S", "BOX-L", "BOX-Q", "BADGE-0001", "BADGE-0007", "BADGE-9", "PK-DANCE"),
    *("PK-LINE-1", "PK-LINE-2", "PK-LINE-3", "PK-REASON-1", "PK-REASON-2", "PK-REASON-9"),
]
_COMMANDS = [command.value for command in Command if command is not Command.SIGN_OUT]
INSTRUCTIONS = (
    Instruction("wrap", "Wrap it"),
    Instruction("flyer", "Flyer", "insert", "parcel", code="FLY-1"),
    Instruction("cracks", "Cracks?", "condition", "item", line=1),
)


LIMITED = Service("own", "Standard", max_g=700, brackets_g=(300,), near_g=15)


class PackingMachine(RuleBasedStateMachine):
    """Plays every input at a bench and keeps books of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench(Settings(language="en", has_slip_printer=True, sscc_low=5))
        self.tally = Tally()
        self.prints: list[str] = []
        self.last: AnyInput | None = None
        self.fence = 3
        self.serial = 1

    @initialize()
    def begin(self) -> None:
        self.give(Configured(self.bench.at, (ANNA, LEA), (SMALL, LARGE)))
        self.scan("BADGE-0001")

    @property
    def phase(self) -> phases.AnyPhase:
        return self.bench.session.phase

    def give(self, given: AnyInput) -> None:
        before, known = self.phase, len(self.bench.facts)
        self.bench.give(given)
        self.last = given
        new_facts = self.bench.facts[known:]
        if isinstance(given, JobArrived) and any(isinstance(fact, JobOpened) for fact in new_facts):
            assert isinstance(before, phases.Opening)
            counted = not isinstance(self.phase, phases.Idle) and bool(self._pieces())
            self.tally.opened(given.job, before.scanned, counted)
            self.tally.scanned[before.scanned] += 1
        self.tally.heard(given, before, self.phase, self.bench.said)
        for effect in self.bench.effects:
            if isinstance(effect, Print):
                assert effect.print_id not in self.prints
                self.prints.append(effect.print_id)
                if isinstance(effect.document, LogisticLabel):
                    self.tally.labels[effect.document.sscc] = effect.document
        for fact in new_facts:
            self.tally.check(fact)

    def _pieces(self) -> tuple[object, ...]:
        match self.phase:
            case phases.Packing(work=work) | phases.OnScale(work=work) | phases.Labelling(work=work):
                return work.parcel.pieces
            case phases.Unnumbered(work=work) | phases.Instructing(work=work):
                return work.parcel.pieces
            case _:
                return ()

    # --- what must hold ---------------------------------------------------------------------------------------

    @invariant()
    def never_more_than_ordered(self) -> None:
        for sku, quantity in (self.tally.closed + self.tally.short + self.tally.in_hand).items():
            assert quantity <= self.tally.ordered[sku]

    @invariant()
    def the_session_stays_small(self) -> None:
        assert len(encode(self.bench.session)) < 40_000

    @invariant()
    def an_answer_is_one_light(self) -> None:
        assert sum(isinstance(effect, Signal) for effect in self.bench.effects) <= 1

    # --- everything that can happen -----------------------------------------------------------------------------

    @rule(text=st.sampled_from([*GOODS, *GOODS, *OTHER_CODES, *_COMMANDS]))
    def scan(self, text: str) -> None:
        self.give(Scanned(self.bench.wait().at, text))

    @precondition(lambda self: not isinstance(self.phase, phases.SignedOut | phases.Away))
    @rule(text=st.text(max_size=30))
    def scan_rubbish(self, text: str) -> None:
        self.give(Scanned(self.bench.wait().at, text))

    @precondition(lambda self: not isinstance(self.phase, phases.SignedOut | phases.Away))
    @rule(command=st.sampled_from(["confirm", "undo", "next", "explain", "cancel", "what"]))
    def press(self, command: str) -> None:
        self.give(Pressed(self.bench.wait().at, command))

    @precondition(lambda self: self.tally.labels)
    @rule(data=st.data(), newest=st.booleans())
    def scan_a_label(self, data: st.DataObject, newest: bool) -> None:
        labels = list(self.tally.labels)
        sscc = labels[-1] if newest else data.draw(st.sampled_from(labels))
        self.give(Scanned(self.bench.wait().at, f"]C100{sscc}"))

    @precondition(lambda self: not isinstance(self.phase, phases.SignedOut | phases.Away))
    @rule(line=st.integers(1, 3), quantity=st.integers(0, 8))
    def type(self, line: int, quantity: int) -> None:
        self.give(Typed(self.bench.wait().at, "A-1001", line, quantity))

    @rule(grams=st.sampled_from([0, 3, 100, 312, 500]), state=st.sampled_from(ScaleState))
    def weigh(self, grams: int, state: ScaleState) -> None:
        self.bench.wait()
        self.give(Weighed(self.bench.at, reading(grams, self.bench.at, state)))

    @precondition(lambda self: not isinstance(self.phase, phases.SignedOut | phases.Idle | phases.Away))
    @rule(box=st.sampled_from([100, 250]), off_g=st.sampled_from([0, 0, 0, 0, 2, 60, -212]), lifted=st.booleans())
    def weigh_the_parcel(self, box: int, off_g: int, lifted: bool) -> None:
        in_hand = self.tally.in_hand
        if lifted:
            self.weigh(0, ScaleState.STABLE)
        self.weigh(max(0, box + 212 * in_hand["B-17"] + 60 * in_hand["T-2"] + off_g), ScaleState.STABLE)

    @precondition(lambda self: isinstance(self.phase, phases.Opening))
    @rule(mugs=st.integers(0, 2), teas=st.integers(0, 7), by_hand=st.booleans(), told=st.booleans())
    def job_arrives(self, mugs: int, teas: int, by_hand: bool, told: bool) -> None:
        self.fence += 1
        traced: tuple[TraceKind, ...] = ("lot",) if by_hand else ()
        lines = (replace(mug(mugs), requires=traced), tea(teas, policy="manual" if by_hand else "scan"))
        job = replace(job_of(*lines, instructions=INSTRUCTIONS if told else ()), fence=self.fence, service=LIMITED)
        self.give(JobArrived(self.bench.wait().at, job))

    @precondition(lambda self: isinstance(self.phase, phases.Opening))
    @rule(refused=st.booleans(), code=st.sampled_from(["A-1001", "TOTE-4", "x"]))
    def no_job(self, refused: bool, code: str) -> None:
        at = self.bench.wait().at
        refusal = WorkRefused(code, "held", "It is held.", "Elle est retenue.")
        self.give(WorkWasRefused(at, refusal) if refused else AskFailed(at, "OpenWork", code))

    @rule(back=st.sampled_from([1, 1, 1, 0]), job=st.sampled_from(["J-1", "J-7"]))
    def withdraw(self, back: int, job: str) -> None:
        self.give(JobWasWithdrawn(self.bench.wait().at, JobId(job), self.fence - back, "edited", "It changed.", ""))

    @rule(count=st.integers(1, 8), again=st.booleans())
    def serials(self, count: int, again: bool) -> None:
        first = max(1, self.serial - count) if again else self.serial
        self.serial = max(self.serial, first + count)
        self.give(SsccArrived(self.bench.wait().at, SsccRange("03760123", first, first + count - 1)))

    @precondition(lambda self: self.prints)
    @rule(data=st.data(), outcome=st.sampled_from(["printed", "failed", "uncertain"]))
    def printer_says(self, data: st.DataObject, outcome: str) -> None:
        print_id = data.draw(st.sampled_from(self.prints[-4:]))
        at = self.bench.wait().at
        match outcome:
            case "printed":
                self.give(Printed(at, print_id))
            case "failed":
                self.give(PrintFailed(at, print_id, "No paper: load a roll."))
            case _:
                self.give(PrintUncertain(at, print_id))

    @rule(kind=st.sampled_from(Kind), health=st.sampled_from([Health.OK, Health.OK, Health.LOST, Health.BAD]))
    def device(self, kind: Kind, health: Health) -> None:
        self.give(DeviceChange(self.bench.wait().at, DeviceStatus(kind.value, kind, health, "Mend it.")))

    @rule(seconds=st.sampled_from([1, 1, 1, 1, 5, 5, 700]))
    def time_passes(self, seconds: int) -> None:
        self.give(Ticked(self.bench.wait(seconds).at))

    @rule(
        given=st.sampled_from(
            [PersonKnown(0, ANNA), PersonUnknown(0, "9"), AskFailed(0, "WhoIs", "9"), NoteArrived(0, "Hi")]
        )
    )
    def central_says(self, given: AnyInput) -> None:
        self.give(replace(given, at=self.bench.wait().at))

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_same_again(self) -> None:
        assert self.last is not None
        self.give(replace(self.last, at=self.bench.wait(0.01).at))

    # --- ways that chance alone would seldom find ---------------------------------------------------------------

    @precondition(lambda self: isinstance(self.phase, phases.SignedOut | phases.Away))
    @rule(badge=st.sampled_from(["BADGE-0001", "BADGE-0007"]))
    def sign_in(self, badge: str) -> None:
        self.scan(badge)

    @precondition(lambda self: isinstance(self.phase, phases.Idle))
    @rule(mugs=st.integers(0, 2), teas=st.integers(1, 7), by_hand=st.booleans(), told=st.booleans())
    def open_an_order(self, mugs: int, teas: int, by_hand: bool, told: bool) -> None:
        self.scan("A-1001")
        if isinstance(self.phase, phases.Opening):
            self.job_arrives(mugs, teas, by_hand=by_hand, told=told)

    @precondition(lambda self: isinstance(self.phase, phases.Instructing))
    @rule()
    def read_and_confirm(self) -> None:
        for text in ("FLY-1", "PK-CONFIRM"):
            self.scan(text)

    @precondition(lambda self: isinstance(self.phase, phases.Packing))
    @rule(whole=st.booleans())
    def pack_what_is_missing(self, whole: bool) -> None:
        tally = self.tally
        for sku, text in (("B-17", MUG_EAN), ("T-2", TEA_EAN)):
            missing = tally.ordered[sku] - tally.closed[sku] - tally.short[sku] - tally.in_hand[sku]
            for _ in range(missing if whole else min(1, missing)):
                self.scan(text)

    @precondition(lambda self: isinstance(self.phase, phases.Packing | phases.OnScale))
    @rule()
    def close_the_parcel(self) -> None:
        self.device(Kind.SCALE, Health.OK)
        self.serials(2, again=False)
        if isinstance(self.phase, phases.Packing):
            self.scan("PK-NEXT")
        self.weigh_the_parcel(100, 0, lifted=True)

    @precondition(lambda self: isinstance(self.phase, phases.Asking))
    @rule(text=st.sampled_from(["L-1", "L-2", "PK-CANCEL"]))
    def name_the_lot(self, text: str) -> None:
        self.scan(text)

    @precondition(lambda self: isinstance(self.phase, phases.Labelling))
    @rule()
    def bind_the_label(self) -> None:
        assert isinstance(self.phase, phases.Labelling)
        self.scan(f"]C100{self.phase.label.sscc}")

    @precondition(lambda self: isinstance(self.phase, phases.Packing | phases.OnScale | phases.Labelling))
    @rule(
        command=st.sampled_from(["PK-TAKEOUT", "PK-SHORT", "PK-DAMAGED", "PK-DISCARD", "PK-REPRINT", "BADGE-0007"]),
        answer=st.sampled_from([MUG_EAN, TEA_EAN, "PK-LINE-2", "PK-YES", "PK-NO", "PK-CONFIRM", "PK-REASON-4"]),
    )
    def ask_and_answer(self, command: str, answer: str) -> None:
        self.scan(command)
        self.scan(answer)


TestPackingMachine = pytest.mark.feature("P3", "P14", "R4")(PackingMachine.TestCase)
TestPackingMachine.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
