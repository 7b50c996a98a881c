"""The Raspberry Pi's pins, made by gpio-sim: what the station lights is read, what a finger presses is pulled down."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import Final

from guest.waiting import gone, there

_CHIPS: Final = Path("/sys/kernel/config/gpio-sim")
_LINES: Final = 28
_PRESSED_S: Final = 0.15


class Pins:
    """One chip of 28 lines, labelled as a Pi's is."""

    def __init__(self) -> None:
        subprocess.run(["modprobe", "gpio-sim"], check=True)
        bank = _CHIPS / "bench" / "bank0"
        bank.mkdir(parents=True)
        (bank / "num_lines").write_text(str(_LINES))
        (bank / "label").write_text("pinctrl-bcm2711")
        self.chip = ""
        self._lines = _CHIPS

    async def plug(self) -> None:
        """Put the chip in; nothing is connected to ground."""
        (_CHIPS / "bench" / "live").write_text("1")
        self.chip = (_CHIPS / "bench" / "bank0" / "chip_name").read_text().strip()
        device = (_CHIPS / "bench" / "dev_name").read_text().strip()
        self._lines = Path("/sys/devices/platform") / device / self.chip
        for pin in range(_LINES):
            self.let_go(pin)
        await there(f"/dev/{self.chip}")

    async def unplug(self) -> None:
        """Take the chip away, whoever holds its lines."""
        (_CHIPS / "bench" / "live").write_text("0")
        await gone(f"/dev/{self.chip}")

    def lit(self, pin: int) -> bool:
        """Whether the station drives the pin high."""
        return (self._lines / f"sim_gpio{pin}" / "value").read_text().strip() == "1"

    async def press(self, pin: int) -> None:
        """Press the button and let go."""
        self.ground(pin)
        await asyncio.sleep(_PRESSED_S)
        self.let_go(pin)

    def ground(self, pin: int) -> None:
        """Close the contact between the pin and ground."""
        (self._lines / f"sim_gpio{pin}" / "pull").write_text("pull-down")

    def let_go(self, pin: int) -> None:
        """Open the contact: the pull-up has the pin to itself."""
        (self._lines / f"sim_gpio{pin}" / "pull").write_text("pull-up")
