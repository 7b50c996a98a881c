"""What goes wrong in the middle of an order, each with what was seen of it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Final

import evdev
from guest import scanner
from guest.act import PATIENCE_S, Act, Way, health_of
from guest.services import STATION, journal, shown
from guest.tables import AMBER, BUZZER, DOOR, DRAWER, GREEN, OPEN_DRAWER, RED, UNDO
from guest.waiting import until

from demo.packer import Scan
from station.kiosk.view import Frame

_FILLER: Final = Path("/var/lib/filler")
_LEFT_BYTES: Final = 60 * 1024 * 1024
_WATCHDOG_S: Final = 120


async def lights_and_buttons(act: Act) -> None:
    """Red and a sound for a wrong scan, amber when undo takes the last piece out, green for the right scan."""
    pins = act.bench.pins
    act.bench.scan("9999")
    screen = (await act.eyes.until(lambda frame: frame.screen.tone == "stop", PATIENCE_S)).screen
    act.seen["red_after_s"] = await until(lambda: pins.lit(RED), "the red light burns")
    flash = screen.flash
    act.seen["refused"] = screen.why
    for on in (True, False, True):
        await until(lambda on=on: pins.lit(BUZZER) is on, "the buzzer sounds until it is acknowledged")
    await pins.press(UNDO)
    await act.eyes.until(lambda frame: frame.screen.flash != flash, PATIENCE_S)
    act.seen["amber_after_s"] = await until(lambda: pins.lit(AMBER), "the amber light burns")
    act.seen["after_undo"] = act.packed
    await act.comes_to(lambda: act.packed == 1)
    act.seen["green_after_s"] = await until(lambda: pins.lit(GREEN), "the green light burns")
    act.seen["quiet_after_s"] = await until(lambda: not pins.lit(BUZZER), "the buzzer is quiet")


async def drawer_and_door(act: Act) -> None:
    """The button's press gives the lock one pulse; the contact tells what became of the drawer."""
    pins = act.bench.pins
    told = [act.detail("lights")]
    pins.ground(DOOR)
    told.append(await act.told_otherwise("lights", told[-1]))
    act.seen["lock_before"] = pins.lit(DRAWER)
    await pins.press(OPEN_DRAWER)
    act.seen["lock_after_s"] = await until(lambda: pins.lit(DRAWER), "the lock is pulled")
    pins.let_go(DOOR)
    told.append(await act.told_otherwise("lights", told[-1]))
    act.seen["lock_rests_after_s"] = await until(lambda: not pins.lit(DRAWER), "the lock is let go")
    act.seen["door"] = told


async def chip_goes(act: Act) -> None:
    """The GPIO chip is taken away, and comes back when the light is another one."""
    pins, said = act.bench.pins, len(await lines_said())

    async def plug() -> None:
        act.bench.scan("9999")
        await act.eyes.until(lambda frame: frame.screen.tone == "stop", PATIENCE_S)
        act.seen["said_while_the_chip_was_away"] = (await lines_said())[said:]
        await pins.plug()

    await act.replugged("lights", "GPIO chip", pins.unplug, plug)
    act.seen["red_again_after_s"] = await until(lambda: pins.lit(RED), "the red light burns again")
    await until(lambda: pins.lit(BUZZER), "the buzzer sounds again")
    await act.comes_to(lambda: act.packed == 2)
    flash = act.eyes.screen.flash
    await pins.press(UNDO)
    await act.eyes.until(lambda frame: frame.screen.flash != flash, PATIENCE_S)
    act.seen["after_undo_on_the_new_chip"] = act.packed


async def camera_goes(act: Act, packs_on: Way) -> None:
    """The camera is pulled out of an order that goes on without a picture, and comes back when it is packed."""
    camera = act.bench.camera

    async def plug() -> None:
        await packs_on()
        await camera.plug()

    await act.replugged("camera", "camera", camera.unplug, plug)


async def camera_is_missed(act: Act, weighs: Way) -> None:
    """The camera is pulled out of an order that must have its picture, and comes back when it is waited for."""
    camera = act.bench.camera

    async def plug() -> None:
        await weighs()
        screen = (await act.eyes.until(lambda frame: frame.screen.tone == "stop", PATIENCE_S)).screen
        labels = len(act.bench.printer.labels)
        act.seen["no_picture"] = {"sentence": screen.sentence, "why": screen.why, "labels": labels}
        await camera.plug()

    await act.replugged("camera", "camera that is waited for", camera.unplug, plug)


async def half_a_scan(act: Act) -> None:
    """The scanner is pulled out in the middle of a code."""
    move = act.table.next
    if not isinstance(move, Scan):
        raise TypeError(f"there is something to scan now, not {move}")
    before, answered = act.packed, act.eyes.answered

    async def unplug() -> None:
        await act.bench.scanner.begin(move.text[:8])
        act.bench.scanner.unplug()

    async def plug() -> None:
        act.bench.scanner.plug()

    await act.replugged("scanner", "scanner", unplug, plug)
    act.seen["half_a_scan"] = {"packed": act.packed - before, "answered": act.eyes.answered - answered}


async def overhear(act: Act) -> None:
    """Another program reads the scanner's node while a product is scanned."""
    ear = evdev.InputDevice(scanner.NODE)
    packed = act.packed
    await act.comes_to(lambda: act.packed > packed)
    try:
        heard = len(list(ear.read()))
    except BlockingIOError:
        heard = 0
    ear.close()
    act.seen["keys_seen_beside_the_station"] = heard


def grams_on(frame: Frame) -> int | None:
    """The weight that the screen shows."""
    weight = frame.screen.weight
    return None if weight is None else weight.grams


async def scale_goes(act: Act, what: str) -> None:
    """The scale is pulled out with the parcel on it."""
    scale, labels = act.bench.scale, len(act.bench.printer.labels)

    async def unplug() -> None:
        await scale.unplug()
        await act.table.do(act.table.next)

    async def plug() -> None:
        # The corner is drawn at once, the weight goes when the bench has heard of it.
        await act.eyes.until(lambda frame: grams_on(frame) is None, PATIENCE_S)
        gone = act.seen.setdefault("weight_gone", {})
        gone[what] = {"labels": len(act.bench.printer.labels) - labels}
        await scale.plug()

    await act.replugged("scale", what, unplug, plug)


async def printer_goes(act: Act) -> None:
    """The printer is pulled out before the picture that the parcel waits for, and comes back when it is missed."""
    device = act.bench.printer

    async def plug() -> None:
        act.bench.scan("PK-PHOTO")
        screen = (await act.eyes.until(lambda frame: "pas sortie" in frame.screen.sentence, PATIENCE_S)).screen
        act.seen["no_printer"] = {"sentence": screen.sentence, "why": screen.why, "labels": len(device.labels)}
        await device.plug()

    await act.replugged("printer", "printer", device.unplug, plug)


async def overrun(act: Act) -> None:
    """A scan comes while the station does not run: the kernel drops some of its keys and says so."""
    await act.bench.hands_rest()
    process = int(await shown(STATION, "MainPID"))
    before, keyboard = act.packed, act.bench.scanner
    os.kill(process, signal.SIGSTOP)
    pace, keyboard.key_s = keyboard.key_s, 0
    for _ in range(3):
        await keyboard.scan("9521234000006")
    keyboard.key_s = pace
    os.kill(process, signal.SIGCONT)
    await act.health("scanner", "bad")
    act.seen["overrun"] = {"packed": act.packed - before}


async def hang(act: Act) -> None:
    """The station's process stands still; its watchdog must bite, and the packer must find the same work."""
    before, packed = act.eyes.screen, act.packed
    began = time.monotonic()
    await stand_still(STATION)
    act.eyes.frame = None
    await started_again(STATION)
    await act.eyes.until(lambda frame: set(health_of(frame).values()) == {"ok"}, PATIENCE_S)
    act.seen["hang"] = {
        "back_after_s": round(time.monotonic() - began, 1),
        "same_work": (act.eyes.screen.title, act.packed) == (before.title, packed),
    }


async def lines_said() -> list[str]:
    """All that the station has logged."""
    return (await journal(STATION)).splitlines()


async def disk_fills(act: Act) -> None:
    """The disk has little room left, and has it again; the bench works on."""
    await asyncio.to_thread(_fill)
    await act.eyes.until(lambda frame: bool(frame.quiet.troubles), PATIENCE_S)
    assert act.eyes.frame is not None
    act.seen["disk"] = [[trouble.kind, trouble.short] for trouble in act.eyes.frame.quiet.troubles]
    await asyncio.to_thread(_FILLER.unlink)
    await act.eyes.until(lambda frame: not frame.quiet.troubles, PATIENCE_S)


def _fill() -> None:
    disk = os.statvfs(_FILLER.parent)
    with _FILLER.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, disk.f_bavail * disk.f_frsize - _LEFT_BYTES)


async def stand_still(unit: str) -> None:
    """Stop its process where it is, as a mistake that never ends would."""
    os.kill(int(await shown(unit, "MainPID")), signal.SIGSTOP)


async def started_again(unit: str) -> None:
    """Wait until systemd has ended it and it takes work again."""
    for _ in range(_WATCHDOG_S):
        if await shown(unit, "NRestarts") != "0" and await shown(unit, "ActiveState") == "active":
            return
        await asyncio.sleep(1)
    raise TimeoutError(f"the watchdog did not start {unit} again")
