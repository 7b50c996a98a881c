"""What a parser of the devices is to the one property that all of them keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

Hear = Callable[[bytes], Iterable[Any]]
"""Takes a chunk; gives what the parser now says. Refusals and faults are nothing."""
Chunks = Sequence[bytes]


class Parser(NamedTuple):
    """One of them."""

    name: str
    modules: tuple[str, ...]
    """Those of `station.devices` that the bytes go through."""
    frames: str
    """Its file in `frames/`."""
    fresh: Callable[[], Hear]
    good: Callable[[int], bytes]
    says: Callable[[int], Any]
    """What the good frame of this number says."""
    was_sent: Callable[[Any, Chunks], bool]
    """Whether that stands in what came, found without the parser's help."""
    whole: bool = False
    """What is sent together comes together: a report, a packet, an answer by HTTP."""
    noise: st.SearchStrategy[bytes] = st.binary(max_size=60)
