"""Keeps the certificates from ending that central itself lives by: the broker's, its own, and its authority's.

What the authority made for the broker and for central is made anew for the same key, so that nothing secret has to be
brought anywhere and no file can be half of the next one. What the broker shows is looked at on its port: a certificate
that was renewed and not taken up there is told like any other that ends.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from cryptography import x509

from central.claims.authority import Authority
from central.claims.expiry import Holder, Lasting, trouble_of
from central.config import CentralConfig
from contract.expiry import Life
from contract.machine import MachineTrouble
from link.certificates import certificate_of, shown_certificate
from link.tls import BrokerConfig, tls_context

log = logging.getLogger(__name__)

_RENEWED: Final = ("broker", "central")
_LOOK_EVERY_S: Final = 3600.0
_LOOK_AGAIN_S: Final = 30.0
"""While something is to be mended, or the broker is not there."""
_PATIENCE_S: Final = 10.0


class Keeping:
    """Looks at each certificate, renews what can be, and has the troubles of the rest."""

    def __init__(self, config: CentralConfig, authority: Authority | None, now: Callable[[], int]) -> None:
        self._config = config
        self._authority = authority
        self._now = now
        self.troubles: tuple[MachineTrouble, ...] = ()
        self._unseen: dict[Holder, str] = {}

    async def run(self) -> None:
        """Look every hour until cancelled, more often while something is not as it should be."""
        while True:
            is_all_well = await asyncio.to_thread(self.look)
            await asyncio.sleep(_LOOK_EVERY_S if is_all_well else _LOOK_AGAIN_S)

    def look(self) -> bool:
        """Whether every certificate could be seen and lasts."""
        if self._authority is not None:
            for name in _RENEWED:
                _renew(self._authority, name)
        seen, unseen = look_at(self._config, self._authority)
        for holder in unseen.keys() - self._unseen.keys():
            log.warning("the certificate of %s cannot be looked at: %s", holder, unseen[holder])
        self._unseen = unseen
        told = tuple(trouble for each in seen if (trouble := trouble_of(each, self._now())) is not None)
        for trouble in set(told) - set(self.troubles):
            log.error("certificates: %s", trouble.kind.replace("_", " "))
        self.troubles = told
        return not told and not unseen


def _renew(authority: Authority, name: str) -> None:
    try:
        if authority.renew(name):
            log.info("the certificate of %s was made anew", name)
    except (OSError, ValueError) as error:
        log.error("the certificate of %s cannot be made anew: %s", name, error)


def look_at(config: CentralConfig, authority: Authority | None) -> tuple[tuple[Lasting, ...], dict[Holder, str]]:
    """What there is, and why the rest could not be seen."""
    seen: list[Lasting] = []
    unseen: dict[Holder, str] = {}
    for holder, read in _readers(config, authority):
        try:
            certificate = read()
        except (OSError, ValueError) as error:
            unseen[holder] = str(error)
        else:
            seen.append(_lasting(holder, certificate, authority))
    return tuple(seen), unseen


Read = Callable[[], x509.Certificate]


def _readers(config: CentralConfig, authority: Authority | None) -> Iterator[tuple[Holder, Read]]:
    broker, http = config.broker, config.http
    if authority is not None:
        yield "authority", lambda: authority.certificate
    if broker.ca_file:
        yield "broker", lambda: _shown(broker)
    if broker.cert_file:
        yield "central", lambda: _kept(Path(broker.cert_file))
    if http.is_tls:
        yield "office", lambda: _kept(Path(http.cert_file or config.authority_folder / "office.pem"))


def _kept(file: Path) -> x509.Certificate:
    return certificate_of(file.read_bytes())


def _shown(broker: BrokerConfig) -> x509.Certificate:
    """What the broker shows now, ended or not. Raises `OSError` when it is not there, `ValueError` for nonsense."""
    context = tls_context(broker)
    assert context is not None
    # Nothing is said to whoever answers: only the end of the certificate is read.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((broker.host, broker.port), timeout=_PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname=broker.host) as connection,
    ):
        shown = connection.getpeercert(binary_form=True)
    if shown is None:
        raise OSError("the broker shows no certificate")
    return shown_certificate(shown)


def _lasting(holder: Holder, certificate: x509.Certificate, authority: Authority | None) -> Lasting:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    life = Life(int(begins.timestamp() * 1000), int(ends.timestamp() * 1000))
    return Lasting(holder, life, authority is not None and authority.made(certificate))
