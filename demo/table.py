"""The packer's side of the bench: hands that do moves, and a head that keeps what the screen does not say."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

import httpx
from msgspec.structs import replace

from contract.keys import Sscc
from demo.bench import Bench
from demo.catalogue import Item
from demo.packer import Hands, Look, Move, Place, Scan, Type, is_recalled, next_move
from demo.screen import Eyes
from labels.readback import Garbled, printed
from station.kiosk.view import Frame, Screen

_CLOSES: Final = "PK-NEXT"
_BOX: Final = "BOX-"


class Table:
    """Whoever stands at the bench: the robot, or the person at the bench panel."""

    def __init__(self, bench: Bench, eyes: Eyes, kiosk_url: str, shop: Mapping[str, Item], orders: list[str]) -> None:
        self.bench = bench
        self.eyes = eyes
        self.orders = orders
        """The numbers on the papers that wait; a job's own is taken away when it opens."""
        self.shop = shop
        self.closed: list[Sscc] = []
        """Parcels that the screen has let go, in order."""
        self.changed = asyncio.Event()
        """Set, and replaced by a new one, when the screen or the bench changes."""
        self._scanned: Sscc | None = None
        self._kiosk_url = kiosk_url
        self._hands = Hands()
        self._parcel: tuple[str, int] = ("", 0)
        self._seen_label: bytes | None = None

    @property
    def hands(self) -> Hands:
        """What they hold now."""
        self._take_label()
        return replace(self._hands, on_scale_g=self.bench.scale.grams)

    @property
    def next(self) -> Move:
        """The next right thing to do."""
        if self.eyes.frame is None:
            return Look("wait for the screen")
        return next_move(self.eyes.screen, self.hands, self.shop, self.orders)

    def saw(self, frame: Frame) -> None:
        """Notice when a parcel begins: what is packed already lies in closed ones."""
        self.note()
        screen = frame.screen
        parcel = (screen.title, screen.parcel)
        # A screen without a packer (signed out, out of order) says nothing of the parcel on the table.
        if parcel == self._parcel or not screen.packer:
            return
        self._parcel = parcel
        self._take_label()
        if self._hands.label is not None and self._scanned == self._hands.label and not is_recalled(screen):
            self.closed.append(self._hands.label)
        self._scanned = None
        self._hands = Hands(closed=_packed(screen) if screen.parcel > 1 else {})
        for line in screen.lines:
            if line.order in self.orders:
                self.orders.remove(line.order)

    def lose(self) -> None:
        """The station forgot what is on the table: whoever stands there begins anew."""
        self._take_label()
        self._scanned, self._hands, self._parcel = None, Hands(), ("", 0)

    def note(self) -> None:
        """Something changed: wake whoever waits."""
        self.changed.set()
        self.changed = asyncio.Event()

    def scan(self, text: str) -> None:
        """Hold a code before the scanner."""
        if text.upper().startswith(_BOX):
            self._hands = replace(self._hands, box=text.upper())
        elif text == _CLOSES:
            self._hands = replace(self._hands, closing=True)
        elif self._hands.label is not None and text == f"00{self._hands.label}":
            self._scanned = self._hands.label
        self.bench.scan(text)

    async def do(self, move: Move) -> None:
        """Carry out one move."""
        match move:
            case Scan(text=text):
                self.scan(text)
            case Place(grams=grams):
                self.bench.place(grams)
            case Type(order=order, line=line, quantity=quantity):
                # A person touches the screen here.
                async with httpx.AsyncClient(base_url=self._kiosk_url, timeout=60) as client:
                    typed = {"order": order, "line": line, "quantity": quantity}
                    (await client.post("/typed", json=typed)).raise_for_status()
            case Look():
                pass

    def _take_label(self) -> None:
        label = self.bench.label
        if label is self._seen_label or label is None:
            return
        self._seen_label = label
        sscc = decoded(label)
        if sscc is not None:
            self._hands = replace(self._hands, label=sscc)


def _packed(screen: Screen) -> dict[tuple[str, int], int]:
    return {(line.order, line.line): line.packed for line in screen.lines}


def decoded(label: bytes) -> Sscc | None:
    """The SSCC in the bars of a label as its bytes reached the printer; None when nothing can be read."""
    try:
        return next(iter(printed(label).ssccs), None)
    except Garbled:
        return None
