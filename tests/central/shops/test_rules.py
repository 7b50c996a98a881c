"""A shop's deliveries in any order and any number, on books in memory."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books
from central.orders.accepting import accept
from central.orders.changing import annotate, readdress, recontact
from central.orders.editing import Edit, LineChange, edit
from central.orders.model import Contact, NewLine, NewOrder, Note, Payment
from central.orders.rules import By
from central.orders.splitting import numbers_for, split_off
from central.orders.status import settle
from central.policy.model import Known
from central.policy.reading import read_rules
from central.policy.standing import Standing
from central.shops.choosing import choose
from central.shops.model import GaveBack, Gone, ShopOrder
from central.shops.rows import key_of
from central.shops.rules import follow, give_back, throw_away
from contract.keys import OrderId
from contract.values import Address
from tests.central.provable import assert_provable
from tests.central.shop import ADDRESS, AT, LAMP, MUG, TEA, kinds, shop

BY = By("boutique", AT)
ORDER = OrderId("#1042")
NEW = NewOrder(ORDER, AT, ADDRESS, (NewLine(MUG, 2), NewLine(TEA, 1)), Contact("elodie@example.org"), total=3740)
PAID = replace(NEW, payment=Payment("card", "ch_1", 3740))
RULES = read_rules(
    '[[rules]]\nname = "Breaks"\nwhen.pieces_from = 1\nthen.service = "Colissimo"', "rules.toml", Known()
)
ANNA = By("anna", AT)
MENDED = replace(ADDRESS, postcode="75003")
LYON = Address("Élodie Lefèvre", ("4 quai du Port",), "69002", "Lyon", "FR")


def told(order: NewOrder, second: int, refunded: int = 0) -> ShopOrder:
    return ShopOrder("5940", AT + second * 1000, order, Payment("card", "re_1", refunded) if refunded else None)


def hear(books: Books, word: ShopOrder) -> str:
    outcome = follow(books, "boutique", word, BY)
    settle(books, AT)
    return outcome


def state(books: Books) -> tuple[str, str]:
    return books.orders[ORDER].status, books.orders[ORDER].payment


@pytest.mark.feature("O1", "O3")
def test_paid_before_created() -> None:
    books = shop()
    assert hear(books, told(PAID, 2)) == "created"
    assert hear(books, told(NEW, 0)) == "older"
    assert state(books) == ("open", "paid")
    assert [(row.amount, row.reference) for row in books.payments] == [(3740, "ch_1")]


@pytest.mark.feature("O1")
def test_cancelled_before_created() -> None:
    books = shop()
    assert hear(books, told(replace(NEW, cancelled=True), 2)) == "created"
    assert hear(books, told(NEW, 0)) == "older"
    assert state(books)[0] == "cancelled"
    assert books.level(MUG).reserved == 0


@pytest.mark.feature("O1")
def test_the_same_delivery_twice_changes_nothing() -> None:
    books = shop()
    hear(books, told(PAID, 1, refunded=500))
    before = books.orders[ORDER], list(books.lines), list(books.payments), len(books.timeline)
    assert hear(books, told(PAID, 1, refunded=500)) == "unchanged"
    assert (books.orders[ORDER], list(books.lines), list(books.payments), len(books.timeline)) == before


def gave_back(second: int, *parts: tuple[str, int]) -> GaveBack:
    return GaveBack("5940", AT + second * 1000, tuple(Payment("card", name, cents) for name, cents in parts))


@pytest.mark.feature("O1", "O3")
@settings(max_examples=40)
@given(st.data())
def test_refunds_by_themselves_and_in_the_whole_order_count_once_in_any_order(data: st.DataObject) -> None:
    """Two refunds, each told by itself, and the order as it was after each: the end is the same."""
    first, second = gave_back(2, ("re_1", 300), ("re_2", 200)), gave_back(4, ("re_3", 100))
    words: list[ShopOrder | GaveBack] = [first, second, told(PAID, 2, refunded=500), told(PAID, 4, refunded=600)]
    books = shop()
    hear(books, told(PAID, 1))
    end = data.draw(st.sampled_from(([first, second], words)))
    for word in data.draw(st.permutations(end + data.draw(st.lists(st.sampled_from(end), max_size=3)))):
        if isinstance(word, GaveBack):
            give_back(books, "boutique", word, BY)
        else:
            hear(books, word)
    settle(books, AT)
    assert (books.orders[ORDER].refunded_amount, state(books)[1]) == (600, "partly_refunded")
    assert_provable(books)


@pytest.mark.feature("O3")
def test_a_refund_that_cannot_be_is_a_problem_and_one_of_an_unknown_order_is_nothing() -> None:
    books = shop()
    assert give_back(books, "boutique", gave_back(2, ("re_1", 300)), BY) == "unused"
    hear(books, told(NEW, 1))
    assert give_back(books, "boutique", gave_back(2, ("re_1", 300)), BY) == "unchanged"
    assert kinds(books) == ["shop_differs"]


@pytest.mark.feature("O1", "O7")
def test_a_new_address_is_followed_and_an_older_one_is_not() -> None:
    books = shop()
    hear(books, told(NEW, 0))
    assert hear(books, told(replace(NEW, ship_to=LYON, service="Express"), 5)) == "changed"
    assert hear(books, told(NEW, 3)) == "older"
    order = books.orders[ORDER]
    assert (order.address, order.service) == (LYON, "Express")


@pytest.mark.feature("O1", "O7", "O16")
@pytest.mark.parametrize("whose", ["rule", "person"])
def test_a_shops_update_leaves_the_service_that_a_rule_or_a_person_chose(whose: str) -> None:
    books = shop()
    if whose == "rule":
        books.standing = Standing(rules=RULES)
    hear(books, told(replace(PAID, service="Standard"), 0))
    if whose == "person":
        edit(books, ORDER, Edit(service="Colissimo"), ANNA)
    assert books.orders[ORDER].service == "Colissimo"
    again = replace(PAID, service="Standard", contact=Contact("elodie@example.org", "+33142600000"))
    assert hear(books, told(again, 1)) == "changed"
    assert hear(books, told(replace(again, ship_to=LYON, lines=(NewLine(MUG, 1),)), 2)) == "changed"
    order = books.orders[ORDER]
    assert (order.service, order.phone, order.address) == ("Colissimo", "+33142600000", LYON)
    # What the shop asks for anew counts for more than a rule; between it and a person somebody chooses.
    anew = replace(again, ship_to=LYON, service="Chronopost")
    hear(books, told(anew, 3))
    if whose == "person":
        assert (books.orders[ORDER].service, state(books)[0]) == ("Colissimo", "held")
        choose(books, ORDER, {"service": "shop"}, ANNA)
    assert books.orders[ORDER].service == "Chronopost"
    edit(books, ORDER, Edit(service="DPD"), ANNA)
    hear(books, told(replace(anew, contact=Contact("elodie@example.org")), 4))
    assert (books.orders[ORDER].service, books.orders[ORDER].phone) == ("DPD", "")
    assert_provable(books)


DOOR = Note("packer", "Code 12B4")
MENDED_CONTACT = Contact("elodie@example.com", "+33142600000", "en")


def mend(books: Books) -> None:
    """The office puts right what the customer got wrong, and takes a mug off."""
    readdress(books, ORDER, MENDED, ANNA)
    recontact(books, ORDER, MENDED_CONTACT, ANNA)
    edit(books, ORDER, Edit((LineChange(1, 1),), gift_note="Bon anniversaire, Zoé !"), ANNA)
    annotate(books, ORDER, Note("office", "Called her."), ANNA)
    settle(books, AT)


@pytest.mark.feature("O1", "O7")
def test_a_shop_that_repeats_itself_undoes_nothing_that_the_office_mended() -> None:
    books, priced = shop(), replace(PAID, lines=(NewLine(MUG, 2, 1200), NewLine(TEA, 1, 1340)))
    hear(books, told(priced, 0))
    mend(books)
    assert hear(books, told(replace(priced, notes=(DOOR,)), 1)) == "changed"
    order = books.orders[ORDER]
    assert (order.address, order.name) == (MENDED, MENDED.name)
    assert (order.email, order.phone, order.language) == ("elodie@example.com", "+33142600000", "en")
    assert (order.gift_note, order.total) == ("Bon anniversaire, Zoé !", 2540)
    assert order.noted == (Note("office", "Called her."), DOOR)
    # The note is withdrawn; ours is not the shop's to withdraw.
    hear(books, told(priced, 2))
    assert books.orders[ORDER].noted == (Note("office", "Called her."),)
    assert ("shop_differs" in kinds(books), books.orders[ORDER].address) == (False, MENDED)
    assert_provable(books)


@pytest.mark.feature("O1", "O7")
def test_what_the_shop_alone_changed_is_followed_beside_what_the_office_mended() -> None:
    books = shop()
    hear(books, told(PAID, 0))
    readdress(books, ORDER, MENDED, ANNA)
    hear(
        books, told(replace(PAID, contact=Contact("e@example.org", "+33142600001"), gift_note="Joie !", total=3540), 1)
    )
    order = books.orders[ORDER]
    assert (order.address, order.email, order.phone) == (MENDED, "e@example.org", "+33142600001")
    assert (order.gift_note, order.total, kinds(books)) == ("Joie !", 3540, ["refund_due"])


@pytest.mark.feature("O1", "O7")
def test_what_both_changed_is_a_question_once_and_ours_stays_until_somebody_chooses() -> None:
    books = shop()
    hear(books, told(PAID, 0))
    mend(books)
    other = replace(PAID, ship_to=LYON, contact=Contact("zoe@example.org"), gift_note="Joie !")
    for _ in range(2):
        hear(books, told(other, 2))
        hear(books, told(PAID, 1))
    assert (books.orders[ORDER].address, books.orders[ORDER].gift_note) == (MENDED, "Bon anniversaire, Zoé !")
    assert [reason.code for reason in books.orders[ORDER].reasons] == ["shop.address", "shop.email", "shop.gift_note"]
    assert [row.what for row in books.timeline].count("order_held") == 1
    # Once the office has the shop's address, the shop's next word finds nothing to choose about it.
    readdress(books, ORDER, LYON, ANNA)
    hear(books, told(replace(other, contact=Contact("zoe@example.org", "+33142600009")), 3))
    assert [reason.code for reason in books.orders[ORDER].reasons] == ["shop.email", "shop.phone", "shop.gift_note"]
    choose(books, ORDER, {"email": "shop", "phone": "ours", "gift_note": "ours"}, ANNA)
    settle(books, AT)
    order = books.orders[ORDER]
    assert (order.email, order.phone, state(books)[0]) == ("zoe@example.org", "+33142600000", "open")
    assert kinds(books) == []


@pytest.mark.feature("O1", "O7")
def test_of_what_has_left_a_note_is_no_question_and_an_address_is() -> None:
    books = shop()
    hear(books, told(PAID, 0))
    readdress(books, ORDER, MENDED, ANNA)
    for line in books.lines.of(ORDER):
        books.lines.put(replace(line, packed=line.ordered, shipped=line.ordered, reserved=0))
    hear(books, told(replace(PAID, notes=(DOOR,)), 1))
    assert kinds(books) == []
    hear(books, told(replace(PAID, ship_to=LYON, notes=(DOOR,)), 2))
    assert (books.orders[ORDER].address, kinds(books)) == (MENDED, ["shop_differs"])


@pytest.mark.feature("O1", "O7")
@pytest.mark.parametrize("mended", [False, True])
def test_where_nobody_kept_what_the_shop_told_an_order_as_it_came_follows_and_another_asks(mended: bool) -> None:
    """Orders of before words were kept, and those that came by another door first."""
    books = shop()
    hear(books, told(NEW, 0))
    if mended:
        readdress(books, ORDER, MENDED, ANNA)
    books.shop_orders.put(replace(books.shop_orders[key_of("boutique", "5940")], told=""))
    hear(books, told(replace(NEW, ship_to=LYON), 1))
    assert books.orders[ORDER].address == (MENDED if mended else LYON)
    assert state(books)[0] == ("held" if mended else "awaiting_payment")


@settings(max_examples=40)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.integers(0, 7))
def test_no_word_of_an_unmoved_customer_in_any_order_moves_what_the_office_mended(said: list[int], when: int) -> None:
    words = [told(replace(PAID, notes=(Note("packer", f"Note {second}"),)), second) for second in range(4)]
    books = shop()
    hear(books, told(PAID, 0))
    for place, each in enumerate(said):
        if place == min(when, len(said) - 1):
            mend(books)
        hear(books, words[each])
    assert (books.orders[ORDER].address, books.orders[ORDER].email) == (MENDED, "elodie@example.com")
    assert kinds(books) == []
    assert_provable(books)


@pytest.mark.feature("O1", "O7")
def test_other_lines_are_followed_and_the_shops_total_counts() -> None:
    books = shop()
    hear(books, told(PAID, 0))
    more = replace(PAID, lines=(NewLine(MUG, 3), NewLine(LAMP, 1)), total=4990)
    assert hear(books, told(more, 1)) == "changed"
    assert [(line.sku, line.wanted, line.reserved) for line in books.lines.of(ORDER)] == [
        (MUG, 3, 3),
        (TEA, 0, 0),
        (LAMP, 1, 1),
    ]
    assert (state(books), books.orders[ORDER].total) == (("awaiting_payment", "partly_paid"), 4990)
    assert hear(books, told(more, 1)) == "unchanged"
    assert_provable(books)


@pytest.mark.feature("O1")
def test_what_has_left_is_not_changed_but_told() -> None:
    books = shop()
    hear(books, told(PAID, 0))
    for line in books.lines.of(ORDER):
        books.lines.put(replace(line, packed=line.ordered, shipped=line.ordered, reserved=0))
    hear(books, told(replace(PAID, cancelled=True), 1))
    hear(books, told(replace(PAID, ship_to=LYON), 2))
    assert (state(books)[0], books.orders[ORDER].address) == ("shipped", ADDRESS)
    assert kinds(books) == ["shop_differs", "shop_differs"]


@pytest.mark.feature("O1")
def test_an_order_of_another_shop_with_this_number_is_left_alone() -> None:
    books = shop()
    hear(books, told(NEW, 0))
    before = books.orders[ORDER]
    other = ShopOrder("77", AT + 9000, replace(NEW, placed_at=AT + 60_000, cancelled=True))
    assert follow(books, "other", other, BY) == "unchanged"
    assert books.orders[ORDER] == before
    assert kinds(books) == ["shop_differs"]


@pytest.mark.feature("O1")
def test_a_deleted_order_is_cancelled_and_stays_so() -> None:
    books = shop()
    assert throw_away(books, "boutique", Gone("5940"), BY) == "unchanged"
    hear(books, told(NEW, 0))
    assert throw_away(books, "boutique", Gone("5940"), BY) == "changed"
    settle(books, AT)
    assert hear(books, told(PAID, 5)) == "older"
    assert state(books) == ("cancelled", "awaiting")


HISTORY = (
    told(NEW, 0),
    told(replace(NEW, payment=Payment("card", "ch_1", 1000)), 1),
    told(PAID, 2),
    told(replace(PAID, ship_to=LYON), 3),
    told(replace(PAID, ship_to=LYON, service="Express"), 4, refunded=500),
    told(replace(PAID, ship_to=LYON, service="Express", cancelled=True), 5, refunded=3740),
)


@settings(max_examples=60)
@given(st.integers(1, len(HISTORY)), st.lists(st.integers(0, 5), max_size=8), st.randoms(use_true_random=False))
def test_in_any_order_and_number_the_newest_word_counts(upto: int, again: list[int], chance: object) -> None:
    deliveries = [*HISTORY[:upto], *(HISTORY[:upto][each % upto] for each in again)]
    chance.shuffle(deliveries)  # type: ignore[attr-defined]
    books, straight = shop(), shop()
    for word in deliveries:
        hear(books, word)
    for word in HISTORY[:upto]:
        hear(straight, word)
    ours, theirs = books.orders[ORDER], straight.orders[ORDER]
    # Where a cancelled order would have gone is nobody's business any more.
    where = () if theirs.cancelled else ("ship_to", "service")
    for field in ("status", "payment", "paid_amount", "refunded_amount", "cancelled", "content", *where):
        assert getattr(ours, field) == getattr(theirs, field), field
    assert_provable(books)


PRICED = replace(PAID, lines=(NewLine(MUG, 2, 1000), NewLine(TEA, 1, 1740)))


def split(books: Books) -> OrderId:
    """One of the two mugs goes its own way."""
    return split_off(books, ORDER, numbers_for(ORDER, ""), (LineChange(1, 1),), ANNA)


@pytest.mark.feature("O1", "O3", "O6")
def test_what_a_shop_gives_back_of_a_split_order_is_on_record_once() -> None:
    books = shop()
    hear(books, told(PRICED, 1))
    second = split(books)
    for second_told in (2, 3):
        hear(books, told(PRICED, second_told, refunded=500))
    kept = {row.order_id: row.paid_amount - row.refunded_amount for row in books.orders}
    assert kept == {ORDER: 2740 - 500, second: 1000}
    assert kinds(books) == []
    for second_told in (4, 5):
        hear(books, told(PRICED, second_told, refunded=3740))
    kept = {row.order_id: row.paid_amount - row.refunded_amount for row in books.orders}
    assert kept == {ORDER: 0, second: 1000}
    assert [problem.text for problem in books.problems if "10.00 EUR more back" in problem.text]
    assert kinds(books) == ["shop_differs"]
    assert_provable(books)


@pytest.mark.feature("O1", "O6")
@pytest.mark.parametrize("door", ["webhook", "deleted", "file"])
def test_what_a_shop_cancels_of_which_a_part_was_split_off_is_told(door: str) -> None:
    books = shop()
    hear(books, told(PRICED, 1))
    split(books)
    for _ in range(2):
        if door == "webhook":
            hear(books, told(replace(PRICED, cancelled=True), 2))
        elif door == "deleted":
            throw_away(books, "boutique", Gone("5940"), BY)
        else:
            accept(books, replace(PRICED, cancelled=True), BY)
        settle(books, AT)
    assert state(books)[0] == "cancelled"
    problems = [problem for problem in books.problems if problem.kind == "shop_differs"]
    assert [f"1 × {MUG} of it are not here" in problem.text for problem in problems] == [True]
    assert_provable(books)
