"""Accounts, sessions and tokens: what may be, and who is told."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.intake.fields import BadField
from central.people import rules, sessions, tokens
from central.people.model import Details, details_of, new_password, sign_in_name
from central.people.rows import AccountRow, SessionRow
from central.people.scopes import AREAS, EVERYTHING, OF_ROLE, SCOPES, needed
from central.people.tokens import NewToken, token_of
from central.people.trail import Author, trail
from central.stations.rows import StationRow
from contract.messages import Configure
from tests.central.shop import AT, MUG, shop

BOSS = AccountRow("boss", "Boss", role="admin", password="hash")


def books(*rows: AccountRow) -> Books:
    made = Books()
    made.accounts.fill((BOSS, *rows))
    return made


@pytest.mark.feature("R5")
def test_a_badge_is_one_persons_whatever_its_case() -> None:
    made = books(AccountRow("anna", "Anna", badge="A-100"))
    with pytest.raises(Refused, match="Anna has badge a-100"):
        rules.add(made, "ben", Details("Ben", badge="a-100"), "", AT)
    rules.set_badge(made, "anna", "B-200", AT)
    rules.add(made, "ben", Details("Ben", badge="a-100"), "", AT)
    assert made.person("A-100") == made.accounts["ben"].person
    with pytest.raises(Refused, match="There is an account ben already"):
        rules.add(made, "ben", Details("Ben"), "", AT)


@pytest.mark.feature("R5")
def test_the_last_admin_stays() -> None:
    made = books()
    with pytest.raises(Refused, match="Boss is the last admin"):
        rules.set_active(made, "boss", False, AT)
    with pytest.raises(Refused, match="Boss is the last admin"):
        rules.change(made, "boss", Details("Boss", role="office"), AT)
    rules.add(made, "paul", Details("Paul", role="admin", badge="1003"), "", AT)
    with pytest.raises(Refused, match="Boss is the last admin"):  # a badge opens no page
        rules.set_active(made, "boss", False, AT)
    rules.add(made, "vera", Details("Vera", role="admin"), "hash", AT)
    rules.set_active(made, "boss", False, AT)
    rules.set_active(made, "paul", False, AT)
    assert not made.accounts["boss"].active


@pytest.mark.feature("P1", "R5")
def test_benches_that_are_online_are_told_at_once_and_others_are_not() -> None:
    made = books(AccountRow("anna", "Anna", badge="1001"), AccountRow("ben", "Ben", badge="1002"))
    made.stations.fill((StationRow("pack-1", online=True), StationRow("pack-2", online=False)))
    rules.set_active(made, "anna", False, AT)
    rules.tell_benches(made, ())
    (letter,) = made.letters
    assert letter.station == "pack-1"
    assert isinstance(letter.item, Configure)
    assert [person.badge for person in letter.item.people] == ["1002"]
    rules.change(made, "ben", replace_name(made.accounts["ben"], "Ben"), AT)
    rules.tell_benches(made, ())
    assert len(made.letters) == 1


def replace_name(row: AccountRow, name: str) -> Details:
    return Details(name, row.email, row.role, row.badge, row.language)


@pytest.mark.feature("R5")
def test_who_goes_is_signed_out_everywhere_and_who_changes_the_password_everywhere_else() -> None:
    made = books(AccountRow("anna", "Anna", password="hash"))
    made.sessions.fill(SessionRow(name, "anna", AT, AT, AT + sessions.LONGEST_MS) for name in ("here", "there"))
    made.sessions.fill([SessionRow("boss", "boss", AT, AT, AT + sessions.LONGEST_MS)])
    rules.set_password(made, "anna", "other", AT, by_themselves=True, session="here")
    over = {row.session: sessions.is_over(row, AT) for row in made.sessions}
    assert over == {"here": False, "there": True, "boss": False}
    rules.set_active(made, "anna", False, AT)
    assert sessions.is_over(made.sessions["here"], AT)


@pytest.mark.parametrize(
    ("seen_after", "asked_after", "over"),
    [
        (0, sessions.IDLE_MS, False),
        (0, sessions.IDLE_MS + 1, True),
        (sessions.LONGEST_MS - 1, sessions.LONGEST_MS - 1, False),
        (sessions.LONGEST_MS - 1, sessions.LONGEST_MS, True),
    ],
)
def test_a_session_ends_when_nobody_asks_and_at_last_in_any_case(seen_after: int, asked_after: int, over: bool) -> None:
    row = SessionRow("s", "anna", AT, AT + seen_after, AT + sessions.LONGEST_MS)
    assert sessions.is_over(row, AT + asked_after) is over


@pytest.mark.feature("R5", "R6")
def test_a_session_of_a_clock_that_was_ahead_is_over_when_it_is_right_again() -> None:
    at = AT + 365 * 24 * 3_600_000
    row = SessionRow("s", "anna", at, at, at + sessions.LONGEST_MS)
    assert not sessions.is_over(row, at - sessions.IDLE_MS)
    assert sessions.is_over(row, AT)


def must_wait(made: Books, account: str, at: int) -> int:
    """Seconds; 0 when the try was taken."""
    try:
        sessions.attempt(made, account, "10.0.0.1", at)
    except Refused as error:
        return int(error.value)
    return 0


@pytest.mark.feature("R5")
def test_who_guesses_waits_longer_each_time_and_a_stranger_to_us_no_less() -> None:
    for account in ("boss", "nobody"):
        made, at, waits = books(), AT, []
        for _ in range(14):
            if wait_s := must_wait(made, account, at):
                waits.append(wait_s)
                at += wait_s * 1000
                assert must_wait(made, account, at - 1) == 1
                assert must_wait(made, account, at) == 0
        assert waits == [15, 30, 60, 120, 240, 480, 900, 900, 900]


@pytest.mark.feature("R5", "R6")
@pytest.mark.parametrize("ahead_ms", [60_000, 3_600_000, 5 * 365 * 24 * 3_600_000])
def test_who_signed_in_while_the_clock_was_ahead_is_not_kept_out_when_it_is_right_again(ahead_ms: int) -> None:
    made = books()
    sessions.attempt(made, "boss", "10.0.0.1", AT + ahead_ms)
    sessions.begin(made, "boss", "10.0.0.1", "s", "", AT + ahead_ms)
    assert [must_wait(made, "boss", AT) for _ in range(6)] == [0, 0, 0, 0, 0, 15]


@pytest.mark.feature("R5")
def test_an_address_that_guesses_at_many_names_waits_after_thirty_and_others_do_not() -> None:
    made = books()
    assert [must_wait(made, f"name-{number}", AT) for number in range(31)] == [0] * 30 + [15]
    sessions.attempt(made, "name-31", "10.0.0.2", AT)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 40_000)), max_size=60))
def test_no_pace_of_guessing_gets_more_tries_than_allowed(tries: list[tuple[str, int]]) -> None:
    """However names are mixed and paced: beyond the free tries, each name gets at most one try in 15 seconds."""
    made, at = books(), AT
    taken: dict[str, list[int]] = {}
    for name, later in tries:
        at += later
        try:
            sessions.attempt(made, name, "10.0.0.1", at)
        except Refused:
            continue
        taken.setdefault(name, []).append(at)
    for moments in taken.values():
        late = moments[4:]
        assert all(after - before >= 15_000 for before, after in pairwise(late))


def test_a_sign_in_frees_the_name_and_not_the_address() -> None:
    made = books()
    for _ in range(5):
        sessions.attempt(made, "boss", "10.0.0.1", AT)
    sessions.begin(made, "boss", "10.0.0.1", "s", "", AT)
    assert [made.attempts[key].count for key in sessions.attempts_of("boss", "10.0.0.1")] == [0, 4]


@pytest.mark.feature("I2")
def test_nobody_gives_a_right_away_that_they_do_not_have() -> None:
    made = Books()
    with pytest.raises(Refused, match="You do not have the right people:write yourself"):
        tokens.create(made, NewToken("shop", ("people:write",)), "x", OF_ROLE["office"], "anna", AT)
    tokens.create(made, NewToken("shop", ("orders:read",), 1), "x", OF_ROLE["office"], "anna", AT)
    row = made.tokens["shop"]
    assert [tokens.is_over(row, AT + hours * 3_600_000) for hours in (0, 23, 24)] == [False, False, True]
    tokens.revoke(made, "shop", AT)
    assert tokens.is_over(made.tokens["shop"], AT)
    with pytest.raises(Refused, match="There is, or was, a token shop"):
        tokens.create(made, NewToken("shop", ("orders:read",)), "x", EVERYTHING, "anna", AT)


@pytest.mark.feature("R5")
def test_each_role_may_do_what_the_one_below_may() -> None:
    assert OF_ROLE["packer"] < OF_ROLE["lead"] < OF_ROLE["office"] < OF_ROLE["admin"] == EVERYTHING
    assert {needed(area, method) for area in AREAS for method in ("GET", "POST")} == set(SCOPES)
    assert not any(scope.split(":")[0] in ("people", "settings") for scope in OF_ROLE["office"])


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "A\x07"}, "name"),
        ({"name": "A", "email": "a@b"}, "email"),
        ({"name": "A", "email": "a b@example.fr"}, "email"),
        ({"name": "A", "badge": "x"}, "badge"),
        ({"name": "A", "badge": "BADGE-"}, ""),
        ({"name": "A", "role": "king"}, "role"),
        ({"name": "A", "language": "de"}, "language"),
    ],
)
def test_what_is_wrong_with_a_person_is_told_beside_its_field(row: dict[str, str], field: str) -> None:
    if not field:
        assert details_of(row).badge == ""
        return
    with pytest.raises(BadField) as caught:
        details_of(row)
    assert caught.value.field == field


@pytest.mark.parametrize("name", ["", "Ä", "a b", "-a", "a-", "a/b", "x" * 41])
def test_sign_in_names_are_plain(name: str) -> None:
    with pytest.raises(BadField):
        sign_in_name({"account": name})
    assert sign_in_name({"account": " Anna.B "}) == "anna.b"


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaa", "anna-12345", "x" * 201])
def test_a_weak_password_is_refused_and_never_repeated(password: str) -> None:
    with pytest.raises(BadField) as caught:
        new_password({"password": password}, "anna")
    assert caught.value.value == ""
    assert not password or password not in str(caught.value)
    assert new_password({"password": "correct horse"}, "anna") == "correct horse"


def test_a_token_wants_a_name_and_rights_that_there_are() -> None:
    for row, wanted in (({"name": "a\nb"}, SCOPES), ({"name": "a"}, ()), ({"name": "a"}, ("own:write",))):
        with pytest.raises(BadField):
            token_of(row, wanted)
    assert token_of({"name": "shop", "days": "30"}, ["stock:read", "orders:read"]) == NewToken(
        "shop", ("orders:read", "stock:read"), 30
    )


@pytest.mark.feature("R5")
def test_the_trail_tells_what_a_command_changed_and_no_secret() -> None:
    loaded = shop(("P-1", [(MUG, 2)]))
    made = Books()
    made.orders.fill(loaded.orders)
    made.lines.fill(loaded.lines)
    made.accounts.fill([BOSS])
    made.author = Author("anna", "POST /orders/P-1/hold", AT)
    (order,) = made.orders
    (line,) = made.lines
    made.orders.put(replace(order, gift_note="For Eve", changed_at=AT + 5))
    made.lines.put(replace(line, cancelled=1))
    made.accounts.put(replace(BOSS, password="other", active=False))
    entries = {entry.subject: (json.loads(entry.before), json.loads(entry.after)) for entry in trail(made)}
    assert entries == {
        "order/P-1": ({"gift_note": "", "line 1 cancelled": 0}, {"gift_note": "For Eve", "line 1 cancelled": 1}),
        "account/boss": ({"active": True, "password": "…"}, {"active": False, "password": "…"}),
    }
    made.author = None
    assert trail(made) == []
