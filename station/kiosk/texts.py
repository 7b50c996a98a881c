"""Every word of the kiosk in both languages, in one place. `{…}` are places that the screen fills."""

from __future__ import annotations

from typing import NamedTuple

from contract.commands import Command
from contract.values import Language
from labels.command_words import COMMANDS
from station.kiosk.situations import Situation as At
from station.work.answers import Say


class Words(NamedTuple):
    """One text."""

    en: str
    fr: str

    def to(self, language: Language) -> str:
        return self.en if language == "en" else self.fr


class Told(NamedTuple):
    """An answer: what to do now, where it is not what the situation says, and why."""

    do: Words | None = None
    why: Words | None = None


class Asked(NamedTuple):
    """A situation: the sentence, and what EXPLAIN says of it."""

    sentence: Words
    explained: Words


PACK_NEXT = Words("No network. Pack next: {orders}.", "Pas de réseau. À emballer : {orders}.")
AND_MORE = Words(" and {more} more", " et {more} de plus")
NOTHING_AT_HAND = Words(
    "No network, and no order is at hand here. Help at another bench, or wait.",
    "Pas de réseau, et aucune commande en réserve ici. Aidez à un autre poste, ou attendez.",
)
FEW_NUMBERS = Words(
    "Only {left} label numbers are left for {orders} orders.",
    "Plus que {left} numéros d'étiquette pour {orders} commandes.",
)

SITUATIONS: dict[At, Asked] = {
    At.SIGNED_OUT: Asked(
        Words("Scan your badge", "Scannez votre badge"),
        Words(
            "Nobody is signed in. Scan the badge that the office gave you.",
            "Personne n'est connecté. Scannez le badge reçu du bureau.",
        ),
    ),
    At.AWAY: Asked(
        Words("Scan your badge to go on", "Badge pour reprendre"),
        Words(
            "Nobody touched the bench for a while. The order is kept: any packer's badge goes on with it.",
            "Poste inactif. La commande est gardée : le badge de tout préparateur la reprend.",
        ),
    ),
    At.IDLE: Asked(
        Words("Scan an order", "Scannez une commande"),
        Words(
            "Scan an order, tote, pick list, count, delivery, or the product of a one-piece order. NEXT ORDER: any.",
            "Scannez commande, bac, liste, comptage, livraison ou produit seul. COMMANDE SUIVANTE en donne une.",
        ),
    ),
    At.IDLE_UNCHECKED: Asked(
        Words("Check the scale, or scan an order", "Contrôlez la balance, ou une commande"),
        Words(
            "The scale was not found right in the last {hours} h. CHECK SCALE, with the weight of {weight} g.",
            "Balance non contrôlée juste depuis {hours} h. CONTRÔLER, avec le poids de {weight} g. Ou une commande.",
        ),
    ),
    At.UNCHECKED: Asked(
        Words("Check the scale first", "Contrôlez d'abord la balance"),
        Words(
            "The scale was not found right in the last {hours} h. CHECK SCALE, with the weight of {weight} g.",
            "Balance non contrôlée juste depuis {hours} h. CONTRÔLER, avec le poids de {weight} g.",
        ),
    ),
    At.CHECK_EMPTY: Asked(
        Words("Empty the scale", "Videz la balance"),
        Words(
            "The check begins with the empty platform. Empty and it does not go on: CONFIRM. CANCEL stops the check.",
            "Le contrôle part de la balance vide. Vide et rien ne se passe : CONFIRMER. ANNULER arrête.",
        ),
    ),
    At.CHECK_WEIGHT: Asked(
        Words("Put the check weight on: {weight} g", "Posez le poids étalon de {weight} g"),
        Words(
            "Put it in the middle and take your hands off. It may be {tolerance} g off. CANCEL stops the check.",
            "Posez-le au milieu et retirez les mains. Écart permis : {tolerance} g. ANNULER arrête.",
        ),
    ),
    At.CHECK_RETURN: Asked(
        Words("Take the check weight off", "Retirez le poids étalon"),
        Words(
            "The scale must come back to zero. CANCEL stops the check.",
            "La balance doit revenir à zéro. ANNULER arrête le contrôle.",
        ),
    ),
    At.OPENING: Asked(
        Words("Wait: looking for the order", "Recherche de la commande"),
        Words(
            "The centre looks for {code}. After 5 seconds without an answer the bench says so. CANCEL stops waiting.",
            "Le central cherche {code}. Sans réponse en 5 s, le poste le dit. ANNULER arrête l'attente.",
        ),
    ),
    At.OPENING_NEXT: Asked(
        Words("Wait: your next order comes", "Votre prochaine commande arrive"),
        Words(
            "The centre chooses what must leave first. After 5 seconds without an answer the bench says so.",
            "Le central choisit ce qui doit partir d'abord. Sans réponse en 5 s, le poste le dit.",
        ),
    ),
    At.READ: Asked(
        Words("Read it, then CONFIRM", "Lisez, puis CONFIRMER"),
        Words(
            "This must be read before the work goes on. Touch CONFIRM or scan it.",
            "À lire avant de continuer. Touchez ou scannez CONFIRMER.",
        ),
    ),
    At.CHECK: Asked(
        Words("Check it, then CONFIRM", "Vérifiez, puis CONFIRMER"),
        Words(
            "Check what the note asks. Not fit to send: UNDO, then DAMAGED.",
            "Vérifiez ce que demande la note. Article abîmé : RETOUR, puis ABÎMÉ.",
        ),
    ),
    At.GIFT_NOTE: Asked(
        Words("Add the gift note, then CONFIRM", "Ajoutez le mot, puis CONFIRMER"),
        Words(
            "Put the note with these words in the parcel, then touch or scan CONFIRM.",
            "Mettez le mot avec ce texte dans le colis, puis touchez ou scannez CONFIRMER.",
        ),
    ),
    At.INSERT: Asked(
        Words("Put the insert in and scan it", "Mettez l'encart et scannez-le"),
        Words(
            "The insert's own code confirms it. If it has none: CONFIRM, then YES.",
            "Le code de l'encart le confirme. S'il n'en a pas : CONFIRMER, puis OUI.",
        ),
    ),
    At.TAKE_BOX: Asked(
        Words("Take the box: {box}", "Prenez ce carton : {box}"),
        Words(
            "Everything that is left should fit it. Scan its code; another box or the first item will do as well.",
            "Tout le reste devrait y tenir. Scannez son code ; un autre carton ou le premier article va aussi.",
        ),
    ),
    At.PACK: Asked(
        Words("Scan an item", "Scannez un article"),
        Words(
            "Scan each item as it goes in. Not there: SHORT. Broken: DAMAGED. Parcel full: NEXT.",
            "Scannez chaque article. Introuvable : MANQUANT. Cassé : ABÎMÉ. Colis plein : SUIVANT.",
        ),
    ),
    At.PACK_NEXT_PARCEL: Asked(
        Words("Next parcel: scan an item", "Colis suivant : scannez un article"),
        Words(
            "A parcel is closed. The rest of the order goes into another one.",
            "Un colis est fermé. Le reste de la commande va dans un autre.",
        ),
    ),
    At.PACK_FULL: Asked(
        Words("All in: NEXT to weigh", "Complet : SUIVANT pour peser"),
        Words(
            "Everything is in. NEXT weighs the parcel; TAKE OUT or UNDO changes it first.",
            "Tout y est. SUIVANT pèse le colis ; RETIRER ou RETOUR pour le changer avant.",
        ),
    ),
    At.PUT_ON_SCALE: Asked(
        Words("Put the parcel on the scale", "Posez le colis sur la balance"),
        Words(
            "The weight is taken by itself when it stands still. NEXT takes what is on the scale now.",
            "Le poids est pris seul dès qu'il est stable. SUIVANT prend ce qui est sur la balance.",
        ),
    ),
    At.LIFT: Asked(
        Words("Lift the parcel, put it back", "Soulevez et reposez le colis"),
        Words(
            "The scale has shown the same since the parcel before. Lift it off, then put this parcel on.",
            "La balance n'a pas bougé depuis le colis d'avant. Videz-la, puis posez ce colis.",
        ),
    ),
    At.HANDS_OFF: Asked(
        Words("Hands off: weighing", "Ne touchez pas : pesée"),
        Words(
            "The scale is moving. Leave the parcel alone for a moment.",
            "La balance bouge. Laissez le colis un instant.",
        ),
    ),
    At.SCALE_LOST: Asked(
        Words("The scale is not connected", "La balance est débranchée"),
        Words(
            "Check the scale's cable and power. A lead's badge lets the parcel pass without it.",
            "Vérifiez le câble et le courant de la balance. Le badge d'un responsable s'en passe.",
        ),
    ),
    At.SCALE_SILENT: Asked(
        Words("The scale does not answer", "La balance ne répond pas"),
        Words(
            "Switch the scale off and on. A lead's badge lets the parcel pass without it.",
            "Éteignez et rallumez la balance. Le badge d'un responsable s'en passe.",
        ),
    ),
    At.SCALE_OVERLOAD: Asked(
        Words("Too heavy for the scale", "Trop lourd pour la balance"),
        Words(
            "Pack less and close with NEXT, or a lead's badge lets it pass without weight.",
            "Retirez des articles et SUIVANT, ou un responsable badge pour passer sans pesée.",
        ),
    ),
    At.SCALE_UNDERLOAD: Asked(
        Words("Empty the scale, then weigh", "Videz la balance, puis pesez"),
        Words(
            "The scale is below zero: something lay on it when it was switched on. Empty it and zero it.",
            "La balance est sous zéro : elle était chargée au démarrage. Videz-la et remettez à zéro.",
        ),
    ),
    At.SCALE_FAULT: Asked(
        Words("The scale has a fault", "La balance est en défaut"),
        Words(
            "Switch the scale off and on; if it stays, call the technician. A lead's badge lets the parcel pass.",
            "Éteignez et rallumez la balance ; sinon, le technicien. Le badge d'un responsable passe.",
        ),
    ),
    At.WRONG_WEIGHT: Asked(
        Words("{head}: {cause}", "{head} : {cause}"),
        Words(
            "The label waits for the right weight ({low} to {high} g). Compare the parcel with the list, "
            "mend it and weigh again. All right all the same: a lead's badge.",
            "L'étiquette attend le bon poids ({low} à {high} g). Comparez le colis à la liste, "
            "corrigez et repesez. Tout est juste : badge d'un responsable.",
        ),
    ),
    At.TOO_HEAVY: Asked(
        Words("Too heavy for the carrier", "Trop lourd pour le transporteur"),
        Words(
            "It weighs {grams} g, the carrier takes {limit} g. TAKE OUT an item, then NEXT: the rest follows.",
            "Il pèse {grams} g, le transporteur prend {limit} g. RETIRER un article, puis SUIVANT : le reste suivra.",
        ),
    ),
    At.BOX_TOO_FULL: Asked(
        Words("Too heavy for this box", "Trop lourd pour ce carton"),
        Words(
            "It weighs {grams} g; the box carries {limit} g. Scan a stronger box, or TAKE OUT an item, then NEXT.",
            "Il pèse {grams} g ; le carton porte {limit} g. Scannez un carton plus solide, ou RETIRER, puis SUIVANT.",
        ),
    ),
    At.NEXT_PRICE: Asked(
        Words("{over} g into the next price", "{over} g dans le tarif suivant"),
        Words(
            "Up to {limit} g it is cheaper. With less filling, weigh again; CONFIRM sends it as it is.",
            "Jusqu'à {limit} g, c'est moins cher. Moins de calage, puis repesez ; CONFIRMER l'envoie tel quel.",
        ),
    ),
    At.PHOTO_COMES: Asked(
        Words("Wait: the picture is taken", "Photo en cours : patientez"),
        Words(
            "This parcel needs a picture of its open box. Leave it open under the camera for a moment.",
            "Ce colis exige une photo du carton ouvert. Laissez-le ouvert sous la caméra un instant.",
        ),
    ),
    At.NO_PHOTO: Asked(
        Words("No picture: open box, then PHOTO", "Pas de photo : rouvrez, puis PHOTO"),
        Words(
            "{reason} Open box under the camera, then PHOTO. A lead's badge lets it pass.",
            "{reason} Carton ouvert sous la caméra, puis PHOTO. Un responsable passe outre.",
        ),
    ),
    At.NO_SSCC: Asked(
        Words("No label numbers left", "Plus de numéros d'étiquette"),
        Words(
            "The bench has asked the centre for more and goes on by itself. If the network is down: SUSPEND.",
            "Le poste en a demandé au central et continue seul. Réseau coupé : METTRE DE CÔTÉ.",
        ),
    ),
    At.STICK_LABEL: Asked(
        Words("Stick the label and scan it", "Collez l'étiquette, scannez-la"),
        Words(
            "Stick the label …{ends} on the parcel and scan it while the parcel is on the scale. "
            "Unreadable: REPRINT. To change the parcel: CANCEL.",
            "Collez l'étiquette …{ends} et scannez-la, le colis sur la balance. "
            "Illisible : RÉIMPRIMER. Changer le colis : ANNULER.",
        ),
    ),
    At.LABEL_FAILED: Asked(
        Words("The label did not print", "L'étiquette n'est pas sortie"),
        Words(
            "{detail} The label then prints by itself, or with CONFIRM.",
            "{detail} L'étiquette sort ensuite seule, ou avec CONFIRMER.",
        ),
    ),
    At.LABEL_UNCERTAIN: Asked(
        Words("Did the label come out? YES or NO", "Étiquette sortie ? OUI ou NON"),
        Words(
            "The bench cannot tell whether the label is on paper. NO prints it again as a DUPLICATE.",
            "Le poste ignore si l'étiquette est sortie. NON la réimprime avec DUPLICATA.",
        ),
    ),
    At.SLIP_FAILED: Asked(
        Words("The slip did not print", "Le bon n'est pas sorti"),
        Words(
            "{detail} CONFIRM prints the packing slip, CANCEL goes without it.",
            "{detail} CONFIRMER imprime le bon, ANNULER s'en passe.",
        ),
    ),
    At.SLIP_UNCERTAIN: Asked(
        Words("Did the slip come out? YES or NO", "Bon sorti ? OUI ou NON"),
        Words(
            "The bench cannot tell whether the packing slip is on paper. NO prints it again.",
            "Le poste ignore si le bon de livraison est sorti. NON le réimprime.",
        ),
    ),
    At.RETURN_FAILED: Asked(
        Words("Return paper did not print", "Papier de retour non sorti"),
        Words(
            "{detail} CONFIRM prints the return label or form, CANCEL goes without it.",
            "{detail} CONFIRMER imprime l'étiquette ou le formulaire de retour, ANNULER s'en passe.",
        ),
    ),
    At.RETURN_UNCERTAIN: Asked(
        Words("Return paper out? YES or NO", "Papier retour sorti ? OUI ou NON"),
        Words(
            "The bench cannot tell whether the return label or form is on paper. NO prints it again.",
            "Le poste ignore si l'étiquette ou le formulaire de retour est sorti. NON le réimprime.",
        ),
    ),
    At.TAKE_OUT: Asked(
        Words("Scan the item to take out", "Scannez l'article à retirer"),
        Words(
            "Scan or touch the item that comes out of the parcel. CANCEL leaves it in.",
            "Scannez ou touchez l'article qui sort du colis. ANNULER le laisse.",
        ),
    ),
    At.MISSING: Asked(
        Words("Scan the missing item's code", "Scannez le code du manquant"),
        Words(
            "Scan or touch the item that is not there, once per piece. CONFIRM: the only one that is open.",
            "Scannez ou touchez l'article introuvable, une fois par pièce. CONFIRMER : le seul restant.",
        ),
    ),
    At.DAMAGED: Asked(
        Words("Scan the damaged item", "Scannez l'article abîmé"),
        Words(
            "Scan or touch the item that is not fit to send, once per piece, and put it aside.",
            "Scannez ou touchez l'article à ne pas envoyer, une fois par pièce, et mettez-le à part.",
        ),
    ),
    At.DISCARD: Asked(
        Words("Empty the parcel? YES or NO", "Vider le colis ? OUI ou NON"),
        Words(
            "YES takes everything out of this parcel; its items must be scanned again.",
            "OUI retire tout de ce colis ; les articles seront à rescanner.",
        ),
    ),
    At.LEAVE: Asked(
        Words("Leave this order? YES or NO", "Quitter la commande ? OUI ou NON"),
        Words(
            "YES puts the order down, with what was scanned, and signs you out.",
            "OUI met la commande de côté avec ce qui est scanné, et vous déconnecte.",
        ),
    ),
    At.UNSCANNED: Asked(
        Words("No code on it? YES or NO", "Pas de code dessus ? OUI ou NON"),
        Words(
            "YES takes your word that the insert is in; it is recorded.",
            "OUI : l'encart est dans le colis, sur votre parole ; c'est enregistré.",
        ),
    ),
    At.REPRINT: Asked(
        Words("Why print it again?", "Pourquoi réimprimer ?"),
        Words(
            "Touch a reason; CONFIRM takes the first. The new label says DUPLICATE: throw the old one away.",
            "Touchez un motif ; CONFIRMER prend le premier. La nouvelle porte DUPLICATA : jetez l'ancienne.",
        ),
    ),
    At.LET_PASS: Asked(
        Words("Lead: why let it pass?", "Responsable : quel motif ?"),
        Words(
            "Touch a reason; CONFIRM takes the first. It is recorded with your name.",
            "Touchez un motif ; CONFIRMER prend le premier. C'est enregistré à votre nom.",
        ),
    ),
    At.LOT: Asked(
        Words("Scan the lot", "Scannez le lot"),
        Words(
            "{item} is traced by its lot: scan or type it. CANCEL puts the item back.",
            "{item} est suivi par lot : scannez-le ou saisissez-le. ANNULER repose l'article.",
        ),
    ),
    At.SERIAL: Asked(
        Words("Scan the serial number", "Scannez le numéro de série"),
        Words(
            "{item} has a number of its own: scan or type it. CANCEL puts the item back.",
            "{item} a son propre numéro : scannez-le ou saisissez-le. ANNULER repose l'article.",
        ),
    ),
    At.EXPIRY: Asked(
        Words("Scan the expiry date", "Scannez la date limite"),
        Words(
            "{item}: scan its date, or type it as 30.11.2027 or 271130. CANCEL puts the item back.",
            "{item} : scannez sa date, ou saisissez 30.11.2027 ou 271130. ANNULER repose l'article.",
        ),
    ),
    At.SCAN_BIN: Asked(
        Words("Scan the next bin", "Scannez un emplacement"),
        Words(
            "Go to a bin of the list and scan its code, then all that lies in it. SUSPEND leaves the rest to others.",
            "Scannez un emplacement de la liste, puis son contenu. METTRE DE CÔTÉ laisse le reste.",
        ),
    ),
    At.COUNT: Asked(
        Words("{bin}: scan every piece", "{bin} : scannez chaque pièce"),
        Words(
            "Scan all that lies in the bin; a line that has dots may be typed. All scanned: NEXT, or the bin's code.",
            "Scannez tout le contenu ; une ligne à points se saisit. Fini : SUIVANT, ou le code de l'emplacement.",
        ),
    ),
    At.COUNT_LOOSE: Asked(
        Words("No bin: scan every piece", "Sans emplacement : scannez tout"),
        Words(
            "Scan all pieces that lie in no bin; a line that has dots may be typed. All scanned: NEXT.",
            "Scannez les pièces sans emplacement ; une ligne à points se saisit. Tout est scanné : SUIVANT.",
        ),
    ),
    At.RECEIVE: Asked(
        Words("Scan what came", "Scannez ce qui est arrivé"),
        Words(
            "Scan pieces or cases, then the bin that you put them to. Broken: DAMAGED. Nothing is left: NEXT.",
            "Scannez pièces ou cartons, puis leur emplacement. Cassé : ABÎMÉ. Plus rien : SUIVANT.",
        ),
    ),
    At.PUT_AWAY: Asked(
        Words("Scan more, or the bin", "Scannez encore, ou l'emplacement"),
        Words(
            "Put what you scanned into a bin and scan its code: then it is in the stock. UNDO takes one scan back.",
            "Rangez ce qui est scanné et scannez l'emplacement : c'est en stock. RETOUR annule un scan.",
        ),
    ),
    At.PUT_AWAY_LOOSE: Asked(
        Words("Scan more, or put it away: NEXT", "Scannez encore, ou rangez : SUIVANT"),
        Words(
            "Put what you scanned on the shelf, then NEXT: then it is in the stock. UNDO takes the last scan back.",
            "Rangez ce qui est scanné, puis SUIVANT : c'est alors en stock. RETOUR annule le dernier scan.",
        ),
    ),
    At.ALL_CAME: Asked(
        Words("All has come: NEXT", "Tout est arrivé : SUIVANT"),
        Words(
            "Nothing is missing. NEXT ends; what is more may still be scanned.",
            "Rien ne manque. SUIVANT termine ; ce qui est en plus peut encore être scanné.",
        ),
    ),
    At.LEAVE_SHELF: Asked(
        Words("Leave {name}? YES or NO", "Quitter {name} ? OUI ou NON"),
        Words(
            "YES signs you out. What was told stays; scans since the last bin are forgotten.",
            "OUI vous déconnecte. Ce qui est transmis reste ; les scans non rangés sont oubliés.",
        ),
    ),
    At.FORGET_SCANS: Asked(
        Words("Forget these scans? YES or NO", "Oublier ces scans ? OUI ou NON"),
        Words(
            "YES forgets all that was scanned since the last bin: scan it again.",
            "OUI oublie les scans depuis le dernier emplacement : à rescanner.",
        ),
    ),
    At.NOTHING_THERE: Asked(
        Words("Really none there? YES or NO", "Vraiment aucun ? OUI ou NON"),
        Words(
            "Not scanned in this bin: {items}. YES counts none of it, NO goes back to scanning.",
            "Pas scanné à cet emplacement : {items}. OUI en compte zéro, NON revient aux scans.",
        ),
    ),
    At.NOTHING_MORE: Asked(
        Words("Nothing more to come? YES or NO", "Livraison finie ? OUI ou NON"),
        Words(
            "Still missing: {items}. YES closes the delivery, NO keeps it open for the rest, CANCEL goes on here.",
            "Il manque : {items}. OUI clôt la livraison, NON attend le reste, ANNULER continue ici.",
        ),
    ),
    At.NEW_BIN: Asked(
        Words("Is {bin} a bin? YES or NO", "Ranger en {bin} ? OUI ou NON"),
        Words(
            "No goods of this delivery lie there yet. YES, or scan it again: the goods are put there.",
            "Rien n'y est encore. OUI, ou rescannez-le : la marchandise y est rangée.",
        ),
    ),
    At.CAME_DAMAGED: Asked(
        Words("Scan the damaged item", "Scannez l'article abîmé"),
        Words(
            "Scan or touch what came broken, once per piece, and put it aside: it is not received. CANCEL: none.",
            "Scannez ou touchez ce qui est cassé, une fois par pièce, et mettez-le à part : non reçu. ANNULER : aucun.",
        ),
    ),
    At.RECALLED: Asked(
        Words("Stop: empty the parcel, CONFIRM", "Stop : videz le colis, CONFIRMER"),
        Words(
            "{text} Take the goods out, throw its label away, then CONFIRM.",
            "{text} Sortez les articles, jetez l'étiquette, puis CONFIRMER.",
        ),
    ),
}

_PUT_BACK = Words("Put it back", "Reposez-le")
_SCAN_AGAIN = Words("Scan it again", "Scannez à nouveau")
_HELP = Words(" Help: EXPLAIN.", " Aide : EXPLIQUER.")


def _helped(en: str, fr: str) -> Words:
    return Words(en + _HELP.en, fr + _HELP.fr)


ANSWERS: dict[Say, Told] = {
    Say.NOTHING: Told(),
    # People
    Say.WELCOME: Told(why=Words("Hello {name}.", "Bonjour {name}.")),
    Say.GOODBYE: Told(why=Words("Goodbye {name}.", "Au revoir {name}.")),
    Say.SIGNED_OUT_IDLE: Told(why=Words("Signed out: nobody was here.", "Déconnecté : poste inactif.")),
    Say.BADGE_FIRST: Told(why=Words("Nobody is signed in.", "Personne n'est connecté.")),
    Say.BADGE_ASKED: Told(
        Words("Wait: checking the badge", "Vérification du badge"),
        Words("This badge is new here: the centre is asked.", "Badge nouveau ici : demande au central."),
    ),
    Say.BADGE_UNKNOWN: Told(
        why=_helped("Badge {badge} belongs to nobody.", "Le badge {badge} n'est à personne."),
    ),
    Say.BADGE_NOT_CHECKED: Told(
        why=Words(
            "Badge {badge} is new here and the centre does not answer. Try again, or use a known badge.",
            "Badge {badge} nouveau ici et le central ne répond pas. Réessayez ou prenez un badge connu.",
        ),
    ),
    Say.LEAD_ONLY: Told(why=Words("{name} is not a lead.", "{name} n'est pas responsable.")),
    Say.LEAD_CALLED: Told(why=Words("A lead was called.", "Un responsable est appelé.")),
    Say.LANGUAGE: Told(why=Words("English.", "Français.")),
    # Opening work
    Say.OPENING: Told(),
    Say.OPENED: Told(),
    Say.RESUMED: Told(
        why=Words("{orders} goes on where it was put down.", "{orders} reprend où elle en était."),
    ),
    Say.IN_HAND_EXCESS: Told(
        why=Words("Take out, the order changed: {items}.", "À retirer, la commande a changé : {items}."),
    ),
    Say.REFUSED: Told(why=Words("{en}", "{fr}")),
    Say.NO_ANSWER: Told(
        why=Words(
            "The centre does not answer for {code}. Scan it again, or an order that this bench has.",
            "Le central ne répond pas pour {code}. Rescannez, ou une commande déjà sur ce poste.",
        ),
    ),
    Say.NO_NEXT: Told(
        why=Words(
            "The centre does not answer. NEXT ORDER once more, or scan an order that this bench has.",
            "Le central ne répond pas. COMMANDE SUIVANTE encore, ou scannez une commande déjà sur ce poste.",
        ),
    ),
    Say.STOPPED_WAITING: Told(why=Words("Stopped waiting.", "Attente arrêtée.")),
    Say.ORDER_FIRST: Told(why=Words("Open an order first.", "Ouvrez d'abord une commande.")),
    Say.NOTHING_TO_PACK: Told(why=Words("Nothing of it is left to pack.", "Il n'y reste rien à emballer.")),
    # Items
    Say.PACKED: Told(why=Words("{item}: {packed} of {of}.", "{item} : {packed} sur {of}.")),
    Say.LINE_DONE: Told(why=Words("{item}: all {of}.", "{item} : {of} sur {of}, complet.")),
    Say.ALL_IN: Told(why=Words("Everything is in.", "Tout y est.")),
    Say.WRONG_ITEM: Told(
        _PUT_BACK,
        _helped("Wrong item: {code} is not in this order.", "Mauvais article : {code} n'est pas dans la commande."),
    ),
    Say.TOO_MANY: Told(_PUT_BACK, _helped("Too many: {item} is complete.", "De trop : {item} est complet.")),
    Say.CASE_TOO_BIG: Told(
        _PUT_BACK,
        Words(
            "This case counts {counts} × {item}, {open} wanted. Scan single pieces.",
            "Ce carton compte {counts} × {item}, il en faut {open}. Scannez à la pièce.",
        ),
    ),
    Say.BAD_CODE: Told(_SCAN_AGAIN, Words("Misread: {fault}.", "Mal lu : {fault}.")),
    Say.MUST_SCAN: Told(
        Words("Scan this item", "Scannez cet article"),
        Words("{item} must be scanned, not ticked or typed.", "{item} se scanne, sans coche ni saisie."),
    ),
    Say.NO_SUCH_LINE: Told(why=Words("There is no such line.", "Cette ligne n'existe pas.")),
    Say.TYPED_TOO_MANY: Told(why=Words("Only {open} more of {item} wanted.", "Il ne faut plus que {open} × {item}.")),
    Say.TYPED_TOO_FEW: Told(
        why=Words("{closed} × {item} are in closed parcels.", "{closed} × {item} sont dans des colis fermés."),
    ),
    Say.EXPIRED: Told(
        Words("Put it aside: expired", "À part : périmé"),
        Words(
            "{item} was good until {expiry}. Take another one; if there is none: SHORT.",
            "{item} : bon jusqu'au {expiry}. Prenez-en un autre ; s'il n'y en a plus : MANQUANT.",
        ),
    ),
    Say.SERIAL_TWICE: Told(
        _PUT_BACK,
        Words(
            "{item} with number {serial} is in already: the same piece twice.",
            "{item} numéro {serial} y est déjà : deux fois la même pièce.",
        ),
    ),
    Say.ONE_BY_ONE: Told(
        why=Words("Each {item} has its own number: one by one.", "Chaque {item} a son numéro : un par un.")
    ),
    Say.WHICH_ONE: Told(
        why=Words(
            "{item}: several lots or numbers are in. Scan the code of the piece itself.",
            "{item} : plusieurs lots ou numéros y sont. Scannez le code de la pièce même.",
        )
    ),
    Say.BAD_LOT: Told(why=Words("That is no lot: 1 to 20 characters.", "Ce n'est pas un lot : 1 à 20 caractères.")),
    Say.BAD_SERIAL: Told(
        why=Words(
            "That is no serial number: 1 to 20 characters.", "Ce n'est pas un numéro de série : 1 à 20 caractères."
        )
    ),
    Say.BAD_EXPIRY: Told(
        why=Words("That is no date. Such as 30.11.2027.", "Ce n'est pas une date. Par exemple 30.11.2027.")
    ),
    Say.BOX: Told(why=Words("Box: {name}.", "Carton : {name}.")),
    Say.BOX_TOO_LARGE: Told(
        Words("Take a smaller box", "Prenez un carton plus petit"),
        Words("{name} is larger than {service} takes.", "{name} : plus grand que ce que prend {service}."),
    ),
    Say.MATERIAL: Told(why=Words("Noted: {code}.", "Noté : {code}.")),
    Say.BOX_UNKNOWN: Told(why=_helped("Box {code} is not known.", "Carton {code} inconnu.")),
    Say.UNDONE: Told(why=Words("Undone: take {quantity} × {item} out.", "Annulé : retirez {quantity} × {item}.")),
    Say.NOTHING_TO_UNDO: Told(why=Words("There is nothing to undo.", "Rien à annuler.")),
    Say.TAKEN_OUT: Told(why=Words("Taken out: {quantity} × {item}.", "Retiré : {quantity} × {item}.")),
    Say.NOT_IN_PARCEL: Told(
        why=Words("Not so many of {item} are in this parcel.", "Il n'y a pas tant de {item} dans ce colis."),
    ),
    Say.DISCARDED: Told(why=Words("The parcel is empty: take all out.", "Colis vidé : sortez tout.")),
    Say.PARCEL_EMPTY: Told(why=Words("This parcel is empty.", "Ce colis est vide.")),
    Say.READ_FIRST: Told(why=Words("First do what is shown.", "Faites d'abord ce qui est affiché.")),
    Say.CONFIRMED: Told(),
    Say.ALREADY_CLOSED: Told(
        why=Words("Parcel …{ends} is closed already: all well.", "Le colis …{ends} est déjà fermé : tout va bien."),
    ),
    # Short and damaged
    Say.SHORT_REPORTED: Told(why=Words("Reported missing: {quantity} × {item}.", "Manquant : {quantity} × {item}.")),
    Say.DAMAGED_REPORTED: Told(
        why=Words("Reported damaged: {quantity} × {item}. Put it aside.", "Abîmé : {quantity} × {item}. À part."),
    ),
    Say.NAME_THE_ITEM: Told(
        why=Words(
            "Several are open: scan or touch the item itself.", "Plusieurs restent : scannez ou touchez l'article."
        ),
    ),
    Say.NONE_OPEN: Told(why=Words("{open} × {item} are open.", "Il reste {open} × {item}.")),
    Say.FINISHED_SHORT: Told(
        why=Words("{orders}: nothing to send, reported short.", "{orders} : rien à envoyer, manquants signalés."),
    ),
    # Counting
    Say.BIN_FIRST: Told(why=Words("First scan the bin.", "Scannez d'abord l'emplacement.")),
    Say.WRONG_BIN: Told(
        Words("Not a bin of this count", "Emplacement hors comptage"),
        _helped("{code} is not in the list.", "{code} n'est pas dans la liste."),
    ),
    Say.BIN_OPENED: Told(),
    Say.BIN_NOT_DONE: Told(
        why=Words(
            "This bin is not done: NEXT when all is scanned.", "Emplacement non fini : SUIVANT quand tout est scanné."
        ),
    ),
    Say.BIN_COUNTED: Told(why=Words("Counted: {bin}.", "Compté : {bin}.")),
    Say.COUNTED: Told(why=Words("{item}: {counted}.", "{item} : {counted}.")),
    Say.NOT_COUNTED: Told(
        Words("Leave it there", "Laissez-le là"),
        Words(
            "{code} is not in this count. If it should not lie here, call a lead.",
            "{code} n'est pas dans ce comptage. S'il n'a rien à faire là, appelez un responsable.",
        ),
    ),
    Say.SCAN_UNDONE: Told(why=Words("Undone: {quantity} × {item}.", "Annulé : {quantity} × {item}.")),
    Say.SCANS_FORGOTTEN: Told(why=Words("Forgotten: scan it again.", "Oublié : scannez à nouveau.")),
    Say.PUT_DOWN: Told(
        why=Words(
            "{orders} is put down; any bench goes on with the rest.", "{orders} mis de côté ; tout poste reprend."
        ),
    ),
    # Receiving
    Say.CAME: Told(why=Words("{item}: {come} of {of}.", "{item} : {come} sur {of}.")),
    Say.MORE_THAN_EXPECTED: Told(
        why=Words(
            "{item}: {come} came, {of} were ordered. The office is told.",
            "{item} : {come} arrivés, {of} commandés. Le bureau le saura.",
        ),
    ),
    Say.NOT_EXPECTED: Told(
        Words("Put it aside", "Mettez-le à part"),
        _helped("{code} is not in this delivery.", "{code} n'est pas dans cette livraison."),
    ),
    Say.CAME_EXPIRED: Told(
        Words("Put it aside: expired", "À part : périmé"),
        Words(
            "{item} was good until {expiry}: it is not received. Report it: DAMAGED.",
            "{item} : bon jusqu'au {expiry}, non reçu. Signalez-le : ABÎMÉ.",
        ),
    ),
    Say.CAME_ALREADY: Told(
        why=Words("{come} × {item} are in bins already.", "{come} × {item} sont déjà rangés."),
    ),
    Say.GOODS_FIRST: Told(why=Words("First scan what you put there.", "Scannez d'abord ce que vous y mettez.")),
    Say.PUT_AWAY_FIRST: Told(
        why=Words(
            "First put away what is scanned: scan its bin, or UNDO.",
            "Rangez d'abord ce qui est scanné : scannez son emplacement, ou RETOUR.",
        ),
    ),
    Say.PUT_AWAY: Told(why=Words("In the stock: {pieces} pieces. {bin}", "En stock : {pieces} pièces. {bin}")),
    Say.ALL_CAME: Told(why=Words("In the stock; nothing is missing.", "En stock ; rien ne manque.")),
    Say.DELIVERY_ENDED: Told(
        why=Words(
            "{orders} is closed; the office sees what is missing.", "{orders} close ; le bureau voit les manques."
        ),
    ),
    Say.REST_COMES: Told(why=Words("{orders} stays open for the rest.", "{orders} reste ouverte pour la suite.")),
    # Weight
    Say.TO_SCALE: Told(),
    Say.WEIGHED: Told(),
    Say.WEIGHT_WRONG: Told(),
    Say.HALTED: Told(),
    Say.NO_SCALE: Told(),
    # Scale
    Say.NO_SCALE_CHECK: Told(
        why=Words("This bench has no check weight on file.", "Ce poste n'a pas de poids étalon déclaré."),
    ),
    Say.CHECK_SCALE_FIRST: Told(),
    Say.SCALE_CHECK_BEGUN: Told(),
    Say.SCALE_IS_EMPTY: Told(),
    Say.CHECK_WEIGHT_TAKEN: Told(why=Words("The scale shows {grams} g.", "La balance montre {grams} g.")),
    Say.FINISH_CHECK: Told(
        why=Words("First end the check of the scale, or CANCEL.", "Finissez le contrôle de la balance, ou ANNULER."),
    ),
    Say.SCALE_IS_RIGHT: Told(
        why=Words("The scale is right: {off} g at {grams} g.", "La balance est juste : {off} g à {grams} g."),
    ),
    Say.SCALE_IS_WRONG: Told(
        Words("The scale is wrong: call a lead", "Balance fausse : un responsable"),
        Words(
            "{off} g with the weight, {zero} g empty before, {back} g after. Zero it, check again, call for service.",
            "{off} g avec le poids, {zero} g à vide avant, {back} g après. Remettez à zéro, recontrôlez, ou réparez.",
        ),
    ),
    Say.SCALE_HAS_A_KEY: Told(
        why=Words(
            "This scale cannot be told to: press its own key.", "Cette balance ne se commande pas : utilisez sa touche."
        ),
    ),
    Say.SCALE_MOVES: Told(
        why=Words("The scale does not stand still: try again.", "La balance n'est pas stable : réessayez."),
    ),
    Say.EMPTY_FIRST: Told(
        why=Words("{grams} g lie on the scale: empty it first.", "{grams} g sont sur la balance : videz-la d'abord."),
    ),
    Say.SCALE_ZEROED: Told(why=Words("The scale is being zeroed.", "Remise à zéro de la balance.")),
    Say.SCALE_TARED: Told(
        why=Words(
            "{grams} g are taken off every weight from now on. ZERO ends it.",
            "{grams} g seront retirés de chaque pesée. ZÉRO y met fin.",
        ),
    ),
    # Drawer
    Say.DRAWER_OPENED: Told(why=Words("The drawer opens.", "Le tiroir s'ouvre.")),
    Say.DRAWER_GONE: Told(
        why=Words(
            "The drawer stays shut: {name} is not connected. Check its cable and power.",
            "Le tiroir reste fermé : {name} est débranché. Vérifiez câble et courant.",
        ),
    ),
    Say.NO_DRAWER: Told(
        why=Words("This bench has no drawer that opens by itself.", "Ce poste n'a pas de tiroir à ouverture commandée.")
    ),
    # Photo
    Say.PHOTO_ASKED: Told(why=Words("The camera takes the picture.", "La caméra prend la photo.")),
    Say.PHOTO_TAKEN: Told(why=Words("The picture is taken.", "Photo prise.")),
    Say.PHOTO_POOR: Told(
        why=Words("{en} Once more: PHOTO, with the box open.", "{fr} Encore : PHOTO, carton ouvert."),
    ),
    Say.PHOTO_MISSED: Told(
        why=Words("No picture: {en} Once more: PHOTO.", "Pas de photo : {fr} Encore : PHOTO."),
    ),
    Say.PHOTO_COMES: Told(
        why=Words("The picture is taken when the box is complete.", "La photo se prend quand le carton est complet."),
    ),
    Say.NO_PHOTO_HERE: Told(
        why=Words("This order wants no picture.", "Cette commande ne demande pas de photo."),
    ),
    # Label
    Say.NO_SSCC: Told(),
    Say.LABEL_FAILED: Told(),
    Say.SLIP_FAILED: Told(),
    Say.LABEL_UNCERTAIN: Told(),
    Say.SLIP_UNCERTAIN: Told(),
    Say.PRINTING: Told(why=Words("Printing.", "Impression.")),
    Say.PRINTED: Told(),
    Say.PRINTED_AGAIN: Told(
        why=Words("Printing a DUPLICATE: throw the old one away.", "DUPLICATA en cours : jetez l'ancienne."),
    ),
    Say.PRINTED_ELSEWHERE: Told(
        why=Words(
            "It came out of {printer}: {instead_of} cannot print.",
            "Sortie sur {printer} : {instead_of} n'imprime pas.",
        ),
    ),
    Say.NOTHING_TO_REPRINT: Told(why=Words("There is no label to print again.", "Aucune étiquette à réimprimer.")),
    Say.OTHER_LABEL: Told(
        Words("Not this parcel's label", "Étiquette d'un autre colis"),
        _helped("You scanned …{ends}, this parcel is …{wanted}.", "Scannée : …{ends}. Ce colis : …{wanted}."),
    ),
    Say.LABEL_FIRST: Told(
        why=Words(
            "First scan the label. To change the parcel: CANCEL.",
            "Scannez d'abord l'étiquette. Pour changer le colis : ANNULER.",
        ),
    ),
    Say.NOT_ON_SCALE: Told(
        Words("Put the labelled parcel on the scale", "Remettez ce colis sur la balance"),
        _helped(
            "This label is for {grams} g, the scale shows {shown} g. Then scan it again.",
            "Cette étiquette est pour {grams} g, la balance montre {shown} g. Puis rescannez.",
        ),
    ),
    Say.HANDS_OFF: Told(),
    Say.PARCEL_CLOSED: Told(why=Words("Parcel {number} is closed.", "Colis {number} fermé.")),
    Say.JOB_DONE: Told(why=Words("{orders} is done.", "{orders} : terminé.")),
    Say.LABEL_DROPPED: Told(
        why=Words("Throw label …{ends} away: the parcel is open.", "Jetez l'étiquette …{ends} : colis rouvert."),
    ),
    # Questions: the situation asks them
    Say.ASK_TAKE_OUT: Told(),
    Say.ASK_MISSING: Told(),
    Say.ASK_DAMAGED: Told(),
    Say.ASK_DISCARD: Told(),
    Say.ASK_LEAVE: Told(),
    Say.ASK_UNSCANNED: Told(),
    Say.ASK_REASON: Told(),
    Say.ASK_ORIGIN: Told(why=Words("{item}: scan or type it.", "{item} : scannez ou saisissez.")),
    Say.ASK_NOTHING_THERE: Told(why=Words("Not scanned: {items}.", "Pas scanné : {items}.")),
    Say.ASK_NOTHING_MORE: Told(why=Words("Missing: {items}.", "Il manque : {items}.")),
    Say.ASK_NEW_BIN: Told(why=Words("Nothing is known to lie in {code}.", "Rien n'est connu dans {code}.")),
    Say.ANSWER_FIRST: Told(why=Words("First answer: YES or NO.", "Répondez d'abord : OUI ou NON.")),
    Say.NEVER_MIND: Told(why=Words("Nothing changed.", "Rien n'a changé.")),
    # Recall, suspend, rest
    Say.SUSPENDED: Told(
        why=Words(
            "{orders} is put down: keep its goods together.", "{orders} mise de côté : gardez ses articles ensemble."
        ),
    ),
    Say.RECALLED: Told(),
    Say.RECALL_FIRST: Told(),
    Say.RETURNED: Told(why=Words("{orders} went back to the office.", "{orders} rendue au bureau.")),
    Say.NOTE: Told(why=Words("A word from the office; CONFIRM when read.", "Message du bureau ; CONFIRMER après.")),
    Say.NOT_NOW: Told(why=_helped("That has no meaning now.", "Cela n'a pas de sens ici.")),
    Say.UNKNOWN_COMMAND: Told(why=_helped("There is no command {code}.", "La commande {code} n'existe pas.")),
    Say.DEVICE_GONE: Told(
        why=Words(
            "{name}: not connected. Check its cable and power; touching works meanwhile.",
            "{name} : débranché. Vérifiez câble et courant ; l'écran tactile reste utilisable.",
        ),
    ),
    Say.DEVICE_LOST: Told(why=Words("{name}: {en}", "{name} : {fr}")),
    Say.EXPLAINED: Told(),
}

ACTIONS: dict[Command, Words] = {command: Words(*said.name) for command, said in COMMANDS.items()}
"""A button has the name that the command sheet has."""

NO_BIN = Words("No bin", "Sans emplacement")
BEGIN_AGAIN = Words("Begin again", "Recommencer")

REASONS: dict[str, Words] = {
    "unreadable": Words("Unreadable", "Illisible"),
    "torn": Words("Torn", "Déchirée"),
    "lost": Words("Lost", "Perdue"),
    "slip": Words("The packing slip", "Le bon"),
    "packaging_differs": Words("Other packaging", "Autre emballage"),
    "mass_on_file_wrong": Words("Mass on file is wrong", "Poids de la fiche faux"),
    "counted_by_hand": Words("Counted by hand", "Compté à la main"),
    "scale_broken": Words("Scale broken", "Balance en panne"),
    "too_large": Words("Too large to weigh", "Trop grand à peser"),
    "camera_broken": Words("Camera broken", "Caméra en panne"),
    "box_checked_by_eye": Words("Box checked by eye", "Carton vérifié à l'œil"),
    "label_checked_by_eye": Words("Label checked by eye", "Étiquette vue"),
}

WEIGHT_WORDS: dict[str, Words] = {
    "motion": Words("unstable", "instable"),
    "overload": Words("overload", "surcharge"),
    "underload": Words("below zero", "sous zéro"),
    "fault": Words("fault", "défaut"),
    "silent": Words("no signal", "pas de signal"),
    "lost": Words("not connected", "débranchée"),
    "net": Words("without the tray", "sans le bac"),
}

PHOTO_WORDS: dict[str, Words] = {
    "asked": Words("picture…", "photo…"),
    "missed": Words("no picture", "pas de photo"),
}

SHORT_OF = Words("{grams} g short", "{grams} g de moins")
OVER = Words("{grams} g over", "{grams} g de trop")
CAUSES: dict[str, Words] = {
    "missing": Words("{count} {name} missing", "il manque {count} {name}"),
    "extra": Words("{count} {name} too many", "{count} {name} en trop"),
    "box": Words("is it {name}?", "est-ce {name} ?"),
}
ONE = Words("one", "un")
AND = Words(" and ", " et ")
CHECK_ALL = Words("check it all", "vérifiez tout")
BAND = Words("Expected {low} to {high} g, weighed {grams} g.", "Attendu {low} à {high} g, pesé {grams} g.")
UNWEIGHABLE = Words("A lead's badge lets it pass.", "Le badge d'un responsable passe outre.")
