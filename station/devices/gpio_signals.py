"""Stack light, buzzer, buttons, pedal, drawer and door on a Raspberry Pi's pins or an expander's, by gpiozero."""

from __future__ import annotations

import asyncio
import fcntl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from msgspec import Meta, field

from station.devices.gpio_chip import Ioctl, Wanted
from station.devices.lamps import SHOWS, Colour, Show
from station.devices.line_levels import DRAWER, every_level, levels, wanted
from station.devices.ports import DeviceFault, Door, Lamp
from station.devices.settings import DeviceSettings, UsbIdentity
from station.devices.tap import tap_now
from station.devices.udev import node_of

Pin = Annotated[int, Meta(ge=0, le=255)]
_BOARD_PINS = 28


class GpioSignalsConfig(DeviceSettings, frozen=True, kw_only=True, tag="gpio_signals"):
    """`driver = "gpio_signals"`. Pins are BCM numbers; of another chip, the numbers of its lines."""

    lights: dict[Colour, Pin] = field(default_factory=dict)
    buzzer: Pin | None = None
    buttons: dict[str, Pin] = field(default_factory=dict)
    """Command names and their pins, pedal included; a press connects the pin to ground."""
    drawer: Pin | None = None
    """Gives the drawer's lock its pulse, through a relay or a transistor."""
    drawer_pulse_s: Annotated[float, Meta(gt=0, le=2)] = 0.2
    """Longer than the lock needs only heats its coil."""
    door: Pin | None = None
    """A contact that connects the pin to ground while the door, or the drawer, is shut."""
    active_high: bool = True
    """Whether a high pin lights the lamp; relay boards are often the other way round."""
    debounce_s: Annotated[float, Meta(ge=0, le=1)] = 0.03
    pins: Literal["kernel", "rpigpio", "pigpio", "simulated"] = "kernel"
    chip: Annotated[str, Meta(max_length=31)] = ""
    """Only for `kernel`: the label of the GPIO chip, of an expander for instance; empty: the Raspberry Pi's own."""
    usb: UsbIdentity | None = None
    """In place of `chip`: the USB expander that the chip is in, where two have one label."""
    path: str = ""
    """Only for `simulated`: the socket of the twin."""

    def __post_init__(self) -> None:
        """Refuse a pin with two uses, and one that the board does not have."""
        single = [pin for pin in (self.buzzer, self.drawer, self.door) if pin is not None]
        used = [*self.lights.values(), *self.buttons.values(), *single]
        for pin in used:
            if used.count(pin) > 1:
                raise ValueError(
                    f"pin {pin} is given twice: each light and button, the buzzer, drawer and door need their own"
                )
        another = bool(self.chip) or self.usb is not None
        if not another and any(pin >= _BOARD_PINS for pin in used):
            raise ValueError(f"a Raspberry Pi has pins 0 to {_BOARD_PINS - 1}: for more, give the chip's label as chip")
        if another and self.pins != "kernel":
            raise ValueError('chip and usb are for pins = "kernel": take them away, or take pins away')
        if self.chip and self.usb is not None:
            raise ValueError("give chip or usb, not both")
        if (self.pins == "simulated") != bool(self.path):
            raise ValueError('path is the twin\'s socket: give it with pins = "simulated", and only then')

    @property
    def contacts(self) -> dict[int, str | None]:
        """Every input by its pin: the buttons' names; None for the door."""
        return {**{pin: name for name, pin in self.buttons.items()}, **({} if self.door is None else {self.door: None})}


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
    """Plays a state's steps on the loop's clock; presses may come from a thread of gpiozero's."""

    def __init__(self, config: GpioSignalsConfig, *, devices: Path = Path("/dev"), ioctl: Ioctl = fcntl.ioctl) -> None:
        """`devices` and `ioctl`: where the kernel shows its chips, and how it is asked."""
        self._config = config
        self._devices = devices
        self._ioctl = ioctl
        self._debounce = Debounce(config.debounce_s)
        self._pressed: asyncio.Queue[str | Door | DeviceFault] = asyncio.Queue()
        self._open = ExitStack()
        self._tap = tap_now()
        self._outputs: dict[int, Any] = {}
        self._inputs: dict[int, Any] = {}
        """What gpiozero makes of each line."""
        self._door_was: Door | None = None
        self._next_step: asyncio.TimerHandle | None = None
        self._pulse_end: asyncio.TimerHandle | None = None
        self._door_rests: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        try:
            self._claim()
        except BaseException:
            self._open.close()
            raise
        self._tap.heard(every_level({pin: not contact.is_active for pin, contact in self._inputs.items()}))
        self._look_at_door()
        return self

    async def __aexit__(self, *exc: object) -> None:
        for timer in (self._next_step, self._pulse_end, self._door_rests):
            if timer is not None:
                timer.cancel()
        if self._config.drawer is not None:
            self._pull(on=False)  # a pin that is only given back may float, and the coil burn
        self._open.close()

    def show(self, lamp: Lamp) -> None:
        """Begin the lamp's steps; those of the one before end."""
        if self._next_step is not None:
            self._next_step.cancel()
        self._tap.said(wanted(lamp))
        self._play(SHOWS[lamp], 0)

    def open_drawer(self) -> None:
        """One pulse; asked again within it, the pulse begins anew."""
        if self._pulse_end is not None:
            self._pulse_end.cancel()
        self._tap.said(DRAWER)
        self._pull(on=True)
        self._pulse_end = self._loop.call_later(self._config.drawer_pulse_s, lambda: self._pull(on=False))

    async def presses(self) -> AsyncIterator[str | Door]:
        """Each press once, bounces removed; where the door stands at first, and each time it has come to rest."""
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
            for pin in (*config.lights.values(), config.buzzer, config.drawer):
                if pin is not None:
                    output = gpiozero.DigitalOutputDevice(pin, pin_factory=factory, active_high=config.active_high)
                    self._outputs[pin] = self._open.enter_context(output)
            for pin, name in config.contacts.items():
                contact = gpiozero.DigitalInputDevice(pin, pin_factory=factory, pull_up=True)
                self._inputs[pin] = self._open.enter_context(contact)
                contact.when_activated = lambda name=name, pin=pin: self._edge(name, pin, closed=True)
                contact.when_deactivated = lambda name=name, pin=pin: self._edge(name, pin, closed=False)
        except (gpiozero.GPIOZeroError, OSError, ImportError) as error:
            raise DeviceFault(
                f"the pins cannot be used ({error}): is this a Raspberry Pi, is the station's user in group gpio,"
                " and does no other program hold them?"
            ) from error

    def _factory(self) -> Any:
        match self._config.pins:
            case "simulated":
                from station.devices.socket_pins import SocketPins

                return SocketPins(self._config.path, self._fail)
            case "pigpio":
                from gpiozero.pins.pigpio import PiGPIOFactory

                return PiGPIOFactory()
            case "rpigpio":
                from gpiozero.pins.rpigpio import RPiGPIOFactory

                return RPiGPIOFactory()
        from station.devices.chip_pins import ChipPins

        return ChipPins(self._wanted(), self._fail, self._ioctl)

    def _wanted(self) -> Wanted:
        """Looked up each time: a chip that comes back has another number."""
        if self._config.usb is None:
            return Wanted(self._config.chip, sorted(self._devices.glob("gpiochip*")))
        return Wanted(None, [self._devices / Path(node_of(self._config, "gpio")).name])

    def _edge(self, name: str | None, pin: int, *, closed: bool) -> None:
        """May be called in a thread of gpiozero's."""
        self._loop.call_soon_threadsafe(self._tap.heard, levels({pin: not closed}))
        if name is None:
            self._loop.call_soon_threadsafe(self._door_moved)
        elif self._debounce.edge(name, closed, time.monotonic()):
            self._loop.call_soon_threadsafe(self._pressed.put_nowait, name)

    def _door_moved(self) -> None:
        if self._door_rests is not None:
            self._door_rests.cancel()
        self._door_rests = self._loop.call_later(self._config.debounce_s, self._look_at_door)

    def _look_at_door(self) -> None:
        contact = self._inputs.get(self._config.door) if self._config.door is not None else None
        if contact is None or contact.closed:
            return
        door = Door.SHUT if contact.is_active else Door.OPEN
        if door is not self._door_was:
            self._door_was = door
            self._pressed.put_nowait(door)

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
        outputs = {pin: colour in lit for colour, pin in self._config.lights.items()}
        if self._config.buzzer is not None:
            outputs[self._config.buzzer] = sound
        self._drive(outputs)

    def _pull(self, *, on: bool) -> None:
        assert self._config.drawer is not None
        self._drive({self._config.drawer: on})

    def _drive(self, outputs: Mapping[int, bool]) -> None:
        self._tap.said(levels({pin: on is self._config.active_high for pin, on in outputs.items()}))
        try:
            for pin, on in outputs.items():
                self._outputs[pin].value = on
        except Exception as error:  # whatever the pin library raises, from a timer where nobody else would hear it
            self._fail(DeviceFault(f"the pins cannot be set ({error}): check the wiring"))
