"""The real Mosquitto with the shipped configuration, on a free port of the loopback, in a folder of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import Self

from demo.children import Child, ChildFailed, free_port

CONFIGURATION = Path(__file__).parent.parent / "broker_config"


class Broker:
    """A broker that can be killed and started again with what it had stored.

    `listener` is one file of `broker_config`; for `conf.d/tls.conf` the folder `certificates` holds
    `ca.pem`, `broker.pem` and `broker.key`.
    """

    host = "127.0.0.1"

    def __init__(self, folder: Path, listener: str = "loopback.conf", certificates: Path | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self._child: Child | None = None
        self._lay_out(listener, certificates or folder / "certs")

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self._child = Child("mosquitto", [program(), "-c", str(self.folder / "mosquitto.conf")], self.folder)
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._child.returncode is not None or time.monotonic() > deadline:
                raise ChildFailed(self._child.obituary(f"does not answer on port {self.port}"))
            time.sleep(0.01)

    def kill(self) -> None:
        """kill -9: what it had not written to its folder is gone."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def stop(self) -> None:
        """Ask it to end, as an upgrade does."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    @property
    def pid(self) -> int:
        """The process's. Raises `ChildFailed` when it does not run."""
        if self._child is None:
            raise ChildFailed("the broker does not run")
        return self._child.pid

    @property
    def log(self) -> str:
        """All that it has said so far."""
        path = self.folder / "mosquitto.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((self.host, self.port)) == 0

    def _lay_out(self, listener: str, certificates: Path) -> None:
        """Copy the shipped files with this folder's paths and this broker's port in them."""
        store, extra = self.folder / "store", self.folder / "conf.d"
        store.mkdir(parents=True, exist_ok=True)
        extra.mkdir(exist_ok=True)
        shutil.copy(CONFIGURATION / "packline.acl", self.folder / "packline.acl")
        (self.folder / "packline.acl").chmod(0o600)
        here = {
            "/var/lib/mosquitto/": f"{store}/",
            "/etc/mosquitto/certs": str(certificates),
            "/etc/mosquitto/": f"{self.folder}/",
            "listener 8883": f"listener {self.port} {self.host}",
            "listener 1883": f"listener {self.port}",
        }
        for source, target in (
            (CONFIGURATION / "mosquitto.conf", self.folder / "mosquitto.conf"),
            (CONFIGURATION / listener, extra / "listener.conf"),
        ):
            text = source.read_text(encoding="utf-8")
            for shipped, ours in here.items():
                text = text.replace(shipped, ours)
            target.write_text(text, encoding="utf-8")
        # Started by root, Mosquitto becomes the user mosquitto, who may not enter our folder.
        with (self.folder / "mosquitto.conf").open("a", encoding="utf-8") as file:
            file.write(f"user {getpass.getuser()}\n")


def program() -> str:
    """Mosquitto's path: beside our Python (put there by `make setup`) or the system's."""
    places = [str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]
    found = shutil.which("mosquitto", path=os.pathsep.join(places))
    if found is None:
        raise ChildFailed("Mosquitto is not installed: run `make setup`, or install the package mosquitto")
    return found
