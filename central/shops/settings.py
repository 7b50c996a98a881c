"""`[[shops]]`: which shops may tell us about their orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from central.shops.model import Kind
from contract.complaint import shown
from link.config import BadConfig


class ShopConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """One of `[[shops]]`."""

    name: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
    """In the address that the shop sends to: `/api/shops/NAME`."""
    kind: Kind
    secret_file: Annotated[str, Meta(min_length=1)]
    """The file with the secret that the shop signs with, such as a systemd credential."""
    prefix: Annotated[str, Meta(max_length=20)] = ""
    """Before its order numbers, so that those of several shops do not meet."""
    timezone: str = "Europe/Paris"
    """Of times that the shop writes without an offset (PrestaShop)."""

    def __post_init__(self) -> None:
        """Refuse a time zone that nobody knows."""
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"shops.timezone: {shown(self.timezone)!r} is not a time zone such as 'Europe/Paris'"
            ) from None


class Shop(Struct, frozen=True):
    """A shop and what it signs with."""

    name: str
    kind: Kind
    secret: bytes
    prefix: str
    zone: ZoneInfo

    def __repr__(self) -> str:
        """Without the secret: it must not get into a log."""
        return f"Shop({self.name!r}, {self.kind!r})"


def read_secret(path: str, key: str) -> bytes:
    """The secret in a file, without the line end. Raises `OSError` and `BadConfig` (for an empty one)."""
    secret = Path(path).read_bytes().strip()
    if not secret:
        raise BadConfig(f"{key}: {path} is empty; write the secret into it that the sender signs with")
    return secret


def shops(configured: Iterable[ShopConfig]) -> Mapping[str, Shop]:
    """Shops by name. Raises `OSError` and `BadConfig` for a secret that cannot be read."""
    return {each.name: _shop(each) for each in configured}


def _shop(configured: ShopConfig) -> Shop:
    secret = read_secret(configured.secret_file, "shops.secret_file")
    return Shop(configured.name, configured.kind, secret, configured.prefix, ZoneInfo(configured.timezone))
