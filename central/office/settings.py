"""How central is reached by HTTP, as its configuration file says."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from central.people.scopes import EVERYTHING, READING


class Token(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may come in. The token itself is not kept, only its SHA-256: `printf %s TOKEN | sha256sum`."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$")]
    """Stands in timelines beside what was done with this token."""
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    scopes: tuple[Literal["read", "write"], ...] = ("read", "write")

    @property
    def may(self) -> frozenset[str]:
        """What it may do, in every area."""
        return EVERYTHING if "write" in self.scopes else READING


class Http(Struct, frozen=True, forbid_unknown_fields=True):
    """The `[http]` table."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """0: any free port."""
    public_url: str = ""
    """How customers and stations reach this server, such as `https://packline.example.org`; empty: as it is asked."""
    tokens: tuple[Token, ...] = ()
    """Without any, everybody on this machine may do everything and nobody else may do anything."""
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

    def exposure(self) -> str:
        """Why these settings are not safe; empty when they are."""
        if self.tokens or is_loopback(self.host):
            return ""
        return (
            f"http.host is {self.host!r}, which other machines can reach, and http.tokens is empty: anybody could "
            "cancel orders. Add a token, or set host to 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
