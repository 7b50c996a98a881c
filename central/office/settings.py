"""How central is reached by HTTP, as its configuration file says."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct


class Http(Struct, frozen=True, forbid_unknown_fields=True):
    """The `[http]` table."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """0: any free port."""
    public_url: str = ""
    """How customers and stations reach this server, such as `https://packline.example.org`; empty: as it is asked."""
    pictures: str = ""
    """Folder of product pictures; empty: there are none."""
    timezone: str = "Europe/Paris"
    """In which the office reads times."""

    def __post_init__(self) -> None:
        """Refuse a time zone that nobody knows."""
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"http.timezone: {self.timezone!r} is not a time zone such as 'Europe/Paris'") from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
