"""Masses learned from parcels: Welford for one product alone, shared out by what is unsure in a mixed parcel."""

from __future__ import annotations

import random
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.packing.masses import ENOUGH, MassRow, Part, begin, learn
from central.store.sqlite import SqliteStore
from contract.keys import JobId
from contract.messages import JobOffered, LabelVoided
from contract.values import Override, UnitMass, Weighing
from tests.central.shop import AT, HOUSE, LAMP, MUG, TEA, add_order, ask, book, message, parcel, shop

pytestmark = pytest.mark.feature("P12")

BOX = HOUSE.boxes[0]
SURE_BOX = MassRow("box", "B", 50_000.0, 1.0, seen=1e9)


def test_one_product_alone_is_welfords_recursion() -> None:
    chance = random.Random(4)
    weights = [chance.gauss(250_000, 3_000) for _ in range(300)]
    row = begin("product", "A", UnitMass(240_000, 2_000))
    for weight in weights:
        _, row = learn([Part(SURE_BOX, 1), Part(row, 1)], 50_000 + weight, 0.0, None)
    assert row.mean_mg == pytest.approx(statistics.fmean([240_000, *weights]), rel=1e-6)
    assert row.variance**0.5 == pytest.approx(statistics.stdev(weights), rel=0.05)
    assert (row.parcels, row.seen) == (300, pytest.approx(301))


def test_mixed_parcels_teach_all_their_products_and_the_box() -> None:
    chance = random.Random(11)
    true = {"A": (500_000, 4_000), "B": (90_000, 1_500), "C": (1_400_000, 20_000)}
    rows = {name: begin("product", name, UnitMass(round(mean * 1.03), 5_000)) for name, (mean, _) in true.items()}
    box = begin("box", "X", UnitMass(200_000, 4_000))
    surprise: list[float] = []
    for _ in range(3_000):
        picked = {name: chance.randrange(1, 4) for name in chance.sample(list(true), chance.randrange(1, 4))}
        weight = chance.gauss(215_000, 6_000)
        weight += sum(chance.gauss(*true[name]) for name, count in picked.items() for _ in range(count))
        parts = [Part(box, 1), *(Part(rows[name], count) for name, count in picked.items())]
        residual = weight - sum(part.quantity * part.known.mean_mg for part in parts)
        surprise.append(residual**2 / sum(part.quantity * part.known.variance for part in parts))
        box, *taught = learn(parts, weight, 1.0, None)
        rows |= {row.name: row for row in taught}
    assert box.mean_mg == pytest.approx(215_000, abs=4_000)
    for name, (mean, _) in true.items():
        assert rows[name].mean_mg == pytest.approx(mean, rel=0.01)
    assert statistics.fmean(surprise[-1_000:]) == pytest.approx(1, abs=0.1), "as far off as was foretold"


def test_what_the_check_cuts_off_does_not_narrow_the_spread() -> None:
    """Only parcels within the tolerance teach; without a correction each round would refuse more right parcels."""
    chance = random.Random(5)
    row = begin("product", "A", UnitMass(250_000, 3_000))
    for _ in range(4_000):
        weight = chance.gauss(250_000, 3_000)
        tolerance = 2.81 * row.variance**0.5
        if abs(weight - row.mean_mg) <= tolerance:
            _, row = learn([Part(SURE_BOX, 1), Part(row, 1)], 50_000 + weight, 0.0, tolerance)
    assert row.variance**0.5 == pytest.approx(3_000, rel=0.08)


known = st.builds(
    MassRow,
    st.just("product"),
    st.just("A"),
    st.floats(1e3, 5e6),
    st.floats(1.0, 1e10),
    st.floats(1.0, 400.0),
    st.floats(1.0, 400.0),
)
parts = st.lists(st.builds(Part, known, st.integers(1, 20)), min_size=1, max_size=6)


@given(parts, st.floats(0, 5e7), st.sampled_from([0.0, 1.0, 5.0]), st.none() | st.floats(0, 1e7))
def test_any_weight_leaves_masses_that_can_be(
    found: list[Part], weighed: float, division: float, tolerance: float | None
) -> None:
    taught = learn(found, weighed, division, tolerance)
    before = sum(part.quantity * part.known.mean_mg for part in found)
    after = sum(part.quantity * row.mean_mg for part, row in zip(found, taught, strict=True))
    assert abs(weighed - after) <= abs(weighed - before) + 1
    for part, row in zip(found, taught, strict=True):
        assert row.variance >= 1
        assert part.known.seen <= row.seen * (1 + 1e-9)
        assert row.parcels == part.known.parcels + 1


# --- which parcels teach ------------------------------------------------------------------------------------------


def weighed(books: Books, grams: int, *overrides: Override, box: str = BOX.code, number: int = 1) -> None:
    """A parcel of one mug is accepted with this weight."""
    order = f"W-{number}"
    add_order(books, order, [(MUG, 1)])
    weighing = Weighing(grams, AT, "scale", "raw", 330, 15)
    fact = replace(parcel(number, order, (1, MUG, 1), fence=0), weighing=weighing, overrides=overrides, box=box)
    book(books, message(fact))


def offered(books: Books, code: str = "LAST") -> JobOffered:
    add_order(books, code, [(MUG, 1)])
    found = ask(books, "pack-1", code)
    assert isinstance(found, JobOffered)
    return found


def test_a_job_carries_what_is_on_file_until_enough_were_seen() -> None:
    books = shop(shelf=60)
    for number in range(1, ENOUGH):
        weighed(books, 336 + number % 3, number=number)
    job = offered(books, "EARLY").job
    assert (job.lines[0].mass, job.box_masses) == (UnitMass(250_000, 1_666), {})
    weighed(books, 337, number=ENOUGH)
    job = offered(books).job
    mass = job.lines[0].mass
    assert mass is not None
    assert mass.seen > 0
    assert mass.mean_mg + job.box_masses[BOX.code].mean_mg == pytest.approx(337_000, abs=1_000)


@pytest.mark.parametrize(
    ("grams", "box", "override"),
    [
        (500, "", None),
        (500, "BOX-UNKNOWN", None),
        (0, BOX.code, None),
        (500, BOX.code, Override("weight", "1001", "packaging_differs")),
    ],
)
def test_a_weight_that_is_not_of_these_goods_in_this_box_teaches_nothing(
    grams: int, box: str, override: Override | None
) -> None:
    books = shop()
    weighed(books, grams, *([override] if override else []), box=box)
    assert len(books.masses) == 0


def test_a_parcel_with_something_wrong_teaches_nothing() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    book(books, message(replace(parcel(1, "P-1", (1, MUG, 3), fence=0), box=BOX.code)))
    assert len(books.masses) == 0


def test_a_parcel_whose_label_was_voided_before_teaches_nothing() -> None:
    """It was taken apart before central heard of it: nobody knows of which moment the weight is."""
    books = shop(("P-1", [(MUG, 1)]))
    closed = replace(parcel(1, "P-1", (1, MUG, 1), fence=0), box=BOX.code)
    book(books, message(LabelVoided(closed.sscc, JobId("P-1"), AT, "1002", "torn")), message(closed))
    assert len(books.masses) == 0
    book(books, message(replace(parcel(2, "P-1", (1, MUG, 1), fence=0), box=BOX.code)))
    assert len(books.masses) == 2


def test_a_product_that_nobody_weighed_begins_with_its_first_parcel() -> None:
    books = shop()
    for sku in (MUG, TEA):
        books.products.put(replace(books.products[sku], mass_g=None))
    order = [(MUG, 2), (TEA, 1)]
    add_order(books, "P-1", order)
    both = parcel(1, "P-1", (1, MUG, 2), (2, TEA, 1), fence=0)
    book(books, message(replace(both, box=BOX.code)))
    assert len(books.masses) == 0, "two unknown masses in one weight"
    add_order(books, "P-2", [(MUG, 2)])
    book(books, message(replace(parcel(2, "P-2", (1, MUG, 2), fence=0), box=BOX.code)))
    assert books.masses["product", MUG].mean_mg == (500 - BOX.tare_g) * 1_000 / 2


async def test_what_was_learned_is_kept(tmp_path: Path) -> None:
    row = MassRow("product", LAMP, 1_234.5, 6.25, 9.0, 4.5, 12)
    box = MassRow("box", "BOX-S", 80_000.0, 100.0, 9.0, 4.5, 12)
    keys = Keys(skus=frozenset({LAMP}), boxes=frozenset({"BOX-S"}))
    async with SqliteStore(tmp_path / "central.db", "lyon", clock=lambda: AT) as store:

        def put(books: Books) -> None:
            books.masses.put(row)
            books.masses.put(box)

        await store.transact(keys, put)
        found = await store.transact(keys, lambda books: list(books.masses))
        none = await store.transact(Keys(skus=frozenset({LAMP})), lambda books: list(books.masses))
    assert sorted(found, key=lambda each: each.kind) == [box, row]
    assert none == []
