"""A keeper makes its device, follows its health, and makes the next one when it is gone."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from typing import Protocol, TypeVar, cast

from station.devices.escpos_printer import EscPosPrinterConfig
from station.devices.ports import (
    Camera,
    DeviceFault,
    DeviceStatus,
    DocumentRefused,
    Door,
    Garbled,
    Health,
    Kind,
    Lamp,
    PaperState,
    PictureFailed,
    Printer,
    PrinterStatus,
    Reading,
    Scale,
    ScaleOrder,
    ScaleState,
    ScannedText,
    Scanner,
    Signals,
    Still,
)
from station.devices.registry import Device, DeviceConfig, ScaleConfig, build, kind_of
from station.devices.scan_drift import Drift
from station.devices.tap import OPENING, Tap
from station.devices.udev import Arrivals

log = logging.getLogger(__name__)

T = TypeVar("T")
FIRST_DELAY_S, LONGEST_DELAY_S = 0.25, 3.0
_WELL_S, _ILL_S = 2.0, 1.0
"""How often a printer is asked while it is well, and while it is not."""
_FAULTY_FOR_S = 2.0
"""How long a faulty frame makes a scale ill: a bad cable must not write a log line five times a second."""

_OVERLOAD = (
    "There is too much on the scale: take something off.",
    "La balance est en surcharge : retirez quelque chose.",
)
_UNDERLOAD = (
    "The scale is below zero: empty it and press its ZERO key.",
    "La balance est sous zéro : videz-la et appuyez sur sa touche ZÉRO.",
)
_FAULTY_FR = "La balance signale un défaut ou envoie des signes illisibles : vérifiez son câble, appelez un technicien."
_DOOR = {
    Door.SHUT: ("The door is shut.", "La porte est fermée."),
    Door.OPEN: ("The door is open.", "La porte est ouverte."),
}
_SILENT = (
    "The scale sends nothing: switch it on, and check its cable and protocol.",
    "La balance n'envoie rien : allumez-la, vérifiez son câble et son protocole.",
)


class Tell(Protocol):
    """Who hears of it. Plain calls on the loop; they must not block, and what they raise ends the keeper."""

    def scanned(self, scan: ScannedText) -> None: ...
    def weighed(self, reading: Reading) -> None: ...
    def pressed(self, name: str) -> None: ...
    def changed(self, status: DeviceStatus) -> None: ...


def delay_s(failures: int, chance: float) -> float:
    """Seconds until the next try: doubles per failure, capped; `chance` (0 to 1) spreads it over its upper half."""
    full = min(LONGEST_DELAY_S, FIRST_DELAY_S * (1 << min(failures, 16)))
    return full * (0.5 + chance / 2)


class _Anew(DeviceFault):
    """Nothing is wrong: the device is closed to be opened again."""


class Keeper:
    """One configured device for the life of the station."""

    def __init__(
        self,
        config: DeviceConfig,
        tell: Tell,
        *,
        make: Callable[[DeviceConfig], Device] = build,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.config = config
        self.kind = kind_of(config)
        self.refused = 0
        """Garbled scans and faulty frames since the start."""
        self.tap = Tap()
        """Where its raw traffic can be overheard."""
        self._tell = tell
        self._make = make
        self._chance = chance
        self._status = DeviceStatus(name=config.name, kind=self.kind, health=Health.STARTING)
        self._device: Device | None = None
        self._broken: asyncio.Future[DeviceFault] | None = None
        self._turn = asyncio.Lock()
        self._first_opening = asyncio.Event()
        """One question or document at a time."""
        self._lamp: Lamp | None = None

    @property
    def status(self) -> DeviceStatus:
        """The device as it was last seen."""
        return self._status

    @property
    def opened(self) -> bool:
        """Whether the driver has the device open."""
        return self._device is not None

    async def run(self) -> None:
        """Keep the device until cancelled. No fault of a device or of a driver ends this."""
        failures = 0
        now = asyncio.get_running_loop().time
        with Arrivals() as arrivals:
            while True:
                began = now()
                try:
                    await self._live()
                except _Anew:
                    continue
                except DeviceFault as fault:
                    self._is(Health.LOST, str(fault), fault.text_fr)
                    self._first_opening.set()
                failures = 0 if now() - began > LONGEST_DELAY_S else failures + 1
                await arrivals.within(delay_s(failures, self._chance()))

    async def send(self, document: bytes) -> None:
        """Print a document, whole; `DeviceFault` when the printer is not there or broke off."""
        async with self._turn:
            try:
                await self._of_printer(lambda printer: printer.send(document))
            except asyncio.CancelledError:
                self._break(DeviceFault(f"{self.config.name}: a document was stopped in its middle"))
                raise

    async def printer_status(self) -> PrinterStatus:
        """Ask the printer now; `DeviceFault` when it is not there."""
        async with self._turn:
            status = await self._of_printer(lambda printer: printer.status())
        health = {PaperState.OK: Health.OK, PaperState.BAD: Health.BAD, PaperState.UNKNOWN: Health.SILENT}[status.state]
        self._is(health, status.detail, status.detail_fr)
        return status

    async def picture(self) -> Still:
        """Take a picture now; `DeviceFault` when the camera is not there, `PictureFailed` when it gave none."""
        async with self._turn:
            try:
                still = await self._of_device(lambda: cast(Camera, self._device).picture())
            except PictureFailed as failure:
                self._is(Health.BAD, str(failure), failure.text_fr)
                raise
        self._is(Health.BAD if still.note else Health.OK, still.note, still.note_fr)
        return still

    def configure(self, config: DeviceConfig) -> None:
        """Open the same device anew with other settings."""
        self.config = config
        self._break(_Anew(f"{config.name} is opened with its new settings"))

    def order(self, what: ScaleOrder) -> None:
        """Have the scale zeroed or tared, if it is there and can be told; what comes of it shows in its readings."""
        if self._device is None or what not in cast(Scale, self._device).orders:
            return
        try:
            with self._driver():
                cast(Scale, self._device).order(what)
        except DeviceFault as fault:
            self._break(fault)

    async def open_drawer(self) -> None:
        """Open the drawer that hangs on this device; `DeviceFault` when the device is not there."""
        if isinstance(self.config, EscPosPrinterConfig):
            await self.send(self.config.kick)
            return
        if self._device is None:
            raise DeviceFault(f"{self.config.name} is not connected. {self._status.detail}".strip())
        with self._driver():
            cast(Signals, self._device).open_drawer()

    def show(self, lamp: Lamp) -> None:
        """Light and sound now, and again when lost signals come back."""
        self._lamp = lamp
        if self._device is None:
            return
        try:
            with self._driver():
                cast(Signals, self._device).show(lamp)
        except DeviceFault as fault:
            self._break(fault)

    async def _live(self) -> None:
        """One life of the device, from its opening to the `DeviceFault` that ends it."""
        async with self._opened():
            broken = self._broken = asyncio.get_running_loop().create_future()
            serving = asyncio.create_task(self._serve(), name=f"device {self.config.name}")
            try:
                await asyncio.wait({serving, broken}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._broken = None
                serving.cancel()
                await asyncio.wait({serving})
            if serving.cancelled():
                raise broken.result()
            await serving

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[None]:
        OPENING.set(self.tap)
        with self._driver():
            device = self._make(self.config)
            await device.__aenter__()
        self._device = device
        self._first_opening.set()
        try:
            yield
        finally:
            self._device = None
            try:
                await device.__aexit__(None, None, None)
            except Exception:
                log.debug("%s: closing failed", self.config.name, exc_info=True)

    async def _serve(self) -> None:
        match self.kind:
            case Kind.SCANNER:
                await self._scans(cast(Scanner, self._device))
            case Kind.SCALE:
                await self._weighs(cast(Scale, self._device))
            case Kind.PRINTER:
                while True:
                    await self.printer_status()
                    await asyncio.sleep(_WELL_S if self._status.health is Health.OK else _ILL_S)
            case Kind.SIGNALS:
                await self._signals(cast(Signals, self._device))
            case Kind.CAMERA:
                await self._watches(cast(Camera, self._device))

    async def _scans(self, scanner: Scanner) -> None:
        self._is(Health.OK)
        drift = Drift(getattr(self.config, "layout", None), getattr(self.config, "aim", None))
        async with aclosing(self._each(scanner.scans())) as scans:
            async for scan in scans:
                if isinstance(scan, Garbled):
                    self.refused += 1
                    self._is(Health.BAD, scan.reason, scan.reason_fr)
                    continue
                advice = drift.saw(scan)
                if advice is None:
                    self._is(Health.OK)
                else:
                    self._is(Health.BAD, advice.text, advice.text_fr)
                self._tell.scanned(scan)

    async def _weighs(self, scale: Scale) -> None:
        loop = asyncio.get_running_loop()
        patience_s = cast(ScaleConfig, self.config).silent_after_s
        faulty_until = 0.0
        timer: asyncio.TimerHandle

        def stale() -> None:
            self._is(Health.SILENT, *_SILENT)

        def halfway() -> None:
            # After a pause of our own, what the scale said meanwhile is still to be read.
            nonlocal timer
            timer = loop.call_later(patience_s / 2, stale)

        timer = loop.call_later(patience_s / 2, halfway)
        try:
            async with aclosing(self._each(scale.readings())) as readings:
                async for reading in readings:
                    timer.cancel()
                    timer = loop.call_later(patience_s / 2, halfway)
                    match reading.state:
                        case ScaleState.FAULT:
                            self.refused += 1
                            if loop.time() >= faulty_until:
                                self._is(Health.BAD, reading.note, _FAULTY_FR)
                            faulty_until = loop.time() + _FAULTY_FOR_S
                        case ScaleState.OVERLOAD:
                            self._is(Health.BAD, *_OVERLOAD)
                        case ScaleState.UNDERLOAD:
                            self._is(Health.BAD, *_UNDERLOAD)
                        case _ if loop.time() >= faulty_until:
                            self._is(Health.OK)
                    self._tell.weighed(reading)
        finally:
            timer.cancel()

    async def _signals(self, signals: Signals) -> None:
        self._is(Health.OK)
        if self._lamp is not None:
            self.show(self._lamp)
        async with aclosing(self._each(signals.presses())) as presses:
            async for press in presses:
                if isinstance(press, Door):
                    self._is(Health.OK, *_DOOR[press])
                else:
                    self._tell.pressed(press)

    async def _watches(self, camera: Camera) -> None:
        """See whether the camera is still there; how its pictures are is known from the last one."""
        self._is(Health.OK)
        while True:
            await asyncio.sleep(_WELL_S)
            async with self._turn:
                with self._driver():
                    await camera.check()

    async def _of_printer(self, ask: Callable[[Printer], Awaitable[T]]) -> T:
        return await self._of_device(lambda: ask(cast(Printer, self._device)))

    async def _of_device(self, ask: Callable[[], Awaitable[T]]) -> T:
        if self._status.health is Health.STARTING:
            # A document that waited through a restart comes before the first opening has ended.
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_DELAY_S):
                    await self._first_opening.wait()
        if self._device is None:
            raise DeviceFault(
                f"{self.config.name} is not connected. {self._status.detail}".strip(), self._status.detail_fr
            )
        try:
            with self._driver():
                return await ask()
        except (DocumentRefused, PictureFailed):
            raise  # it is as well as before
        except DeviceFault as fault:
            self._break(fault)
            raise

    async def _each(self, source: AsyncIterator[T]) -> AsyncGenerator[T, None]:
        """What the driver yields, its own failures as `DeviceFault`; what the consumer raises stays as it is."""
        try:
            while True:
                with self._driver():
                    item = await anext(source)
                yield item
        finally:
            if isinstance(source, AsyncGenerator):
                await source.aclose()

    @contextmanager
    def _driver(self) -> Iterator[None]:
        """A driver's own mistake costs its device this life, never the station."""
        try:
            yield
        except DeviceFault:
            raise
        except StopAsyncIteration as error:
            raise DeviceFault(f"{self.config.name}: the driver ended by itself") from error
        except Exception as error:
            driver = self.config.__struct_config__.tag
            log.debug("%s: %s failed", self.config.name, driver, exc_info=True)
            raise DeviceFault(
                f"{self.config.name}: its driver {driver} failed ({type(error).__name__}: {error}). Check its settings"
                " in station.toml; if they are right, report this line",
                "Erreur du pilote : vérifiez les réglages de l'appareil, puis signalez-le",
            ) from error

    def _break(self, fault: DeviceFault) -> None:
        if self._broken is not None and not self._broken.done():
            self._broken.set_result(fault)

    def _is(self, health: Health, detail: str = "", detail_fr: str = "") -> None:
        """Note the health; loud when it changes and when a lost device is lost for another reason."""
        was = self._status
        orders = was.orders
        if self.kind is Kind.SCALE and self._device is not None:
            orders = cast(Scale, self._device).orders
        now = DeviceStatus(self.config.name, self.kind, health, detail, detail_fr, orders)
        if now == was:
            return
        self._status = now
        if health is was.health is not Health.LOST:
            log.debug("%s: %s", now.name, detail)
        elif health is Health.OK:
            log.info("%s: %s", now.name, detail or "ok")
        else:
            log.warning("%s is %s: %s", now.name, health.value, detail)
        self._tell.changed(now)
