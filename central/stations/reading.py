"""Stations as they are stored and as they are now, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from central.office.live import Bench, Live
from central.stations.answers import ScaleCheck, ScaleTrust, StationAnswer, StationList
from central.stations.scale_checks import YEAR_MS, trust
from central.store.store import Store
from contract.machine import MachineTrouble
from contract.values import DeviceState


async def everyone(store: Store, live: Live) -> StationList:
    """Every station that ever spoke; what it said since the start is newer than what is stored."""
    stored = {row["station"]: row for row in await store.read("stations.all")}
    now = {bench.station: bench for bench in live.benches()}
    return StationList(tuple(_answer(name, stored.get(name, {}), now.get(name)) for name in sorted({*stored, *now})))


async def one(store: Store, live: Live, station: str) -> StationAnswer | None:
    """One station, as `everyone` has it."""
    return next((found for found in (await everyone(store, live)).items if found.station == station), None)


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
