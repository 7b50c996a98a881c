"""What the twins of serial scales say: their device's end of each protocol."""

from __future__ import annotations

import re
from typing import ClassVar, Protocol

from station.devices.simulated.platform import Platform
from station.devices.toledo import Status


class Voice(Protocol):
    """One protocol as a scale speaks it."""

    repeats_every_s: float
    """0: it speaks when it is asked."""
    garbage: bytes
    """What it sends when that is its trouble: bytes with an end, and no frame."""
    requests: re.Pattern[bytes]

    def weight(self, platform: Platform) -> bytes:
        """The frame that tells what is on the platform."""
        ...

    def answer(self, request: bytes, platform: Platform) -> bytes | None:
        """What it answers to an order; None for a question after the weight."""
        ...


class ToledoVoice:
    """Mettler-Toledo 8217, set to kg."""

    repeats_every_s = 0.0
    garbage = b"\x02\xff7#\x00\x9a\r"
    requests = re.compile(rb"[WZ]")

    def weight(self, platform: Platform) -> bytes:
        status = Status.ALWAYS
        if platform.overloaded:
            status |= Status.OVER_CAPACITY
        if platform.shown < 0:
            status |= Status.UNDER_ZERO
        if platform.moving:
            status |= Status.MOTION
        return b"\x02%02d.%03d\r" % divmod(platform.shown, 1000) if status == Status.ALWAYS else b"\x02?%c\r" % status

    def answer(self, request: bytes, platform: Platform) -> bytes | None:
        if request == b"W":
            return None
        platform.zero()
        return b"\x02?%c\r" % (Status.ALWAYS | Status.CENTRE_OF_ZERO)


class SmaVoice:
    """Scale Manufacturers Association, set to kg."""

    repeats_every_s = 0.0
    garbage = b"\n 1G  x1.2y0   kg \r"
    requests = re.compile(rb"\n([A-Z])\r")

    def weight(self, platform: Platform) -> bytes:
        status = "O" if platform.overloaded else "U" if platform.far_below else "Z" if platform.shown == 0 else " "
        mode = "N" if platform.tared else "G"
        motion = "M" if platform.moving else " "
        return f"\n{status}1{mode}{motion} {platform.shown / 1000:10.3f}kg \r".encode()

    def answer(self, request: bytes, platform: Platform) -> bytes | None:
        if request == b"\nZ\r":
            platform.zero()
        elif request == b"\nT\r":
            platform.tare()
        elif request != b"\nW\r":
            return b"\n?\r"
        return None


class NciVoice:
    """NCI, set to kg."""

    repeats_every_s = 0.0
    garbage = b"\n 1.x4lb\r\n00\r\x03"
    requests = re.compile(rb"([A-Z])\r")

    def weight(self, platform: Platform) -> bytes:
        status = self._status(platform)
        if platform.overloaded:
            return b"\n^^^^^^kg\r\n" + status
        if platform.far_below:
            return b"\n______kg\r\n" + status
        return f"\n{platform.shown / 1000:8.3f}kg\r\n".encode() + status

    def _status(self, platform: Platform) -> bytes:
        first = 0x30 | (1 if platform.moving else 0) | (2 if platform.shown == 0 else 0)
        second = 0x30 | (1 if platform.far_below else 0) | (2 if platform.overloaded else 0)
        if platform.tared:
            return bytes((first, second | 0x40, 0x34, 0x0D, 0x03))
        return bytes((first, second, 0x0D, 0x03))

    def answer(self, request: bytes, platform: Platform) -> bytes | None:
        if request == b"W\r":
            return None
        if request == b"Z\r":
            platform.zero()
        elif request == b"T\r":
            platform.tare()
        else:
            return b"\n?\r\x03"
        return b"\n" + self._status(platform)


class SicsVoice:
    """MT-SICS, set to g with two places."""

    repeats_every_s = 0.0
    garbage = b"S S   1x24.00 g\r\n"
    requests = re.compile(rb"(SIR|SI|S|Z|T|[A-Z@]+)\r\n")

    def weight(self, platform: Platform) -> bytes:
        if platform.overloaded:
            return b"S +\r\n"
        if platform.far_below:
            return b"S -\r\n"
        return f"S {'D' if platform.moving else 'S'} {platform.shown:10.2f} g\r\n".encode()

    def answer(self, request: bytes, platform: Platform) -> bytes | None:
        match request.strip():
            case b"SI" | b"S":
                return None
            case b"SIR":
                self.repeats_every_s = 0.05
                return None
            case b"Z":
                platform.zero()
                return b"Z A\r\n"
            case b"T":
                platform.tare()
                return f"T S {platform.tare_g:10.2f} g\r\n".encode()
            case _:
                return b"ES\r\n"


class AdamVoice:
    """Adam's continuous output: talks by itself."""

    repeats_every_s = 0.05
    garbage = b"ST,GS,  1.x40kg\r\n"
    requests = re.compile(rb"([A-Z])\r\n")

    def weight(self, platform: Platform) -> bytes:
        rest = "OL" if platform.overloaded else "UL" if platform.far_below else "US" if platform.moving else "ST"
        mode = "NT" if platform.tared else "GS"
        sign = "-" if platform.shown < 0 else " "
        return f"{rest},{mode},{sign}{abs(platform.shown) / 1000:8.3f}kg\r\n".encode()

    def answer(self, request: bytes, platform: Platform) -> bytes | None:
        if request == b"Z\r\n":
            platform.zero()
        elif request == b"T\r\n":
            platform.tare()
        return b""


class PatternVoice:
    """A scale that nobody has heard of: asked with `?`, it says `1.240 kg]`, with `~` before it while it moves."""

    TABLE: ClassVar[dict[str, str]] = {
        "pattern": r"(?P<motion>~)?(?P<overload>#+)?(?P<underload>_+)?(?P<weight>-?[\d.]+)? (?P<unit>kg)",
        "ends": "]",
        "ignore": "",
        "ask": "?",
        "zero": "0",
    }
    """What station.toml says of it."""
    repeats_every_s = 0.0
    garbage = b"1.x40 kg]"
    requests = re.compile(rb"([?0])")

    def weight(self, platform: Platform) -> bytes:
        if platform.overloaded:
            return b"### kg]"
        if platform.far_below:
            return b"___ kg]"
        return f"{'~' if platform.moving else ''}{platform.shown / 1000:.3f} kg]".encode()

    def answer(self, request: bytes, platform: Platform) -> bytes | None:
        if request == b"0":
            platform.zero()
            return b""
        return None
