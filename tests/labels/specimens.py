"""Documents, addresses and paper to try labels with."""

from __future__ import annotations

from msgspec.structs import replace

from contract.keys import OrderId, Sscc
from contract.papers import PackingSlip, SlipLine
from contract.values import Address
from labels.documents import LogisticLabel, TestPrint
from labels.drawing import Drawing, Placed
from labels.media import Media

NOON = 1_795_262_400_000
"""2026-11-21 12:00 UTC: the same day in every inhabited zone west of +12."""

LABELS = {
    "4x6 203": Media(102, 152, 203),
    "4x6 300": Media(102, 152, 300),
    "A6 203": Media(105, 148, 203),
    "A6 300": Media(105, 148, 300),
}
A4 = Media(210, 297, 200)
ROLLS = {"58 mm": Media(58, 0), "80 mm": Media(80, 0)}

SHOP = Address("Maison Lumière", ("12 rue des Lilas", "ZA de la Gare"), "33000", "Bordeaux", "FR")
LYON = Address(
    "Mme Éléonore Lefèvre-Martin",
    ("Résidence Les Tilleuls, bât. B", "14, avenue du Général-de-Gaulle"),
    "69003",
    "Lyon",
    "FR",
)
MUNICH = Address(
    "Jörg Müßiggänger",
    ("Donaudampfschifffahrtsstraße 112 a", "Hinterhaus, 3. Stock"),
    "80331",
    "München",
    "DE",
    company="Straßenbau Österreich-Süd GmbH & Co. KG",
)
ATHENS = Address("Ελένη Παπαδοπούλου", ("Λεωφόρος Βασιλίσσης Σοφίας 45",), "10676", "Αθήνα", "GR")
LONDON = Address(
    "Charlotte Ashworth-Pemberton", ("Flat 3", "The Old Rectory", "22 Church Lane"), "SW1A 2AA", "London", "GB"
)
ADDRESSES = {"Lyon": LYON, "Munich": MUNICH, "Athens": ATHENS, "London": LONDON}

LABEL = LogisticLabel(
    sscc=Sscc.numbered("3401234", 17),
    sender=SHOP,
    consignee=LYON,
    orders=(OrderId("FR-2026-10482"),),
    number=2,
    of=3,
    grams=1240,
    service="Standard",
    packed_at=NOON,
)
SLIP = PackingSlip(
    sscc=LABEL.sscc,
    sender=SHOP,
    consignee=LYON,
    orders=LABEL.orders,
    number=2,
    packed=(SlipLine("B-17", "Mug en grès bleu, grand modèle 45 cl", 2), SlipLine("EARL-100", "Thé Earl Grey", 12)),
    to_follow=(SlipLine("T-3", "Théière en fonte", 1),),
    cancelled=(SlipLine("X-9", "Sucre candi", 3),),
    packed_at=NOON,
    gift_note="Joyeux anniversaire Mamie !\nLéa et Tom",
)
TRIAL = TestPrint(station="bench-1", printer="label", at=NOON)


def label_to(consignee: Address, **changes: object) -> LogisticLabel:
    return replace(LABEL, consignee=consignee, **changes)


def slip_with(**changes: object) -> PackingSlip:
    return replace(SLIP, **changes)


def fields(drawing: Drawing) -> dict[str, Placed]:
    """What stands on all sheets, by field; the last one where a field has several lines."""
    return {placed.field: placed for sheet in drawing.sheets for placed in sheet.placed}


def texts(drawing: Drawing) -> list[str]:
    """Every text on the paper, in the order that it was drawn."""
    return [placed.text for sheet in drawing.sheets for placed in sheet.placed]
