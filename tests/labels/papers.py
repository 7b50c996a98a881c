"""The papers that go with a parcel, or before it, to try."""

from __future__ import annotations

from contract.keys import OrderId
from contract.papers import DeliveryNote, PickLine, PickList, SlipLine
from labels.documents import ReturnForm, ReturnLabel
from tests.labels.specimens import LABEL, LYON, NOON, SHOP, SLIP

LINES = (*SLIP.packed, SlipLine("S-1", "Tasse à café en porcelaine", 6))
LABEL_BACK = ReturnLabel(LABEL.sscc, LYON, SHOP, LABEL.orders, "Colissimo Retour")
FORM = ReturnForm(LABEL.sscc, SHOP, LABEL.orders, LINES, within_days=30, contact="retours@maison-lumiere.fr")
NOTE = DeliveryNote("BL-2026-00412", SHOP, LYON, LABEL.orders, LINES, NOON, (LABEL.sscc,), SLIP.to_follow)
PICK = PickList(
    "PL-000482",
    (OrderId("FR-2026-10482"), OrderId("FR-2026-10483")),
    tuple(PickLine(f"A-{n:02d}-1", f"B-{n}", "Mug en grès bleu", n, "FR-2026-10482") for n in range(1, 9)),
    NOON,
    note="prendre un bac mousse",
)
PAPERS = (LABEL_BACK, FORM, NOTE, PICK)
