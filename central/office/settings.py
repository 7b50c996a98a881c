"""How central is reached by HTTP, as its configuration file says."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from contract.complaint import shown


class Http(Struct, frozen=True, forbid_unknown_fields=True):
    """The `[http]` table."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """0: any free port."""
    tls_host: str = ""
    """The name that browsers ask for: central's own authority makes a certificate for it, and renews it."""
    cert_file: str = ""
    key_file: str = ""
    """Instead of `tls_host`: a certificate from elsewhere. New files are taken up within seconds."""
    a_proxy_terminates_tls: bool = False
    """What comes here from the network has been HTTPS until a proxy of yours."""
    public_url: str = ""
    """How customers and stations reach this server, such as `https://packline.example.org`; empty: as it is asked."""
    pictures: str = ""
    """Folder of product pictures; empty: there are none."""
    timezone: str = "Europe/Paris"
    """In which the office reads times."""

    def __post_init__(self) -> None:
        """Refuse what is no address or time zone, and passwords in clear on the network."""
        if bool(self.cert_file) is not bool(self.key_file) or (self.tls_host and self.cert_file):
            raise ValueError("http: give either tls_host, or both cert_file and key_file")
        if not (is_loopback(self.host) or self.is_tls or self.a_proxy_terminates_tls):
            raise ValueError(
                f"http.host: {self.host!r} is on the network, where passwords would travel in clear: give tls_host "
                "(packline-central ca init makes the authority for it), or cert_file and key_file, or, when a proxy of "
                "yours speaks HTTPS, a_proxy_terminates_tls = true"
            )
        if self.public_url and not _public_host(self.public_url):
            raise ValueError(
                f"http.public_url: {shown(self.public_url)!r} is not an address such as 'https://packline.example.org'"
            )
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"http.timezone: {shown(self.timezone)!r} is not a time zone such as 'Europe/Paris'"
            ) from None

    @property
    def is_tls(self) -> bool:
        """Whether central itself speaks HTTPS."""
        return bool(self.tls_host or self.cert_file)

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by HTTPS."""
        return self.is_tls or self.a_proxy_terminates_tls or self.public_url.startswith("https://")

    @property
    def is_behind_a_proxy(self) -> bool:
        """Whether others come from this machine, too, as far as can be seen here."""
        public = _public_host(self.public_url)
        return self.a_proxy_terminates_tls or bool(public and is_loopback(self.host) and not is_loopback(public))


def _public_host(address: str) -> str:
    """The name in it; empty for what is no address of a web server."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
