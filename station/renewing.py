"""The station's next certificate, when a third of the life of this one is left; and how long the one in use lasts.

A clock that is wrong costs a renewal too early or too late, never the certificate.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from contract.claims import RenewalOffer, Renewed
from contract.expiry import Life, expiry_trouble
from contract.machine import MachineTrouble
from link.backoff import Backoff
from link.tls import BrokerConfig, https_context
from station.claiming import Ended, Identity, NotClaimed, ask, certificate_in, ended, life_in
from station.keys import KeyPair, is_for, is_signed_by, signature

log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 3600.0
_AGAIN_S: Final = 5.0
"""After the first renewal that failed; at last every hour."""
_HOLDER: Final = "station"


class Renewing:
    """Has the certificate renewed before it ends, and a `trouble` when that does not come about.

    `broker` may name a certificate from elsewhere: we cannot renew that one, and its end is told all the same.
    """

    def __init__(
        self, identity: Identity, broker: BrokerConfig, central: str, station: str, now_ms: Callable[[], int]
    ) -> None:
        self.trouble: MachineTrouble | None = None
        self._identity = identity
        self._broker = broker
        self._central = central.rstrip("/")
        self._station = station
        self._now_ms = now_ms
        self._again = Backoff(_AGAIN_S, _LOOK_EVERY_S, random.random)

    async def run(self) -> None:
        """Renew when it is time until cancelled; look every hour at least, for clocks are set."""
        while True:
            wait_s = await self.look()
            await asyncio.sleep(wait_s)

    async def look(self) -> float:
        """Renew what is due and see how long the certificate in use lasts; so many seconds until the next look."""
        wait_s = await self._renew_in_time() if self._identity.is_there else _LOOK_EVERY_S
        in_use = self._identity.broker(self._broker).cert_file
        self.trouble = await asyncio.to_thread(self._trouble_of, Path(in_use)) if in_use else None
        return wait_s

    def _trouble_of(self, file: Path) -> MachineTrouble | None:
        try:
            life = life_in(file)
        except (OSError, ValueError) as error:
            log.error("the certificate in %s cannot be read: %s", file, error)
            return MachineTrouble(f"{_HOLDER}_certificate_damaged")
        return expiry_trouble(_HOLDER, life, self._now_ms(), life.told_before_ms)

    async def _renew_in_time(self) -> float:
        """So many seconds until there may be something to do again; soon when it was tried in vain."""
        try:
            wait_s = await asyncio.to_thread(self._renewal_in_s)
            if wait_s == 0:
                await self.renew()
        except (NotClaimed, OSError, ValueError) as error:
            again_s = self._again.next_s()
            log.error("the certificate could not be renewed: %s; tried again in %d s", error, again_s)
            return again_s
        self._again.reset()
        return min(wait_s or _LOOK_EVERY_S, _LOOK_EVERY_S)

    def _renewal_in_s(self) -> float:
        return max(0.0, (renew_at(life_in(self._identity.file)) - self._now_ms()) / 1000)

    async def renew(self) -> None:
        """A new key and its certificate, by the same authority.

        Raises `NotClaimed`, and `OSError` or `ValueError` for files that cannot be read or written.
        """
        kept = await asyncio.to_thread(self._identity.file.read_text)
        authority = await asyncio.to_thread(self._identity.ca_file.read_text)
        pair = KeyPair.new(self._station)
        offer = RenewalOffer(certificate_in(kept), pair.request, signature(kept, pair.request))
        context = await asyncio.to_thread(https_context, self._identity.ca_file)
        renewed = await ask(f"{self._central}/api/claim/renew", Renewed, context, offer)
        if not is_signed_by(renewed.certificate, authority) or not is_for(renewed.certificate, pair):
            raise ended(Ended.FORGED)
        await asyncio.to_thread(self._identity.keep, pair.key, renewed.certificate, authority)
        log.info("the certificate was renewed; it is used from the next connection on")


def renew_at(life: Life) -> int:
    """When a third of its life is left, in milliseconds since the epoch."""
    return life.ends_at - (life.ends_at - life.begins_at) // 3
