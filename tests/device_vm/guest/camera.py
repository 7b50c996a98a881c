"""The kernel's own test camera (vivid), taken from its driver and given back as if its cable were pulled."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from guest.waiting import gone, there

NODE: Final = "/dev/v4l/by-path/platform-vivid.0-video-index0"
_DRIVER: Final = Path("/sys/bus/platform/drivers/vivid")
_DEVICE: Final = "vivid.0"


class Camera:
    """Moving colour bars."""

    async def plug(self) -> None:
        """Put the cable in."""
        (_DRIVER / "bind").write_text(_DEVICE)
        await there(NODE)

    async def unplug(self) -> None:
        """Pull it out, whoever has it open."""
        (_DRIVER / "unbind").write_text(_DEVICE)
        await gone(NODE)
