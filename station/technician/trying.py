"""`packline-station try`: exercises one configured device and says in words what works and what is wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from station.devices.keeper import Keeper
from station.devices.ports import (
    DeviceFault,
    DeviceStatus,
    Health,
    Kind,
    Lamp,
    PaperState,
    Reading,
    ScannedText,
)
from station.devices.registry import DeviceConfig, language_of
from station.devices.settings import PrinterSettings
from station.taping import private

Say = Callable[[str], None]
_LAMP_S = 1.0
_OUT_S = 15.0
"""How long a test print may take to leave the printer's memory."""


class _Heard:
    """What the device said, and waiting for it."""

    def __init__(self) -> None:
        self.scans: list[ScannedText] = []
        self.readings: list[Reading] = []
        self.presses: list[str] = []
        self._news = asyncio.Event()

    def scanned(self, scan: ScannedText) -> None:
        self.scans.append(scan)
        self._news.set()

    def weighed(self, reading: Reading) -> None:
        self.readings.append(reading)
        self._news.set()

    def pressed(self, name: str) -> None:
        self.presses.append(name)
        self._news.set()

    def changed(self, status: DeviceStatus) -> None:
        self._news.set()

    async def until(self, true: Callable[[], object], seconds: float) -> bool:
        """Whether it came true in time."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True


async def tried(config: DeviceConfig, say: Say, seconds: float, out: Path | None = None) -> bool:
    """Exercise the device for at most this long; whether it works. A camera's picture goes to `out`."""
    heard = _Heard()
    async with _kept(config, heard) as keeper:
        match keeper.kind:
            case Kind.SCANNER:
                return await _scanner(keeper, heard, say, seconds)
            case Kind.SCALE:
                return await _scale(keeper, heard, say, seconds)
            case Kind.PRINTER:
                return await _printer(keeper, heard, say, seconds)
            case Kind.CAMERA:
                return await _camera(keeper, heard, say, seconds, out or Path(f"{config.name}.jpg"))
            case Kind.SIGNALS:
                return await _lights(keeper, heard, say, seconds)


@asynccontextmanager
async def _kept(config: DeviceConfig, heard: _Heard) -> AsyncIterator[Keeper]:
    keeper = Keeper(config, heard)
    task = asyncio.create_task(keeper.run(), name=f"try {config.name}")
    try:
        yield keeper
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _there(keeper: Keeper, heard: _Heard, say: Say, seconds: float) -> bool:
    """Wait for the device to be opened; what is in the way is said once."""
    if await heard.until(lambda: keeper.opened or keeper.status.health is Health.LOST, min(seconds, 5.0)):
        if keeper.opened:
            return True
        say(_of(keeper, keeper.status.detail))
        return False
    say(_of(keeper, "it does not answer"))
    return False


def _of(keeper: Keeper, detail: str) -> str:
    """Whose it is, said once."""
    name = keeper.config.name
    return detail if detail.startswith(f"{name}: ") else f"{name}: {detail}"


async def _scanner(keeper: Keeper, heard: _Heard, say: Say, seconds: float) -> bool:
    if not await _there(keeper, heard, say, seconds):
        return False
    say(f"{keeper.config.name} is open. Scan any code ({seconds:.0f} s).")
    done = await heard.until(lambda: heard.scans or keeper.refused or not keeper.opened, seconds)
    if heard.scans:
        scan = heard.scans[0]
        say(f"It read {shown(scan.text)}.")
        if keeper.status.health is Health.BAD:
            say(keeper.status.detail)
        return True
    if done:
        say(keeper.status.detail)
    else:
        say("Nothing came. Is it awake, and does it beep when it reads? If it beeps, it is set to another interface.")
    return False


def shown(text: str) -> str:
    """A scan for a terminal: symbology and separators in words."""
    aim = f" with AIM identifier {text[:3]}" if text.startswith("]") else ""
    body = text[3:] if aim else text
    visible = "".join(
        "<GS>" if char == "\x1d" else char if char.isprintable() else f"<{ord(char):02x}>" for char in body
    )
    return f'"{visible}"{aim}'


async def _scale(keeper: Keeper, heard: _Heard, say: Say, seconds: float) -> bool:
    if not await _there(keeper, heard, say, seconds):
        return False
    say(f"{keeper.config.name} is open. Put something on it ({seconds:.0f} s).")
    done = await heard.until(lambda: any(reading.weight for reading in heard.readings) or not keeper.opened, seconds)
    if done and keeper.opened:
        reading = next(reading for reading in heard.readings if reading.weight)
        say(f"It weighs {reading.weight} g at rest, in steps of {reading.division_g} g.")
        return True
    if not heard.readings:
        say(keeper.status.detail or "It sends nothing: switch it on, and check its cable, protocol and speed.")
    elif keeper.status.health is not Health.OK:
        say(keeper.status.detail)
    elif heard.readings[-1].weight == 0:
        say("It answers and shows 0 g: nothing was put on it.")
    else:
        say(f"It answers, but never came to rest ({heard.readings[-1].state}): set it on firm ground, out of draughts.")
    return False


async def _printer(keeper: Keeper, heard: _Heard, say: Say, seconds: float) -> bool:
    from labels.documents import TestPrint
    from labels.paper import Unprintable, bytes_for

    config = keeper.config
    assert isinstance(config, PrinterSettings)
    if not await _there(keeper, heard, say, seconds):
        return False
    try:
        status = await keeper.printer_status()
        if status.state is PaperState.BAD:
            say(_of(keeper, status.detail))
            return False
        if status.state is PaperState.UNKNOWN:
            say(f"{config.name} does not say how it is ({status.detail}). It is sent a test print all the same.")
        document = bytes_for(TestPrint("", config.name, time.time_ns() // 1_000_000), config.media, language_of(config))
        await keeper.send(document)
        return await _came_out(keeper, say)
    except (DeviceFault, Unprintable) as error:
        say(_of(keeper, str(error)))
        return False


async def _came_out(keeper: Keeper, say: Say) -> bool:
    loop = asyncio.get_running_loop()
    until = loop.time() + _OUT_S
    while loop.time() < until:
        status = await keeper.printer_status()
        if status.state is PaperState.BAD:
            say(_of(keeper, status.detail))
            return False
        if status.state is PaperState.UNKNOWN:
            say("It took the test print. See whether paper came out: it cannot say so itself.")
            return True
        if not status.queued:
            say("It printed. Compare the paper: the frame is whole, every bar is there, the scanner reads TEST.")
            return True
        await asyncio.sleep(0.1)
    say("It took the test print and still holds it: see whether it is paused.")
    return False


async def _camera(keeper: Keeper, heard: _Heard, say: Say, seconds: float, out: Path) -> bool:
    name = keeper.config.name
    if not await _there(keeper, heard, say, seconds):
        return False
    say(f"{name} is open. It takes a picture.")
    began = time.monotonic()
    try:
        still = await keeper.picture()
    except DeviceFault as fault:
        say(_of(keeper, str(fault)))
        return False
    took_s = time.monotonic() - began
    with private(out) as file:
        file.write(still.jpeg)
    say(f"{still.width} × {still.height}, {len(still.jpeg) // 1024} KB, after {took_s:.1f} s, in {out}.")
    if still.note:
        say(still.note)
        return False
    say("Look at it: is the whole open box on it, sharp, and can a label be read?")
    return True


async def _lights(keeper: Keeper, heard: _Heard, say: Say, seconds: float) -> bool:
    if not await _there(keeper, heard, say, seconds):
        return False
    for lamp in Lamp:
        say(f"{lamp.value.replace('_', ' ')}")
        keeper.show(lamp)
        await asyncio.sleep(_LAMP_S)
    keeper.show(Lamp.READY)
    if not keeper.opened:
        say(_of(keeper, keeper.status.detail))
        return False
    buttons = getattr(keeper.config, "buttons", {})
    if not buttons:
        say("That was every state. Compare with the table in docs/devices.md.")
        return True
    say(f"Press each button: {', '.join(buttons)} ({seconds:.0f} s).")
    if await heard.until(lambda: set(buttons) <= set(heard.presses), seconds):
        say("Every button answers.")
        return True
    say(f"These did not answer: {', '.join(set(buttons) - set(heard.presses))}. Check their pins and wires.")
    return False
