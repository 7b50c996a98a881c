"""Adam Equipment: continuous lines, answers to `G`, and printed labels. Pure: one line in, an answer out.

`ST,GS,  1.240kg` says whether it rests (ST, US, OL, UL) and what is weighed (GS, NT); `G  +  1.240 kg` and
`Gross Wt.  1.240 kg` say only the latter; other lines of a printed label say nothing of the platform.
Source: the RS-232 chapters of Adam's CPWplus, CBK, GBK, GFK and Highland manuals.
"""

from __future__ import annotations

import re

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer, fault, weighed, without_weight
from station.devices.scale_framing import FrameCutter

_NUMBER = r"(?P<number>[+-]? *\d[\d.]*) *(?P<unit>[A-Za-z]{1,3}) *"
_MARKED = re.compile(rf"(?P<rest>ST|US|OL|UL), ?(?P<mode>GS|NT), ?(?:{_NUMBER}|[ ,A-Za-z+-]*)")
_HEADED = re.compile(rf"(?:(?P<gross>G|GS|Gross(?: Wt)?\.?)|(?P<net>N|NT|Net(?: Wt)?\.?)) *:? *{_NUMBER}")
_SIGNED = re.compile(r"(?P<number>[+-] *\d[\d.]*) *(?P<unit>[A-Za-z]{1,3}) *")
_OTHER = re.compile(
    r" *(?:Date|Time|No\.|ID|Tare|T(?= *[+-])|TW|UW|Unit Wt|PCS|Pcs|Total|Low|High|Limits?|IN|OK|-{4,}|={4,})[ -~]*"
)


def cutter() -> FrameCutter:
    """Lines; each weight begins with a word or a sign, which a tail of a weight does not."""
    return FrameCutter(ends=b"\r\n")


def read_line(raw: bytes) -> Answer | None:
    """One line with its end; None for a line that says nothing of the platform."""
    text = raw.decode("latin-1").strip("\r\n ")
    if not text:
        return None
    if not text.isascii():
        return fault(raw, "no line of Adam's")
    if found := _MARKED.fullmatch(text):
        return _marked(found, raw)
    if found := _HEADED.fullmatch(text):
        return weighed(found["number"], found["unit"], raw, net=found["net"] is not None, unmarked=True)
    if found := _SIGNED.fullmatch(text):
        return weighed(found["number"], found["unit"], raw, unmarked=True)
    return None if _OTHER.fullmatch(text) else fault(raw, "no line of Adam's")


def _marked(found: re.Match[str], raw: bytes) -> Answer:
    match found["rest"]:
        case "OL":
            return without_weight(ScaleState.OVERLOAD, raw)
        case "UL":
            return without_weight(ScaleState.UNDERLOAD, raw)
        case rest if found["number"] is None:
            return fault(raw, f"{rest} without a number")
        case rest:
            return weighed(found["number"], found["unit"], raw, moving=rest == "US", net=found["mode"] == "NT")
