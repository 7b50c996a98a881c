"""Cuts a serial scale's bytes into frames. Pure."""

from __future__ import annotations

from msgspec import Struct


class Cut(Struct, frozen=True):
    """One frame with its ends as they came, or bytes that are none."""

    raw: bytes
    whole: bool


class FrameCutter:
    """Feed it what arrives; tell it with `give_up` when the rest of a frame did not come."""

    def __init__(self, *, ends: bytes, begins: bytes = b"", tails: bool = False, longest: int = 64) -> None:
        """`ends` and `begins`: the bytes that do so; a beginning in mid-frame drops what was held.

        `tails`: the protocol marks no beginning, and the tail of a frame could be read as another frame (a number
        without its first digit is still a number): what follows a gap is dropped up to the next end.
        `longest`: bytes after which a frame is none.
        """
        self._ends = frozenset(ends)
        self._begins = frozenset(begins)
        self._tails = tails
        self._longest = longest
        self._between = b"\r\n" if begins or self._ends & {10, 13} else b""
        """What may stand between frames and means nothing."""
        self._held = bytearray()
        self._inside = False
        self._after_gap()

    @property
    def holding(self) -> bool:
        """Whether a frame has begun whose rest is still to come."""
        return bool(self._held)

    def feed(self, data: bytes) -> list[Cut]:
        """The frames that these bytes complete, and what was dropped, oldest first."""
        cuts: list[Cut] = []
        for byte in data:
            if byte in self._begins:
                if len(self._held) > 1:
                    cuts.append(self._cut(whole=False))
                self._held[:] = (byte,)
                self._inside = True
            elif byte in self._ends:
                if self._held and (self._inside or self._begins):
                    self._held.append(byte)
                    cuts.append(self._cut(whole=self._inside))
                self._held.clear()
                self._inside = not self._begins
            elif self._held or byte not in self._between:
                self._held.append(byte)
                if len(self._held) > self._longest:
                    cuts.append(self._cut(whole=False))
                    self._after_gap()
        return cuts

    def give_up(self) -> Cut | None:
        """The rest of a frame did not come in time: drop what is held and say so."""
        if not self._held:
            return None
        cut = self._cut(whole=False)
        self._after_gap()
        return cut

    def _after_gap(self) -> None:
        self._inside = not (self._begins or self._tails)

    def _cut(self, *, whole: bool) -> Cut:
        raw = bytes(self._held)
        self._held.clear()
        return Cut(raw, whole)
