"""What each command is called, on buttons and on paper, and what it does, in French and English."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from contract.commands import Command
from contract.values import Language


class Said(NamedTuple):
    """One text in both languages."""

    en: str
    fr: str

    def to(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en


class Group(StrEnum):
    """What a packer is doing when the command is wanted; in the order of the sheet."""

    ANSWERING = "answering"
    ORDERS = "orders"
    ITEMS = "items"
    PARCEL = "parcel"
    SCALE = "scale"
    BENCH = "bench"


class CommandWords(NamedTuple):
    """Where it stands on the sheet, its name and what it does."""

    group: Group
    name: Said
    does: Said


GROUPS: Final[dict[Group, Said]] = {
    Group.ANSWERING: Said("Answer", "Répondre"),
    Group.ORDERS: Said("Order", "Commande"),
    Group.ITEMS: Said("Items", "Articles"),
    Group.PARCEL: Said("Parcel", "Colis"),
    Group.SCALE: Said("Scale", "Balance"),
    Group.BENCH: Said("Bench", "Poste"),
}
TITLE: Final = Said("Commands", "Commandes du poste")
REASONS: Final = Said("Reason, by its place on the screen", "Motif, selon sa place à l'écran")
REASON: Final = Said("Reason {place}", "Motif {place}")

COMMANDS: Final[dict[Command, CommandWords]] = {
    Command.CONFIRM: CommandWords(
        Group.ANSWERING,
        Said("Confirm", "Confirmer"),
        Said("I have read it; go on", "J'ai lu ; on continue"),
    ),
    Command.YES: CommandWords(
        Group.ANSWERING, Said("Yes", "Oui"), Said("To the question shown", "À la question posée")
    ),
    Command.NO: CommandWords(Group.ANSWERING, Said("No", "Non"), Said("To the question shown", "À la question posée")),
    Command.CANCEL: CommandWords(
        Group.ANSWERING, Said("Cancel", "Annuler"), Said("Leave it as it was", "Laisser comme c'était")
    ),
    Command.WORK: CommandWords(
        Group.ORDERS,
        Said("Next order", "Commande suivante"),
        Said("The first of the queue", "La première de la file"),
    ),
    Command.SUSPEND: CommandWords(
        Group.ORDERS,
        Said("Suspend", "Mettre de côté"),
        Said("Put the order down, go on later", "Reprendre la commande plus tard"),
    ),
    Command.UNDO: CommandWords(
        Group.ITEMS, Said("Undo", "Retour"), Said("Take back the last scan", "Défaire le dernier scan")
    ),
    Command.TAKE_OUT: CommandWords(
        Group.ITEMS, Said("Take out", "Retirer"), Said("Then scan what comes out", "Puis scanner ce qui ressort")
    ),
    Command.SHORT: CommandWords(
        Group.ITEMS, Said("Short", "Manquant"), Said("An item is not there", "Un article n'est pas là")
    ),
    Command.DAMAGED: CommandWords(
        Group.ITEMS, Said("Damaged", "Abîmé"), Said("An item cannot be sent", "Un article ne peut pas partir")
    ),
    Command.NEXT: CommandWords(
        Group.PARCEL,
        Said("Next", "Suivant"),
        Said("This parcel, bin or delivery is done", "Ce colis, emplacement ou livraison : fini"),
    ),
    Command.REPRINT: CommandWords(
        Group.PARCEL, Said("Reprint", "Réimprimer"), Said("The label or the slip again", "L'étiquette ou le bon")
    ),
    Command.PHOTO: CommandWords(
        Group.PARCEL, Said("Photo", "Photo"), Said("The open box once more", "Le carton ouvert, encore une fois")
    ),
    Command.DISCARD: CommandWords(
        Group.PARCEL,
        Said("Empty parcel", "Vider le colis"),
        Said("Take all out, begin it again", "Tout sortir et recommencer"),
    ),
    Command.CHECK_SCALE: CommandWords(
        Group.SCALE, Said("Check scale", "Contrôler"), Said("With the check weight", "Avec le poids de contrôle")
    ),
    Command.ZERO: CommandWords(
        Group.SCALE, Said("Zero", "Zéro"), Said("The empty scale shows zero", "La balance vide affiche zéro")
    ),
    Command.TARE: CommandWords(
        Group.SCALE, Said("Tare", "Tarer"), Said("Take off the tray on it", "Déduire le bac posé dessus")
    ),
    Command.EXPLAIN: CommandWords(
        Group.BENCH,
        Said("Explain", "Expliquer"),
        Said("Why it is stopped, what to do", "Pourquoi c'est bloqué, que faire"),
    ),
    Command.LEAD: CommandWords(
        Group.BENCH, Said("Call a lead", "Responsable"), Said("Somebody comes and helps", "Quelqu'un vient aider")
    ),
    Command.DRAWER: CommandWords(Group.BENCH, Said("Drawer", "Tiroir"), Said("Open it", "L'ouvrir")),
    Command.LANGUAGE: CommandWords(
        Group.BENCH, Said("Français", "English"), Said("The screen's other language", "L'autre langue de l'écran")
    ),
    Command.SIGN_OUT: CommandWords(
        Group.BENCH, Said("Sign out", "Quitter"), Said("I leave the bench", "Je quitte le poste")
    ),
}
