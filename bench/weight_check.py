"""How good the weight check is: false alarms, mistakes caught, causes named. `python -m bench.weight_check [--json]`.

A shop is simulated: a catalogue, boxes that take filling and tape, a scale. Its masses are on file as shops have them
(one piece weighed once, a rough tolerance); central learns from the parcels that pass, and the station's check judges
fresh parcels, right ones and ones with one mistake, with what was learned. Beside it: the likelihood ratio of all
mistakes against none, computed with the true masses and spreads. No test of the weight alone catches more at the same
share of false alarms (Neyman and Pearson).
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from math import exp, inf, log, sqrt
from typing import Literal, NamedTuple

from bench.figures import report
from central.packing.masses import MassRow, Part, begin, learn
from contract.values import UnitMass
from station.work.weighing import Change, Crate, Expected, Load, Strictness, expect, explain

SEED = 20_260
PRODUCTS = 400
TAUGHT = 12_000
JUDGED = 4_000
ALARMS = 0.005
APART = 4.0
"""Two causes can be told apart when the parcel's expected masses differ by this many standard deviations."""
LIGHTEST_G, HEAVIEST_G = 100.0, 20_000.0
STRICT = Strictness()
Mistake = Literal["omission", "doubling", "swap", "stranger"]


class True_(NamedTuple):
    """What a piece or a box really weighs, in grams."""

    mean: float
    spread: float


class Shop(NamedTuple):
    """The truth, and what is on file and learned of it."""

    products: list[True_]
    boxes: list[True_]
    known: list[MassRow]
    known_boxes: list[MassRow]
    files: list[UnitMass]
    box_files: list[UnitMass]


class Parcel(NamedTuple):
    """What should be in it, and how the truth scatters."""

    lines: tuple[tuple[int, int], ...]
    box: int
    mean: float
    variance: float
    division: int


def division_of(grams: float) -> int:
    """A bench scale of 30 kg with three intervals."""
    return 1 if grams < 6_000 else 2 if grams < 15_000 else 5


def between(chance: random.Random, low: float, high: float) -> float:
    return exp(chance.uniform(log(low), log(high)))


def open_shop(chance: random.Random) -> Shop:
    """Products from 15 g to 4 kg that scatter by 0.3 to 3 %; boxes whose filling and tape scatter too."""
    products = []
    for _ in range(PRODUCTS):
        mean = between(chance, 15, 4_000)
        products.append(True_(mean, mean * between(chance, 0.003, 0.03)))
    tares = (60, 110, 180, 290, 420, 700)
    boxes = [True_(tare * 1.06, tare * 0.035) for tare in tares]
    files = []
    for each in products:
        grams = max(1, round(chance.gauss(*each)))
        files.append(UnitMass(grams * 1_000, max(5, round(grams * 0.05)) * 1_000 // 3))
    box_files = [UnitMass(tare * 1_000, tare * 20) for tare in tares]
    known = [begin("product", str(at), mass) for at, mass in enumerate(files)]
    known_boxes = [begin("box", str(at), mass) for at, mass in enumerate(box_files)]
    return Shop(products, boxes, known, known_boxes, files, box_files)


def draw(shop: Shop, chance: random.Random) -> Parcel:
    """A parcel of one to six products whose mass is as likely in each octave from 100 g to 20 kg."""
    target = between(chance, LIGHTEST_G, HEAVIEST_G)
    while True:
        count = min(6, 1 + int(chance.expovariate(0.6)))
        picked = chance.sample(range(PRODUCTS), count)
        lines = tuple((at, 1 if chance.random() < 0.7 else chance.randrange(2, 6)) for at in picked)
        goods = sum(shop.products[at].mean * quantity for at, quantity in lines)
        box = min(len(shop.boxes) - 1, int(sqrt(goods) / 22))
        mean = goods + shop.boxes[box].mean
        if abs(log(mean / target)) < 0.15:
            division = division_of(mean)
            variance = shop.boxes[box].spread ** 2 + division**2 * (0.25 + 1 / 12)
            variance += sum(shop.products[at].spread ** 2 * quantity for at, quantity in lines)
            return Parcel(lines, box, mean, variance, division)


def weigh(shop: Shop, parcel: Parcel, pieces: Sequence[int], chance: random.Random) -> int:
    """What the scale shows: it repeats to half a division, and rounds to one."""
    grams = chance.gauss(*shop.boxes[parcel.box]) + sum(chance.gauss(*shop.products[at]) for at in pieces)
    return round(chance.gauss(grams, parcel.division / 2) / parcel.division) * parcel.division


def pieces_of(parcel: Parcel) -> list[int]:
    return [at for at, quantity in parcel.lines for _ in range(quantity)]


# --- the station, with what central learned -----------------------------------------------------------------------


def loads_of(shop: Shop, parcel: Parcel) -> list[Load]:
    return [Load(str(at), quantity, shop.known[at].learned or shop.files[at]) for at, quantity in parcel.lines]


def box_of(shop: Shop, box: int) -> UnitMass:
    return shop.known_boxes[box].learned or shop.box_files[box]


def expected(shop: Shop, parcel: Parcel, strictness: Strictness = STRICT) -> Expected:
    found = expect(loads_of(shop, parcel), box_of(shop, parcel.box), parcel.division, strictness)
    assert found is not None
    return found


def teach(shop: Shop, chance: random.Random) -> None:
    """Right parcels go by; one that the check refuses is let pass by a lead who has counted it."""
    for _ in range(TAUGHT):
        parcel = draw(shop, chance)
        grams = weigh(shop, parcel, pieces_of(parcel), chance)
        check = expected(shop, parcel)
        tolerance = None if check.off_by(grams) else check.tolerance_g * 1_000.0
        parts = [Part(shop.known_boxes[parcel.box], 1)]
        parts += [Part(shop.known[at], quantity) for at, quantity in parcel.lines]
        box, *products = learn(parts, grams * 1_000.0, parcel.division, tolerance)
        shop.known_boxes[parcel.box] = box
        for row in products:
            shop.known[int(row.name)] = row


# --- the bound, with the truth ------------------------------------------------------------------------------------


class Rival(NamedTuple):
    """One mistake that could have been made: how likely, and how the parcel weighs then."""

    likely: float
    mean: float
    variance: float
    changes: tuple[Change, ...] | None
    """What the bench should say; None for a product that is not of this order."""


def rivals(shop: Shop, parcel: Parcel) -> Iterator[Rival]:
    """Every single omission, doubling, and swap: within the order or for any product of the shop."""
    total = sum(quantity for _, quantity in parcel.lines)
    for at, quantity in parcel.lines:
        share = quantity / total
        gone = shop.products[at]
        less, rest = parcel.mean - gone.mean, parcel.variance - gone.spread**2
        name = str(at)
        yield Rival(share, less, rest, (Change("missing", name),))
        yield Rival(share, parcel.mean + gone.mean, parcel.variance + gone.spread**2, (Change("extra", name),))
        others = [other for other, _ in parcel.lines if other != at]
        for other in others:
            came = shop.products[other]
            swap = (Change("extra", str(other)), Change("missing", name))
            yield Rival(share / len(others), less + came.mean, rest + came.spread**2, swap)
        for other, came in enumerate(shop.products):
            if other != at:
                yield Rival(share / (PRODUCTS - 1), less + came.mean, rest + came.spread**2, None)


def likelihood_ratio(parcel: Parcel, against: Sequence[Rival], grams: float) -> float:
    """How much likelier the weight is with a mistake than without, times a constant."""
    none = (grams - parcel.mean) ** 2 / parcel.variance / 2
    ratio = 0.0
    for rival in against:
        power = none - (grams - rival.mean) ** 2 / rival.variance / 2
        if power > 700:
            return inf
        if power > -40:
            ratio += rival.likely * exp(power) / sqrt(rival.variance)
    return ratio * sqrt(parcel.variance)


# --- the trial ----------------------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """One parcel on the scale, as the check and as the bound see it."""

    mistake: Mistake | None
    sigmas: float
    """How far off, in the check's own standard deviations."""
    ratio: float
    apart: bool = False
    named: bool = False


def make(mistake: Mistake, parcel: Parcel, chance: random.Random) -> tuple[list[int], tuple[Change, ...] | None] | None:
    """The pieces that are really in the parcel, and what should be said; None where it cannot be made."""
    pieces = pieces_of(parcel)
    at = chance.choice(pieces)
    others = [other for other, _ in parcel.lines if other != at]
    if mistake == "doubling":
        return [*pieces, at], (Change("extra", str(at)),)
    pieces.remove(at)
    match mistake:
        case "omission":
            return pieces, (Change("missing", str(at)),)
        case "swap" if others:
            other = chance.choice(others)
            return [*pieces, other], (Change("extra", str(other)), Change("missing", str(at)))
        case "stranger":
            return [*pieces, chance.choice([each for each in range(PRODUCTS) if each != at])], None
        case _:
            return None


def told_apart(against: Sequence[Rival], truth: tuple[Change, ...] | None) -> bool:
    """Whether the true masses separate the true cause from every other that the bench could name."""
    nameable = [rival for rival in against if rival.changes is not None]
    own = next((rival for rival in nameable if rival.changes == truth), None)
    if own is None:
        return False
    far = APART * sqrt(own.variance)
    return all(abs(rival.mean - own.mean) >= far for rival in nameable if rival.changes != truth)


def judge(shop: Shop, chance: random.Random) -> Iterator[Judged]:
    """Right parcels, and the same with each mistake."""
    for _ in range(JUDGED):
        parcel = draw(shop, chance)
        against = list(rivals(shop, parcel))
        check = expected(shop, parcel)
        sigma = expected(shop, parcel, Strictness(1_000, 0)).tolerance_g / 1_000
        for _ in range(5):
            grams = weigh(shop, parcel, pieces_of(parcel), chance)
            yield Judged(None, abs(grams - check.grams) / sigma, likelihood_ratio(parcel, against, grams))
        for mistake in ("omission", "doubling", "swap", "stranger"):
            made = make(mistake, parcel, chance)
            if made is None:
                continue
            grams = weigh(shop, parcel, made[0], chance)
            off_g = grams - check.grams
            ratio = likelihood_ratio(parcel, against, grams)
            apart = told_apart(against, made[1])
            named = apart and _named(shop, parcel, off_g, check.tolerance_g) == made[1]
            yield Judged(mistake, abs(off_g) / sigma, ratio, apart, named)


def _named(shop: Shop, parcel: Parcel, off_g: int, tolerance_g: int) -> tuple[Change, ...]:
    crates = [Crate(f"box {at}", box_of(shop, at)) for at in range(len(shop.boxes)) if at != parcel.box]
    found = explain(off_g, tolerance_g, loads_of(shop, parcel), box_of(shop, parcel.box), crates)
    return tuple(sorted(found, key=lambda change: change.kind))


def main() -> None:
    """Teach, judge, print."""
    chance = random.Random(SEED)
    shop = open_shop(chance)
    teach(shop, chance)
    judged = list(judge(shop, chance))
    right = [each for each in judged if each.mistake is None]
    place = int((1 - ALARMS) * len(right))
    sigmas = sorted(each.sigmas for each in right)[place]
    ratio = sorted(each.ratio for each in right)[place]
    result: dict[str, float] = {
        "sigmas": sigmas,
        "false_alarms_percent": 100 * sum(each.sigmas > STRICT.sigmas for each in right) / len(right),
    }
    rows = [
        ("sigmas that give 0.5 % false alarms", f"{sigmas:.2f}", "2.81", ""),
        (f"false alarms at {STRICT.sigmas} sigmas, %", f"{result['false_alarms_percent']:.2f}", "0.50", ""),
    ]
    for mistake in ("omission", "doubling", "swap", "stranger"):
        of = [each for each in judged if each.mistake == mistake]
        caught = 100 * sum(each.sigmas > sigmas for each in of) / len(of)
        bound = 100 * sum(each.ratio > ratio for each in of) / len(of)
        result |= {f"{mistake}_caught_percent": caught, f"{mistake}_bound_percent": bound}
        rows.append((f"{mistake}s caught, %", f"{caught:.1f}", f"{bound:.1f}", f">= {bound - 2:.1f}"))
    single = [each for each in judged if each.mistake and each.sigmas > sigmas and each.apart]
    named = 100 * sum(each.named for each in single) / len(single)
    result |= {"named_percent": named, "named_of": len(single)}
    rows.append(("named right, of caught ones told apart, %", f"{named:.1f}", "", ">= 95"))
    title = f"weight check: {len(right)} right parcels, {len(judged) - len(right)} with one mistake, 100 g to 20 kg"
    report(title, rows, result, "--json" in sys.argv[1:])


if __name__ == "__main__":
    main()
