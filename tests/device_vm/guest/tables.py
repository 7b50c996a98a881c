"""The bench's `[[device]]` tables in station.toml."""

from __future__ import annotations

from typing import Final

from guest import camera, printer, scales, scanner
from guest.hid_scales import UsbScale, WirelessScale

RED, AMBER, GREEN, BUZZER = 17, 27, 22, 24
UNDO, OPEN_DRAWER, DRAWER, DOOR = 6, 19, 12, 13

SCANNER: Final = f"""
[[device]]
name = "scanner"
driver = "evdev_scanner"
path = "{scanner.NODE}"
layout = "fr"
pause_s = 2
"""
USB_SCALE: Final = f"""
[[device]]
name = "scale"
driver = "hid_scale"
path = "{UsbScale.node}"
"""
WIRELESS_SCALE: Final = f"""
[[device]]
name = "scale"
driver = "hid_scale"
path = "{WirelessScale.node}"
"""
SERIAL_SCALE: Final = f"""
[[device]]
name = "scale"
driver = "toledo_scale"
path = "{scales.SERIAL_NODE}"
"""
PRINTER_BY_IDENTITY: Final = f"""
[[device]]
name = "printer"
driver = "zpl_printer"
usb = {{ vendor = "0a5f", serial = "{printer.SERIAL}" }}
"""
PRINTER_BY_PATH: Final = f"""
[[device]]
name = "printer"
driver = "zpl_printer"
path = "{printer.NODE}"
"""
CAMERA: Final = f"""
[[device]]
name = "camera"
driver = "v4l2_camera"
path = "{camera.NODE}"
width = 640
height = 360
settle_frames = 1
timeout_s = 60
"""
LIGHTS: Final = f"""
[[device]]
name = "lights"
driver = "gpio_signals"
lights = {{ red = {RED}, amber = {AMBER}, green = {GREEN}, blue = 23 }}
buzzer = {BUZZER}
buttons = {{ confirm = 5, undo = {UNDO}, drawer = {OPEN_DRAWER} }}
drawer = {DRAWER}
drawer_pulse_s = 2
door = {DOOR}
"""
