"""Twins of the devices: each speaks its device's end of the true protocol on a true transport, with trouble knobs.

They need nothing but an event loop, so a test or a demo plays them beside the ordinary station process.
"""

from station.devices.simulated.cameras import CameraTrouble, SimulatedRibbonCamera, SimulatedWebcam
from station.devices.simulated.label_printers import SimulatedEpl2Printer, SimulatedTsplPrinter, SimulatedZplPrinter
from station.devices.simulated.office_printer import SimulatedOfficePrinter
from station.devices.simulated.platform import ScaleTrouble
from station.devices.simulated.receipt_printer import SimulatedEscPosPrinter
from station.devices.simulated.scales import SimulatedHidScale, SimulatedScale
from station.devices.simulated.scanners import (
    SimulatedHidPosScanner,
    SimulatedKeyboardScanner,
    SimulatedSerialScanner,
)
from station.devices.simulated.signals import SimulatedSignals

__all__ = [
    "CameraTrouble",
    "ScaleTrouble",
    "SimulatedEpl2Printer",
    "SimulatedEscPosPrinter",
    "SimulatedHidPosScanner",
    "SimulatedHidScale",
    "SimulatedKeyboardScanner",
    "SimulatedOfficePrinter",
    "SimulatedRibbonCamera",
    "SimulatedScale",
    "SimulatedSerialScanner",
    "SimulatedSignals",
    "SimulatedTsplPrinter",
    "SimulatedWebcam",
    "SimulatedZplPrinter",
]
