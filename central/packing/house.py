"""What the house decided: the part of the configuration that rules need. Pure values."""

from __future__ import annotations

from msgspec import Struct

from central.stock.model import MAIN, Warehouse
from contract.values import Address, Box, Language, PhotoPolicy, ReturnPolicy, Service, ShortPolicy


class House(Struct, frozen=True):
    """One site's standing decisions."""

    site: str
    sender: Address
    sscc_prefix: str
    """Extension digit and GS1 company prefix together."""
    sscc_per_day: int = 100_000
    """So many SSCCs are leased in a day, and no more."""
    short_policy: ShortPolicy = "back_order"
    language: Language = "fr"
    """Spoken in the house: on papers that stay there."""
    contact: str = ""
    """How customers reach the shop."""
    returns: ReturnPolicy = "none"
    returns_within_days: int = 14
    photo: PhotoPolicy = "never"
    photo_by_service: dict[str, PhotoPolicy] = {}
    """By the service's name without capitals, where it is not as usual."""
    default_service: str = "Standard"
    services: tuple[Service, ...] = ()
    boxes: tuple[Box, ...] = ()
    ahead: int = 10
    """Orders that a station may have at hand unopened; 0: none is lent ahead."""
    ahead_s: int = 14_400
    """How long it may keep them unopened."""
    warehouses: tuple[Warehouse, ...] = (Warehouse(MAIN, "Main"),)
    """The one to ship from first at the front."""

    def service(self, name: str) -> Service:
        """The service that a shop calls `name`; one that is not configured travels under the house's own label."""
        wanted = name or self.default_service
        for service in self.services:
            if service.name.casefold() == wanted.casefold():
                return service
        return Service("own", wanted)

    @property
    def warehouse_codes(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.warehouses)

    def warehouse_of(self, station: str) -> str:
        """Where the station packs from."""
        for warehouse in self.warehouses:
            if station in warehouse.stations:
                return warehouse.code
        return self.warehouses[0].code

    def photographs(self, service: str) -> PhotoPolicy:
        """Whether the open box of an order that travels so is photographed."""
        return self.photo_by_service.get((service or self.default_service).casefold(), self.photo)
