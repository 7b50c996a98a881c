"""Everything that can happen at the shelf, in any order: what is told is what was scanned, once."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contract.commands import Command
from contract.envelope import encode
from contract.messages import DeliveryEnded, GoodsReceived, ParcelClosed, StockCounted
from contract.values import CountSpot
from station.work import goods, phases
from station.work.effects import Signal
from station.work.inputs import AnyInput, CountArrived, DeliveryArrived, JobArrived, Pressed, Scanned, Ticked, Typed
from tests.station.work.shelf_story import (
    WINE_GTIN,
    Shelf,
    count_of,
    delivery_of,
    mug,
    shelf,
    tea,
    wine,
)
from tests.station.work.story import MUG, MUG_EAN, TEA, TEA_CASE, TEA_EAN, job_of
from tests.station.work.story import mug as ordered_mug

COUNT = count_of(
    CountSpot(MUG, "A1"),
    CountSpot(TEA, "A1", "L-1", False, 4),
    CountSpot(wine().sku, "A2", "L-1"),
    CountSpot(TEA, ""),
    items=(mug(), tea(), wine()),
)
DELIVERY = delivery_of((mug("manual"), 3, 0), (tea(), 20, 1), (wine("serial"), 2, 0))
SCANNED = {MUG_EAN: 1, TEA_EAN: 1, TEA_CASE: 6, f"]d201{WINE_GTIN}10L-1": 1, f"]d201{WINE_GTIN}21S-7": 1, WINE_GTIN: 1}
OTHERS = (
    *("A1", "A2", "B9", "L-2", "S-3", "30.11.2031", "0036000291452", "]C1ZZ", "", "COUNT-C-7", "PO-7"),
    *("BADGE-0001", "BADGE-0007", "PK-LINE-1", "PK-LINE-3", "PK-LINE-9", "BOX-S", "MAT-PAPER"),
)


class ShelfMachine(RuleBasedStateMachine):
    """Plays every input at a bench that counts and receives; keeps books of what was scanned."""

    def __init__(self) -> None:
        super().__init__()
        self.bench: Shelf = shelf()
        self.told = 0

    @initialize(receives=st.booleans())
    def begin(self, receives: bool) -> None:
        if receives:
            self.bench.receive(DELIVERY)
        else:
            self.bench.count(COUNT)

    @property
    def at_shelf(self) -> phases.AtShelf | None:
        phase = self.bench.session.phase
        inner = phase.before if isinstance(phase, phases.Away) else phase
        return inner if isinstance(inner, phases.Counting | phases.Receiving) else None

    def give(self, given: AnyInput) -> None:
        before, known = self.at_shelf, len(self.bench.facts)
        self.bench.give(given)
        for fact in self.bench.facts[known:]:
            assert before is not None or not isinstance(fact, StockCounted | GoodsReceived | DeliveryEnded)
            if isinstance(fact, StockCounted | GoodsReceived) and before is not None:
                told = Counter({each.sku: 0 for each in before.items})
                pieces = fact.found if isinstance(fact, StockCounted) else fact.goods
                for each in pieces:
                    told[each.sku] += each.quantity
                # The last input may have been the answer that a piece waited for, never a piece itself.
                held = {item.sku: goods.in_hand(before, place) for place, item in enumerate(before.items)}
                assert told == held
                assert self.at_shelf is None or not self.at_shelf.pieces
                keys = [(each.sku, each.lot or each.expiry) for each in pieces]
                assert len(keys) == len(set(keys))

    @invariant()
    def typed_and_scanned_quantities_add_up(self) -> None:
        if (phase := self.at_shelf) is not None:
            for piece in phase.pieces:
                assert piece.quantity == sum(SCANNED[text] for text in piece.scans) or piece.proof == "typed"
                assert goods.wants(phase, piece) is None

    @invariant()
    def a_serial_number_is_there_once(self) -> None:
        if isinstance(phase := self.at_shelf, phases.Receiving):
            numbers = [
                *(number for _, number in phase.serials),
                *(piece.serial for piece in phase.pieces if piece.serial),
            ]
            assert len(numbers) == len(set(numbers))

    @invariant()
    def the_session_stays_small_and_an_answer_is_one_light(self) -> None:
        assert len(encode(self.bench.session)) < 60_000
        assert sum(isinstance(effect, Signal) for effect in self.bench.effects) <= 1

    @invariant()
    def nothing_is_packed(self) -> None:
        assert not self.bench.recorded(ParcelClosed)

    @rule(text=st.sampled_from([*SCANNED, *SCANNED, "A1", "A2", "PK-NEXT", "PK-YES", *OTHERS, *Command]))
    def scan(self, text: str) -> None:
        self.give(Scanned(self.bench.wait().at, str(text)))

    @rule(text=st.text(max_size=30))
    def scan_rubbish(self, text: str) -> None:
        self.give(Scanned(self.bench.wait().at, text))

    @rule(command=st.sampled_from(["confirm", "undo", "next", "cancel", "what"]))
    def press(self, command: str) -> None:
        self.give(Pressed(self.bench.wait().at, command))

    @rule(line=st.integers(-1, 4), quantity=st.integers(-1, 200_000))
    def type(self, line: int, quantity: int) -> None:
        self.give(Typed(self.bench.wait().at, "", line, quantity))

    @rule(seconds=st.sampled_from([1, 20, 700]))
    def time_passes(self, seconds: int) -> None:
        self.give(Ticked(self.bench.wait(seconds).at))

    @rule()
    def work_arrives(self) -> None:
        """What was asked for, or what nobody asked for any more."""
        phase = self.bench.session.phase
        code = phase.code if isinstance(phase, phases.Opening) else "COUNT-C-7"
        for given in (
            JobArrived(self.bench.wait().at, job_of(ordered_mug(1)), "another code"),
            CountArrived(self.bench.at, COUNT, code),
            DeliveryArrived(self.bench.at, DELIVERY, code),
        ):
            self.give(given)


ShelfMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestShelf = pytest.mark.feature("P25", "P26")(ShelfMachine.TestCase)
