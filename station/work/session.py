"""A bench's session: everything that a restart must find again, as one frozen value."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from contract.envelope import Reader
from contract.keys import StationId
from contract.papers import PackingSlip
from contract.values import Box, Language, Person
from labels.documents import LogisticLabel, ReturnForm, ReturnLabel
from station.devices.ports import DeviceStatus, Reading
from station.work import phases
from station.work.answers import Said
from station.work.effects import Effect
from station.work.serials import Lease
from station.work.weighing import Strictness


class CheckRule(Struct, frozen=True):
    """How the scale is checked, and what follows when it was not."""

    weight_g: int
    tolerance_g: int
    every_h: int = 24
    overdue: Literal["warn", "block"] = "warn"


class LastCheck(Struct, frozen=True):
    """How the newest check of the scale ended."""

    at: int
    passed: bool


class Settings(Struct, frozen=True):
    """What the rim gives at the start, from the station's configuration."""

    station: StationId = StationId("")
    language: Language = "fr"
    """Shown while nobody is signed in."""
    idle_sign_out_s: int = 600
    """0: never."""
    has_slip_printer: bool = False
    """A packing slip is printed with each parcel."""
    has_form_printer: bool = False
    """A return form is printed with each parcel of a job that asks for one."""
    require_scale: bool = True
    """False on a bench without a scale: its parcels pass unweighed, as overrides."""
    strictness: Strictness = Strictness()
    empty_g: int = 5
    """A platform with less than this is empty."""
    same_parcel_g: int = 10
    """How far the weight may be from the accepted one when the label is scanned: the label and tape weigh too."""
    settle_ms: int = 4_000
    """A wrong weight that has not moved since the last scan is judged only after this long."""
    fresh_ms: int = 3_000
    """An older reading is no weight: the scale must go on talking."""
    sscc_low: int = 20
    sscc_lease: int = 100
    """With fewer serials than `sscc_low` the station asks for `sscc_lease` more."""
    check: CheckRule | None = None
    """None: nobody checks the scale."""
    drawer: str = ""
    """The device that opens the drawer; empty on a bench without one."""
    camera: str = ""
    """The device that takes pictures of open boxes; empty on a bench without one."""


PaperRole = Literal["label", "slip", "return_label", "return_form"]
ParcelPaper = LogisticLabel | PackingSlip | ReturnLabel | ReturnForm


class Paper(Struct, frozen=True):
    """A document that was sent to a printer and is not proven to be on paper yet."""

    print_id: str
    role: PaperRole
    document: ParcelPaper
    reason: str = ""
    attempt: int = 1
    state: Literal["printing", "failed", "uncertain"] = "printing"
    detail: str = ""
    """Why it failed, for the packer."""
    detail_fr: str = ""


class Session(Struct, frozen=True):
    """The whole state of a bench. Stored after each step; the screen is drawn from it alone."""

    settings: Settings = Settings()
    phase: phases.AnyPhase = phases.SignedOut()
    language: Language = "fr"
    said: Said = Said()
    """The last answer."""
    flash: int = 0
    """Grows with each answer."""
    people: tuple[Person, ...] = ()
    boxes: tuple[Box, ...] = ()
    configured: int = 0
    """Central's number of who may work here and of the boxes; 0: not told yet."""
    leases: tuple[Lease, ...] = ()
    sscc_asked_at: int | None = None
    papers: tuple[Paper, ...] = ()
    bound: tuple[str, ...] = ()
    """SSCCs of the last parcels that were closed here."""
    notes: tuple[str, ...] = ()
    """Sentences from the office, until each is confirmed."""
    badge_asked: str = ""
    active_at: int = 0
    """When a person last did something."""
    devices: tuple[DeviceStatus, ...] = ()
    reading: Reading | None = None
    """The newest word of the scale."""
    left_on_scale_g: int | None = None
    """What lay on the platform before this parcel and has not moved since; None once it moved."""
    checked: LastCheck | None = None
    """The newest check of the scale."""
    empty_seen: tuple[int, int] | None = None
    """The least and the most grams that the empty platform showed since then."""


class Step(Struct, frozen=True):
    """The session after an input, and what is to be done about it, in order."""

    session: Session
    effects: tuple[Effect, ...] = ()


read_session: Reader[Session] = Reader(Session, "session", limit=64 * 1024 * 1024)
"""The session from its JSON (`contract.envelope.encode`); raises `Unreadable`."""


def new_session(settings: Settings) -> Session:
    """A bench that nobody has used yet."""
    return Session(settings=settings, language=settings.language)


def configured(session: Session, settings: Settings) -> Session:
    """A restored session under the settings of today's configuration."""
    return session if session.settings == settings else replace(session, settings=settings)


def must_be_kept(before: Session, after: Session) -> bool:
    """Whether a restart would miss something: anything but the scale's and the devices' latest word."""
    if before is after:
        return False
    return replace(before, reading=after.reading, devices=after.devices) != after
