"""A bench that a test plays on: every step is checked to survive a restart, and its screen to be drawable."""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from contract.envelope import encode
from contract.keys import JobId, OrderId, Sku, StationId
from contract.messages import Ask, Fact, ParcelClosed
from contract.values import (
    Address,
    Box,
    Instruction,
    ItemCode,
    Job,
    JobLine,
    Person,
    Policy,
    Service,
    SsccRange,
    UnitMass,
)
from station.devices.ports import DeviceStatus, Health, Kind, Lamp, Reading, ScaleState
from station.kiosk.screen import screen_for
from station.kiosk.view import Screen
from station.work.answers import Say
from station.work.effects import AskCentral, Effect, Print, Record, Signal
from station.work.inputs import (
    AnyInput,
    Configured,
    DeviceChange,
    JobArrived,
    Pressed,
    Printed,
    Scanned,
    SsccArrived,
    Ticked,
    Typed,
    Weighed,
)
from station.work.packing import step
from station.work.session import Session, Settings, new_session, read_session

MUG, MUG_EAN = Sku("B-17"), "4006381333931"
TEA, TEA_EAN, TEA_CASE = Sku("T-2"), "5901234123457", "15901234123454"
CHEESE, CHEESE_HEAD = Sku("C-9"), "2123456"
BOLT = Sku("bolt-M6")

ANNA = Person("0001", "Anna", "packer", "en")
LEA = Person("0007", "Léa", "lead", "fr")
SMALL = Box("BOX-S", "Small box", 100, 200, 150, 100)
LARGE = Box("BOX-L", "Large box", 250, 400, 300, 250)
PLACE = Address(name="A. Martin", lines=("3 rue des Lilas",), postcode="69003", city="Lyon", country="FR")

F = TypeVar("F", bound=Fact)


def mug(quantity: int, *, line: int = 1, order: str = "A-1001", policy: Policy = "scan") -> JobLine:
    return JobLine(
        order=OrderId(order),
        line=line,
        sku=MUG,
        name="blue mug",
        quantity=quantity,
        codes=(ItemCode("0" + MUG_EAN),),
        mass=UnitMass(212_000, 2_000),
        policy=policy,
        fragile=True,
    )


def tea(quantity: int, *, line: int = 2, order: str = "A-1001", policy: Policy = "scan") -> JobLine:
    return JobLine(
        order=OrderId(order),
        line=line,
        sku=TEA,
        name="green tea",
        quantity=quantity,
        codes=(ItemCode("0" + TEA_EAN), ItemCode(TEA_CASE, quantity=6)),
        mass=UnitMass(60_000, 1_000),
        policy=policy,
    )


def job_of(*lines: JobLine, box: str = "BOX-S", instructions: tuple[Instruction, ...] = ()) -> Job:
    return Job(
        job=JobId("J-1"),
        fence=3,
        orders=tuple(dict.fromkeys(line.order for line in lines)),
        consignee=PLACE,
        sender=PLACE,
        lines=lines,
        service=Service("own", "Standard"),
        box=box,
        instructions=instructions,
        codes=("TOTE-4",),
    )


def reading(grams: int | None, at: int, state: ScaleState = ScaleState.STABLE) -> Reading:
    return Reading(state=state, grams=grams, at=at, raw=f"{grams}", device="scale", division_g=2)


class Bench:
    """One bench and everything that it did."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.session: Session = new_session(settings or Settings(station=StationId("bench-1"), language="en"))
        self.at = 1_700_000_000_000
        self.facts: list[Fact] = []
        self.effects: tuple[Effect, ...] = ()

    def give(self, given: AnyInput) -> Bench:
        before, kept = self.session, encode(self.session)
        stepped = step(before, given)
        again = step(read_session(kept), given)
        assert again.effects == stepped.effects
        assert again.session == stepped.session
        self.session, self.effects = stepped.session, stepped.effects
        self.facts += [effect.fact for effect in stepped.effects if isinstance(effect, Record)]
        for language in ("en", "fr"):
            screen = screen_for(replace(self.session, language=language), self.at)
            assert screen.sentence
            assert len({action.code for action in screen.actions}) == len(screen.actions), "no button is there twice"
        return self

    def wait(self, seconds: float = 0.5) -> Bench:
        self.at += round(seconds * 1_000)
        return self

    def scan(self, *texts: str) -> Bench:
        for text in texts:
            self.give(Scanned(self.wait().at, text))
        return self

    def press(self, command: str) -> Bench:
        return self.give(Pressed(self.wait().at, command))

    def type(self, line: JobLine, quantity: int) -> Bench:
        return self.give(Typed(self.wait().at, line.order, line.line, quantity))

    def weigh(self, grams: int | None, state: ScaleState = ScaleState.STABLE) -> Bench:
        self.wait()
        return self.give(Weighed(self.at, reading(grams, self.at, state)))

    def put_down(self, grams: int) -> Bench:
        """Lift what is there, put `grams` on: motion first, as a scale does."""
        return self.weigh(0).weigh(grams // 2, ScaleState.MOTION).weigh(grams)

    def tick(self, seconds: float = 1) -> Bench:
        return self.give(Ticked(self.wait(seconds).at))

    def device(self, kind: Kind, health: Health, detail: str = "") -> Bench:
        return self.give(DeviceChange(self.wait().at, DeviceStatus(kind.value, kind, health, detail)))

    def ready(self) -> Bench:
        """Configured, with devices, serials, an empty scale, and Anna signed in."""
        self.give(Configured(self.at, (ANNA, LEA), (SMALL, LARGE)))
        self.give(SsccArrived(self.at, SsccRange("03760123", 1, 500)))
        for kind in Kind:
            self.device(kind, Health.OK)
        return self.weigh(0).scan("BADGE-0001")

    def open(self, job: Job) -> Bench:
        self.scan(job.orders[0])
        return self.give(JobArrived(self.wait().at, job))

    def label(self) -> str:
        """What the newest label's barcode says."""
        return f"]C100{self.printed('label').document.sscc}"  # type: ignore[union-attr]

    def printed(self, role: str) -> Print:
        """The newest document of the role in the last step's effects, or that a label waits for."""
        prints = [effect for effect in self.effects if isinstance(effect, Print) and effect.role == role]
        if not prints:
            paper = [paper for paper in self.session.papers if paper.role == role][-1]
            return Print(paper.print_id, paper.role, paper.document, paper.reason)
        return prints[-1]

    def out(self, printed: Print) -> Bench:
        return self.give(Printed(self.wait().at, printed.print_id))

    @property
    def said(self) -> Say:
        return self.session.said.say

    @property
    def lamp(self) -> Lamp:
        signals = [effect.lamp for effect in self.effects if isinstance(effect, Signal)]
        assert len(signals) <= 1
        return signals[0] if signals else self.session.said.lamp

    @property
    def screen(self) -> Screen:
        return screen_for(self.session, self.at)

    @property
    def phase(self) -> str:
        return type(self.session.phase).__name__

    @property
    def asks(self) -> list[Ask]:
        return [effect.ask for effect in self.effects if isinstance(effect, AskCentral)]

    def recorded(self, kind: type[F]) -> list[F]:
        """All facts of the kind so far."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def parcels(self) -> list[ParcelClosed]:
        return self.recorded(ParcelClosed)
