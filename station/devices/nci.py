"""NCI (Weigh-Tronix SCP-01 and SCP-12): what the scale answers to `W`. Pure: one frame in, an answer out.

LF weight unit CR LF status CR ETX; two to four status bytes with bits 4 and 5 set, bit 6 of the second and
third says that another follows. Source: the communication chapters of NCI, Weigh-Tronix and Ohaus bench scale manuals.
"""

from __future__ import annotations

import re

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer, broken, fault, weighed, without_weight
from station.devices.scale_framing import FrameCutter

_RESPONSE = re.compile(
    r"\n(?:(?P<number> *-? *[\d.]+|\^+|_+|-+) ?(?P<unit>lb|LB|kg|KG|oz|OZ|g|G) ?\r\n)?(?P<status>[0-\x7f]{2,4})\r\x03"
)
_MOTION, _RAM, _EEPROM = 1, 4, 8
_UNDER, _OVER, _ROM, _CALIBRATION = 1, 2, 4, 8
_NET, _ZERO = 4, 8
_MORE, _ALWAYS = 0x40, 0x30


def cutter() -> FrameCutter:
    """Frames up to ETX; each begins with LF, which a tail does not."""
    return FrameCutter(ends=b"\x03")


def read_response(raw: bytes) -> Answer:
    """One frame from its first LF to ETX, both included."""
    text = raw.decode("latin-1")
    if text == "\n?\r\x03":
        return broken(raw, "the scale does not know the command: set it to NCI (SCP-01)")
    found = _RESPONSE.fullmatch(text) if text.isascii() else None
    status = _read_status(found["status"].encode()) if found else None
    if found is None or status is None:
        return fault(raw, "no NCI response")
    first, second, third = status
    if first & (_RAM | _EEPROM) or second & (_ROM | _CALIBRATION):
        return broken(raw, "the scale reports a fault of its memory or calibration: have it serviced")
    number = found["number"] or ""
    if second & _OVER or "^" in number:
        return without_weight(ScaleState.OVERLOAD, raw)
    if second & _UNDER or "_" in number:
        return without_weight(ScaleState.UNDERLOAD, raw)
    if third & _ZERO or (number and not number.strip("- ")):
        return broken(raw, "the scale cannot find its zero: empty the platform, switch it off and on")
    if not number:
        return without_weight(ScaleState.MOTION, raw)
    return weighed(number, found["unit"], raw, moving=bool(first & _MOTION), net=bool(third & _NET))


def _read_status(status: bytes) -> tuple[int, int, int] | None:
    """The first three status bytes, zeros for one that was not sent; None when they are no status."""
    if any(byte & _ALWAYS != _ALWAYS for byte in status) or status[0] & _MORE:
        return None
    announced = [bool(byte & _MORE) for byte in status[1:]]
    if announced != [True] * (len(announced) - 1) + [False]:
        return None
    return status[0], status[1], status[2] if len(status) > 2 else 0
