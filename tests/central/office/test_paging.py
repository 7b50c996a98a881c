"""Pages of lists: nothing twice, nothing left out, whatever the order things came in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.desk.refused import Refused
from central.office.paging import cursor, part


@pytest.mark.feature("I2")
@settings(max_examples=60, deadline=None)
@given(st.sets(st.text(max_size=4), max_size=20), st.integers(1, 7))
def test_the_pages_of_a_short_list_are_the_list(names: set[str], limit: int) -> None:
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page, after = part(names, lambda name: (name,), tuple[str], after, limit)
        assert len(page) <= limit
        found += page
    assert found == sorted(names)


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(Refused, match="not a cursor of this list"):
        part(["a"], lambda name: (name,), tuple[str], cursor(7), 10)
