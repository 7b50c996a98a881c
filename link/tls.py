"""Where the broker is and how to prove who we are."""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct


class BrokerConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[broker]` of a configuration file. With `ca_file`, the connection is TLS; with a certificate, mutual."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 1883
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    keepalive_s: int = 15
    session_expiry_s: int = 14 * 24 * 3600
    """How long the broker keeps messages for us while we are away."""

    @property
    def is_here(self) -> bool:
        """On this machine: nobody can listen on the way."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def has_certificate(self) -> bool:
        """Whether files for mutual TLS are named: without `ca_file` nothing would be TLS."""
        return bool(self.ca_file and self.cert_file)


def https_context(ca_file: Path) -> ssl.SSLContext:
    """For central's HTTPS: its own authority is trusted beside the system's, once we have it."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file.exists():
        context.load_verify_locations(ca_file)
    return context


def tls_context(broker: BrokerConfig) -> ssl.SSLContext | None:
    """The TLS context, or None for a plain (loopback) connection. Raises `OSError` for unreadable files."""
    if not broker.ca_file:
        return None
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=broker.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if broker.cert_file:
        context.load_cert_chain(broker.cert_file, broker.key_file or None)
    return context
