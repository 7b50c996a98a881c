"""Where a shop and the office both changed an order: nothing of either is lost, and a person chooses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.changing import readdress
from central.orders.editing import Edit, LineChange, edit
from central.orders.holding import hold, recheck, release
from central.orders.model import NewLine, Note
from central.orders.splitting import split_off
from central.orders.status import settle
from central.shops.choosing import choose, told_of
from central.shops.comparing import compare, contested_in, differences, value_of
from central.shops.following import word_here
from central.shops.model import FIELDS, Field, Whose, Word
from central.shops.rows import key_of
from contract.keys import JobId
from contract.messages import JobOffered
from contract.values import PackedLine
from tests.central.provable import assert_provable
from tests.central.shop import ADDRESS, AT, LAMP, MUG, TEA, ask, book, kinds, message, parcel, shop, sscc
from tests.central.shops.test_rules import ANNA, BY, LYON, MENDED, ORDER, PAID, hear, state, told

pytestmark = pytest.mark.feature("O1", "O7")
SKUS: Final = st.sampled_from((MUG, TEA, LAMP))
Lines = st.lists(st.builds(NewLine, SKUS, st.integers(1, 2)), min_size=1, max_size=3).map(tuple)
Words = st.builds(
    Word,
    st.sampled_from((ADDRESS, MENDED, LYON)),
    st.sampled_from(("", "a@example.org")),
    st.sampled_from(("", "+33142600000")),
    st.sampled_from(("fr", "en")),
    st.sampled_from(("", "Joie !")),
    st.sampled_from((0, 3740, 4990)),
    st.just(()),
    Lines,
    st.sampled_from(("", "Colissimo")),
)
Contested = st.sets(st.sampled_from(FIELDS))


@settings(max_examples=300)
@given(Words, st.none() | Words, Words, Contested)
def test_of_a_new_word_nothing_is_overlooked_and_nothing_of_ours_is_undone(
    ours: Word, last: Word | None, now: Word, contested: set[Field]
) -> None:
    found = compare(ours, last, now, contested)
    assert not set(found.taken) & set(found.contested)
    relined = "lines" in contested or (last is not None and value_of(last, "lines") != value_of(now, "lines"))
    for field in FIELDS:
        here, before, said = (None if each is None else value_of(each, field) for each in (ours, last, now))
        if field == "total" and (relined or "lines" in found.contested):
            continue
        if field in found.taken:
            assert said != here == before, "only what stands as the shop told it before gives way"
            assert field not in contested
        elif field in found.contested:
            assert said != here
        else:
            assert said in (here, before), "what the shop says anew is taken, or somebody chooses"
            assert said == here or field not in contested, "what nobody has chosen about waits on"


@given(Words, st.none() | Words, Contested)
def test_a_word_that_says_what_stands_here_asks_nothing(ours: Word, last: Word | None, contested: set[Field]) -> None:
    again = replace(ours, lines=tuple(reversed(ours.lines)))
    assert compare(ours, last, again, contested) == ((), ())


@given(Words, Words)
def test_both_sides_are_said_of_each(ours: Word, now: Word) -> None:
    found = compare(ours, None, now, ())
    for each in differences(found.contested, ours, now, "EUR"):
        assert each.ours != each.shop


def taken(seconds: int = 0) -> Books:
    books = shop()
    hear(books, told(PAID, seconds))
    return books


def both_changed(books: Books, second: int = 1) -> None:
    """The office sends it next door, with three mugs, by Colissimo; the shop to Lyon, with a lamp, by Express."""
    readdress(books, ORDER, MENDED, ANNA)
    edit(books, ORDER, Edit((LineChange(1, 3),), service="Colissimo"), ANNA)
    settle(books, AT)
    hear(books, told(SHOPS, second))


SHOPS: Final = replace(PAID, ship_to=LYON, lines=(NewLine(LAMP, 1),), service="Express", total=4990)
BOTH: Final[tuple[Field, ...]] = ("lines", "service", "address")


def pieces(books: Books) -> dict[str, int]:
    return {line.sku: line.wanted for line in books.lines.of(ORDER) if line.wanted}


def test_nothing_of_either_is_done_until_somebody_chooses() -> None:
    books = taken()
    both_changed(books)
    order = books.orders[ORDER]
    assert (state(books)[0], contested_in(order.reasons), kinds(books)) == ("held", BOTH, [])
    assert (order.address, order.service, pieces(books)) == (MENDED, "Colissimo", {MUG: 3, TEA: 1})
    word = told_of(books, ORDER)
    assert word is not None
    sides = differences(contested_in(order.reasons), word_here(books, order), word, "EUR")
    assert [(each.field, each.ours, each.shop) for each in sides] == [
        ("lines", "3 × MUG-BLUE, 1 × TEA-100", "1 × LAMP-3"),
        ("service", "Colissimo", "Express"),
        (
            "address",
            "Élodie Lefèvre, 12 rue de la Paix, 75003 Paris, FR",
            "Élodie Lefèvre, 4 quai du Port, 69002 Lyon, FR",
        ),
    ]
    assert_provable(books)


@pytest.mark.parametrize("whose", ["shop", "ours"])
def test_a_choice_counts_until_the_shop_says_something_else(whose: Whose) -> None:
    books = taken()
    both_changed(books)
    choose(books, ORDER, dict.fromkeys(BOTH, whose), ANNA)
    settle(books, AT)
    order = books.orders[ORDER]
    if whose == "shop":
        assert (order.address, order.service, pieces(books), order.total) == (LYON, "Express", {LAMP: 1}, 4990)
        assert state(books) == ("awaiting_payment", "partly_paid")
    else:
        assert (order.address, order.service, pieces(books)) == (MENDED, "Colissimo", {MUG: 3, TEA: 1})
        assert state(books)[0] == "open"
    # The shop repeats itself, with a note more: that is no new word about what was chosen.
    hear(books, told(replace(SHOPS, notes=(Note("packer", "Code 12B4"),)), 2))
    assert books.orders[ORDER].reasons == ()
    assert pieces(books) == ({LAMP: 1} if whose == "shop" else {MUG: 3, TEA: 1})
    hear(books, told(replace(SHOPS, ship_to=ADDRESS), 3))
    if whose == "shop":
        assert (books.orders[ORDER].address, books.orders[ORDER].reasons) == (ADDRESS, ())
    else:
        assert contested_in(books.orders[ORDER].reasons) == ("address",)
    assert_provable(books)


def test_each_field_is_chosen_by_itself() -> None:
    books = taken()
    both_changed(books)
    choose(books, ORDER, {"address": "shop"}, ANNA)
    assert (books.orders[ORDER].address, contested_in(books.orders[ORDER].reasons)) == (LYON, ("lines", "service"))
    choose(books, ORDER, {"lines": "ours", "service": "shop"}, ANNA)
    settle(books, AT)
    assert (books.orders[ORDER].service, pieces(books)) == ("Express", {MUG: 3, TEA: 1})
    assert state(books)[0] == "open"
    texts = [row.text for row in books.timeline if row.what == "shop_settled"]
    assert texts == [
        "Taken from the shop: the address.",
        "Kept as it is here: the lines. Taken from the shop: the service.",
    ]


def test_a_choice_is_made_once() -> None:
    books = taken()
    both_changed(books)
    choose(books, ORDER, {"address": "shop"}, ANNA)
    before = books.orders[ORDER]
    for wrong in ({"address": "ours"}, {"gift_note": "shop"}, {}):
        with pytest.raises(Refused):
            choose(books, ORDER, wrong, ANNA)  # type: ignore[arg-type]
    assert books.orders[ORDER] == before


def test_who_chose_before_the_shop_spoke_again_has_seen_an_older_version() -> None:
    books = taken()
    both_changed(books)
    seen = books.orders[ORDER].version
    # The same again, and an older one, are no news.
    hear(books, told(SHOPS, 1))
    hear(books, told(PAID, 0))
    hear(books, told(replace(SHOPS, notes=(Note("packer", "Code 12B4"),)), 2))
    noted = books.orders[ORDER].version
    assert noted == seen + 1, "a note more"
    other = replace(SHOPS, ship_to=ADDRESS, notes=(Note("packer", "Code 12B4"),))
    hear(books, told(other, 3))
    assert books.orders[ORDER].version > noted
    assert books.orders[ORDER].address == MENDED
    assert [row.what for row in books.timeline].count("shop_differs") == 1
    # Back to what it says in the first place: the office's edit is still there, and so is the question.
    word = told_of(books, ORDER)
    assert word is not None
    assert (word.ship_to, contested_in(books.orders[ORDER].reasons)) == (ADDRESS, BOTH)


def test_only_a_choice_lets_it_go_on() -> None:
    books = taken()
    both_changed(books)
    hold(books, ORDER, "Ask her.", ANNA)
    with pytest.raises(Refused, match="choose whose counts"):
        release(books, ORDER, ANNA)
    with pytest.raises(Refused, match="choose whose counts"):
        split_off(books, ORDER, (ORDER,), (LineChange(1, 1),), ANNA)
    recheck(books, ORDER, ANNA)
    edit(books, ORDER, Edit((LineChange(1, 4),)), ANNA)
    readdress(books, ORDER, ADDRESS, ANNA)
    assert contested_in(books.orders[ORDER].reasons) == BOTH
    choose(books, ORDER, dict.fromkeys(BOTH, "ours"), ANNA)
    settle(books, AT)
    assert [reason.code for reason in books.orders[ORDER].reasons] == ["by_hand"], "another hold stays"
    release(books, ORDER, ANNA)
    settle(books, AT)
    assert state(books)[0] == "open"


def test_the_shop_comes_to_say_what_stands_here() -> None:
    books = taken()
    both_changed(books)
    mended = replace(PAID, ship_to=MENDED, lines=(NewLine(TEA, 1), NewLine(MUG, 3)), service="Colissimo", total=4990)
    hear(books, told(mended, 2))
    assert (books.orders[ORDER].reasons, state(books)[0], books.orders[ORDER].total) == ((), "awaiting_payment", 4990)


@pytest.mark.feature("O7", "P18")
def test_a_bench_that_has_it_is_stopped_and_what_it_packs_unheard_does_not_leave() -> None:
    books = taken()
    offer = ask(books, "pack-1", ORDER)
    assert isinstance(offer, JobOffered)
    readdress(books, ORDER, MENDED, ANNA)
    hear(books, told(replace(PAID, ship_to=LYON), 1))
    assert (state(books)[0], books.jobs[JobId(ORDER)].state) == ("held", "withdrawn")
    content = (PackedLine(ORDER, 1, MUG, 2), PackedLine(ORDER, 2, TEA, 1))
    book(books, message(replace(parcel(1, JobId(ORDER), fence=offer.job.fence), contents=content)))
    assert books.parcels[sscc(1)].held, "packed before the bench heard"
    assert "packed_while_held" in kinds(books)
    assert_provable(books)


@pytest.mark.parametrize("whose", ["shop", "ours"])
def test_a_parcel_waits_for_the_choice_and_leaves_if_it_is_right(whose: Whose) -> None:
    books = taken()
    readdress(books, ORDER, MENDED, ANNA)
    offer = ask(books, "pack-1", ORDER)
    assert isinstance(offer, JobOffered)
    content = (PackedLine(ORDER, 1, MUG, 2), PackedLine(ORDER, 2, TEA, 1))
    book(books, message(replace(parcel(1, JobId(ORDER), fence=offer.job.fence), contents=content)))
    settle(books, AT)
    assert (books.parcels[sscc(1)].held, state(books)[0]) == ("", "packed")
    hear(books, told(replace(PAID, ship_to=LYON), 1))
    kept = "its order waits for a choice between the shop and the office"
    assert (books.parcels[sscc(1)].held, state(books)[0]) == (kept, "held")
    choose(books, ORDER, {"address": whose}, ANNA)
    settle(books, AT)
    assert books.parcels[sscc(1)].held == ("" if whose == "ours" else "its label has an old address")
    assert state(books)[0] == "packed"
    assert_provable(books)


def test_once_it_has_left_the_shops_side_can_only_be_told() -> None:
    books = taken()
    both_changed(books)
    for line in books.lines.of(ORDER):
        books.lines.put(replace(line, packed=line.wanted, shipped=line.wanted, reserved=0))
    before = books.orders[ORDER]
    with pytest.raises(Refused, match="has left the house"):
        choose(books, ORDER, {"address": "shop"}, ANNA)
    assert books.orders[ORDER] == before
    choose(books, ORDER, dict.fromkeys(BOTH, "ours"), ANNA)
    assert books.orders[ORDER].reasons == ()


def test_what_the_shop_told_before_lines_were_kept_is_known_by_their_digest() -> None:
    for touched in (False, True):
        books = taken()
        row = books.shop_orders[key_of("boutique", "5940")]
        word = row.word
        assert word is not None
        plain = replace(word, lines=(), service="")
        books.shop_orders.put(replace(row, told=encode(plain).decode()))
        if touched:
            edit(books, ORDER, Edit((LineChange(1, 3),)), ANNA)
        hear(books, told(replace(PAID, notes=(Note("packer", "Code"),)), 1))
        assert books.orders[ORDER].reasons == (), "the shop only repeats its lines"
        books.shop_orders.put(replace(row, told=encode(plain).decode()))
        hear(books, told(replace(PAID, lines=(NewLine(LAMP, 1),)), 2))
        assert contested_in(books.orders[ORDER].reasons) == (("lines",) if touched else ())
        assert pieces(books) == ({MUG: 3, TEA: 1} if touched else {LAMP: 1})


Office = st.one_of(
    st.tuples(st.just("address"), st.sampled_from((ADDRESS, MENDED, LYON))),
    st.tuples(st.just("service"), st.sampled_from(("", "Colissimo", "DPD"))),
    st.tuples(st.just("gift_note"), st.sampled_from(("", "Joie !", "Bravo"))),
    st.tuples(st.just("mugs"), st.integers(1, 4)),
)
Shop = st.tuples(
    st.just("shop"),
    st.fixed_dictionaries(
        {
            "ship_to": st.sampled_from((ADDRESS, MENDED, LYON)),
            "service": st.sampled_from(("", "Colissimo", "DPD")),
            "gift_note": st.sampled_from(("", "Joie !", "Bravo")),
            "lines": st.integers(1, 4).map(lambda mugs: (NewLine(MUG, mugs), NewLine(TEA, 1))),
        }
    ),
)
Choice = st.tuples(
    st.just("choose"), st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(("shop", "ours")), max_size=4)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(Office, Shop, Shop, Choice), max_size=12))
def test_whatever_they_do_no_edit_is_lost(steps: list[tuple[str, Any]]) -> None:
    """Each word of the shop is here, or waits to be chosen, or is what it said before; ours goes only by a choice."""
    books = taken()
    for second, (what, value) in enumerate(steps, start=1):
        before, last = word_here(books, books.orders[ORDER]), told_of(books, ORDER)
        assert last is not None
        if what == "shop":
            hear(books, told(replace(PAID, **value), second))
            _assert_nothing_lost(books, before, last)
        elif what == "choose":
            chosen = {field: whose for field, whose in value.items() if field in _contested(books)}
            if chosen:
                choose(books, ORDER, chosen, ANNA)
                assert not set(chosen) & set(_contested(books))
        elif what == "address":
            readdress(books, ORDER, value, ANNA)
        elif what == "mugs":
            edit(books, ORDER, Edit((LineChange(1, value),)), ANNA)
        else:
            edit(books, ORDER, Edit(**{what: value}), ANNA)
        settle(books, AT)
        assert (state(books)[0] == "held") is bool(books.orders[ORDER].reasons)
        assert_provable(books)


def _contested(books: Books) -> Collection[Field]:
    return contested_in(books.orders[ORDER].reasons)


def _assert_nothing_lost(books: Books, before: Word, last: Word) -> None:
    now, word = word_here(books, books.orders[ORDER]), told_of(books, ORDER)
    assert word is not None
    for field in ("lines", "service", "address", "gift_note"):
        here, was, said, repeated = (value_of(each, field) for each in (now, before, word, last))  # type: ignore[arg-type]
        assert here == said or field in _contested(books) or said == repeated, f"the shop's {field} is lost"
        assert here == was or was == repeated, f"the office's {field} is lost"


def test_by_is_the_shop() -> None:
    books = taken()
    both_changed(books)
    held = [row for row in books.timeline if row.what == "order_held"]
    assert [row.by for row in held] == [BY.name]
