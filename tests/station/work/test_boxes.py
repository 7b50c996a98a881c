"""Which box, by size and mass; what the service and the box take; what a price bracket costs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from contract.values import Box, Job, JobLine, Service, UnitMass
from station.work.answers import Say
from station.work.fitting import LOOSE, MOST_PIECES, Size, fits, placing, volume
from station.work.inputs import Configured
from tests.station.work.story import ANNA, LEA, MUG_EAN, TEA_EAN, Bench, job_of, mug, tea

TINY = Box("BOX-T", "Tiny box", 40, 120, 100, 80, 500)
SMALL = Box("BOX-S", "Small box", 100, 220, 160, 120, 5_000)
LARGE = Box("BOX-L", "Large box", 250, 420, 320, 260, 20_000)


def sized(line: JobLine, *size: int) -> JobLine:
    return replace(line, size=size)


def at_work(*lines: JobLine, service: Service | None = None) -> Bench:
    bench = Bench().ready()
    bench.give(Configured(bench.at, (ANNA, LEA), (LARGE, TINY, SMALL)))
    job: Job = replace(job_of(*lines, box=""), service=service or Service("own", "Standard"))
    return bench.open(job)


sides = st.integers(20, 400)


@pytest.mark.feature("P10")
@settings(max_examples=60)
@given(st.tuples(sides, sides, sides), st.lists(st.tuples(sides, sides, sides), min_size=1, max_size=8))
def test_what_fits_lies_side_by_side_inside_the_box(box: Size, pieces: list[Size]) -> None:
    found = placing(pieces, box)
    if found is None:
        return
    assert sorted(sorted(block[3:]) for block in found) == sorted(sorted(piece) for piece in pieces)
    for at, block in enumerate(found):
        assert min(block[:3]) >= 0
        assert all(start + side <= room for start, side, room in zip(block[:3], block[3:], box, strict=True))
        assert not any(block.meets(other) for other in found[:at])


@pytest.mark.feature("P10")
@settings(max_examples=60)
@given(st.tuples(*[st.integers(100, 400)] * 3), st.data())
def test_a_box_cut_in_three_is_put_together_again(box: tuple[int, int, int], data: st.DataObject) -> None:
    pieces = [box]
    for _ in range(2):
        piece = pieces.pop(0)
        side = data.draw(st.integers(0, 2))
        cut = data.draw(st.integers(10, piece[side] - 10)) if piece[side] > 20 else piece[side] // 2
        one, other = list(piece), list(piece)
        one[side], other[side] = cut, piece[side] - cut
        pieces += [tuple(one), tuple(other)]  # type: ignore[list-item]
    turned = [tuple(data.draw(st.permutations(piece))) for piece in pieces]
    assert fits(turned, box)  # type: ignore[arg-type]


@pytest.mark.feature("P10")
def test_many_small_pieces_are_compared_by_volume() -> None:
    box = (400, 300, 200)
    cube = (20, 20, 20)
    most = int(LOOSE * volume(box) / volume(cube))
    assert most > MOST_PIECES
    assert fits([cube] * most, box)
    assert not fits([cube] * (most + 1), box)
    assert not fits([cube] * 50 + [(401, 10, 10)], box)


@pytest.mark.feature("P10")
@pytest.mark.parametrize(
    ("lines", "box"),
    [
        ((sized(mug(1), 100, 90, 70),), "BOX-T"),
        ((sized(mug(3), 100, 90, 70),), "BOX-S"),
        ((sized(mug(1), 80, 390, 30),), "BOX-L"),
        ((sized(replace(mug(1), mass=UnitMass(900_000, 0)), 60, 60, 60),), "BOX-S"),
        ((sized(mug(500), 100, 90, 70),), "BOX-L"),
        ((sized(mug(1), 100, 90, 70), tea(1)), ""),
    ],
)
def test_the_smallest_box_by_size_and_mass(lines: tuple[JobLine, ...], box: str) -> None:
    bench = at_work(*lines)
    assert bench.session.phase.work.parcel.suggested == box  # type: ignore[union-attr]


@pytest.mark.feature("P10")
def test_the_box_is_shown_and_confirmed_by_its_code() -> None:
    bench = at_work(sized(mug(2), 100, 90, 70), sized(tea(1), 60, 60, 60))
    assert bench.screen.sentence == "Take the box: Small box"
    assert [action.code for action in bench.screen.actions if action.primary] == ["BOX-S"]
    bench.scan("BOX-S")
    assert (bench.said, bench.screen.sentence) == (Say.BOX, "Scan an item")
    bench.scan(MUG_EAN, MUG_EAN, "PK-NEXT").put_down(100 + 424).scan(bench.label())
    assert (bench.parcels[0].box, bench.parcels[0].box_tare_g) == ("BOX-S", 100)
    assert bench.screen.sentence == "Take the box: Tiny box", "again for what is left"


@pytest.mark.feature("P10")
def test_an_item_may_be_scanned_before_the_box() -> None:
    bench = at_work(sized(mug(2), 100, 90, 70)).scan(MUG_EAN)
    assert bench.screen.sentence == "Scan an item"
    assert bench.scan("BOX-L").said is Say.BOX


@pytest.mark.feature("P10")
def test_materials_are_recorded_with_the_parcel() -> None:
    bench = at_work(mug(1)).scan("BOX-S", "mat-paper", "MAT-PAPER", MUG_EAN, "MAT-TAPE").put_down(312)
    bench.scan(bench.label())
    assert bench.parcels[0].materials == ("MAT-PAPER", "MAT-PAPER", "MAT-TAPE")
    refilled = at_work(mug(1)).scan("MAT-PAPER", MUG_EAN, "PK-DISCARD", "PK-YES")
    assert refilled.session.phase.work.parcel.materials == ()  # type: ignore[union-attr]


# --- limits -------------------------------------------------------------------------------------------------------


@pytest.mark.feature("P13")
@pytest.mark.parametrize(
    "service", [Service("own", "Letter", max_length_mm=300), Service("own", "Letter", max_girth_mm=1_000)]
)
def test_a_box_that_the_carrier_does_not_take_is_neither_suggested_nor_accepted(service: Service) -> None:
    bench = at_work(sized(mug(1), 380, 90, 70), service=service)
    assert bench.session.phase.work.parcel.suggested != "BOX-L"  # type: ignore[union-attr]
    bench.scan("BOX-L")
    assert (bench.said, bench.screen.sentence, bench.screen.tone) == (
        Say.BOX_TOO_LARGE,
        "Take a smaller box",
        "stop",
    )


@pytest.mark.feature("P13")
def test_a_parcel_that_is_too_heavy_for_the_carrier_is_lightened() -> None:
    bench = at_work(mug(2), tea(1), service=Service("own", "Letter", max_g=450)).scan("BOX-S")
    bench.scan(MUG_EAN, MUG_EAN, TEA_EAN).put_down(100 + 484)
    assert (bench.screen.sentence, bench.screen.tone) == ("Too heavy for the carrier", "stop")
    assert "584 g" in bench.screen.why
    assert "450 g" in bench.screen.why
    assert bench.scan("PK-CONFIRM").phase == "OnScale", "nobody lets it pass"
    bench.scan("BADGE-0007", "PK-NO", "PK-TAKEOUT", MUG_EAN, "PK-NEXT").put_down(100 + 272)
    assert bench.phase == "Labelling"


@pytest.mark.feature("P13")
def test_a_lead_who_lets_a_weight_pass_does_not_move_the_carriers_limit() -> None:
    bench = at_work(mug(2), service=Service("own", "Letter", max_g=600)).scan("BOX-S", MUG_EAN, MUG_EAN)
    bench.put_down(700)
    assert bench.said is Say.WEIGHT_WRONG
    bench.scan("BADGE-0007", "PK-CONFIRM")
    assert (bench.phase, bench.screen.sentence) == ("OnScale", "Too heavy for the carrier")


@pytest.mark.feature("P13")
def test_a_box_that_carries_no_more_gives_way_to_a_stronger_one() -> None:
    heavy = replace(mug(1), mass=UnitMass(900_000, 0))
    bench = at_work(heavy).scan("BOX-T", MUG_EAN).put_down(940)
    assert (bench.screen.sentence, bench.screen.tone) == ("Too heavy for this box", "stop")
    bench.scan("BOX-S").put_down(1_000)
    assert bench.phase == "Labelling"


@pytest.mark.feature("P13")
def test_a_few_grams_into_the_next_price_are_said_before_the_label() -> None:
    service = Service("own", "Letter", brackets_g=(250, 308), near_g=15)
    bench = at_work(mug(1), service=service).scan("BOX-S", MUG_EAN).put_down(316)
    assert (bench.screen.sentence, bench.screen.tone) == ("8 g into the next price", "look")
    assert "Up to 308 g" in bench.screen.why
    lighter = at_work(mug(1), service=service).scan("BOX-S", MUG_EAN).put_down(316).put_down(308)
    assert lighter.phase == "Labelling"
    bench.scan("PK-CONFIRM")
    assert bench.phase == "Labelling"
    bench.scan(bench.label())
    weighing = bench.parcels[0].weighing
    assert weighing is not None
    assert weighing.grams == 316


@pytest.mark.feature("P13")
@pytest.mark.parametrize("grams", [308, 316])
def test_at_a_bracket_or_well_above_it_nothing_is_said(grams: int) -> None:
    service = Service("own", "Letter", brackets_g=(308,), near_g=5)
    assert at_work(mug(1), service=service).scan("BOX-S", MUG_EAN).put_down(grams).phase == "Labelling"
