"""Every door, by name."""

from __future__ import annotations

from tests.fuzz.door import Door
from tests.fuzz.doors import (
    backups,
    carrier_labels,
    codes,
    configurations,
    csv_files,
    frames,
    inbox_of_central,
    inbox_of_station,
    journals,
    tapes,
    timetables,
    webhooks,
    wires,
)

DOORS: dict[str, Door] = {
    door.name: door
    for module in (
        backups,
        carrier_labels,
        codes,
        configurations,
        csv_files,
        frames,
        inbox_of_central,
        inbox_of_station,
        journals,
        tapes,
        timetables,
        webhooks,
        wires,
    )
    for door in module.DOORS
}
