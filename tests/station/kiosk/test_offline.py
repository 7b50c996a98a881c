"""What a packer without an order reads while there is no network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contract.values import Language, SsccRange
from station.kiosk.offline import note
from station.work.phases import Idle, SignedOut
from station.work.serials import Lease
from station.work.session import Session
from tests.station.work.story import ANNA

pytestmark = pytest.mark.feature("R1", "S1")


def bench(*, numbers: int = 50, language: Language = "en") -> Session:
    return Session(
        phase=Idle(ANNA), language=language, leases=(Lease(SsccRange("0376100", 1, numbers), 1),) if numbers else ()
    )


def test_it_names_the_next_orders_and_says_how_many_more_there_are() -> None:
    assert note(bench(), ("1001", "1002, 1003"), online=False) == "No network. Pack next: 1001 · 1002, 1003."
    assert note(bench(language="fr"), tuple("ABCDEF"), online=False) == (
        "Pas de réseau. À emballer : A · B · C · D et 2 de plus."
    )


def test_it_warns_while_there_is_still_time_that_label_numbers_will_not_do() -> None:
    assert note(bench(numbers=2), ("1", "2", "3"), online=False).endswith("Only 2 label numbers are left for 3 orders.")
    assert "label numbers" not in note(bench(numbers=3), ("1", "2", "3"), online=False)


def test_with_nothing_at_hand_it_says_so() -> None:
    assert note(bench(), (), online=False).startswith("No network, and no order is at hand here.")


@given(st.lists(st.text(min_size=1, max_size=8), max_size=12), st.integers(0, 12))
def test_nobody_is_disturbed_who_is_online_or_not_signed_in(orders: list[str], numbers: int) -> None:
    session = bench(numbers=numbers)
    assert note(session, tuple(orders), online=True) == ""
    assert note(replace(session, phase=SignedOut()), tuple(orders), online=False) == ""
