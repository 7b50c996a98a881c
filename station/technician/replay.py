"""`packline-station replay`: what the ordinary driver makes of a tape."""

from __future__ import annotations

from pathlib import Path

from station.devices.ports import DeviceStatus, Health, Reading, ScannedText, Still
from station.devices.replaying import replay
from station.devices.tape import BadTape, read_tape
from station.technician.trying import shown


class Printed:
    """Prints what a device tells, a line each."""

    def scanned(self, scan: ScannedText) -> None:
        """A code."""
        print(f"scan {shown(scan.text)}", flush=True)

    def weighed(self, reading: Reading) -> None:
        """A reading; only one at rest is a weight."""
        grams = "" if reading.grams is None else f" {reading.grams} g"
        print(f"scale {reading.state}{grams}{': ' if reading.note else ''}{reading.note}", flush=True)

    def pressed(self, name: str) -> None:
        """A button."""
        print(f"button {name}", flush=True)

    def changed(self, status: DeviceStatus) -> None:
        """How the device is."""
        if status.health is not Health.STARTING:
            print(f"{status.kind} is {status.health}{': ' if status.detail else ''}{status.detail}", flush=True)

    def pictured(self, still: Still) -> None:
        """A picture."""
        print(f"picture of {still.width} × {still.height} dots{': ' if still.note else ''}{still.note}", flush=True)

    def driven(self, lines: bytes) -> None:
        """Outputs."""
        print(f"lines {lines.decode('ascii')}", flush=True)


async def replay_file(path: Path) -> int:
    """Play a tape and print what is understood; 1 for a tape that cannot be played."""
    try:
        with path.open("rb") as file:
            header, chunks = read_tape(file)
        print(f"{header.device} ({header.settings.__struct_config__.tag}): {len(chunks)} chunks", flush=True)
        await replay(header, chunks, Printed())
    except (BadTape, TimeoutError) as error:
        print(f"{path}: {str(error) or 'the driver does not start'}")
        return 1
    return 0
