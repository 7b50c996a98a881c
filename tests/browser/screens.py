"""Frames that look like a bench at work, for the browser tests."""

from __future__ import annotations

import msgspec

from station.kiosk.view import ActionView, DeviceView, Frame, LineView, Quiet, Screen, Tone, WeightView

NAMES = (
    "Blue mug",
    "Théière en fonte émaillée, 1,2 l, couvercle bambou",
    "Donaudampfschifffahrtskapitänsmützenständer",
    "Κούπα κεραμική χειροποίητη με λαβή, γαλάζια",
    "Linen tea towel, set of three",
    "Bougie parfumée « Forêt d’automne »",
    "Wärmeflasche mit Strickbezug",
)
QUIET = Quiet(
    devices=(
        DeviceView("scanner", "scanner", "ok", ""),
        DeviceView("scale", "scale", "ok", ""),
        DeviceView("printer", "labels", "ok", ""),
        DeviceView("signals", "stack light", "ok", ""),
    ),
    online=True,
    queued=12,
    station="bench-1",
)
ACTIONS = (
    ActionView("PK-CONFIRM", "Confirmer", primary=True),
    ActionView("PK-UNDO", "Annuler le scan"),
    ActionView("PK-NEXT", "Colis suivant"),
    ActionView("PK-SHORT", "Article manquant"),
    ActionView("PK-DAMAGED", "Article abîmé"),
    ActionView("PK-EXPLAIN", "Expliquer"),
    ActionView("PK-SIGNOUT", "Terminer la session", dangerous=True),
)
SENTENCES: dict[Tone, tuple[str, str]] = {
    "ready": ("Scannez un article", ""),
    "good": ("Posez le colis sur la balance", ""),
    "wait": ("L’étiquette s’imprime", ""),
    "look": (
        "Refermez l’imprimante",
        "L’imprimante à étiquettes est ouverte. Refermez son capot, puis scannez CONFIRMER.",
    ),
    "stop": ("Reposez cet article", "C’est B-17, mug bleu : pas dans cette commande. Aide : scannez EXPLIQUER."),
}
BETWEEN = WeightView(grams=None, word="instable")
ON_TARGET = WeightView(grams=1_214, word="", low_g=1_180, high_g=1_260, full_scale_g=1_600)


def lines(count: int, touched: int = 0) -> tuple[LineView, ...]:
    """`count` lines; every fifth is done, and done lines come last."""
    views = [
        LineView(
            order="FR-1042",
            line=number,
            sku=f"B-{17 + number}",
            name=NAMES[number % len(NAMES)],
            picture="",
            packed=3 if number % 5 != 4 else 5,
            quantity=5,
            short=1 if number % 6 == 3 else 0,
            mark="touched" if number == touched else "done" if number % 5 == 4 else "todo",
            may_type=number % 3 == 0,
            fragile=number % 4 == 1,
        )
        for number in range(count)
    ]
    return tuple(sorted(views, key=lambda line: line.mark == "done"))


def frame(tone: Tone = "ready", count: int = 4, **changes: object) -> Frame:
    """A bench in the middle of an order, in French; `changes` are fields of `Screen`."""
    sentence, why = SENTENCES[tone]
    screen = Screen(
        tone=tone,
        sentence=sentence,
        why=why,
        title="FR-1042 · Clermont-Ferrand",
        lines=lines(count),
        parcel=2,
        weight=BETWEEN,
        actions=ACTIONS,
        packer="Marie D.",
        flash=1,
    )
    return Frame(msgspec.structs.replace(screen, **changes), QUIET)
