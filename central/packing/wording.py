"""Every sentence that packers get from central, in English and French."""

from __future__ import annotations

from typing import Final, NamedTuple

from central.orders.model import Complaint
from contract.values import Language


class Said(NamedTuple):
    """One sentence in both languages."""

    en: str
    fr: str

    def in_(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en


NOTHING: Final = Said("", "")
"""It concerns nobody at the bench."""


def unknown(code: str) -> Said:
    return Said(
        f"{code}: no order, tote, pick list, parcel, one-piece order, count or delivery has this code. "
        "Scan the order number.",
        f"{code} : aucune commande, liste, livraison, aucun bac, colis ni comptage n'a ce code. "
        "Scannez le numéro de commande.",
    )


def counted(count: str) -> Said:
    return Said(
        f"Count {count} is counted already. The office decides on it, or has it counted again.",
        f"Le comptage {count} est déjà fait. Le bureau décide, ou le fait recompter.",
    )


def recount_by_another(count: str) -> Said:
    return Said(
        f"What is left of count {count} you counted before, and it is far off: somebody else counts it again. "
        "Alone? The office decides with a reason.",
        f"Le reste du comptage {count}, vous l'avez compté, avec un grand écart : une autre personne le recompte. "
        "Seul ? Le bureau tranche avec un motif.",
    )


def count_elsewhere(count: str, warehouse: str) -> Said:
    return Said(
        f"Count {count} is of warehouse {warehouse}. Count it there.",
        f"Le comptage {count} est celui de l'entrepôt {warehouse}. Comptez-le là-bas.",
    )


def delivery_over(number: str) -> Said:
    return Said(
        f"Nothing more is expected of delivery {number}. What comes all the same is received in the office.",
        f"On n'attend plus rien de la livraison {number}. Ce qui vient malgré tout se reçoit au bureau.",
    )


def delivery_elsewhere(number: str, warehouse: str) -> Said:
    return Said(
        f"Delivery {number} goes to warehouse {warehouse}. Receive it there.",
        f"La livraison {number} va à l'entrepôt {warehouse}. Recevez-la là-bas.",
    )


def none_waiting() -> Said:
    return Said(
        "No order waits to be packed now. What is left is held, unpaid, out of stock or at another station.",
        "Aucune commande n'attend d'être emballée. Le reste est retenu, impayé, en rupture ou à un autre poste.",
    )


def benches_tell_first() -> Said:
    return Said(
        "Central was restored from a copy a moment ago and asks the stations what they have. Try again in 10 seconds.",
        "Le serveur vient d'être restauré d'une copie et demande aux postes ce qu'ils ont. Réessayez dans 10 secondes.",
    )


def held(order: str, reasons: tuple[Complaint, ...]) -> Said:
    why = " ".join(reason.text for reason in reasons)
    pourquoi = " ".join(reason.text_fr for reason in reasons)
    return Said(
        f"Order {order} is held. {why} Put it aside, the office will release it.",
        f"La commande {order} est retenue. {pourquoi} Mettez-la de côté, le bureau la libérera.",
    )


def unpaid(order: str) -> Said:
    return Said(
        f"Order {order} is not paid yet. Put it aside.",
        f"La commande {order} n'est pas encore payée. Mettez-la de côté.",
    )


def cancelled(order: str) -> Said:
    return Said(
        f"Order {order} is cancelled. Put the items back.",
        f"La commande {order} est annulée. Remettez les articles en rayon.",
    )


def packed(order: str) -> Said:
    return Said(
        f"Order {order} is packed already. Nothing is left to do.",
        f"La commande {order} est déjà emballée. Il ne reste rien à faire.",
    )


def leased(order: str, station: str) -> Said:
    return Said(
        f"Order {order} is being packed at {station}. Suspend it there first.",
        f"La commande {order} est en cours au poste {station}. Suspendez-la d'abord là-bas.",
    )


def lent(order: str, station: str) -> Said:
    return Said(
        f"Order {order} is set aside for {station}, which does not give it back. Suspend it there if it is open.",
        f"La commande {order} est réservée au poste {station}, qui ne la rend pas. Suspendez-la là-bas si elle est "
        "ouverte.",
    )


def lent_out_of_reach(order: str, station: str, minutes: int) -> Said:
    return Said(
        f"Order {order} is set aside for {station}, which has no network. In {minutes} min it is free, or the office "
        "takes it back.",
        f"La commande {order} est réservée au poste {station}, sans réseau. Libre dans {minutes} min, ou reprise par "
        "le bureau.",
    )


def out_of_stock(order: str, skus: str) -> Said:
    return Said(
        f"Order {order} waits for stock: {skus}.",
        f"La commande {order} attend du stock : {skus}.",
    )


def elsewhere(order: str, warehouse: str) -> Said:
    return Said(
        f"Order {order} is packed in the warehouse {warehouse}. Put it aside for there, or have it moved here.",
        f"La commande {order} s'emballe à l'entrepôt {warehouse}. Mettez-la de côté pour là-bas, "
        "ou demandez au bureau de la rapatrier ici.",
    )


def withdrawn_cancelled(order: str) -> Said:
    return Said(
        f"Stop: order {order} was cancelled. Take the parcel apart and put the items back.",
        f"Arrêtez : la commande {order} est annulée. Défaites le colis et remettez les articles en rayon.",
    )


def cancelled_unopened(order: str) -> Said:
    return Said(
        f"Order {order} was cancelled. Put back what was fetched for it.",
        f"La commande {order} est annulée. Remettez en rayon ce qui a été pris pour elle.",
    )


def withdrawn_edited(order: str) -> Said:
    return Said(
        f"Stop: order {order} was changed. Put it aside and scan it again.",
        f"Arrêtez : la commande {order} a été modifiée. Mettez-la de côté et scannez-la de nouveau.",
    )


def withdrawn_of_several(order: str) -> Said:
    return Said(
        f"Stop: order {order}, which goes into this parcel with others, was changed. Put all aside and scan one again.",
        f"Arrêtez : la commande {order}, qui part dans ce colis avec d'autres, a été modifiée. "
        "Mettez tout de côté et scannez-en une de nouveau.",
    )


def stale(job: str, station: str) -> Said:
    return Said(
        f"Stop: order {job} is no longer yours, it went to {station}. Bring the items there.",
        f"Arrêtez : la commande {job} n'est plus à ce poste, elle est passée à {station}. Portez-y les articles.",
    )


def no_longer_here(job: str) -> Said:
    return Said(
        f"Order {job} is no longer at this bench: the office took it back, or its time was over. Put its items aside "
        "and scan it again.",
        f"La commande {job} n'est plus à ce poste : le bureau l'a reprise, ou son délai est passé. Mettez ses articles "
        "de côté et rescannez-la.",
    )


def lacks_before_opening(order: str, quantity: int | str, sku: str) -> Said:
    return Said(
        f"Order {order} lacks {quantity} × {sku} by now: the stock has too few. Put aside what was fetched for it. "
        "If it is open, report SHORT what you do not have.",
        f"Il manque désormais {quantity} × {sku} à la commande {order} : le stock en a trop peu. Mettez de côté ce qui "
        "a été pris. Si elle est ouverte, signalez MANQUANT ce que vous n'avez pas.",
    )


def lacks_at_bench(order: str, quantity: int | str, sku: str) -> Said:
    return Said(
        f"Order {order}: {quantity} × {sku} are promised to it no more, the stock has too few. Report SHORT what you "
        "do not have.",
        f"Commande {order} : {quantity} × {sku} ne lui sont plus promis, le stock en a trop peu. Signalez MANQUANT ce "
        "que vous n'avez pas.",
    )


def lot_stopped(sku: str, lot: str, reason: str) -> Said:
    return Said(
        f"Lot {lot} of {sku} was stopped: {reason}. Pack none of it, and take out what is in the parcel.",
        f"Le lot {lot} de {sku} est bloqué : {reason}. N'en emballez pas, et retirez ce qui est dans le colis.",
    )


def parcel_of_stopped_lot(sku: str, lot: str) -> Said:
    return Said(
        f"{sku} of lot {lot} is in this parcel, and that lot is stopped. Keep the parcel and take it out.",
        f"Ce colis contient {sku} du lot {lot}, qui est bloqué. Gardez le colis et retirez-le.",
    )


def parcel_of_nothing(order: str) -> Said:
    return Said(
        f"Order {order} is not known here: put the parcel aside for the office.",
        f"La commande {order} est inconnue : mettez le colis de côté pour le bureau.",
    )


def parcel_of_cancelled(order: str) -> Said:
    return Said(
        f"Order {order} was cancelled meanwhile: keep the parcel, do not ship it, void its label.",
        f"La commande {order} a été annulée entre-temps : gardez le colis, ne l'expédiez pas, annulez l'étiquette.",
    )


def parcel_with_old_label(order: str) -> Said:
    return Said(
        f"Order {order} goes elsewhere since: keep the parcel, its label is void. Take it apart and pack it again.",
        f"La commande {order} a changé d'adresse ou de service : gardez le colis, son étiquette est annulée. "
        "Défaites-le et refaites-le.",
    )


def parcel_of_held(order: str) -> Said:
    return Said(
        f"Order {order} was held meanwhile: keep the parcel until the office releases it.",
        f"La commande {order} a été retenue entre-temps : gardez le colis jusqu'à l'accord du bureau.",
    )


def more_than_ordered(order: str, line: int, excess: int) -> Said:
    return Said(
        f"Order {order}, line {line}: {excess} more than ordered. Keep the parcel and take them out.",
        f"Commande {order}, ligne {line} : {excess} de trop. Gardez le colis et retirez-les.",
    )


def not_on_order(order: str, line: int, sku: str) -> Said:
    return Said(
        f"Order {order} has no {sku} on line {line}. Keep the parcel for the office.",
        f"La commande {order} n'a pas {sku} en ligne {line}. Gardez le colis pour le bureau.",
    )


def sscc_twice(sscc: str) -> Said:
    return Said(
        f"Two parcels carry the SSCC {sscc}. Keep both and call a lead.",
        f"Deux colis portent le SSCC {sscc}. Gardez les deux et appelez un responsable.",
    )


def serial_twice(sku: str, serial: str, sscc: str) -> Said:
    return Said(
        f"{sku} number {serial} is in parcel {sscc} already. Keep this parcel and look at the piece.",
        f"{sku} numéro {serial} est déjà dans le colis {sscc}. Gardez ce colis et vérifiez la pièce.",
    )


def not_weighed(sscc: str) -> Said:
    return Said(
        f"Parcel {sscc} was neither weighed nor let pass by a lead.",
        f"Le colis {sscc} n'a été ni pesé ni accepté par un responsable.",
    )


def shipped_already(sscc: str) -> Said:
    return Said(
        f"Parcel {sscc} left the house already; its label cannot be voided.",
        f"Le colis {sscc} est déjà parti ; son étiquette ne peut plus être annulée.",
    )


def no_numbers() -> Said:
    return Said(
        "No parcel numbers are left in the house: call the office, the SSCC prefix must be changed.",
        "Il n'y a plus de numéros de colis : appelez le bureau, il faut un autre préfixe SSCC.",
    )
