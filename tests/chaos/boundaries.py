"""The boundaries between the effects of one parcel, by name: in each of them the process that is there shall die.

A station's are told by the input that is taken and the phases before and after it (`preload/chaos_instants`),
central's by the message that is booked, the broker's by the packet that passes on one of its wires.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

_COMMIT: Final = ("half committed", "committed", "shown")
_BOOKING: Final = ("arrived", "half booked", "booked", "acknowledged", "answered")
_STEPS: Final = (
    "Scanned, SignedOut > Idle",
    "Scanned, Idle > Opening",
    "JobArrived, Opening > Packing",
    "Scanned, Packing > Packing",
    "Weighed, OnScale > OnScale",
    "Weighed, OnScale > Labelling",
    "Printed",
    "Scanned, Labelling > Idle",
    "Scanned, Idle > SignedOut",
    "SsccArrived",
)
STATION: Final = (
    *(f"{step}: {instant}" for step in _STEPS for instant in _COMMIT),
    *(f"{about}: {instant}" for about in ("job leased", "print sent", "receipt") for instant in _COMMIT[:2]),
    "label printer: half sent",
    "label printer: sent",
    "slip printer: half sent",
    "slip printer: sent",
    "parcel sent",
    "parcel at the broker",
)
"""From the badge to the receipt."""
CENTRAL: Final = tuple(
    f"{message}: {instant}"
    for message in ("LeaseSscc", "LendAhead", "OpenWork", "JobOpened", "ParcelClosed", "JobFinished")
    for instant in _BOOKING
)
"""Each message of a parcel, from its arrival to its answer."""
BROKER: Final = (
    "parcel comes",
    "parcel taken",
    "parcel goes to central",
    "parcel with central",
    "receipt comes",
    "receipt taken",
    "receipt goes to the station",
    "receipt with the station",
)
"""A parcel's way through the broker, and its receipt's."""


_TRIES: Final = 3
"""What is seldom passed is tried so often before others get their next turn."""


class Deck:
    """Which boundary comes next, those first that were struck least, and how often each was."""

    def __init__(self) -> None:
        self.struck = {part: Counter(dict.fromkeys(names, 0)) for part, names in _PARTS.items()}
        self._dealt: Counter[tuple[str, str]] = Counter()

    def deal(self, part: str) -> str:
        """One of this part's; of those that wait alike, the one that was tried least."""
        struck = self.struck[part]
        name = min(struck, key=lambda each: struck[each] * _TRIES + self._dealt[part, each])
        self._dealt[part, name] += 1
        return name

    def hit(self, part: str, name: str) -> None:
        """A process died there."""
        self.struck[part][name] += 1

    def missed(self, part: str) -> list[str]:
        """Where nobody has died yet."""
        return [name for name, times in self.struck[part].items() if not times]


_PARTS: Final = {"station": STATION, "central": CENTRAL, "broker": BROKER}
