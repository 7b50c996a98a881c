"""Stations as they are stored and as they are now, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from central.office.live import Bench, Live
from central.office.paging import known_filter
from central.stations.answers import ScaleCheck, ScaleTrust, StationAnswer, StationList
from central.stations.scale_checks import YEAR_MS, trust
from central.store.store import Store
from contract.machine import MachineTrouble
from contract.values import DeviceState

STATES: Final = ("online", "offline", "trouble")
"""What a list may be narrowed to; `trouble`: its computer or one of its devices is ill."""
_ILL: Final = ("silent", "bad", "lost")


async def everyone(store: Store, live: Live, text: str = "", state: str = "") -> StationList:
    """Every station that ever spoke, with `text` in its name, its orders or its packer's badge; `state` is of `STATES`.

    What it said since the start is newer than what is stored. Raises `Refused`.
    """
    known_filter("state", state, STATES)
    stored = {row["station"]: row for row in await store.read("stations.all")}
    now = {bench.station: bench for bench in live.benches()}
    stations = (_answer(name, stored.get(name, {}), now.get(name)) for name in sorted({*stored, *now}))
    return StationList(tuple(each for each in stations if _fits(each, text.strip().casefold(), state)))


async def one(store: Store, live: Live, station: str, text: str = "", state: str = "") -> StationAnswer | None:
    """One station, as `everyone` has it; None when it does not fit."""
    return next((found for found in (await everyone(store, live, text, state)).items if found.station == station), None)


def _fits(station: StationAnswer, text: str, state: str) -> bool:
    orders = station.progress.orders if station.progress else ()
    if not any(text in words.casefold() for words in (station.station, station.badge, *orders)):
        return False
    match state:
        case "online" | "offline":
            return station.online == (state == "online")
        case "trouble":
            return bool(station.troubles) or any(device.health in _ILL for device in station.devices)
        case _:
            return True


async def scales(store: Store, station: str, now: int) -> tuple[ScaleTrust, ...]:
    """What is known of the station's scales, by name."""
    of: dict[str, list[ScaleCheck]] = {}
    for row in await store.read("stations.scale_checks", (station, now - YEAR_MS)):
        of.setdefault(row["scale"], []).append(msgspec.convert(row, ScaleCheck, strict=False))
    return tuple(trust(scale, checks, now) for scale, checks in sorted(of.items()))


def _answer(station: str, row: Mapping[str, Any], bench: Bench | None) -> StationAnswer:
    state = bench.state if bench else None
    badge = bench.progress.badge if bench and bench.progress else row.get("badge", "")
    seen_at = max(row.get("seen_at", 0), bench.heard_at if bench else 0)
    progress = bench.progress if bench else None
    if state is None:
        devices = msgspec.json.decode(row.get("devices", "[]"), type=tuple[DeviceState, ...])
        online, version, queued = bool(row.get("online", 0)), row.get("version", ""), row.get("queued", 0)
        troubles = msgspec.json.decode(row.get("troubles", "[]"), type=tuple[MachineTrouble, ...])
        return StationAnswer(station, online, version, devices, queued, badge, seen_at, progress, troubles)
    return StationAnswer(
        station,
        state.online,
        state.version or row.get("version", ""),
        state.devices,
        state.queued,
        badge,
        seen_at,
        progress,
        state.troubles,
    )
