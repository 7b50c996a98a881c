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
    "station_certificate_ends": "Days left on the station's certificate: {amount}. One that was claimed renews itself "
    "from central: see in the station's log why it could not. Bring it the next one if it is from elsewhere.",
    "station_certificate_ended": "The station's certificate has ended: with its next connection it stays out. Claim "
    "the station again, or bring it the next one if it is from elsewhere.",
    "station_certificate_damaged": "The station's certificate cannot be read: with its next connection it stays out. "
    "Claim the station again, or bring its file anew if it is from elsewhere.",
    "authority_certificate_ends": "Days left on central's own authority: {amount}. With the next one every station is "
    "claimed anew: choose a quiet day for it.",
    "authority_certificate_ended": "Central's own authority has ended, and with it every certificate that it signed. "
    "Make the next one and claim every station anew.",
    "broker_certificate_ends": "Days left on the broker's certificate: {amount}. Bring the next one to the broker and "
    "reload it, or no station comes in any more.",
    "broker_certificate_ended": "The broker's certificate has ended: no station comes in any more. Bring the next one "
    "to the broker and reload it.",
    "central_certificate_ends": "Days left on central's certificate for the broker: {amount}. Put the next one where "
    "[broker] cert_file says and start central again.",
    "central_certificate_ended": "Central's certificate for the broker has ended. Put the next one where [broker] "
    "cert_file says and start central again.",
    "office_certificate_ends": "Days left on the certificate of these pages: {amount}. Put the next one where [http] "
    "cert_file says; it is used at once.",
    "office_certificate_ended": "The certificate of these pages has ended: browsers warn, programs and stations stay "
    "out. Put the next one where [http] cert_file says.",
}
_AHEAD: Final = "Its clock is {minutes} minutes ahead of central's. Set whichever is wrong and see to its time server."
_BEHIND: Final = "Its clock is {minutes} minutes behind central's. Set whichever is wrong and see to its time server."


def told(trouble: MachineTrouble) -> str:
    """A sentence for a technician. A kind that only a newer station knows is told by its name."""
    if trouble.kind == "clock_wrong":
        return (_AHEAD if trouble.amount > 0 else _BEHIND).format(minutes=max(1, abs(trouble.amount) // 60))
    return _SENTENCES.get(trouble.kind, trouble.kind.replace("_", " ").capitalize() + ".").format(amount=trouble.amount)
