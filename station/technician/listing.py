"""`packline-station devices`: what is plugged in, and the driver that would take it."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from station.devices.gpio_chip import Wanted
from station.devices.gpio_signals import GpioSignalsConfig
from station.devices.plugged_in import Machine, Plugged
from station.devices.registry import DeviceConfig
from station.devices.settings import UsbIdentity
from station.devices.udev import matches


class Listed(Struct, frozen=True):
    """One device, and the name that station.toml already gives it."""

    plugged: Plugged
    configured_as: str = ""


def listed(machine: Machine, configured: tuple[DeviceConfig, ...]) -> tuple[Listed, ...]:
    """Everything on this machine that a bench could use."""
    return tuple(
        Listed(plugged, next((config.name for config in configured if _is(config, plugged)), ""))
        for plugged in machine.plugged()
    )


def as_json(devices: tuple[Listed, ...]) -> str:
    """For programs: a list of flat objects."""
    return msgspec.json.format(
        msgspec.json.encode(
            [
                {
                    **msgspec.structs.asdict(device.plugged),
                    "settings": device.plugged.settings,
                    "configured_as": device.configured_as,
                }
                for device in devices
            ]
        )
    ).decode()


def in_words(devices: tuple[Listed, ...]) -> str:
    """For a person with station.toml open in another window."""
    if not devices:
        return "Nothing is plugged in that a bench could use."
    return "\n\n".join(map(_described, devices))


def _described(device: Listed) -> str:
    plugged = device.plugged
    identity = f" [{plugged.vendor}:{plugged.product}]" if plugged.vendor else ""
    where = f", port {plugged.port}" if plugged.port else ""
    lines = [f"{plugged.name or 'without a name'}{identity} at {plugged.node}{where}"]
    lines.append(f"  {plugged.driver or 'no driver'}: {plugged.why}")
    if device.configured_as:
        lines.append(f"  configured as {device.configured_as!r}")
    elif plugged.settings:
        lines += [f"    {line}" for line in plugged.settings.splitlines()]
    return "\n".join(lines)


def _is(config: DeviceConfig, plugged: Plugged) -> bool:
    if config.__struct_config__.tag != plugged.driver and plugged.driver:
        return False
    if not hasattr(config, "path"):
        return bool(plugged.driver)  # a driver without a place: whatever its command finds
    path, usb = getattr(config, "path", ""), getattr(config, "usb", None)
    if isinstance(config, GpioSignalsConfig) and usb is None:
        return not path and Wanted(config.chip, ()).has(plugged.name)
    if isinstance(usb, UsbIdentity):
        attributes = {"idVendor": plugged.vendor, "idProduct": plugged.product, "serial": plugged.serial}
        return matches(usb, attributes, plugged.port)
    return bool(path) and path in (plugged.place, plugged.node)
