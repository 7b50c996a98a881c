"""What a print queue or an office printer says of itself by IPP. Pure.

Source: RFC 8011, 5.4.11 and 5.4.12 (printer-state, printer-state-reasons), 5.3.7 (job-state); CUPS' own reasons.
"""

from __future__ import annotations

from station.devices import paper_trouble
from station.devices.ipp import Group
from station.devices.paper_trouble import Trouble
from station.devices.ports import PaperState, PrinterStatus

IDLE, PROCESSING, STOPPED = 3, 4, 5
JOB_CANCELLED, JOB_ABORTED, JOB_COMPLETED = 7, 8, 9
_LONGEST = 200

_NO_PAPER = Trouble("The printer has no paper: load some.", "L'imprimante n'a plus de papier : mettez-en.")
_OPEN = Trouble("The printer is open: close its covers.", "L'imprimante est ouverte : refermez ses capots.")
_NO_INK = Trouble(
    "The printer has no toner or ink: load some.", "L'imprimante n'a plus d'encre : changez la cartouche."
)
_AWAY = Trouble(
    "The print queue cannot reach its printer: switch it on and check its cable.",
    "La file d'impression ne trouve pas l'imprimante : allumez-la et vérifiez son câble.",
)
_HALTED = Trouble(
    "The print queue is stopped: start it again (cupsenable).",
    "La file d'impression est arrêtée : relancez-la (cupsenable).",
)
_CLOSED = Trouble(
    "The print queue takes no documents: open it again (cupsaccept).",
    "La file d'impression n'accepte rien : rouvrez-la (cupsaccept).",
)
_FULL_TRAY = Trouble("The printer's output tray is full: empty it.", "Le bac de sortie est plein : videz-le.")
_REASONS = {
    "cover-open": _OPEN,
    "door-open": _OPEN,
    "interlock-open": _OPEN,
    "media-jam": paper_trouble.JAM,
    "media-empty": _NO_PAPER,
    "media-needed": _NO_PAPER,
    "input-tray-missing": _NO_PAPER,
    "toner-empty": _NO_INK,
    "marker-supply-empty": _NO_INK,
    "output-area-full": _FULL_TRAY,
    "offline": _AWAY,
    "shutdown": _AWAY,
    "timed-out": _AWAY,
    "paused": _HALTED,
    "moving-to-paused": _HALTED,
}
"""By urgency. Each is bad however grave the printer calls it, but for a warning."""
_SEEKING = PrinterStatus(
    PaperState.UNKNOWN,
    "The print queue is looking for its printer: see whether it is on.",
    detail_fr="La file d'impression cherche l'imprimante : regardez si elle est allumée.",
)


def printer_status(printer: Group, queued: int, given_up: int) -> PrinterStatus:
    """The first thing to mend; `queued` and `given_up` count our own documents."""
    said = printer.texts("printer-state-reasons")
    grave = {
        reason.removesuffix("-error").removesuffix("-report") for reason in said if not reason.endswith("-warning")
    }
    state = printer.number("printer-state")
    accepting = printer.values.get("printer-is-accepting-jobs", (True,))[0]
    trouble = next((trouble for reason, trouble in _REASONS.items() if reason in grave), None)
    if trouble is None and not accepting:
        trouble = _CLOSED
    if trouble is None and (state == STOPPED or any(reason.endswith("-error") for reason in said)):
        trouble = _in_its_words(printer.text("printer-state-message"), said)
    if trouble is not None:
        return PrinterStatus(PaperState.BAD, trouble.text, queued, trouble.text_fr, given_up)
    if "connecting-to-device" in grave:
        return PrinterStatus(_SEEKING.state, _SEEKING.detail, queued, _SEEKING.detail_fr, given_up)
    known = state in (IDLE, PROCESSING)
    return PrinterStatus(PaperState.OK if known else PaperState.UNKNOWN, "", queued, given_up=given_up)


def in_short(said: str) -> str:
    """A printer's own words, fit for one line of a screen."""
    return "".join(char for char in " ".join(said.split()) if char.isprintable())[:_LONGEST]


def _in_its_words(message: str, reasons: tuple[str, ...]) -> Trouble:
    said = in_short(message or ", ".join(reason for reason in reasons if reason != "none"))
    if not said:
        return _HALTED
    return Trouble(
        f"The printer reports: {said}. Mend it there, then start its queue again.",
        f"L'imprimante signale : {said}. Corrigez-le, puis relancez la file.",
    )
