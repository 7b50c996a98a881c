"""Every parser of the devices: how it is fed, a good frame, and how a person would find in the bytes what it says."""

from __future__ import annotations

from typing import Final

from station.devices.gpio_chip import FALLING, RISING, LineEvent, edges
from tests.station.devices.parsing.parser import Parser
from tests.station.devices.parsing.pictures import CAMERAS
from tests.station.devices.parsing.printers import PRINTERS
from tests.station.devices.parsing.scales import SCALES
from tests.station.devices.parsing.scanners import SCANNERS

PARSERS: Final[tuple[Parser, ...]] = (
    *SCALES,
    *SCANNERS,
    *PRINTERS,
    *CAMERAS,
    Parser(
        "gpio", ("gpio_chip",), "gpio", lambda: edges,
        lambda n: bytes(LineEvent(id=RISING if n % 2 else FALLING)), lambda n: n % 2 == 1,
        lambda rose, chunks: (RISING if rose else FALLING).to_bytes(4, "little") in b"".join(chunks), whole=True,
    ),
)  # fmt: skip
