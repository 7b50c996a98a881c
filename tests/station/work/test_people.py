"""Badges: signing in and out, unknown badges, leads, idleness."""

import pytest

from contract.messages import SignedIn, SignedOut, WhoIs
from contract.values import Person
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.inputs import AskFailed, Configured, PersonKnown, PersonUnknown
from tests.station.work.story import ANNA, LEA, MUG_EAN, SMALL, Bench, job_of, mug

pytestmark = pytest.mark.feature("P1")


def test_a_badge_signs_in_and_the_screen_speaks_its_language() -> None:
    bench = Bench().ready()
    assert bench.recorded(SignedIn) == [SignedIn("0001", bench.at)]
    assert (bench.phase, bench.said, bench.lamp) == ("Idle", Say.WELCOME, Lamp.SIGN_IN)
    assert bench.screen.packer == "Anna"
    assert bench.screen.sentence == "Scan an order"


def test_the_same_badge_signs_out() -> None:
    bench = Bench().ready().scan("badge-0001")
    assert bench.phase == "SignedOut"
    assert [fact.badge for fact in bench.recorded(SignedOut)] == ["0001"]


def test_another_badge_takes_over() -> None:
    bench = Bench().ready().scan("BADGE-0007")
    assert bench.screen.packer == "Léa"
    assert bench.screen.sentence == "Scannez une commande"
    assert [fact.badge for fact in bench.recorded(SignedOut)] == ["0001"]


def test_an_unknown_badge_is_asked_for_and_refused_with_a_reason() -> None:
    bench = Bench().scan("BADGE-zz9")
    assert WhoIs("zz9") in bench.asks
    bench.give(PersonUnknown(bench.wait().at, "zz9"))
    assert (bench.phase, bench.lamp) == ("SignedOut", Lamp.STOP)
    assert "Badge zz9 belongs to nobody" in bench.screen.why
    assert not bench.recorded(SignedIn)


def test_a_badge_that_central_knows_signs_in_when_the_answer_comes() -> None:
    bench = Bench().scan("BADGE-0042")
    bench.give(PersonKnown(bench.wait().at, Person("0042", "Ugo")))
    assert bench.screen.packer == "Ugo"
    bench.scan("BADGE-0042", "BADGE-0042")
    assert bench.asks == []


def test_a_badge_that_cannot_be_checked_says_so() -> None:
    bench = Bench().scan("BADGE-0042")
    bench.give(AskFailed(bench.wait().at, "WhoIs", "0042"))
    assert bench.said is Say.BADGE_NOT_CHECKED


def test_an_answer_about_another_badge_signs_nobody_in() -> None:
    bench = Bench().scan("BADGE-0042")
    bench.give(PersonKnown(bench.wait().at, ANNA))
    assert bench.phase == "SignedOut"


def test_idleness_signs_out() -> None:
    bench = Bench().ready().tick(599)
    assert bench.phase == "Idle"
    bench.tick(2)
    assert bench.phase == "SignedOut"
    assert bench.recorded(SignedOut)[-1].idle


def test_idleness_in_mid_order_keeps_the_order_for_the_next_badge() -> None:
    bench = Bench().ready().open(job_of(mug(2))).scan(MUG_EAN).tick(601)
    assert bench.phase == "Away"
    bench.scan(MUG_EAN)
    assert bench.said is Say.BADGE_FIRST
    bench.scan("BADGE-0007")
    assert bench.phase == "Packing"
    assert bench.screen.lines[0].packed == 1
    assert bench.screen.packer == "Léa"


def test_signing_out_in_mid_order_asks_twice_and_puts_the_order_down() -> None:
    bench = Bench().ready().open(job_of(mug(2))).scan(MUG_EAN, "PK-SIGNOUT")
    assert (bench.phase, bench.said) == ("Asking", Say.ASK_LEAVE)
    bench.scan("PK-NO")
    assert bench.phase == "Packing"
    bench.scan("BADGE-0001", "BADGE-0001")
    assert bench.phase == "SignedOut"
    assert bench.facts[-2].__class__.__name__ == "JobSuspended"


@pytest.mark.parametrize("code", ["A-1001", "PK-UNDO", "PK-CONFIRM", "BOX-S", MUG_EAN, "PK-NEXT"])
def test_nothing_is_done_before_somebody_is_signed_in(code: str) -> None:
    bench = Bench().scan(code)
    assert (bench.phase, bench.said, bench.lamp) == ("SignedOut", Say.BADGE_FIRST, Lamp.LOOK)


def test_a_packer_whose_badge_is_taken_away_is_signed_out_at_once() -> None:
    bench = Bench().ready()
    bench.give(Configured(bench.wait().at, (LEA,), (SMALL,)))
    assert (bench.phase, bench.lamp, bench.said) == ("SignedOut", Lamp.STOP, Say.BADGE_UNKNOWN)
    assert [fact.badge for fact in bench.recorded(SignedOut)] == ["0001"]
    bench.scan("BADGE-0001")
    assert WhoIs("0001") in bench.asks


def test_a_job_in_hand_waits_for_another_badge_when_its_packers_is_taken_away() -> None:
    bench = Bench().ready().open(job_of(mug(2)))
    bench.scan(MUG_EAN).give(Configured(bench.wait().at, (LEA,), (SMALL,)))
    assert bench.phase == "Away"
    bench.scan("BADGE-0007")
    assert (bench.phase, bench.screen.packer) == ("Packing", "Léa")


def test_a_list_that_still_has_the_packer_disturbs_nobody() -> None:
    bench = Bench().ready()
    bench.give(Configured(bench.wait().at, (ANNA, LEA), (SMALL,)))
    assert (bench.phase, bench.said) == ("Idle", Say.WELCOME)


def test_an_admin_lets_pass_what_a_lead_may_and_an_office_badge_does_not() -> None:
    for role, phase in (("admin", "Asking"), ("lead", "Asking"), ("office", "OnScale")):
        bench = Bench().ready().open(job_of(mug(1)))
        boss = Person("0099", "Vera", role, "en")  # type: ignore[arg-type]
        bench.give(Configured(bench.wait().at, (ANNA, boss), (SMALL,)))
        bench.scan(MUG_EAN).put_down(5_000).scan("BADGE-0099")
        assert bench.phase == phase, role
