"""SSCC serials: each once, whatever arrives twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.values import SsccRange
from station.work.serials import Lease, leased, left, take

pytestmark = pytest.mark.feature("S1")

ranges = st.builds(
    lambda prefix, first, count: SsccRange(prefix, first, first + count),
    st.sampled_from(("03760123", "13760123")),
    st.integers(0, 60),
    st.integers(0, 12),
)


@given(st.lists(st.one_of(ranges, st.just("take")), max_size=60))
def test_no_serial_is_given_twice(does: list[SsccRange | str]) -> None:
    leases: tuple[Lease, ...] = ()
    given_out: list[str] = []
    for each in does:
        if isinstance(each, SsccRange):
            leases = leased(leases, each)
            assert leased(leases, each) == leases
        elif (taken := take(leases)) is not None:
            before = left(leases)
            sscc, leases = taken
            given_out.append(sscc)
            assert left(leases) == before - 1
        else:
            assert left(leases) == 0
    assert len(given_out) == len(set(given_out))


@pytest.mark.parametrize("bad", [SsccRange("037601", 5, 4), SsccRange("x", 1, 2), SsccRange("0" * 16, 5, 20)])
def test_a_range_that_cannot_be_is_not_taken(bad: SsccRange) -> None:
    assert leased((), bad) == ()
