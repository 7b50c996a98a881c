"""Twin of the stack light, the buzzer, the buttons, the drawer and its door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from station.devices.lamps import Colour
from station.devices.simulated.cable import OnNode
from station.devices.simulated.packets import SimulatedNode


class SimulatedSignals(OnNode):
    """The far end of the pins' wires: sees the lamps and the buzzer, presses the buttons.

    station.toml has its `path` with `pins = "simulated"`.
    """

    def __init__(
        self,
        path: Path,
        *,
        lights: Mapping[Colour, int],
        buzzer: int | None = None,
        buttons: Mapping[str, int] | None = None,
        drawer: int | None = None,
        door: int | None = None,
        active_high: bool = True,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(SimulatedNode(path, greet=self._station_came, heard=self._heard))
        self._lights = {pin: colour for colour, pin in lights.items()}
        self._buzzer = buzzer
        self._buttons = dict(buttons or {})
        self._drawer = drawer
        self._door = door
        self._active_high = active_high
        self._changed = changed
        self._on: set[int] = set()
        self.beeps = 0
        """How often the buzzer began to sound."""
        self.pulses = 0
        """How often the drawer's lock was pulled."""

    @property
    def lit(self) -> frozenset[Colour]:
        """The lamps that burn now."""
        return frozenset(colour for pin, colour in self._lights.items() if pin in self._on)

    @property
    def sounding(self) -> bool:
        """Whether the buzzer sounds now."""
        return self._buzzer in self._on

    @property
    def pulled(self) -> bool:
        """Whether the drawer's lock is pulled now."""
        return self._drawer in self._on

    def move_door(self, *, shut: bool) -> None:
        """Open or shut the door."""
        self._line.say(b"%d=%d" % (-1 if self._door is None else self._door, not shut))

    def hold(self, button: str) -> None:
        """Press a button and keep it pressed."""
        self._line.say(b"%d=0" % self._buttons[button])

    def release(self, button: str) -> None:
        """Let go of it."""
        self._line.say(b"%d=1" % self._buttons[button])

    def press(self, button: str) -> None:
        """Press a button and let go."""
        self.hold(button)
        self.release(button)

    def _station_came(self) -> None:
        self._on.clear()
        self._changed()

    def _heard(self, packet: bytes) -> None:
        number, state = packet.split(b"=")
        pin = int(number)
        if (state == b"1") == self._active_high:
            self._on.add(pin)
            self.beeps += pin == self._buzzer
            self.pulses += pin == self._drawer
        else:
            self._on.discard(pin)
        self._changed()
