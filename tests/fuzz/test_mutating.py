"""What the fuzzer makes of an input is another input, however long it goes on."""

from __future__ import annotations

import copy
import json
import random

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.mutating import STRANGE, changed

ORDER = b'POST /api/orders\n\n{"order": "P-1", "lines": [{"sku": "MUG", "quantity": 2}], "to": {}}'


@given(st.integers())
def test_changes_of_changes_are_json_behind_the_same_head(seed: int) -> None:
    strange, chance, data = copy.deepcopy(STRANGE), random.Random(seed), ORDER
    for _ in range(60):
        other = changed(data, chance)
        if other is None or len(other) > 4000:
            break
        head, _, body = other.partition(b"\n\n")
        assert head == b"POST /api/orders"
        json.loads(body)
        data = other
    assert strange == STRANGE


def test_what_has_no_json_in_it_is_left_to_the_fuzzers_own_changes() -> None:
    assert [changed(data, random.Random(1)) for data in (b"", b"GET /", b"a {", b"[" * 100_000)] == [None] * 4
