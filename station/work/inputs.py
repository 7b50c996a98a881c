"""Everything that can happen to a bench: one closed union.

`at` is the moment in milliseconds since the epoch; the core has no clock of its own.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from contract.keys import JobId
from contract.messages import WorkRefused
from contract.values import Box, CountTask, DueDelivery, Job, Person, SsccRange
from station.devices.ports import DeviceStatus, Reading


class Input(Struct, frozen=True, tag=True):
    """Base of all inputs."""

    at: int


class Scanned(Input, frozen=True):
    """A scanner, a touch or the bench panel gave a code. A touch sends the same command codes as the sheet."""

    text: str
    device: str = "scanner"


class Pressed(Input, frozen=True):
    """A button or pedal, by the command that the configuration gives it: `confirm`, `undo`, `explain` …"""

    command: str


class Typed(Input, frozen=True):
    """A quantity typed on the screen for a line (policy `scan_where_possible` or `manual`)."""

    order: str
    line: int
    """The order line's own number (`JobLine.line`)."""
    quantity: int
    """How many pieces of the line are packed now, in this parcel and in closed ones: typed twice, it counts once.
    While a missing or damaged item is asked for: how many are.
    Of a count: how many lie in the bin. Of a delivery: how many have come."""


class Weighed(Input, frozen=True):
    """The scale said something; only a stable reading is a weight."""

    reading: Reading


class JobArrived(Input, frozen=True):
    """The job that was asked for, from central or from this station's own store."""

    job: Job
    code: str = ""
    """The code that it answers; empty when that is not known."""


class CountArrived(Input, frozen=True):
    """The count that was asked for."""

    task: CountTask
    code: str
    """The code that it answers."""


class DeliveryArrived(Input, frozen=True):
    """The supplier's delivery that was asked for."""

    delivery: DueDelivery
    code: str
    """The code that it answers."""


class WorkWasRefused(Input, frozen=True):
    """Central leased nothing for the code."""

    refusal: WorkRefused


class AskFailed(Input, frozen=True):
    """No answer came in time: the network or central is away."""

    what: str
    """The class name of the ask."""
    code: str


class JobWasWithdrawn(Input, frozen=True):
    """Central takes the job back."""

    job: JobId
    fence: int
    reason: str
    text: str
    text_fr: str
    lay_here: bool = False
    """It was lent ahead, and nobody had opened it when this came."""


class SsccArrived(Input, frozen=True):
    """More serials for labels. One that the session has already changes nothing."""

    range: SsccRange


class PersonKnown(Input, frozen=True):
    """The badge belongs to somebody."""

    person: Person


class PersonUnknown(Input, frozen=True):
    """The badge belongs to nobody."""

    badge: str


class Configured(Input, frozen=True):
    """Central's settings for this bench."""

    people: tuple[Person, ...]
    boxes: tuple[Box, ...]
    version: int = 0
    """Central's number of it."""


class NoteArrived(Input, frozen=True):
    """A sentence from the office."""

    text: str
    text_fr: str = ""
    """The same in French; empty: there is `text` alone."""


class Printed(Input, frozen=True):
    """The printer has put the document on paper, as far as it can tell."""

    print_id: str
    printer: str = ""
    instead_of: str = ""
    """The printer that should have printed it and could not; empty when it did."""


class PrintFailed(Input, frozen=True):
    """The document did not come out; `reason` says why and what to do."""

    print_id: str
    reason: str
    reason_fr: str = ""


class PrintUncertain(Input, frozen=True):
    """Found `sent` after a restart or a broken line: it may have come out. The packer is asked."""

    print_id: str


PaperOutcome: TypeAlias = Printed | PrintFailed | PrintUncertain
"""What became of a paper that went to its printer."""


class PictureTaken(Input, frozen=True):
    """A camera's picture is on the disk."""

    picture: str
    """The name that `TakePicture` gave it."""
    sha256: str
    size: int
    note: str = ""
    """What is wrong with it all the same: it is dark."""
    note_fr: str = ""


class PictureMissed(Input, frozen=True):
    """The camera gave no picture."""

    picture: str
    reason: str
    reason_fr: str = ""


class DeviceChange(Input, frozen=True):
    """A device came, went or fell ill."""

    status: DeviceStatus


class Ticked(Input, frozen=True):
    """Time passed; comes once a second while a session lasts."""


AnyInput: TypeAlias = (
    Scanned
    | Pressed
    | Typed
    | Weighed
    | JobArrived
    | CountArrived
    | DeliveryArrived
    | WorkWasRefused
    | AskFailed
    | JobWasWithdrawn
    | SsccArrived
    | PersonKnown
    | PersonUnknown
    | Configured
    | NoteArrived
    | Printed
    | PrintFailed
    | PrintUncertain
    | PictureTaken
    | PictureMissed
    | DeviceChange
    | Ticked
)
