"""The simulated bench: a twin of each device, and what lies on the table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, Self

from station.devices.lamps import Colour
from station.devices.simulated import (
    SimulatedEscPosPrinter,
    SimulatedRibbonCamera,
    SimulatedScale,
    SimulatedSerialScanner,
    SimulatedSignals,
    SimulatedZplPrinter,
)

LIGHTS: Final[dict[Colour, int]] = {"red": 17, "amber": 27, "green": 22, "blue": 23}
BUZZER: Final = 24
BUTTONS: Final = {"confirm": 5, "undo": 6}


class Bench:
    """Scanner and scale on ptys, printers on TCP, lamps on simulated pins, a camera as its command."""

    def __init__(self, *, settle_s: float = 0.3) -> None:
        self._open = AsyncExitStack()
        # The pins' socket needs a short path.
        self._folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="packline-bench-"))
        folder = Path(self._folder)
        self.changed: Callable[[], None] = lambda: None
        """Called whenever something on the bench changes."""
        self.scanner = SimulatedSerialScanner(folder / "scanner")
        self.scale = SimulatedScale(folder / "scale", settle_s=settle_s)
        self.printer = SimulatedZplPrinter(printed=self._label_came)
        self.slips = SimulatedEscPosPrinter(printed=self._slip_came)
        self.signals = SimulatedSignals(
            folder / "pins", lights=LIGHTS, buzzer=BUZZER, buttons=BUTTONS, changed=self._noted
        )
        self.camera = SimulatedRibbonCamera(folder / "camera")
        self.label: bytes | None = None
        """The newest label that came out of the printer."""

    async def __aenter__(self) -> Self:
        for device in (self.scanner, self.scale, self.printer, self.slips, self.signals):
            await self._open.enter_async_context(device)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    def scan(self, text: str) -> None:
        """Hold a code before the scanner."""
        self.scanner.scan(text)

    def place(self, grams: int) -> None:
        """Have this much on the scale."""
        self.scale.place(grams)
        self.changed()

    def _label_came(self, label: bytes) -> None:
        self.label = label
        self.changed()

    def _slip_came(self, slip: bytes) -> None:
        self.changed()

    def _noted(self) -> None:
        self.changed()

    @property
    def tables(self) -> str:
        """The bench's `[[device]]` tables for station.toml."""
        lights = ", ".join(f"{colour} = {pin}" for colour, pin in LIGHTS.items())
        buttons = ", ".join(f"{command} = {pin}" for command, pin in BUTTONS.items())
        return f"""
[[device]]
name = "scanner"
driver = "serial_scanner"
path = "{self.scanner.path}"

[[device]]
name = "scale"
driver = "toledo_scale"
path = "{self.scale.path}"

[[device]]
name = "label printer"
driver = "zpl_printer"
host = "{self.printer.host}"
port = {self.printer.port}

[[device]]
name = "slip printer"
driver = "escpos_printer"
host = "{self.slips.host}"
port = {self.slips.port}

[[device]]
name = "camera"
driver = "rpicam_camera"
command = "{self.camera.command}"
width = 1024
height = 768

[[device]]
name = "lights"
driver = "gpio_signals"
pins = "simulated"
path = "{self.signals.path}"
lights = {{ {lights} }}
buzzer = {BUZZER}
buttons = {{ {buttons} }}
"""
