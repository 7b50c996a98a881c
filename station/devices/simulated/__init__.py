"""Twins of the devices: each speaks its device's end of the true protocol on a true transport, with trouble knobs.

They need nothing but an event loop, so a test or a demo plays them beside the ordinary station process.
"""

from station.devices.simulated.printers import SimulatedZplPrinter
from station.devices.simulated.scales import ScaleTrouble, SimulatedScale
from station.devices.simulated.scanners import SimulatedSerialScanner

__all__ = ["ScaleTrouble", "SimulatedScale", "SimulatedSerialScanner", "SimulatedZplPrinter"]
