"""Stack light, buzzer, buttons and pedal on the Raspberry Pi's pins, by gpiozero."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, closing
from typing import Annotated, Any, Literal, Self

from msgspec import Meta, field

from station.devices.lamps import SHOWS, Colour, Show
from station.devices.ports import DeviceFault, Lamp
from station.devices.settings import DeviceSettings

Pin = Annotated[int, Meta(ge=0, le=27)]


class GpioSignalsConfig(DeviceSettings, frozen=True, kw_only=True, tag="gpio_signals"):
    """`driver = "gpio_signals"`. Pins are BCM numbers."""

    lights: dict[Colour, Pin] = field(default_factory=dict)
    buzzer: Pin | None = None
    buttons: dict[str, Pin] = field(default_factory=dict)
    """Command names and their pins, pedal included; a press connects the pin to ground."""
    active_high: bool = True
    """Whether a high pin lights the lamp; relay boards are often the other way round."""
    debounce_s: Annotated[float, Meta(ge=0, le=1)] = 0.03
    pins: Literal["lgpio", "rpigpio", "pigpio", "simulated"] = "lgpio"
    path: str = ""
    """Only for `simulated`: the socket of the twin."""

    def __post_init__(self) -> None:
        """Refuse a pin with two uses."""
        used = [*self.lights.values(), *self.buttons.values(), *(() if self.buzzer is None else (self.buzzer,))]
        for pin in used:
            if used.count(pin) > 1:
                raise ValueError(f"pin {pin} is given twice: each light, the buzzer and each button needs its own")
        if (self.pins == "simulated") != bool(self.path):
            raise ValueError('path is the twin\'s socket: give it with pins = "simulated", and only then')


class Debounce:
    """A press counts when its contact was quiet before it for long enough. Pure: the moment comes in."""

    def __init__(self, quiet_s: float) -> None:
        self._quiet_s = quiet_s
        self._last_edge: dict[str, float] = {}

    def edge(self, name: str, pressed: bool, at_s: float) -> bool:
        """One edge of a contact; whether it is a press."""
        before = self._last_edge.get(name)
        self._last_edge[name] = at_s
        return pressed and (before is None or at_s - before >= self._quiet_s)


class GpioSignals:
    """Plays a state's steps on the loop's clock; presses come from gpiozero's thread."""

    def __init__(self, config: GpioSignalsConfig) -> None:
        self._config = config
        self._debounce = Debounce(config.debounce_s)
        self._pressed: asyncio.Queue[str | DeviceFault] = asyncio.Queue()
        self._open = ExitStack()
        self._lights: dict[Colour, Any] = {}
        self._buzzer: Any = None
        self._next_step: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        try:
            self._claim()
        except BaseException:
            self._open.close()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._next_step is not None:
            self._next_step.cancel()
        self._open.close()

    def show(self, lamp: Lamp) -> None:
        """Begin the lamp's steps; those of the one before end."""
        if self._next_step is not None:
            self._next_step.cancel()
        self._play(SHOWS[lamp], 0)

    async def presses(self) -> AsyncIterator[str]:
        """Each press once, bounces removed."""
        while True:
            pressed = await self._pressed.get()
            if isinstance(pressed, DeviceFault):
                raise pressed
            yield pressed

    def _claim(self) -> None:
        try:
            import gpiozero
        except ImportError as error:
            raise DeviceFault("gpiozero is not installed: install packline[devices], or python3-gpiozero") from error

        config = self._config
        try:
            factory = self._open.enter_context(closing(self._factory()))
            output = {"pin_factory": factory, "active_high": config.active_high}
            for colour, pin in config.lights.items():
                self._lights[colour] = self._open.enter_context(gpiozero.DigitalOutputDevice(pin, **output))
            if config.buzzer is not None:
                self._buzzer = self._open.enter_context(gpiozero.DigitalOutputDevice(config.buzzer, **output))
            for name, pin in config.buttons.items():
                button = self._open.enter_context(gpiozero.Button(pin, pin_factory=factory))
                button.when_pressed = lambda name=name: self._edge(name, pressed=True)
                button.when_released = lambda name=name: self._edge(name, pressed=False)
        except (gpiozero.GPIOZeroError, OSError, ImportError) as error:
            raise DeviceFault(
                f"the pins cannot be used ({error}): is this a Raspberry Pi, is the station's user in group gpio,"
                " and does no other program hold them?"
            ) from error

    def _factory(self) -> Any:
        match self._config.pins:
            case "simulated":
                from station.devices.simulated.pins import SocketPins

                return SocketPins(self._config.path, self._fail)
            case "pigpio":
                from gpiozero.pins.pigpio import PiGPIOFactory

                return PiGPIOFactory()
            case "rpigpio":
                from gpiozero.pins.rpigpio import RPiGPIOFactory

                return RPiGPIOFactory()
        # lgpio puts a FIFO into the working directory unless it is told where; the unit's is read-only.
        os.environ.setdefault("LG_WD", tempfile.gettempdir())
        from gpiozero.pins.lgpio import LGPIOFactory

        return LGPIOFactory()

    def _edge(self, name: str, *, pressed: bool) -> None:
        """Called in gpiozero's thread."""
        if self._debounce.edge(name, pressed, time.monotonic()):
            self._loop.call_soon_threadsafe(self._pressed.put_nowait, name)

    def _fail(self, fault: DeviceFault) -> None:
        self._pressed.put_nowait(fault)

    def _play(self, show: Show, place: int) -> None:
        if place == len(show.steps):
            if not show.again:
                self._set(show.stays, sound=False)
                return
            place = 0
        step = show.steps[place]
        self._set(step.lit, sound=step.sound)
        self._next_step = self._loop.call_later(step.lasts_ms / 1000, self._play, show, place + 1)

    def _set(self, lit: frozenset[Colour], *, sound: bool) -> None:
        try:
            for colour, light in self._lights.items():
                light.value = colour in lit
            if self._buzzer is not None:
                self._buzzer.value = sound
        except Exception as error:  # whatever the pin library raises, from a timer where nobody else would hear it
            self._fail(DeviceFault(f"the pins cannot be set ({error}): check the wiring and restart the station"))
