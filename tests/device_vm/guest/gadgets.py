"""USB devices that the kernel simulates (dummy_hcd): plugged and unplugged as with a cable."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_GADGETS: Final = Path("/sys/kernel/config/usb_gadget")


class Gadget:
    """One device on a port of its own. Close its own end before `unplug`: the kernel waits for that, for ever."""

    def __init__(
        self, port: int, function: str, vendor: int, product: int, serial: str, **options: str | bytes
    ) -> None:
        """`function` is the kernel's name for what it is, `options` go to it."""
        self._port = f"dummy_udc.{port}"
        self._place = _GADGETS / serial
        strings = self._place / "strings" / "0x409"
        strings.mkdir(parents=True)
        for name, number in (("idVendor", vendor), ("idProduct", product), ("bcdUSB", 0x0200)):
            (self._place / name).write_text(f"{number:#06x}")
        for name, text in (("manufacturer", "Packline"), ("product", function), ("serialnumber", serial)):
            (strings / name).write_text(text)
        behaviour = self._place / "functions" / f"{function}.0"
        behaviour.mkdir(parents=True)
        for name, value in options.items():
            (behaviour / name).write_bytes(value if isinstance(value, bytes) else value.encode())
        configuration = self._place / "configs" / "c.1"
        configuration.mkdir(parents=True)
        (configuration / behaviour.name).symlink_to(behaviour)

    def plug(self) -> None:
        """Put the cable in."""
        (self._place / "UDC").write_text(self._port)

    def unplug(self) -> None:
        """Pull it out."""
        (self._place / "UDC").write_text("\n")
