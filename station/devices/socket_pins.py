"""gpiozero's mock pins with their wires led out to a socket: the station's side of `SimulatedSignals`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

from station.devices.line import not_there
from station.devices.ports import DeviceFault


class SocketPins(MockFactory):  # type: ignore[misc]
    """Tells each change of an output as `17=1`; takes `5=0` as the contact of an input."""

    def __init__(self, path: str, failed: Callable[[DeviceFault], None]) -> None:
        super().__init__(pin_class=_WiredPin)
        self._path = path
        self._failed = failed
        self._wire = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._wire.connect(path)
        except OSError as error:
            self._wire.close()
            raise not_there(path, error) from error
        self._wire.setblocking(False)
        asyncio.get_running_loop().add_reader(self._wire, self._hear)

    def close(self) -> None:
        """Let go of the pins and of the socket."""
        if self._wire.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._wire)
            self._wire.close()
        super().close()

    def tell(self, number: int, state: bool) -> None:
        """Report an output's state to the twin."""
        try:
            self._wire.send(b"%d=%d" % (number, state))
        except OSError as error:
            raise DeviceFault(f"the simulated pins at {self._path} are gone: start them again") from error

    def _hear(self) -> None:
        try:
            heard = self._wire.recv(64)
        except OSError:
            heard = b""
        if not heard:
            asyncio.get_running_loop().remove_reader(self._wire)
            self._failed(DeviceFault(f"the simulated pins at {self._path} are gone: start them again"))
            return
        number, state = heard.split(b"=")
        pin = self.pin(f"GPIO{int(number)}")
        if state == b"1":
            pin.drive_high()
        else:
            pin.drive_low()


class _WiredPin(MockPin):  # type: ignore[misc]
    def _change_state(self, value: bool) -> Any:
        changed = super()._change_state(value)
        self.states.clear()  # gpiozero's mock keeps every change that there ever was
        if changed and self.function == "output":
            self.factory.tell(int(self.info.name.removeprefix("GPIO")), value)
        return changed
