"""TLS as nobody should talk it: old versions, weak ciphers, and servers whose OpenSSL forbids nothing."""

from __future__ import annotations

import socket
import ssl
import warnings
from pathlib import Path
from typing import Final, NamedTuple

PERMISSIVE: Final = """\
openssl_conf = everything
[everything]
ssl_conf = of_ssl
[of_ssl]
system_default = allowed
[allowed]
MinProtocol = TLSv1
CipherString = ALL:COMPLEMENTOFALL:@SECLEVEL=0
"""
"""For `OPENSSL_CONF` of a server's process: what is refused then, its own settings refuse."""


class Talk(NamedTuple):
    """One version of TLS, and the ciphers that are offered with it."""

    version: ssl.TLSVersion
    ciphers: str

    def __str__(self) -> str:
        return f"{self.version.name} {self.ciphers}"


WEAK: Final = (
    Talk(ssl.TLSVersion.TLSv1, "ALL"),
    Talk(ssl.TLSVersion.TLSv1_1, "ALL"),
    # Without a modern proof of the content, without secrecy, without a certificate.
    Talk(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA"),
    Talk(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-SHA384"),
    Talk(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-CCM8"),
    Talk(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-NULL-SHA"),
    Talk(ssl.TLSVersion.TLSv1_2, "AECDH-AES128-SHA"),
)
STRONG: Final = (
    Talk(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-GCM-SHA256"),
    Talk(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-CHACHA20-POLY1305"),
    Talk(ssl.TLSVersion.TLSv1_3, "ALL"),
)


def client(talk: Talk, certificate: tuple[Path, Path] | None = None) -> ssl.SSLContext:
    """Offers this alone, to whoever answers."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if certificate is not None:
        context.load_cert_chain(*certificate)
    return _offering(context, talk)


def permissive_server(certificate: tuple[Path, Path], talk: Talk) -> ssl.SSLContext:
    """Takes it, however weak it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return _offering(context, talk)


def _offering(context: ssl.SSLContext, talk: Talk) -> ssl.SSLContext:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers(f"{talk.ciphers}:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = talk.version
    return context


def is_taken(port: int, context: ssl.SSLContext) -> bool:
    """Whether the server on this port of the loopback goes through with it."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        try:
            context.wrap_socket(plain).close()
        except (ssl.SSLError, ConnectionError):
            return False
    return True


def handshakes(client: ssl.SSLContext, server: ssl.SSLContext) -> bool:
    """Whether they come to terms, without a network."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(to_client, to_server), server.wrap_bio(to_server, to_client, server_side=True)]
    for end in (*ends, *ends, *ends):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return ends[0].version() is not None
