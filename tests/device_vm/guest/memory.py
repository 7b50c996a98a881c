"""Memory runs out: the machine's, by a browser that takes all of it, and the station's own."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path
from typing import Final

from guest.act import PATIENCE_S, Act, health_of
from guest.installing import HOST
from guest.services import KIOSK, STATION, journal, shown, systemctl

_UNITS: Final = Path("/etc/systemd/system")
_KILLED: Final = "A process of this unit has been killed by the OOM killer"
_PROGRAMS_STAY: Final = Path("/sys/kernel/mm/lru_gen/min_ttl_ms")
_LITTLE_BYTES: Final = 16 * 1024 * 1024
_HUNGRY: Final = """\
import pathlib, signal
eaten, held = pathlib.Path("/run/packline-kiosk-ate"), []
if eaten.exists():
    signal.pause()
eaten.touch()
while True:
    held.append(b"x" * (1 << 24))
"""
"""In the browser's place: takes all that there is, the first time that it is started."""


async def browser_takes_all(act: Act) -> None:
    """The kiosk's unit as it is shipped, with a program in it that takes all the memory, in the middle of an order."""
    station = await shown(STATION, "MainPID")
    await asyncio.to_thread(_ship_kiosk)
    await systemctl("daemon-reload")
    began = time.monotonic()
    await systemctl("start", KIOSK)
    await _restarted(KIOSK, 0)
    act.seen["memory_gone"] = {
        "same_station": station == await shown(STATION, "MainPID"),
        "kiosk": await shown(KIOSK, "ActiveState"),
        "killed": (await journal(KIOSK)).count(_KILLED),
    }
    act.seen["programs_stay_ms"] = int(_PROGRAMS_STAY.read_text())
    act.seen["browser_back_after_s"] = round(time.monotonic() - began, 1)
    await systemctl("stop", KIOSK)


def _ship_kiosk() -> None:
    shutil.copy(HOST / "systemd" / "user" / f"{KIOSK}.service", _UNITS)
    hungry = Path("/opt/packline/hungry.py")
    hungry.write_text(_HUNGRY)
    instead = _UNITS / f"{KIOSK}.service.d"
    instead.mkdir()
    (instead / "hungry.conf").write_text(f"[Service]\nExecStart=\nExecStart=/opt/packline/bin/python {hungry}\n")


async def station_takes_too_much(act: Act) -> None:
    """The station has more than its unit's limit, which is less for once: it is ended, and finds the same work."""
    before, packed, restarts = act.eyes.screen, act.packed, int(await shown(STATION, "NRestarts"))
    limit = Path(f"/sys/fs/cgroup{await shown(STATION, 'ControlGroup')}", "memory.max")
    usual, kept = [int((limit.parent / name).read_text()) for name in ("memory.max", "memory.min")]
    began = time.monotonic()
    await asyncio.to_thread(limit.write_text, str(_LITTLE_BYTES))
    act.eyes.frame = None
    await _restarted(STATION, restarts)
    await act.eyes.until(lambda frame: set(health_of(frame).values()) == {"ok"}, PATIENCE_S)
    act.seen["over_its_limit"] = {
        "limit_mb": usual // (1024 * 1024),
        "kept_mb": [kept // (1024 * 1024), int((limit.parents[1] / "memory.min").read_text()) // (1024 * 1024)],
        "killed": (await journal(STATION)).count(_KILLED),
        "back_after_s": round(time.monotonic() - began, 1),
        "same_work": (act.eyes.screen.title, act.packed) == (before.title, packed),
    }


async def _restarted(unit: str, before: int) -> None:
    """Wait until systemd has started it again."""
    for _ in range(PATIENCE_S):
        if int(await shown(unit, "NRestarts")) > before and await shown(unit, "ActiveState") == "active":
            return
        await asyncio.sleep(1)
    raise TimeoutError(f"{unit} was not ended, or not started again")
