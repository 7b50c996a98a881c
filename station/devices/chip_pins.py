"""gpiozero's pins on a GPIO chip of the kernel, found by its label: a Raspberry Pi's own, or an expander."""

from __future__ import annotations

import asyncio
import ctypes
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final, NamedTuple

from gpiozero import PinInvalidPull, PinSetInput
from gpiozero.pins import Factory, Pin

from station.devices.gpio_chip import (
    GET_CHIPINFO,
    GET_LINE,
    GET_VALUES,
    PULLS,
    SET_VALUES,
    ChipInfo,
    Ioctl,
    LineEvent,
    LineRequest,
    LineValues,
    Wanted,
    edges,
    input_line,
    output_line,
    trouble,
)
from station.devices.line import not_there
from station.devices.ports import DeviceFault

_LOOK_S: Final = 1.0
"""Kernels before 6.6 do not wake who waits for a line when its chip goes."""
_AT_ONCE: Final = 16 * ctypes.sizeof(LineEvent)
_GONE_FR: Final = "les voyants et boutons sont débranchés : rebranchez leur câble"


class ChipPins(Factory):  # type: ignore[misc]
    """The lines of one chip. `failed` hears that the chip is gone."""

    def __init__(self, wanted: Wanted, failed: Callable[[DeviceFault], None], ioctl: Ioctl) -> None:
        super().__init__()
        self._failed = failed
        self.ioctl = ioctl
        self._pins: dict[int, ChipPin] = {}
        self.chip, self._label = _open(wanted, ioctl)
        self._loop = asyncio.get_running_loop()
        self._next_look = self._loop.call_later(_LOOK_S, self._look)

    def close(self) -> None:
        """Let go of the lines and of the chip; as well when it is gone."""
        self._next_look.cancel()
        for pin in self._pins.values():
            pin.close()
        if self.chip >= 0:
            os.close(self.chip)
            self.chip = -1

    def pin(self, number: int) -> ChipPin:
        """The line of this number."""
        return self._pins.setdefault(number, ChipPin(self, number))

    def reserve_pins(self, requester: object, *names: object) -> None:
        """The kernel gives a line to one program alone, and the configuration gives it to one device."""

    def release_pins(self, reserver: object, *names: object) -> None:
        """See `reserve_pins`."""

    def ticks(self) -> float:
        """Seconds of a clock that only goes forward."""
        return time.monotonic()

    def ticks_diff(self, later: float, earlier: float) -> float:
        """Seconds between two of them."""
        return later - earlier

    def is_gone(self, error: OSError) -> None:
        """The chip no longer answers: no line is listened to any more, and it is told."""
        self._next_look.cancel()
        for pin in self._pins.values():
            pin.deafen()
        self._failed(
            DeviceFault(
                f"the GPIO chip {self._label} is gone ({error.strerror}): plug it in again",
                _GONE_FR,
            )
        )

    def _look(self) -> None:
        try:
            self.ioctl(self.chip, GET_CHIPINFO, ChipInfo())
        except OSError as error:
            self.is_gone(error)
        else:
            self._next_look = self._loop.call_later(_LOOK_S, self._look)


class _Info(NamedTuple):
    name: str


class ChipPin(Pin):  # type: ignore[misc]
    """One line: asked for again, in its new way, when it becomes an input or an output."""

    def __init__(self, chip: ChipPins, number: int) -> None:
        self._chip = chip
        self._number = number
        self._line = -1
        self._pull = "floating"
        self._high = False
        self._output = False
        self._changed: Callable[[float, bool], object] | None = None

    def close(self) -> None:
        """Let go of the line."""
        self.deafen()
        if self._line >= 0:
            os.close(self._line)
            self._line = -1

    def deafen(self) -> None:
        """Listen to it no more."""
        if self._line >= 0:
            asyncio.get_running_loop().remove_reader(self._line)

    def output_with_state(self, state: Any) -> None:
        """Drive it, beginning like this."""
        self._output, self._high = True, bool(state)
        self._ask(output_line(self._number, self._high))

    def _get_info(self) -> _Info:
        return _Info(f"GPIO{self._number}")

    def _get_function(self) -> str:
        return "output" if self._output else "input"

    def _set_function(self, value: str) -> None:
        if value == "output":
            self.output_with_state(False)
        else:
            self._set_pull(self._pull)

    def _get_pull(self) -> str:
        return self._pull

    def _set_pull(self, value: str) -> None:
        if value not in PULLS:
            raise PinInvalidPull(f"{value!r} is no pull: use {', '.join(PULLS)}")
        self._output, self._pull = False, value
        self._ask(input_line(self._number, value))
        asyncio.get_running_loop().add_reader(self._line, self._hear)

    def _get_state(self) -> bool:
        """As it is; of a chip that is gone, as it was."""
        if not self._output:
            values = LineValues(bits=self._high, mask=1)
            self._do(GET_VALUES, values)
            self._high = bool(values.bits)
        return self._high

    def _set_state(self, value: Any) -> None:
        if not self._output:
            raise PinSetInput(f"GPIO{self._number} is an input")
        self._high = bool(value)
        self._do(SET_VALUES, LineValues(bits=self._high, mask=1))

    def _get_bounce(self) -> None:
        return None

    def _set_bounce(self, value: None) -> None:
        """Nothing: who listens takes the bounces out."""

    def _get_edges(self) -> str:
        return "both"

    def _set_edges(self, value: str) -> None:
        """Nothing: both are told."""

    def _get_when_changed(self) -> Callable[[float, bool], object] | None:
        return self._changed

    def _set_when_changed(self, value: Callable[[float, bool], object] | None) -> None:
        self._changed = value

    def _do(self, request: int, values: LineValues) -> None:
        try:
            self._chip.ioctl(self._line, request, values)
        except OSError as error:
            self._chip.is_gone(error)

    def _ask(self, request: LineRequest) -> None:
        self.close()
        try:
            self._chip.ioctl(self._chip.chip, GET_LINE, request)
        except OSError as error:
            raise DeviceFault(f"pin {self._number} cannot be used: {trouble(error)}") from error
        self._line = int(request.fd)
        os.set_blocking(self._line, False)

    def _hear(self) -> None:
        try:
            heard = os.read(self._line, _AT_ONCE)
        except BlockingIOError:
            return
        except OSError as error:
            self._chip.is_gone(error)
            return
        for rose in edges(heard):
            if self._changed is not None:
                self._changed(time.monotonic(), rose)


def _open(wanted: Wanted, ioctl: Ioctl) -> tuple[int, str]:
    """The chip and its label. Raises `DeviceFault` when no chip, or more than one, is the one."""
    found: dict[tuple[int, int], tuple[int, str]] = {}
    others: list[str] = []
    for node in wanted.nodes:
        with ExitStack() as closing:
            try:
                chip = os.open(node, os.O_RDWR | os.O_CLOEXEC)
                closing.callback(os.close, chip)
                label = _label(chip, ioctl)
            except PermissionError as error:
                raise not_there(str(node), error) from error
            except OSError:
                continue  # it went while we looked
            found_at = os.fstat(chip)
            device = found_at.st_dev, found_at.st_ino
            if not wanted.has(label):
                others.append(label)
            elif device not in found:  # a Raspberry Pi's chip may have a second name
                closing.pop_all()
                found[device] = chip, label
    if len(found) != 1:
        for chip, _ in found.values():
            os.close(chip)
        raise _no_single_chip(wanted.label, len(found), others)
    return found.popitem()[1]


def _label(chip: int, ioctl: Ioctl) -> str:
    info = ChipInfo()
    ioctl(chip, GET_CHIPINFO, info)
    label: bytes = info.label
    return label.decode("utf-8", "replace")


def _no_single_chip(wanted: str | None, found: int, others: list[str]) -> DeviceFault:
    if found:
        like = wanted or "as on a Raspberry Pi"
        return DeviceFault(
            f"{found} GPIO chips are labelled {like}: give usb = {{ port }} in place of chip (packline-station devices"
            " lists the ports), or unplug all but one"
        )
    there = f"there are {', '.join(sorted(set(others)))}" if others else "there is none"
    if wanted is None:
        return DeviceFault("the USB expander was unplugged just now: plug it in again", _GONE_FR)
    if wanted:
        return DeviceFault(
            f"no GPIO chip is labelled {wanted} ({there}): plug it in, or mend chip in station.toml",
            _GONE_FR,
        )
    return DeviceFault(
        f"no GPIO chip of a Raspberry Pi is here ({there}): on another board, or with an expander, give its label"
        " as chip in station.toml"
    )
