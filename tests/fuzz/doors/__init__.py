"""Every door, by name."""

from __future__ import annotations

from tests.fuzz.door import Door
from tests.fuzz.doors import (
    carrier_labels,
    codes,
    configurations,
    csv_files,
    frames,
    inbox_of_central,
    inbox_of_station,
    journals,
    tapes,
    webhooks,
    wires,
)

DOORS: dict[str, Door] = {
    door.name: door
    for module in (
        carrier_labels,
        codes,
        configurations,
        csv_files,
        frames,
        inbox_of_central,
        inbox_of_station,
        journals,
        tapes,
        webhooks,
        wires,
    )
    for door in module.DOORS
}
