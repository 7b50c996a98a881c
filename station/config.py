"""`station.toml` as one frozen value. A key that nobody reads is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from contract import topics
from contract.keys import StationId
from contract.values import Language
from link.config import load
from link.tls import BrokerConfig
from station.devices.escpos_printer import EscPosPrinterConfig
from station.devices.gpio_signals import GpioSignalsConfig
from station.devices.ports import Kind
from station.devices.registry import DeviceConfig, kind_of
from station.devices.settings import CameraSettings, PrinterSettings, ScaleSettings
from station.photos import PhotosConfig
from station.taping import TapeConfig
from station.work.session import CheckRule, Settings

_RESERVE = 10
"""Parcel numbers beyond those of the orders at hand: an order may need several."""


class KioskConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[kiosk]`: where the screen's browser finds its page. This machine only."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """0: any free one, told in the log."""


class BenchConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[bench]`: how the bench behaves."""

    language: Language = "fr"
    """Shown while nobody is signed in."""
    idle_sign_out_s: Annotated[int, Meta(ge=0)] = 600
    """0: never."""
    sscc_low: Annotated[int, Meta(ge=1)] = 20
    sscc_lease: Annotated[int, Meta(ge=1, le=10_000)] = 100
    """With fewer parcel numbers than `sscc_low`, half of `sscc_lease`, or ten for what is at hand, central is asked for
    `sscc_lease` more."""
    ahead: Annotated[int, Meta(ge=0, le=200)] = 10
    """Orders that are kept at hand for when there is no network, as far as central lends them; 0: none."""


class ScaleCheckConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[scale_check]`: the check weight of this bench, and what follows when it was not put on in time."""

    weight_g: Annotated[int, Meta(ge=50, le=100_000)]
    """What the check weight weighs."""
    tolerance_g: Annotated[int, Meta(ge=1, le=1_000)] = 5
    """How far off the scale may be, loaded and empty."""
    every_h: Annotated[int, Meta(ge=1, le=24 * 366)] = 24
    overdue: Literal["warn", "block"] = "warn"
    """`block`: no order is begun before the scale was checked."""


class StationConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    station: str
    """This bench's own name; with the broker's access list it is also its user name there."""
    site: str
    state_dir: Annotated[str, Meta(min_length=1)]
    """The folder where the journal and the pictures are kept."""
    central_url: str
    """Where product pictures come from: `https://…`."""
    broker: BrokerConfig = BrokerConfig()
    kiosk: KioskConfig = KioskConfig()
    bench: BenchConfig = BenchConfig()
    device: tuple[DeviceConfig, ...] = ()
    tape: TapeConfig | None = None
    photos: PhotosConfig = PhotosConfig()
    keep_received_days: Annotated[int, Meta(ge=1, le=90)] = 7
    """Facts stay here for so long after central has them: longer than central's newest copy is ever old."""
    scale_check: ScaleCheckConfig | None = None
    """Nobody is asked to check the scale without it."""

    def __post_init__(self) -> None:
        """Refuse names that cannot be topics, a wrong address, and devices that are there twice."""
        for key, value in (("station", self.station), ("site", self.site)):
            try:
                topics.level(value)
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from error
        if not self.central_url.startswith(("http://", "https://")):
            raise ValueError(f"central_url: {self.central_url!r} must begin with http:// or https://")
        twice = [name for name, count in Counter(device.name for device in self.device).items() if count > 1]
        if twice:
            raise ValueError(f"[[device]] name {twice[0]!r} is given twice: each device needs a name of its own")
        strangers = set(self.tape.devices if self.tape else ()) - {device.name for device in self.device}
        if strangers:
            raise ValueError(f"[tape] devices: there is no [[device]] named {min(strangers)!r}")
        if len(self.drawers) > 1:
            raise ValueError(f"drawer: {' and '.join(self.drawers)} both open one; a bench has one drawer")
        if len(self.cameras) > 1:
            raise ValueError(f"camera: {' and '.join(self.cameras)} are two; a bench has one camera above it")
        if self.scale_check is not None and not self.scales:
            raise ValueError("scale_check: this bench has no scale; give it a [[device]] that weighs")

    @property
    def name(self) -> StationId:
        """The station as messages name it."""
        return StationId(self.station)

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return Path(self.state_dir) / "journal.db"

    @property
    def identity(self) -> Path:
        """The folder of the certificate that this station claimed."""
        return Path(self.state_dir) / "identity"

    @property
    def calibrations(self) -> Path:
        """What was found out about scanners."""
        return Path(self.state_dir) / "calibration.json"

    @property
    def tapes(self) -> Path:
        """Where raw traffic is recorded."""
        return Path(self.tape.folder) if self.tape and self.tape.folder else Path(self.state_dir) / "tapes"

    @property
    def pictures(self) -> Path:
        """The folder for product pictures."""
        return Path(self.state_dir) / "pictures"

    @property
    def printers(self) -> tuple[PrinterSettings, ...]:
        """The devices that print."""
        return tuple(device for device in self.device if isinstance(device, PrinterSettings))

    @property
    def scales(self) -> tuple[ScaleSettings, ...]:
        """The devices that weigh."""
        return tuple(device for device in self.device if isinstance(device, ScaleSettings))

    @property
    def photos_folder(self) -> Path:
        """Where pictures of open boxes wait for central."""
        return Path(self.state_dir) / "photos"

    @property
    def cameras(self) -> tuple[str, ...]:
        """The devices that take pictures."""
        return tuple(device.name for device in self.device if isinstance(device, CameraSettings))

    @property
    def drawers(self) -> tuple[str, ...]:
        """The devices that open the drawer."""
        return tuple(
            device.name
            for device in self.device
            if (isinstance(device, GpioSignalsConfig) and device.drawer is not None)
            or (isinstance(device, EscPosPrinterConfig) and device.drawer)
        )

    @property
    def settings(self) -> Settings:
        """What the core is told."""
        check = self.scale_check
        return Settings(
            station=self.name,
            language=self.bench.language,
            idle_sign_out_s=self.bench.idle_sign_out_s,
            has_slip_printer=any("slip" in printer.roles for printer in self.printers),
            has_form_printer=any({"slip", "return_form"} & set(printer.roles) for printer in self.printers),
            require_scale=any(kind_of(device) is Kind.SCALE for device in self.device),
            sscc_low=max(self.bench.sscc_low, self.bench.sscc_lease // 2, self.bench.ahead + _RESERVE),
            sscc_lease=self.bench.sscc_lease,
            check=CheckRule(check.weight_g, check.tolerance_g, check.every_h, check.overdue) if check else None,
            drawer=next(iter(self.drawers), ""),
            camera=next(iter(self.cameras), ""),
        )


def read_config(path: Path) -> StationConfig:
    """The configuration in `path`. Raises `link.config.BadConfig`."""
    return load(path, StationConfig)


def described(config: StationConfig) -> str:
    """What the station would use, for a person to compare with the bench."""
    broker = config.broker
    claimed = "no TLS" if broker.is_here else "TLS with the certificate that the office gives"
    manner = "TLS with our certificate" if broker.has_certificate else claimed
    lines = [
        f"station {config.station} of site {config.site}",
        f"  journal  {config.journal}",
        f"  broker   {broker.host}:{broker.port}, {manner}",
        f"  central  {config.central_url}",
        f"  kiosk    http://{config.kiosk.host}:{config.kiosk.port}/",
    ]
    for device in config.device:
        roles = f", prints {' and '.join(device.roles)}" if isinstance(device, PrinterSettings) else ""
        lines.append(f"  {kind_of(device):<8} {device.name} ({device.__struct_config__.tag}){roles}")
    lines += [f"  warning: this bench has no {kind}" for kind in _missing(config)]
    return "\n".join(lines)


def _missing(config: StationConfig) -> list[str]:
    kinds = {kind_of(device) for device in config.device}
    missing = [str(kind) for kind in (Kind.SCANNER, Kind.SCALE) if kind not in kinds]
    return missing if any("label" in printer.roles for printer in config.printers) else [*missing, "label printer"]
