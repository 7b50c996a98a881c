"""The bench in the machine, for the packer's hands: what the demo's table needs, over the kernel's devices."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Final

from guest.camera import Camera
from guest.pins import Pins
from guest.printer import UsbPrinter
from guest.scales import Scale
from guest.scanner import FrenchScanner
from guest.waiting import until

_ANSWER_S: Final = 4
"""How long after a scan to look whether the screen calls it broken."""


class Bench:
    """Scans are typed one after the other, as a hand does it."""

    def __init__(self, scanner: FrenchScanner, scale: Scale, printer: UsbPrinter, pins: Pins, camera: Camera) -> None:
        self.scanner = scanner
        self.scale = scale
        self.printer = printer
        self.pins = pins
        self.camera = camera
        self.changed: Callable[[], None] = lambda: None
        self.answered: Callable[[], int] = lambda: 0
        """How many scans the screen has answered."""
        self.flashes: Callable[[], int] = lambda: 0
        """How often the screen has flashed; an answer whose frame was overtaken by the next one is seen by this."""
        self.refused: Callable[[], bool] = lambda: False
        """Whether the screen says that only a part of a scan came."""
        self.scanned_again = 0
        self._to_scan: asyncio.Queue[str] = asyncio.Queue()
        printer.printed = lambda label: self.changed()

    @property
    def label(self) -> bytes | None:
        """The newest label that came out of the printer."""
        return self.printer.labels[-1] if self.printer.labels else None

    def scan(self, text: str) -> None:
        """Hold a code before the scanner."""
        self._to_scan.put_nowait(text)

    async def hands_rest(self) -> None:
        """Wait until every code that was held before the scanner has its answer."""
        await self._to_scan.join()

    def place(self, grams: int) -> None:
        """Have this much on the scale."""
        self.scale.place(grams)
        self.changed()

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """The scanner types while the block runs."""
        async with asyncio.TaskGroup() as hands:
            typing = hands.create_task(self._type())
            yield
            typing.cancel()

    async def _type(self) -> None:
        while True:
            await self._scan(await self._to_scan.get())
            self._to_scan.task_done()

    async def _scan(self, text: str) -> None:
        """Scan again when the station was too slow for the keyboard: a software processor is, on a busy machine."""
        while True:
            answered, flashes = self.answered(), self.flashes()
            await self.scanner.scan(text)
            if await self._taken(answered, flashes):
                return
            self.scanned_again += 1

    async def _taken(self, answered: int, flashes: int) -> bool:
        """Wait for an answer; False when there is none and the screen says why."""
        while self.answered() == answered:
            try:
                await until(lambda: self.answered() != answered, "the scan is answered", _ANSWER_S)
            except TimeoutError:
                if self.refused():
                    return False
                if self.flashes() != flashes:
                    return True
        return True
