"""Cuts what a device sends anywhere, as lines and networks do."""

from __future__ import annotations

from hypothesis import strategies as st


def cut_anyhow(sent: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[bytes]]:
    """The same bytes as chunks of any size."""
    return st.tuples(sent, st.lists(st.integers(1, 40), min_size=1, max_size=12)).map(lambda both: _cut(*both))


def _cut(data: bytes, sizes: list[int]) -> list[bytes]:
    chunks, place = [], 0
    for size in sizes:
        chunks.append(data[place : place + size])
        place += size
    return [chunk for chunk in (*chunks, data[place:]) if chunk]
