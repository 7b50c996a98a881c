"""What an ESC/POS printer answers to `DLE EOT n`. Pure.

Source: Epson, ESC/POS command reference, DLE EOT: bits 1 and 4 of an answer are always set, 0 and 7 never.
"""

from __future__ import annotations

from station.devices.ports import PaperState, PrinterStatus

ASK_WHY_OFFLINE = b"\x10\x04\x02"
ASK_PAPER = b"\x10\x04\x04"
_COVER_OPEN, _STOPPED_WITHOUT_PAPER, _ERROR = 0x04, 0x20, 0x40
_PAPER_END = 0x60

NO_ANSWER = PrinterStatus(
    PaperState.UNKNOWN,
    "The printer does not say how it is: look whether it is on, closed and has paper.",
    detail_fr="L'imprimante ne dit pas son état : regardez si elle est allumée, fermée et a du papier.",
)


def answer_in(data: bytes) -> int | None:
    """The newest byte that can be an answer."""
    return next((byte for byte in reversed(data) if byte & 0x93 == 0x12), None)


def read_status(offline: int, paper: int) -> PrinterStatus:
    """What the answers to `ASK_WHY_OFFLINE` and `ASK_PAPER` say together: the first thing to mend."""
    if offline & _COVER_OPEN:
        return PrinterStatus(
            PaperState.BAD,
            "The printer is open: close its cover.",
            detail_fr="L'imprimante est ouverte : refermez son capot.",
        )
    if offline & _STOPPED_WITHOUT_PAPER or paper & _PAPER_END:
        return PrinterStatus(
            PaperState.BAD,
            "The printer has no paper: load a roll.",
            detail_fr="L'imprimante n'a plus de papier : mettez un rouleau.",
        )
    if offline & _ERROR:
        return PrinterStatus(
            PaperState.BAD,
            "The printer reports an error: free its cutter, then switch it off and on.",
            detail_fr="L'imprimante signale une erreur : dégagez le massicot, puis éteignez-la et rallumez-la.",
        )
    return PrinterStatus(PaperState.OK)
