"""Central with an authority behind real HTTP, a real broker with its certificates, and a station's own program."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from central.claims.authority import Authority
from central.office.doors import Doors
from central.office.settings import Http
from central.store.sqlite import now_ms
from contract.claims import ClaimNoted, typed_code
from demo.broker import Broker
from demo.children import Child
from link.tls import BrokerConfig
from station.claiming import Claim, Identity
from tests.central.conftest import Central, serve

ROOT = Path(__file__).parents[2]


class House(Struct):
    """A central that can sign, and its authority."""

    central: Central
    authority: Authority
    certificates: Path

    def broker(self, folder: Path) -> Broker:
        """Not started yet."""
        return Broker(folder, "conf.d/tls.conf", self.certificates)

    def as_central(self, broker: Broker) -> BrokerConfig:
        return BrokerConfig(
            broker.host,
            broker.port,
            str(self.certificates / "ca.pem"),
            str(self.certificates / "central.pem"),
            str(self.certificates / "central.key"),
        )


@asynccontextmanager
async def house(folder: Path, clock: Callable[[], int] = now_ms) -> AsyncIterator[House]:
    certificates = folder / "authority"
    authority = Authority.create(certificates, "lyon")
    authority.for_host("broker", "127.0.0.1")
    authority.for_host("central", "")
    (folder / "central").mkdir()
    async with serve(folder / "central", Http(), clock, Doors(authority=authority)) as central:
        yield House(central, authority, certificates)


def reload(broker: Broker) -> None:
    """What the unit `packline-revoked` does."""
    assert broker._child is not None
    os.kill(broker._child.pid, signal.SIGHUP)


class Terminal:
    """`packline-station claim` in a process of its own."""

    def __init__(self, folder: Path, central: str, station: str = "bench-7") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.identity = Identity(folder / "state" / "identity")
        config = folder / "station.toml"
        config.write_text(
            f'station = "{station}"\nsite = "lyon"\nstate_dir = "{folder / "state"}"\ncentral_url = "{central}"\n'
        )
        argv = [sys.executable, "-m", "station.cli", "--log", "debug", "claim", "--config", str(config)]
        self.child = Child("claim", argv, folder, {"PYTHONPATH": str(ROOT)})

    def shown(self, word: str) -> str:
        """What stands behind `code` or `fingerprint`."""
        return self.child.line(f"  {word}").split(word)[1].strip()

    @property
    def code(self) -> str:
        return typed_code(self.shown("code"))


class Asking:
    """A claim in this process, for what only its inside shows."""

    def __init__(self, central: str, folder: Path, station: str = "bench-7") -> None:
        self.claim = Claim(central, station)
        self.identity = Identity(folder / "identity")
        self.noted: list[ClaimNoted] = []

    async def carry_out(self) -> None:
        await self.claim.carry_out(self.identity, self.noted.append)
