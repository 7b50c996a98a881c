"""Scanners that type as a keyboard, read from the kernel's input events with an exclusive grab."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar, Literal, Self

from station.devices.key_events import (
    EV_KEY,
    EV_LED,
    EV_SYN,
    LED_CAPS,
    SYN_DROPPED,
    SYN_REPORT,
    KeyEvent,
    KeySource,
    open_keys,
)
from station.devices.keymap import CapsLock, FunctionKey, KeyReader
from station.devices.layouts import LayoutName
from station.devices.ports import Garbled, ScannedText
from station.devices.scan_text import GsText, Outcome
from station.devices.serial_scanner import seen
from station.devices.settings import AttachedSettings, Pause, rest_s
from station.devices.udev import node_of


class EvdevScannerConfig(AttachedSettings, frozen=True, kw_only=True, tag="evdev_scanner"):
    """`driver = "evdev_scanner"`."""

    subsystem: ClassVar[str] = "input"
    layout: LayoutName = "us"
    """The keyboard that the scanner is set to imitate."""
    ends_by: Literal["key", "pause"] = "key"
    """`key`: Enter, keypad Enter or Tab ends a scan, and one without is refused. `pause`: silence ends it too."""
    pause_s: Pause = None
    """0.15 s when a pause ends a scan, else 0.6 s: then what has no end is refused."""
    gs_keys: tuple[FunctionKey, ...] = ("F8",)
    """Function keys that the scanner types for GS, besides Ctrl + ] and Alt + 029."""
    gs_text: GsText = ""
    """What the scanner types in place of GS, if it does: `|`, `<GS>`."""
    caps_lock: CapsLock = "lit"
    """Whether the scanner types as if Caps Lock was on: as the light says, always, never."""
    aim: bool | None = None
    """Whether it sends AIM identifiers; said, a change of it is noticed."""


class EvdevScanner:
    """Reads key events, yields scans; nobody else sees the keys."""

    def __init__(self, config: EvdevScannerConfig) -> None:
        self._config = config
        self._rest_s = rest_s(config.pause_s, ends=config.ends_by == "pause")
        self._keys = KeyReader(
            config.layout,
            pause_ends=config.ends_by == "pause",
            gs_keys=config.gs_keys,
            gs_text=config.gs_text,
            caps_lock=config.caps_lock,
        )
        self._resyncing = False
        self._source: KeySource

    async def __aenter__(self) -> Self:
        self._source = open_keys(node_of(self._config, self._config.subsystem), self._config.name)
        self._keys.start(*self._source.held())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._source.close()

    async def scans(self) -> AsyncIterator[ScannedText | Garbled]:
        """Each scan once; a scan cut off by a lost device is never given."""
        while True:
            for found in await self._next():
                yield seen(found, self._config.name)

    async def _next(self) -> list[Outcome]:
        try:
            async with asyncio.timeout(None if self._keys.settled else self._rest_s):
                events = await self._source.read()
        except TimeoutError:
            if self._source.waiting():
                return []
            ended = self._keys.pause()
            self._keys.start(*self._source.held())
            return [] if ended is None else [ended]
        return self._scans_in(events)

    def _scans_in(self, events: Sequence[KeyEvent]) -> list[Outcome]:
        """The scans that these events end."""
        found: list[Outcome] = []
        for kind, code, value in events:
            if kind == EV_SYN and code == SYN_DROPPED:
                self._resyncing = True
            elif self._resyncing:
                if kind == EV_SYN and code == SYN_REPORT:
                    self._resyncing = False
                    self._keys.lost()
                    self._keys.start(*self._source.held())
            elif kind == EV_LED and code == LED_CAPS:
                self._keys.lit(bool(value))
            elif kind == EV_KEY and (outcome := self._keys.key(code, value)) is not None:
                found.append(outcome)
        return found
