"""What systemd says of our services."""

from __future__ import annotations

import asyncio
import re

STATION, CENTRAL, KIOSK = "packline-station", "packline-central", "packline-kiosk"


async def systemctl(*arguments: str) -> str:
    """What it printed. Raises `RuntimeError` when it did not end well."""
    return await _said("systemctl", *arguments)


async def shown(unit: str, what: str) -> str:
    """One property of a unit."""
    return (await systemctl("show", "--value", f"--property={what}", unit)).strip()


async def exposure(unit: str) -> float:
    """systemd's own sum of what the running unit may do: 0 is nothing, 10 is everything."""
    said = await _said("systemd-analyze", "security", "--no-pager", unit)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    if found is None:
        raise RuntimeError(f"systemd-analyze says no exposure level: {said}")
    return float(found[1])


async def rights(unit: str) -> dict[str, str]:
    """What the kernel says of its main process."""
    status = await _said("cat", f"/proc/{await shown(unit, 'MainPID')}/status")
    wanted = ("NoNewPrivs", "Seccomp", "CapEff", "CapBnd", "Uid")
    return {
        name: value.split()[0] for name, value in re.findall(r"^(\w+):\t(.*)$", status, re.MULTILINE) if name in wanted
    }


async def journal(unit: str) -> str:
    """What it and systemd have logged of it."""
    return await _said("journalctl", "--no-pager", "--output=cat", f"--unit={unit}")


async def _said(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said.decode()}")
    return said.decode()
