"""Overhears a device: what it sends and what it is sent, byte for byte, for tapes and calibration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Listener(Protocol):
    """Plain calls on the loop; they must not block or raise."""

    def heard(self, data: bytes) -> None:
        """The device sent this, in one piece."""
        ...

    def said(self, data: bytes) -> None:
        """The device was sent this."""
        ...


class Tap:
    """Passes everything on to whoever listens now."""

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()

    def heard(self, data: bytes) -> None:
        """The device sent this."""
        for listener in self._listeners:
            listener.heard(data)

    def said(self, data: bytes) -> None:
        """The device was sent this."""
        for listener in self._listeners:
            listener.said(data)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Let `listener` hear while this lasts."""
        self._listeners = (*self._listeners, listener)
        try:
            yield
        finally:
            self._listeners = tuple(other for other in self._listeners if other is not listener)


OPENING: ContextVar[Tap] = ContextVar("OPENING")
"""The tap of the device that is being opened: its keeper sets it, the line that the driver opens takes it."""


def tap_now() -> Tap:
    """The tap for what is being opened; a silent one outside a keeper."""
    return OPENING.get(None) or Tap()
