"""What the station asks of its devices. A driver is one class that keeps one of these ports.

A driver opens in `__aenter__`, raises `DeviceFault` when the device is gone or cannot be used,
and never lives again after that: its `Keeper` makes the next one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Protocol, Self

from msgspec import Struct


class DeviceFault(Exception):
    """The device is gone, refused or broke its protocol; the text says what to do, for a technician."""

    def __init__(self, text: str, text_fr: str = "") -> None:
        super().__init__(text)
        self.text_fr = text_fr
        """The same for a packer who reads French; empty when only a technician can mend it."""


class DocumentRefused(DeviceFault):
    """The printer took nothing of the document: surely none of it is on paper."""


class PictureFailed(DeviceFault):
    """The camera is there and gave no picture that can be kept; the next one may be good."""


class Kind(StrEnum):
    """What a device is to the bench."""

    SCANNER = "scanner"
    SCALE = "scale"
    PRINTER = "printer"
    SIGNALS = "signals"
    CAMERA = "camera"


class Health(StrEnum):
    """How the keeper sees a device."""

    STARTING = "starting"
    OK = "ok"
    SILENT = "silent"
    """Open, but nothing came for longer than its protocol allows."""
    BAD = "bad"
    """Answers, and says that something is wrong (no paper, overload)."""
    LOST = "lost"


class ScaleOrder(StrEnum):
    """What a scale can be told to do."""

    ZERO = "zero"
    """What is on the platform now weighs nothing, and no tare is taken off."""
    TARE = "tare"
    """What is on the platform now, a tray, is taken off every weight."""


class DeviceStatus(Struct, frozen=True):
    """The state of one device as the screen, the log and central see it."""

    name: str
    kind: Kind
    health: Health
    detail: str = ""
    """One plain sentence: what is wrong and what to do. Empty when all is well."""
    detail_fr: str = ""
    """The same in French; empty where only `detail` exists."""
    orders: tuple[ScaleOrder, ...] = ()
    """What a scale does when it is told, as far as it could be asked."""


class ScannedText(Struct, frozen=True):
    """One scan as the scanner sent it: GS kept, AIM prefix kept, terminator removed."""

    text: str
    device: str
    at: int
    """Milliseconds since the epoch."""


class Garbled(Struct, frozen=True):
    """Bytes or keys came that are no scan; they were refused, and `reason` says why."""

    reason: str
    reason_fr: str
    device: str
    at: int
    """Milliseconds since the epoch."""


class ScaleState(StrEnum):
    """What a scale says of its platform. Only `STABLE` is a weight."""

    STABLE = "stable"
    MOTION = "motion"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    """Below zero: something was on the scale when it was zeroed."""
    FAULT = "fault"


class Reading(Struct, frozen=True):
    """One thing a scale said.

    `grams` is None unless the scale gave a number; a number is a weight only in state `STABLE`.
    """

    state: ScaleState
    grams: int | None
    at: int
    """When its last byte arrived, milliseconds since the epoch."""
    raw: str
    """The frame as it came, escaped, for the parcel's evidence."""
    device: str = ""
    division_g: int = 1
    note: str = ""
    """What a `FAULT` is about and what to do, for a technician; empty in other states."""
    net: bool = False
    """The station had the scale take a tare off: a tray's own mass is not in `grams`."""

    @property
    def weight(self) -> int | None:
        """The mass in grams, or None when this reading is not one."""
        return self.grams if self.state is ScaleState.STABLE else None


class PaperState(StrEnum):
    """Whether a printer can print; `UNKNOWN` is an answer of its own and never shown as ok."""

    OK = "ok"
    BAD = "bad"
    UNKNOWN = "unknown"


class PrinterStatus(Struct, frozen=True):
    """What the printer said when last asked."""

    state: PaperState
    detail: str = ""
    """For the packer: "The printer is open: close its cover"."""
    queued: int = 0
    """Labels still in the printer's own buffer, where it tells."""
    detail_fr: str = ""
    given_up: int = 0
    """Documents that a print queue took since the last one was sent to it, and will not print."""


class Still(Struct, frozen=True):
    """One whole picture."""

    jpeg: bytes
    width: int
    height: int
    at: int
    """Milliseconds since the epoch."""
    note: str = ""
    """What a person would not like about it: it is dark. Empty when nothing is."""
    note_fr: str = ""


class Lamp(StrEnum):
    """The state that stack light, buzzer and screen show together."""

    READY = "ready"
    GOOD = "good"
    DONE = "done"
    WAIT = "wait"
    LOOK = "look"
    STOP = "stop"
    SIGN_IN = "sign_in"
    CALL_LEAD = "call_lead"


class Door(StrEnum):
    """What the contact at a door, lid or drawer says."""

    SHUT = "shut"
    OPEN = "open"


class Scanner(Protocol):
    """Yields scans until the device goes."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc: object) -> None: ...
    def scans(self) -> AsyncIterator[ScannedText | Garbled]:
        """Each scan once, in order, and what was refused. Raises `DeviceFault` when the device goes."""
        ...


class Scale(Protocol):
    """Yields readings until the device goes."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc: object) -> None: ...
    def readings(self) -> AsyncIterator[Reading]:
        """The newest reading each time; older unread ones are dropped. Raises `DeviceFault`."""
        ...

    @property
    def orders(self) -> tuple[ScaleOrder, ...]:
        """What it does when it is told, known once it is open."""
        ...

    def order(self, what: ScaleOrder) -> None:
        """Tell the scale, soon; the next readings show what came of it. Only what `orders` lists."""
        ...


class Printer(Protocol):
    """Takes whole documents as the bytes of its language."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc: object) -> None: ...
    async def status(self) -> PrinterStatus:
        """Ask the printer, time-boxed: no answer is `UNKNOWN`. Raises `DeviceFault` only when it is gone."""
        ...

    async def send(self, document: bytes) -> None:
        """Write every byte, or raise `DeviceFault` saying how many left (some may have reached paper)."""
        ...


class Signals(Protocol):
    """Stack light, buzzer and buttons."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc: object) -> None: ...
    def show(self, lamp: Lamp) -> None:
        """Start the light and the sound of `lamp`; returns at once."""
        ...

    def open_drawer(self) -> None:
        """Give the drawer its pulse; returns at once. Only where the configuration says that there is one."""
        ...

    def presses(self) -> AsyncIterator[str | Door]:
        """Names of buttons as they are pressed, as the configuration names them; and each move of the door."""
        ...


class Camera(Protocol):
    """Takes a picture when it is told."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc: object) -> None: ...
    async def check(self) -> None:
        """Return while the camera is there. Raises `DeviceFault`."""
        ...

    async def picture(self) -> Still:
        """Take one, time-boxed. Raises `PictureFailed`, or `DeviceFault` when the camera is gone."""
        ...
