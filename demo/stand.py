"""A bench and the process of the station at it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from demo.bench import Bench
from demo.children import Child, free_port

SITE: Final = "demo"
UNITS: Final = Path(__file__).parent.parent / "systemd"


class Stand:
    """One packing station. The bench stays as it is when the process is ended and started again."""

    def __init__(
        self, name: str, folder: Path, broker_port: int, central_url: str, kiosk_port: int, bench: Bench, language: str
    ) -> None:
        self.name = name
        self.bench = bench
        self.kiosk_url = f"http://127.0.0.1:{kiosk_port or free_port()}"
        self.running: Child | None = None
        self.broker_port = broker_port
        """Where the process looks for the broker."""
        self.keepalive_s = 15
        self.bench_settings = ""
        """More lines for `[bench]` of its configuration."""
        self.environment: Mapping[str, str] = {}
        """What the process finds around it besides."""
        self.through: Sequence[str] = ()
        """A command that starts the process."""
        self._folder = folder
        self._central_url = central_url
        self._language = language

    @property
    def station(self) -> Child:
        """The process. Raises `LookupError` before it was started."""
        if self.running is None:
            raise LookupError(f"{self.name} was not started")
        return self.running

    def start(self) -> None:
        """Start the process on what its folder has; not ready yet."""
        config = self._folder / f"{self.name}.toml"
        config.write_text(self._toml(), encoding="utf-8")
        environment = {**_unit_memory(), **self.environment}
        command = [*self.through, *program("station", "run", config)]
        self.running = Child(self.name, command, self._folder, environment)

    def _toml(self) -> str:
        return f"""\
station = "{self.name}"
site = "{SITE}"
state_dir = "{self._folder}/{self.name}"
central_url = "{self._central_url}"

[broker]
port = {self.broker_port}
keepalive_s = {self.keepalive_s}

[kiosk]
port = {self.kiosk_url.rpartition(":")[2]}

[bench]
language = "{self._language}"
{self.bench_settings}
{self.bench.tables}"""


def program(side: str, command: str, config: Path) -> list[str]:
    """The command line of one of our programs."""
    # -P: a folder in the present one is never taken for a package of ours.
    return [sys.executable, "-P", "-m", f"{side}.cli", command, "--config", str(config)]


def _unit_memory() -> dict[str, str]:
    """The memory settings that the station's unit gives it, so that the demo measures what a bench has."""
    lines = (UNITS / "packline-station.service").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if line.startswith("Environment=") for word in line.partition("=")[2].split()]
    settings = dict(word.split("=", 1) for word in words)
    return {name: value for name, value in settings.items() if name.startswith("MALLOC_")}
