"""`central.toml` as one frozen value. A key that nobody reads is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, structs

from central.backups.settings import BackupConfig
from central.counting.settings import CountsConfig
from central.documents.settings import MailConfig
from central.office.settings import Http
from central.packing.house import House
from central.payments.statement import Columns
from central.payments.unpaid import UnpaidConfig
from central.people.retention import PeopleConfig
from central.policy.model import NO_RULES, Known
from central.policy.reading import read_rules_file
from central.policy.settings import Calendar, OnTheWall, Weekday
from central.policy.standing import Standing
from central.policy.timetable import Timetable
from central.shipping.numbers import usual_per_day
from central.shops.settings import ShopConfig
from central.stock.model import MAIN, Warehouse
from contract import topics
from contract.keys import BadKey, Sscc
from contract.values import Address, Box, Language, PhotoPolicy, ReturnPolicy, Service, ShortPolicy
from link.config import load
from link.tls import BrokerConfig

Filled = Annotated[str, Meta(min_length=1, max_length=80)]
Grams = Annotated[int, Meta(ge=0, le=2_000_000)]
Millimetres = Annotated[int, Meta(ge=1, le=10_000)]


class SenderConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[sender]`: the address on every label, and how customers reach the shop."""

    name: Filled
    lines: Annotated[tuple[Filled, ...], Meta(min_length=1, max_length=4)]
    postcode: str
    city: Filled
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    company: str = ""
    region: str = ""
    contact: Annotated[str, Meta(max_length=120)] = ""
    """On the packing slip: `bonjour@example.fr · 05 56 00 00 00`, each way on a line of its own."""


class PackingConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[packing]`."""

    sscc_prefix: Annotated[str, Meta(pattern="^[0-9]{8,13}$")]
    """Extension digit and GS1 company prefix: `0` and `3401234` together are `03401234`."""
    sscc_per_day: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    """How many SSCCs are given to stations in a day at most: after a restoration so many are skipped for each day that
    may be lost. 0: a thousandth of what the prefix has, or 10,000."""
    short_policy: ShortPolicy = "back_order"
    """What becomes of pieces that are missing or damaged."""
    default_service: Filled = "Standard"
    """For orders that name none."""
    language: Language = "fr"
    """Of papers that stay in the house, such as pick lists."""
    returns: ReturnPolicy = "none"
    """What every parcel carries for sending things back."""
    returns_within_days: Annotated[int, Meta(ge=1, le=3650)] = 14
    photo: PhotoPolicy = "never"
    """Whether the open box of every parcel is photographed."""
    ahead: Annotated[int, Meta(ge=0, le=200)] = 10
    """Orders that a bench may have at hand before it opens them, for when the network is gone; 0: none."""
    ahead_minutes: Annotated[int, Meta(ge=5, le=1440)] = 240
    """So long a bench without network may open them; then others may."""


class BoxConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """One of `[[boxes]]`."""

    code: Filled
    name: Filled
    tare_g: Grams
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    max_g: Grams = 30_000


class ServiceConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """One of `[[services]]`: what a shop's name for the way an order travels means."""

    name: Filled
    carrier: Filled = "own"
    """`own`: our label is the carrier's. `manual`: its number is entered before the parcel leaves."""
    max_g: Grams = 30_000
    max_length_mm: Annotated[int, Meta(ge=0, le=10_000)] = 0
    """The longest side that the carrier takes; 0: any."""
    max_girth_mm: Annotated[int, Meta(ge=0, le=50_000)] = 0
    """The longest side and the tape around the other two together; 0: any."""
    brackets_g: tuple[Grams, ...] = ()
    """Where the next price begins: `[250, 500, 1000]`."""
    near_g: Grams = 20
    """Packers are told when a parcel is so little above a bracket; 0: never."""
    cut_off: OnTheWall | Literal[""] = ""
    """`"16:30"`: what is packed by then leaves the same day; empty: as `[calendar]` says."""
    days: tuple[Weekday, ...] = ()
    """When it leaves, of the working days: `["mon", "wed", "fri"]`; empty: on each."""
    transit_days: Annotated[int, Meta(ge=0, le=60)] = 1
    """Working days from leaving to delivery."""

    photo: PhotoPolicy | None = None
    """Whether the open box is photographed; left out: as `[packing]` says."""

    @property
    def service(self) -> Service:
        return Service(**{name: getattr(self, name) for name in Service.__struct_fields__})


class WarehouseConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """One of `[[warehouses]]`. Without any there is one, `main`; keep that code for where the stock lies already."""

    code: Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$")]
    name: Filled
    priority: Annotated[int, Meta(ge=0, le=1000)] = 100
    """Orders go from the lowest that has all of them."""
    stations: tuple[Filled, ...] = ()
    """That pack there; a station that none names packs at the first."""


class PhotosConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[photos]`: pictures of open boxes. They show what customers bought: keep them as long as claims come in."""

    folder: str = ""
    """Empty: `photos` beside the database."""
    keep_days: Annotated[int, Meta(ge=1, le=3650)] = 90


class MappingConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """One of `[[mappings]]`: how a shop's own order files are read."""

    name: Filled
    """As the office chooses it."""
    file: Annotated[str, Meta(min_length=1)]
    """TOML: see `central.orders.mapped_csv`."""


class StripeConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[stripe]`: card payments told by Stripe's webhooks, sent to `/api/cards/stripe`."""

    secret_file: Annotated[str, Meta(min_length=1)]
    """The file with the endpoint's signing secret (`whsec_…`), such as a systemd credential."""


class AuthorityConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[authority]`: what signs stations' certificates; made by `packline-central ca init`."""

    folder: str = ""
    """Empty: `authority` beside the database."""


class CentralConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    site: str
    database: Annotated[str, Meta(min_length=1)]
    """The SQLite file; made when it is not there."""
    sender: SenderConfig
    packing: PackingConfig
    broker: BrokerConfig = BrokerConfig()
    http: Http = Http()
    mail: MailConfig | None = None
    """None: nothing is mailed."""
    photos: PhotosConfig = PhotosConfig()
    boxes: tuple[BoxConfig, ...] = ()
    services: tuple[ServiceConfig, ...] = ()
    shops: tuple[ShopConfig, ...] = ()
    orders: UnpaidConfig = UnpaidConfig()
    stripe: StripeConfig | None = None
    bank: Columns = Columns()
    counts: CountsConfig = CountsConfig()
    authority: AuthorityConfig = AuthorityConfig()
    backup: BackupConfig = BackupConfig()
    people: PeopleConfig = PeopleConfig()
    mappings: tuple[MappingConfig, ...] = ()
    warehouses: tuple[WarehouseConfig, ...] = ()
    calendar: Calendar = Calendar()
    rules: str = ""
    """The file of the house's rules for orders that come in; a relative path is beside this file."""

    def __post_init__(self) -> None:
        """Refuse names that cannot be topics, and doubles."""
        try:
            topics.level(self.site)
        except ValueError as error:
            raise ValueError(f"site: {error}") from error
        if not (self.broker.is_here or self.broker.has_certificate):
            raise ValueError(
                f"broker.host: {self.broker.host!r} is on the network: give ca_file, cert_file and key_file "
                "(packline-central ca init makes them)"
            )
        try:
            Sscc.numbered(self.packing.sscc_prefix, 1)
        except BadKey as error:
            raise ValueError(f"packing.sscc_prefix: {error}") from error
        _once("[[boxes]] code", [box.code for box in self.boxes])
        _once("[[services]] name", [service.name.casefold() for service in self.services])
        _once("[[warehouses]] code", [warehouse.code for warehouse in self.warehouses])
        _once("[[warehouses]] stations", [each for warehouse in self.warehouses for each in warehouse.stations])
        _ = self.timetable
        _once("[[mappings]] name", [mapping.name for mapping in self.mappings])
        _once("[[shops]] name", [shop.name for shop in self.shops])

    @property
    def photos_folder(self) -> Path:
        """Where pictures of open boxes are kept."""
        return Path(self.photos.folder) if self.photos.folder else Path(self.database).parent / "photos"

    @property
    def database_folder(self) -> Path:
        """The folder that the database is really in."""
        return Path(self.database).resolve().parent

    @property
    def authority_folder(self) -> Path:
        """Where the key of the certificate authority is kept. Whoever has it can be any station, and central."""
        return Path(self.authority.folder) if self.authority.folder else Path(self.database).parent / "authority"

    @property
    def backups_folder(self) -> Path:
        """Where copies are kept. Each has the authority's key in it."""
        return Path(self.backup.folder) if self.backup.folder else Path(self.database).parent / "backups"

    @property
    def house(self) -> House:
        """What rules are told."""
        sender = self.sender
        boxes = tuple(
            Box(each.code, each.name, each.tare_g, each.length_mm, each.width_mm, each.height_mm, each.max_g)
            for each in self.boxes
        )
        return House(
            site=self.site,
            sender=Address(
                sender.name,
                sender.lines,
                sender.postcode,
                sender.city,
                sender.country,
                company=sender.company,
                region=sender.region,
            ),
            sscc_prefix=self.packing.sscc_prefix,
            sscc_per_day=self.packing.sscc_per_day or usual_per_day(self.packing.sscc_prefix),
            short_policy=self.packing.short_policy,
            contact=sender.contact,
            returns=self.packing.returns,
            returns_within_days=self.packing.returns_within_days,
            default_service=self.packing.default_service,
            language=self.packing.language,
            photo=self.packing.photo,
            ahead=self.packing.ahead,
            ahead_s=self.packing.ahead_minutes * 60,
            photo_by_service={each.name.casefold(): each.photo for each in self.services if each.photo is not None},
            services=tuple(each.service for each in self.services),
            boxes=boxes,
            warehouses=self._by_priority() or (Warehouse(MAIN, "Main"),),
        )

    def _by_priority(self) -> tuple[Warehouse, ...]:
        ordered = sorted(self.warehouses, key=lambda each: each.priority)
        return tuple(Warehouse(each.code, each.name, each.stations) for each in ordered)

    @property
    def timetable(self) -> Timetable:
        """When its services leave. Raises `ValueError` when one never would."""
        calendar = self.calendar
        return Timetable(
            self.http.timezone,
            frozenset(calendar.working_days),
            frozenset(calendar.holidays),
            calendar.departures("", "", (), 1),
            tuple(
                (each.name.casefold(), calendar.departures(each.name, each.cut_off, each.days, each.transit_days))
                for each in self.services
            ),
            self.packing.default_service,
        )

    @property
    def known(self) -> Known:
        """What rules may name."""
        services = frozenset(each.name for each in self.services)
        usual = frozenset({self.packing.default_service}) if services else frozenset()
        return Known(services | usual, frozenset(each.code for each in self.boxes))

    @property
    def standing(self) -> Standing:
        """What every transaction has at hand. Raises `link.config.BadConfig` for rules that cannot be read."""
        rules = read_rules_file(Path(self.rules), self.known) if self.rules else NO_RULES
        warn_ms = self.calendar.warn_minutes * 60_000
        return Standing(self.house.warehouse_codes, self.timetable, rules, self.known, warn_ms, self.counts.recount)


def _once(key: str, values: list[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"{key} {value!r} is given twice")


def read_config(path: Path) -> CentralConfig:
    """The configuration in `path`. Raises `link.config.BadConfig`, also for its rules."""
    config = load(path, CentralConfig)
    if config.rules:
        config = structs.replace(config, rules=str(path.parent / config.rules))
        read_rules_file(Path(config.rules), config.known)
    return config
