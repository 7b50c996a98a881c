"""Makes a revocation hold at the broker: the list that it reads, and the connection that is open now.

Measured on Mosquitto 2.0.11: it reads the list at its start and at SIGHUP alone, and a connection that was open goes on
as before. So central writes the list (a systemd unit sends the SIGHUP), tries with a certificate of its own that stands
on the list whether the broker refuses it, and then connects in the station's name: a broker ends the older of two
connections with one name, and the revoked one cannot come back.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from central.claims import rules
from central.claims.authority import Authority
from central.desk.books import Keys
from central.office.watch import Watch
from central.store.store import Store
from link.tls import BrokerConfig, tls_context

log = logging.getLogger(__name__)

CANARY: Final = "canary"
_LOOK_AGAIN_S: Final = 60.0
_TRY_AGAIN_S: Final = 0.5
_TRIES: Final = 20
_PATIENCE_S: Final = 10.0


class Cutting:
    """Writes the list of revoked certificates and sees to it that the broker keeps to it."""

    def __init__(
        self, store: Store, authority: Authority, broker: BrokerConfig, watch: Watch, now: Callable[[], int]
    ) -> None:
        self._store = store
        self._authority = authority
        self._broker = broker
        self._watch = watch
        self._now = now

    async def run(self) -> None:
        """Cut off what is revoked, until cancelled."""
        with self._watch.over("station") as bell:
            written: frozenset[str] | None = None
            complained = False
            while True:
                rows = await self._store.read("claims.revoked", (self._now(),))
                revoked = frozenset(row["serial"] for row in rows)
                open_still = {row["serial"]: row["station"] for row in rows if row["cut_at"] is None}
                if open_still and self._broker.cert_file:
                    # Written there, and once: systemd does not see a change while the unit of the one before runs.
                    is_done, written = await self._cut_off(revoked, open_still), revoked
                    if not is_done and not complained:
                        log.error(
                            "revoked certificates still come in: is the broker there, does it reload revoked.pem?"
                        )
                    complained = not is_done
                    continue
                if revoked != written:
                    await asyncio.to_thread(self._authority.write_revoked, sorted(revoked))
                    written = revoked
                await bell.wait(_LOOK_AGAIN_S)

    async def _cut_off(self, revoked: frozenset[str], stations: dict[str, str]) -> bool:
        """False when the broker does not do its part, or is not there: to be begun anew, with what is revoked then."""
        certificate, key, serial = self._authority.passing(CANARY)
        await asyncio.to_thread(self._authority.write_revoked, sorted({*revoked, serial}))
        if not await self._is_answered(False, CANARY, certificate, key):
            return False
        for station in sorted(set(stations.values())):
            certificate, key, _ = self._authority.passing(station)
            # That this one comes in also shows that the broker lives, and refused the other for its certificate.
            if not await self._is_answered(True, station, certificate, key):
                return False
        keys, at = Keys(certificates_of=frozenset(stations.values())), self._now()
        await self._store.transact(keys, lambda books: rules.cut(books, frozenset(stations), at))
        log.info("cut off: %s", ", ".join(sorted(set(stations.values()))))
        return True

    async def _is_answered(self, wanted: bool, name: str, certificate: str, key: str) -> bool:
        """Whether the broker lets this certificate in, or refuses it, as it should before long.

        No longer than a passing certificate lasts: one that has ended is refused whatever the list says.
        """
        for _ in range(_TRIES):
            if await asyncio.to_thread(self._comes_in, name, certificate, key) is wanted:
                return True
            await asyncio.sleep(_TRY_AGAIN_S)
        return False

    def _comes_in(self, name: str, certificate: str, key: str) -> bool | None:
        """Whether the broker takes this certificate; None when it cannot be reached. The session is left as it was."""
        with tempfile.TemporaryDirectory(prefix="packline-") as folder:
            for file, text in (("c.pem", certificate), ("c.key", key)):
                (Path(folder) / file).write_text(text)
            files = {"cert_file": f"{folder}/c.pem", "key_file": f"{folder}/c.key"}
            context = tls_context(msgspec.structs.replace(self._broker, **files))
        assert context is not None
        # Manual: what waits for the station is not taken from it.
        client = paho.Client(
            CallbackAPIVersion.VERSION2, name, protocol=paho.MQTTv5, reconnect_on_failure=False, manual_ack=True
        )
        client.tls_set_context(context)
        answers: list[bool] = []
        client.on_connect = lambda _c, _u, _f, reason, _p: answers.append(not reason.is_failure)
        lasting = Properties(PacketTypes.CONNECT)
        lasting.SessionExpiryInterval = 0 if name == CANARY else self._broker.session_expiry_s
        try:
            client.connect(self._broker.host, self._broker.port, 15, clean_start=False, properties=lasting)
        except ssl.SSLError:
            return False
        except OSError:
            return None
        # TLS 1.3: who is refused sees it only after its own side of the handshake.
        ends = time.monotonic() + _PATIENCE_S
        while not answers and time.monotonic() < ends:
            if client.loop(timeout=0.2) != paho.MQTT_ERR_SUCCESS:
                return False
        client.disconnect()
        return answers[0] if answers else None
