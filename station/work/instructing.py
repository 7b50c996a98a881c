"""What must be read before the work goes on: instructions, gift notes, inserts, conditions."""

from __future__ import annotations

from contract.barcode import BadBarcode, read_barcode
from contract.keys import BadKey
from contract.values import Instruction
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.course import confirmed, go_on
from station.work.phases import Instructing
from station.work.turn import Turn


def code_fits(instruction: Instruction, text: str) -> bool:
    """Whether this is the code that confirms the instruction."""
    if not instruction.code:
        return False
    if text.casefold() == instruction.code.casefold():
        return True
    try:
        barcode = read_barcode(text)
    except (BadBarcode, BadKey):
        return False
    if barcode.gtin is not None and instruction.code.isdigit():
        return barcode.gtin == instruction.code.zfill(14)
    return barcode.text.casefold() == instruction.code.casefold()


def code_scanned(turn: Turn, phase: Instructing, text: str) -> None:
    """An insert's own code confirms it; any other scan has to wait."""
    if code_fits(phase.instruction, text):
        confirm(turn, phase)
    else:
        turn.say(Lamp.LOOK, Say.READ_FIRST)


def confirm(turn: Turn, phase: Instructing) -> None:
    """The packer has read and done it."""
    turn.say(Lamp.GOOD, Say.CONFIRMED)
    go_on(turn, phase.packer, confirmed(phase.work, phase.instruction))
