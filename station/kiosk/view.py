"""What the kiosk page draws, as values. The page has no logic of its own: every word and number is here.

All texts are in the packer's language already.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Tone = Literal["ready", "good", "wait", "look", "stop"]
"""Colour, shape and sound of the frame: blue band, green tick, grey turning, amber triangle, red hand."""
AskedText = Literal["", "text", "date"]
LineMark = Literal["todo", "touched", "done", "short"]


class LineView(Struct, frozen=True):
    """One line of an order, or of a count or a delivery: then `order` is empty.

    `touched` is the line that the last scan changed; done lines come last.
    """

    order: str
    line: int
    sku: str
    name: str
    picture: str
    """File name under `/pictures/`; empty when there is none."""
    packed: int
    """In this parcel and in closed ones."""
    quantity: int
    """0: as many as there are."""
    short: int
    mark: LineMark
    may_type: bool
    """The page may offer to type a quantity (policy)."""
    fragile: bool = False
    touch_code: str = ""
    """Sent as a scan when the line is touched; empty when a touch means nothing now."""


class WeightView(Struct, frozen=True):
    """The live weight. `grams` is None whenever it is not a number to trust; then `word` says why."""

    grams: int | None
    word: str
    """`unstable`, `overload`, `no signal` … in the packer's language; empty when stable."""
    low_g: int | None = None
    high_g: int | None = None
    """The target band; None while there is nothing to compare with."""
    full_scale_g: int = 1_000
    """Where the bar ends."""


class PhotoView(Struct, frozen=True):
    """The picture of the open box. `name` is its file under `/photos/`, empty while there is none; then `word` says
    why."""

    name: str
    word: str = ""


class ActionView(Struct, frozen=True):
    """One touch button: sends `code` exactly as a scan would."""

    code: str
    label: str
    dangerous: bool = False
    """The core asks for it a second time."""
    primary: bool = False


class DeviceView(Struct, frozen=True):
    """One mark in the quiet corner."""

    kind: str
    name: str
    health: str
    detail: str
    can_calibrate: bool = False
    """The page may offer to find out how this scanner is set."""


class Screen(Struct, frozen=True):
    """The whole page."""

    tone: Tone
    sentence: str
    """What to do next, in the largest type."""
    why: str = ""
    """What is wrong and the way out; empty when nothing is."""
    note: str = ""
    """Instruction, gift note or office message to be read now."""
    title: str = ""
    """The order numbers and the consignee's place."""
    lines: tuple[LineView, ...] = ()
    parcel: int = 0
    """Which parcel of the job this is; 0 without a job."""
    weight: WeightView | None = None
    actions: tuple[ActionView, ...] = ()
    packer: str = ""
    language: str = "fr"
    flash: int = 0
    """Grows with each answer: the frame takes the tone's colour for 0.6 s and the sound plays when it changes."""
    sound: str = ""
    """A `station.devices.ports.Lamp` value: the pattern to play at this flash."""
    repeat_sound: bool = False
    """The stop sound goes on until acknowledged."""
    asks_text: AskedText = ""
    """The page offers its keyboard; what is typed is sent as a scan."""
    photo: PhotoView | None = None
    """None while no picture of this parcel was asked for."""


class TroubleView(Struct, frozen=True):
    """Something is wrong with the bench's computer."""

    kind: str
    short: str
    """A few words for the corner."""
    text: str
    """What it means, and what to do."""


class Quiet(Struct, frozen=True):
    """The corner that the bench's rim fills: it changes without the session."""

    devices: tuple[DeviceView, ...] = ()
    online: bool = False
    queued: int = 0
    at_hand: tuple[str, ...] = ()
    """Orders that are here and not opened, as they should be packed; of several in one parcel, their numbers."""
    station: str = ""
    troubles: tuple[TroubleView, ...] = ()


class Frame(Struct, frozen=True):
    """One server-sent event of the page's stream."""

    screen: Screen
    quiet: Quiet
    answered_scan: int = 0
    """Number of the scan that this frame answers, for measuring; 0 for none."""
