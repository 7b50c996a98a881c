"""Any other serial scale that writes its weight as text: a regular expression of station.toml reads it."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta

from station.devices import scale_pattern
from station.devices.scale_answer import Answer, Unit
from station.devices.scale_framing import FrameCutter
from station.devices.scale_reader import ScaleProtocol
from station.devices.serial_scale import SerialScaleSettings

Said = Annotated[str, Meta(max_length=40, pattern=r"^[\x00-\x7f]*$")]


class PatternScaleConfig(SerialScaleSettings, frozen=True, kw_only=True, tag="pattern_scale"):
    """`driver = "pattern_scale"`."""

    pattern: Annotated[str, Meta(min_length=1, max_length=400)]
    """A whole frame without its end, with named groups; see `station.devices.scale_pattern.GROUPS`."""
    unit: Literal["", "g", "kg", "oz", "lb"] = ""
    """Where the frames carry none."""
    ends: Annotated[str, Meta(min_length=1, max_length=4, pattern=r"^[\x00-\x7f]+$")] = "\r\n"
    """Each of these characters ends a frame."""
    ignore: Annotated[str, Meta(max_length=400)] = ""
    """Frames that say nothing of the platform: a heading, a date."""
    ask: Said = ""
    """What asks for a weight, with its end; empty: the scale talks by itself."""
    zero: Said = ""
    tare: Said = ""
    steady_for_s: Annotated[float, Meta(ge=0.2, le=10)] = 1.0
    """How long a number must stand still where the pattern has no group `stable` or `motion`."""

    def __post_init__(self) -> None:
        """Refuse a pattern that cannot work, as well as a place that does not last."""
        super().__post_init__()
        scale_pattern.compiled(self.pattern, self.unit)
        try:
            re.compile(self.ignore)
            scale_pattern.proven_quick(self.ignore)
        except (re.error, ValueError) as error:
            raise ValueError(f"ignore: {error}: {self.ignore!r}") from error

    @property
    def protocol(self) -> ScaleProtocol:
        """As it is configured."""
        pattern = scale_pattern.compiled(self.pattern, self.unit)
        ignored = re.compile(self.ignore) if self.ignore else None
        ends = self.ends.encode()
        unit: Unit | None = self.unit or None

        def read(raw: bytes) -> Answer | None:
            if ignored is not None and ignored.fullmatch(raw.decode("latin-1").rstrip(self.ends)):
                return None
            return scale_pattern.read_frame(raw, ends, pattern, unit)

        return ScaleProtocol(
            lambda: FrameCutter(ends=ends, tails=True),
            read,
            ask=self.ask.encode(),
            zero=self.zero.encode(),
            tare=self.tare.encode(),
            steady_for_ms=round(self.steady_for_s * 1_000),
        )
