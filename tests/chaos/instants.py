"""The instant between two effects in which a process shall die: armed here, found there by `preload/chaos_instants`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

_NAME: Final = 120


class Instants:
    """What the process started with `environment` passes through, and which of it is its last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.write_bytes(bytes(2 * _NAME))

    def arm(self, name: str) -> None:
        """The process dies the next time that it is there."""
        self._write(0, name)
        self._write(_NAME, "")

    def disarm(self) -> None:
        """It lives."""
        self._write(0, "")

    @property
    def struck(self) -> str:
        """The armed name, when the process died of it."""
        return self._path.read_bytes()[_NAME:].rstrip(b"\0").decode()

    @property
    def passed(self) -> set[str]:
        """All that a process passed through since the beginning."""
        found = self._path.with_name(f"{self._path.name}.passed")
        return set(found.read_text(encoding="utf-8").splitlines()) if found.exists() else set()

    @property
    def environment(self) -> Mapping[str, str]:
        """What the process must find around it when it starts, besides `Clock.environment`."""
        return {"PACKLINE_CHAOS_INSTANTS": str(self._path)}

    def _write(self, offset: int, name: str) -> None:
        with self._path.open("r+b") as file:
            file.seek(offset)
            file.write(name.encode().ljust(_NAME, b"\0"))
