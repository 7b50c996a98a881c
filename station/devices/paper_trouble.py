"""What can keep a printer from printing, in words for the packer. Every language reports some of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from station.devices.ports import PaperState, PrinterStatus


class Trouble(NamedTuple):
    """One thing to mend."""

    text: str
    text_fr: str


HEAD_OPEN = Trouble("The printer is open: close its cover.", "L'imprimante est ouverte : refermez le capot.")
JAM = Trouble(
    "The printer is jammed: open it and free the paper.", "L'imprimante est bloquée : ouvrez-la et dégagez le papier."
)
NO_LABELS = Trouble(
    "The printer has no labels: load a roll.", "L'imprimante n'a plus d'étiquettes : mettez un rouleau."
)
NO_RIBBON = Trouble("The printer has no ribbon: load one.", "L'imprimante n'a plus de ruban : mettez-en un.")
TOO_HOT = Trouble(
    "The print head is too hot: wait a minute.", "La tête d'impression est trop chaude : attendez une minute."
)
TOO_COLD = Trouble(
    "The print head is too cold: wait a minute.", "La tête d'impression est trop froide : attendez une minute."
)
SETTINGS_LOST = Trouble(
    "The printer has lost its settings: switch it off and on, then calibrate it.",
    "L'imprimante a perdu ses réglages : éteignez-la, rallumez-la, puis étalonnez-la.",
)
PAUSED = Trouble(
    "The printer is paused: press its PAUSE key.", "L'imprimante est en pause : appuyez sur sa touche PAUSE."
)
FULL = Trouble(
    "The printer's memory is full: wait until it has printed.",
    "La mémoire de l'imprimante est pleine : attendez qu'elle ait imprimé.",
)
CUTTER = Trouble("The printer's cutter is stuck: free it.", "Le massicot de l'imprimante est bloqué : dégagez-le.")
OTHER = Trouble(
    "The printer reports an error: look at its lamps, then switch it off and on.",
    "L'imprimante signale une erreur : regardez ses voyants, puis éteignez-la et rallumez-la.",
)

NO_ANSWER = PrinterStatus(
    PaperState.UNKNOWN,
    "The printer does not answer: look whether it has labels, is closed and not paused.",
    detail_fr="L'imprimante ne répond pas : regardez si elle a des étiquettes, est fermée et n'est pas en pause.",
)


def first_of(troubles: Iterable[tuple[bool, Trouble]], queued: int = 0) -> PrinterStatus:
    """The first trouble that there is; ok when there is none."""
    for there, trouble in troubles:
        if there:
            return PrinterStatus(PaperState.BAD, trouble.text, queued, trouble.text_fr)
    return PrinterStatus(PaperState.OK, "", queued)
