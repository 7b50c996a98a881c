"""Sheets for the wall and the bench: as PDF for an office printer, or on a printer of the bench."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from labels.documents import Document, Unprintable
from labels.media import Media
from labels.paper import bytes_for
from station.devices.keeper import Keeper
from station.devices.ports import DeviceFault, DeviceStatus, Health, Reading, ScannedText
from station.devices.registry import DeviceConfig, language_of
from station.devices.settings import PrinterSettings

_SIZES = {"a4": (210, 297), "a5": (148, 210)}
_SIZE = re.compile(r"(\d{2,3})x(\d{2,3})")
_DPI = 300


class Terminal:
    """Says what a keeper tells; scans are somebody else's."""

    def __init__(self) -> None:
        self.news = asyncio.Event()

    def scanned(self, scan: ScannedText) -> None:
        self.news.set()

    def weighed(self, reading: Reading) -> None:
        self.news.set()

    def pressed(self, name: str) -> None:
        self.news.set()

    def changed(self, status: DeviceStatus) -> None:
        if status.health is Health.LOST:
            print(f"{status.name}: {status.detail}", flush=True)
        self.news.set()


def paper(size: str) -> Media:
    """`a4`, `a5`, or millimetres as `102x152`. Raises `ValueError` with what can be written instead."""
    found = _SIZE.fullmatch(size.lower())
    sides = _SIZES.get(size.lower()) or (found and (int(found[1]), int(found[2])))
    if not sides:
        raise ValueError(f"{size!r} is no paper; write a4, a5, or its millimetres, as 102x152")
    return Media(*sides, dpi=_DPI)


def write_sheet(sheet: Document, path: Path, media: Media) -> int:
    """The sheet as PDF for any office printer."""
    try:
        path.write_bytes(bytes_for(sheet, media, "pdf"))
    except Unprintable as error:
        print(f"The sheet cannot be written: {error}")
        return 1
    print(f"{path}: print it at its own size (100 %).")
    return 0


async def print_sheet(sheet: Document, device: DeviceConfig) -> int:
    """The sheet on a printer of the bench. The station must be stopped, unless the printer is on the network."""
    if not isinstance(device, PrinterSettings):
        print(f"{device.name} is no printer.")
        return 2
    terminal = Terminal()
    keeper = Keeper(device, terminal)
    task = asyncio.create_task(keeper.run(), name="sheet")
    try:
        document = bytes_for(sheet, device.media, language_of(device))
        async with asyncio.timeout(10):
            while not keeper.opened:
                terminal.news.clear()
                await asyncio.wait({asyncio.create_task(terminal.news.wait())}, timeout=0.05)
        await keeper.send(document)
    except (DeviceFault, TimeoutError, Unprintable) as error:
        print(f"{device.name}: {str(error) or keeper.status.detail}")
        return 1
    finally:
        task.cancel()
        await asyncio.wait({task})
    print(f"The sheet was sent to {device.name}.")
    return 0
