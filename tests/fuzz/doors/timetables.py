"""The site's calendar and its services' hours: what is taken says for every order until when it must be packed.

An input is what stands in central.toml beside the smallest one of the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from central.config import CentralConfig
from central.policy.timetable import Timetable
from link.config import BadConfig, load
from tests.fuzz.door import CORPUS, Door, Finding, Offer, checked

_SMALLEST = (CORPUS / "config_central" / "true-smallest.toml").read_bytes()
_HOUR_MS = 3_600_000
_MOMENTS = (
    946_684_800_000,  # The first and the last that an order may have.
    4_102_444_799_999,
    1_774_746_000_000,  # 29 March and 25 October 2026, 01:00 UTC: clocks in Europe change.
    1_792_890_000_000,
    1_798_153_200_000,  # The evening of Christmas Eve 2026.
)


@contextmanager
def _opened(folder: Path) -> Iterator[Offer]:
    path = folder / "central.toml"

    def offer(data: bytes) -> str:
        path.write_bytes(_SMALLEST + data)
        try:
            config = load(path, CentralConfig)
        except BadConfig as refused:
            return checked(str(refused).replace(str(path), path.name))
        for service in ("", *(each.name for each in config.services)):
            _prove(config.timetable, service)
        return ""

    yield offer


def _prove(timetable: Timetable, service: str) -> None:
    for at in _MOMENTS:
        for moment in (at - 1, at, at + _HOUR_MS):
            leaves = timetable.due(service, None, moment)
            if leaves is None or leaves < moment:
                raise Finding(f"what is ready at {moment} leaves at {leaves}")
            kept = timetable.due(service, moment, None)
            if kept is None or kept > moment:
                raise Finding(f"what is promised for {moment} leaves at {kept}")
            if (both := timetable.due(service, moment, moment)) is None or both < moment:
                raise Finding(f"what is ready and promised at {moment} leaves at {both}")


DOORS = (Door("timetable", _opened),)
