"""Everything that a step can want: one closed union. The bench carries them out after its commit, in order."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from contract.messages import Ask, Fact
from labels.documents import Document, Role
from station.devices.ports import Lamp, ScaleOrder


class Record(Struct, frozen=True):
    """Commit this fact to the journal, with the session, before anything is shown."""

    fact: Fact


class Print(Struct, frozen=True):
    """Put this on paper once. `print_id` names it for good: the same id again is the same paper."""

    print_id: str
    role: Role
    document: Document
    reason: str = ""
    """Why it is printed again; empty for the first copy."""


class ConfirmPrint(Struct, frozen=True):
    """The paper is there: its label was scanned, or the packer said so. Closes the print ledger's row."""

    print_id: str


class CancelPrint(Struct, frozen=True):
    """Do not print this any more, if its first byte has not left."""

    print_id: str


class Signal(Struct, frozen=True):
    """Light and sound."""

    lamp: Lamp


class AskCentral(Struct, frozen=True):
    """Ask; the answer, or `AskFailed`, comes back as an input."""

    ask: Ask


class ForgetJob(Struct, frozen=True):
    """The job is no longer this station's: drop it from the journal's leased jobs."""

    job: str


class OrderScale(Struct, frozen=True):
    """Have the scale zeroed or tared; its next readings show what came of it."""

    order: ScaleOrder


class OpenDrawer(Struct, frozen=True):
    """Give the drawer its pulse."""

    drawer: str
    """The device that opens it."""


class TakePicture(Struct, frozen=True):
    """Have the camera take a picture; `PictureTaken` or `PictureMissed` comes back as an input."""

    picture: str
    """Its name, for the answer."""
    camera: str


Effect: TypeAlias = (
    OpenDrawer
    | OrderScale
    | Record
    | Print
    | ConfirmPrint
    | CancelPrint
    | Signal
    | AskCentral
    | ForgetJob
    | TakePicture
)
