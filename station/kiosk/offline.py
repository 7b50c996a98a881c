"""What a packer without an order is told while there is no network: what can be packed all the same. Pure."""

from __future__ import annotations

from contract.values import Language
from station.kiosk import texts
from station.work import phases, serials
from station.work.session import Session

_NAMED = 4
"""More numbers than these nobody reads from where the packer stands."""


def note(session: Session, at_hand: tuple[str, ...], *, online: bool) -> str:
    """The next orders, and a warning when there are fewer label numbers than orders; empty while nobody needs it."""
    if online or not isinstance(session.phase, phases.Idle):
        return ""
    language = session.language
    if not at_hand:
        return texts.NOTHING_AT_HAND.to(language)
    told = [_orders(at_hand, language)]
    left = serials.left(session.leases)
    if left < len(at_hand):
        told.append(texts.FEW_NUMBERS.to(language).format(left=left, orders=len(at_hand)))
    return " ".join(told)


def _orders(at_hand: tuple[str, ...], language: Language) -> str:
    # A number is read in one piece: its hyphens do not break the line.
    named = " · ".join(orders.replace("-", "\N{NON-BREAKING HYPHEN}") for orders in at_hand[:_NAMED])
    more = len(at_hand) - _NAMED
    if more > 0:
        named += texts.AND_MORE.to(language).format(more=more)
    return texts.PACK_NEXT.to(language).format(orders=named)
