"""What the packer reads of the bench's computer, in both languages."""

from __future__ import annotations

from typing import Final

from contract.machine import MachineTrouble
from contract.values import Language
from station.kiosk.texts import Words
from station.kiosk.view import Screen, TroubleView

_SHORT: Final = {
    "disk_low": Words("disk nearly full", "disque presque plein"),
    "disk_full": Words("disk full", "disque plein"),
    "disk_read_only": Words("memory card failing", "carte mémoire en panne"),
    "disk_worn": Words("memory card failing", "carte mémoire en panne"),
    "memory_low": Words("memory nearly full", "mémoire presque pleine"),
    "undervoltage": Words("weak power supply", "alimentation faible"),
    "clock_wrong": Words("wrong clock", "horloge fausse"),
    "station_certificate_ends": Words("certificate ends soon", "certificat bientôt fini"),
    "station_certificate_ended": Words("certificate ended", "certificat fini"),
    "station_certificate_damaged": Words("certificate unreadable", "certificat illisible"),
}
_LONG: Final = {
    "disk_low": Words(
        "{amount} MB left on the disk. Call a technician before it is full.",
        "Il reste {amount} Mo sur le disque. Appelez un technicien avant qu'il soit plein.",
    ),
    "disk_full": Words("The disk is full. Call a technician.", "Le disque est plein. Appelez un technicien."),
    "disk_read_only": Words(
        "The memory card takes nothing any more. Call a technician: it must be replaced.",
        "La carte mémoire ne prend plus rien. Appelez un technicien : il faut la remplacer.",
    ),
    "disk_worn": Words(
        "The memory card makes errors. Call a technician to replace it before it fails.",
        "La carte mémoire fait des erreurs. Appelez un technicien pour la remplacer avant la panne.",
    ),
    "memory_low": Words(
        "The computer of this bench has {amount} MB of memory left. Call a technician.",
        "L'ordinateur de ce poste n'a plus que {amount} Mo de mémoire. Appelez un technicien.",
    ),
    "undervoltage": Words(
        "The power supply of this bench is too weak. Call a technician: supply or cable must be replaced.",
        "L'alimentation de ce poste est trop faible. Appelez un technicien : bloc ou câble à remplacer.",
    ),
    "clock_wrong": Words(
        "The clocks of this bench and of the centre are {apart} apart. Work goes on; call a technician.",
        "Les horloges du poste et du centre diffèrent de {apart}. On continue ; appelez un technicien.",
    ),
    "station_certificate_ends": Words(
        "The certificate of this bench was not renewed and lasts {amount} more days. Call a technician before it ends.",
        "Le certificat de ce poste n'a pas été renouvelé, il vaut encore {amount} jours. Appelez un technicien avant.",
    ),
    "station_certificate_ended": Words(
        "The certificate of this bench has ended: it cannot come online again. Work at hand goes on; call a "
        "technician.",
        "Le certificat de ce poste est fini : il ne pourra plus se connecter. On continue ; appelez un technicien.",
    ),
    "station_certificate_damaged": Words(
        "The certificate of this bench is unreadable: it cannot come online again. Work at hand goes on; call a "
        "technician.",
        "Le certificat de ce poste est illisible : il ne pourra plus se connecter. On continue ; appelez un "
        "technicien.",
    ),
}
_STOPPED: Final = {
    "disk_full": Words("Stop: this bench's disk is full", "Arrêt : disque du poste plein"),
    "disk_read_only": Words("Stop: this memory card fails", "Arrêt : carte mémoire en panne"),
    "disk_worn": Words("Stop: this memory card fails", "Arrêt : carte mémoire en panne"),
}
_STOPPED_WHY: Final = Words(
    "What the screen showed as done is safe. Nothing more can be kept, so pack at another bench and call a technician. "
    "This bench goes on by itself once it can write again.",
    "Ce que l'écran a montré comme fait est en sûreté. Rien d'autre ne peut être gardé : emballez à un autre poste et "
    "appelez un technicien. Ce poste reprend seul dès qu'il peut écrire.",
)


def trouble_view(trouble: MachineTrouble, language: Language) -> TroubleView:
    """A trouble as the corner and its sheet tell it."""
    short, long = _SHORT[trouble.kind], _LONG[trouble.kind]
    text = long.to(language).format(amount=trouble.amount, apart=_apart(abs(trouble.amount), language))
    return TroubleView(trouble.kind, short.to(language), text)


def stopped_screen(trouble: MachineTrouble, language: Language) -> Screen:
    """The whole screen of a bench whose journal cannot be written."""
    return Screen("stop", _STOPPED[trouble.kind].to(language), why=_STOPPED_WHY.to(language), language=language)


def _apart(seconds: int, language: Language) -> str:
    """A span in the largest unit that says enough: a clock is wrong by minutes or by years."""
    if seconds >= 2 * 86_400:
        return f"{seconds // 86_400} {'days' if language == 'en' else 'jours'}"
    return f"{seconds // 3600} h" if seconds >= 2 * 3600 else f"{seconds // 60} min"
