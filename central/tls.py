"""The certificate that central shows to browsers and programs; a new one is used from the next connection on."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from central.claims.authority import Authority
from central.config import CentralConfig
from link.config import BadConfig

log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 5.0
_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2, as the broker's: what was recorded is not read later with a stolen key, and nothing is changed."""


class ServerCertificate:
    """Two files, and the TLS context that was made of them."""

    def __init__(self, cert_file: Path, key_file: Path, renew: Callable[[], object]) -> None:
        """Raises `OSError` when the files are no certificate and its key. `renew` replaces them when it is time."""
        self._files = (cert_file, key_file)
        self._renew = renew
        self._seen = self._now_there()
        self.context = _loaded(*self._files)

    async def keep(self) -> None:
        """Look whether the files are others now, until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Use what is there now. Files that do not belong together leave what is used: their writer is half-way."""
        try:
            self._renew()
            there = self._now_there()
            if there != self._seen:
                # A context that refused a pair would be left without a key.
                _loaded(*self._files)
                self.context.load_cert_chain(*self._files)
                self._seen = there
                log.info("%s: the new certificate is used from now on", self._files[0])
        except (OSError, ValueError) as error:
            log.error("%s: the certificate of before stays in use: %s", self._files[0], error)

    def _now_there(self) -> tuple[int, ...]:
        return tuple(number for file in self._files for number in (file.stat().st_mtime_ns, file.stat().st_ino))


def server_certificate(config: CentralConfig, authority: Authority | None) -> ServerCertificate | None:
    """As `[http]` says; None for plain HTTP. Raises `BadConfig` or `OSError`."""
    http = config.http
    if http.tls_host:
        if authority is None:
            raise BadConfig("http.tls_host: there is no authority to make a certificate: run packline-central ca init")
        cert_file, key_file = authority.for_office(http.tls_host)
        return ServerCertificate(cert_file, key_file, lambda: authority.for_office(http.tls_host))
    if http.cert_file:
        return ServerCertificate(Path(http.cert_file), Path(http.key_file), lambda: None)
    return None


def _loaded(cert_file: Path, key_file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    try:
        context.load_cert_chain(cert_file, key_file)
    except ssl.SSLError as error:
        raise OSError(f"{cert_file} and {key_file} are no certificate and its key: {error.reason}") from error
    return context
