"""What is wrong with a computer, in the one language of the books; the office tells it again in French. Pure."""

from __future__ import annotations

from typing import Final

from contract.machine import MachineTrouble

_SENTENCES: Final = {
    "disk_low": "The disk has {amount} MB left. Make room on it before it is full.",
    "disk_full": "The disk is full: nothing can be kept. Make room on it; everything waits, and goes on by itself.",
    "disk_read_only": "The disk takes nothing any more: it is mounted read-only, as a failing card is. Replace it.",
    "disk_worn": "The disk made {amount} errors. Copy what is on it and replace it before it fails.",
    "memory_low": "There are {amount} MB of memory left. See what else runs there, or start it again.",
    "undervoltage": "The power supply is too weak: the firmware says undervoltage. Replace the supply or its cable.",
}
_AHEAD: Final = "Its clock is {minutes} minutes ahead of central's. Set whichever is wrong and see to its time server."
_BEHIND: Final = "Its clock is {minutes} minutes behind central's. Set whichever is wrong and see to its time server."


def told(trouble: MachineTrouble) -> str:
    """A sentence for a technician. A kind that only a newer station knows is told by its name."""
    if trouble.kind == "clock_wrong":
        return (_AHEAD if trouble.amount > 0 else _BEHIND).format(minutes=max(1, abs(trouble.amount) // 60))
    return _SENTENCES.get(trouble.kind, trouble.kind.replace("_", " ").capitalize() + ".").format(amount=trouble.amount)
