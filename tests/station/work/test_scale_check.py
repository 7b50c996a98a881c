"""The check weight: the procedure at the bench, what it records, what follows when it is late; zero and tare."""

import pytest

from contract.keys import StationId
from contract.messages import OpenWork, ProblemRaised, ScaleChecked
from station.devices.ports import DeviceStatus, Health, Kind, Lamp, ScaleOrder, ScaleState
from station.work.answers import Say
from station.work.effects import OrderScale
from station.work.inputs import DeviceChange, PrintUncertain
from station.work.scale_check import overdue
from station.work.session import CheckRule, Settings
from tests.station.work.story import MUG_EAN, Bench, job_of, mug

pytestmark = pytest.mark.feature("D14")

HOUR_S = 3_600
RULE = CheckRule(weight_g=2_000, tolerance_g=4, every_h=24, overdue="warn")
BOTH = (ScaleOrder.ZERO, ScaleOrder.TARE)


def bench_with(rule: CheckRule | None, orders: tuple[ScaleOrder, ...] = ()) -> Bench:
    settings = Settings(station=StationId("bench-1"), language="en", check=rule, idle_sign_out_s=0)
    bench = Bench(settings).ready()
    return bench.give(DeviceChange(bench.at, DeviceStatus("scale", Kind.SCALE, Health.OK, orders=orders)))


def stand(bench: Bench, grams: int) -> Bench:
    """Leave this on the platform long enough to count."""
    return bench.weigh(grams).weigh(grams).weigh(grams)


def check(bench: Bench, shown: int = 2_000, *, zero: int = 0, back: int = 0) -> Bench:
    bench.scan("PK-CHECKSCALE")
    stand(bench, zero)
    stand(bench, shown)
    return stand(bench, back)


def test_the_screen_leads_through_the_check() -> None:
    bench = bench_with(RULE).scan("PK-CHECKSCALE")
    assert bench.phase == "CheckingScale"
    assert bench.screen.sentence == "Empty the scale"
    assert bench.screen.weight is not None
    stand(bench, 0)
    assert bench.screen.sentence == "Put the check weight on: 2000 g"
    assert (bench.screen.weight.low_g, bench.screen.weight.high_g) == (1_996, 2_004)
    stand(bench, 2_001)
    assert bench.screen.sentence == "Take the check weight off"
    stand(bench, 1)
    assert (bench.phase, bench.said, bench.lamp) == ("Idle", Say.SCALE_IS_RIGHT, Lamp.DONE)
    assert bench.screen.sentence == "Scan an order"
    assert bench.recorded(ScaleChecked) == [
        ScaleChecked(
            scale="scale",
            at=bench.at,
            badge="0001",
            weight_g=2_000,
            tolerance_g=4,
            zero_g=0,
            shown_g=2_001,
            return_g=1,
            passed=True,
            due_at=bench.at + 24 * HOUR_S * 1_000,
            empty_low_g=0,
            empty_high_g=1,
        )
    ]


@pytest.mark.parametrize(("shown", "zero", "back"), [(2_005, 0, 0), (1_995, 0, 0), (2_000, 5, 0), (2_000, 0, -5)])
def test_a_scale_that_is_off_loaded_or_empty_fails_and_the_office_hears_of_it(shown: int, zero: int, back: int) -> None:
    bench = bench_with(RULE).scan("PK-CHECKSCALE")
    stand(bench, zero)
    if zero:
        bench.scan("PK-CONFIRM")
    stand(bench, shown)
    stand(bench, back)
    assert (bench.phase, bench.said, bench.lamp) == ("Idle", Say.SCALE_IS_WRONG, Lamp.STOP)
    (fact,) = bench.recorded(ScaleChecked)
    assert (fact.passed, fact.due_at) == (False, bench.at)
    (problem,) = bench.recorded(ProblemRaised)
    assert problem.kind == "scale_check_failed"
    assert f"shows {shown} g for a weight of 2000 g" in problem.text


def test_motion_a_passing_hand_and_too_little_are_not_the_check_weight() -> None:
    bench = bench_with(RULE).scan("PK-CHECKSCALE")
    stand(bench, 0)
    bench.weigh(2_000, ScaleState.MOTION).weigh(2_000).weigh(2_000, ScaleState.MOTION).weigh(2_000)
    assert bench.screen.sentence.startswith("Put the check weight on")
    stand(bench, 900)
    assert bench.screen.sentence.startswith("Put the check weight on")
    bench.weigh(None, ScaleState.OVERLOAD)
    assert bench.screen.sentence == "Too heavy for the scale"
    stand(bench, 2_000)
    assert bench.screen.sentence == "Take the check weight off"


def test_what_lies_on_the_platform_is_not_taken_for_zero() -> None:
    bench = bench_with(RULE).scan("PK-CHECKSCALE")
    stand(bench, 300)
    assert bench.screen.sentence == "Empty the scale"


def test_the_scale_may_be_zeroed_before_the_weight_is_put_on() -> None:
    bench = bench_with(RULE, BOTH).scan("PK-CHECKSCALE").weigh(8).scan("PK-ZERO")
    assert (orders(bench), bench.phase) == ([ScaleOrder.ZERO], "CheckingScale")
    assert "PK-ZERO" in {action.code for action in bench.screen.actions}
    stand(bench, 0)
    assert (bench.scan("PK-ZERO").said, orders(bench)) == (Say.FINISH_CHECK, [])


def test_the_check_is_left_by_cancel_by_signing_out_and_by_another_badge() -> None:
    assert bench_with(RULE).scan("PK-CHECKSCALE", "PK-CANCEL").phase == "Idle"
    assert bench_with(RULE).scan("PK-CHECKSCALE", "PK-SIGNOUT").phase == "SignedOut"
    assert bench_with(RULE).scan("PK-CHECKSCALE", "BADGE-0001").phase == "SignedOut"
    bench = bench_with(RULE).scan("PK-CHECKSCALE", "BADGE-0007")
    assert (bench.phase, bench.screen.packer) == ("Idle", "Léa")
    assert bench.recorded(ScaleChecked) == []


def test_an_order_is_not_opened_in_the_middle_of_a_check() -> None:
    bench = bench_with(RULE).scan("PK-CHECKSCALE", "A-1001")
    assert (bench.phase, bench.said) == ("CheckingScale", Say.FINISH_CHECK)


def test_a_check_in_the_middle_of_an_order_waits() -> None:
    bench = bench_with(None).open(job_of(mug(2))).scan(MUG_EAN, "PK-CHECKSCALE")
    assert (bench.phase, bench.said) == ("Packing", Say.NOT_NOW)


def test_a_bench_without_a_check_weight_says_so_and_never_asks() -> None:
    bench = bench_with(None)
    assert bench.screen.sentence == "Scan an order"
    assert bench.scan("PK-CHECKSCALE").said is Say.NO_SCALE_CHECK
    assert "PK-CHECKSCALE" not in {action.code for action in bench.screen.actions}


def test_overdue_warns_and_lets_the_packer_work() -> None:
    bench = bench_with(RULE)
    assert bench.screen.sentence == "Check the scale, or scan an order"
    assert [action.code for action in bench.screen.actions if action.primary] == ["PK-CHECKSCALE"]
    check(bench)
    assert bench.screen.sentence == "Scan an order"
    stand(bench.wait(24 * HOUR_S + 1), 0)
    assert bench.screen.sentence == "Check the scale, or scan an order"
    bench.scan("A-1001")
    assert bench.phase == "Opening"


def test_overdue_blocks_where_the_shop_wants_it_until_the_check_passes() -> None:
    bench = bench_with(CheckRule(2_000, 4, 24, "block"))
    bench.scan("A-1001")
    assert (bench.phase, bench.said, bench.lamp) == ("Idle", Say.CHECK_SCALE_FIRST, Lamp.STOP)
    assert (bench.screen.sentence, bench.screen.tone) == ("Check the scale first", "stop")
    assert "2000 g" in bench.screen.why
    check(bench, 2_100)
    assert bench.scan("A-1001").phase == "Idle"
    check(bench)
    bench.scan("A-1001")
    assert bench.asks == [OpenWork("A-1001", "0001")]


def test_an_order_that_was_begun_in_time_is_finished() -> None:
    bench = bench_with(CheckRule(2_000, 4, 24, "block"))
    check(bench).open(job_of(mug(1))).wait(25 * HOUR_S)
    bench.weigh(0).scan(MUG_EAN).put_down(312)
    assert bench.phase == "Labelling"


def test_the_zero_that_creeps_between_two_checks_is_told_with_the_next() -> None:
    bench = bench_with(RULE)
    check(bench)
    bench.weigh(2).weigh(-3).weigh(1).weigh(700).weigh(1, ScaleState.MOTION).weigh(0)
    check(bench)
    second = bench.recorded(ScaleChecked)[-1]
    assert (second.empty_low_g, second.empty_high_g) == (-3, 2)
    check(bench)
    third = bench.recorded(ScaleChecked)[-1]
    assert (third.empty_low_g, third.empty_high_g) == (0, 0)


def test_a_scale_that_goes_away_becomes_the_sentence() -> None:
    bench = bench_with(RULE).scan("PK-CHECKSCALE").device(Kind.SCALE, Health.LOST, "unplugged")
    assert bench.screen.sentence == "The scale is not connected"


def orders(bench: Bench) -> list[ScaleOrder]:
    return [effect.order for effect in bench.effects if isinstance(effect, OrderScale)]


@pytest.mark.feature("D6")
def test_zero_is_given_to_an_empty_scale_only() -> None:
    bench = bench_with(None, BOTH).weigh(7).scan("PK-ZERO")
    assert orders(bench) == [ScaleOrder.ZERO]
    bench.weigh(400).scan("PK-ZERO")
    assert (orders(bench), bench.said) == ([], Say.EMPTY_FIRST)
    bench.weigh(3, ScaleState.MOTION).scan("PK-ZERO")
    assert (orders(bench), bench.said) == ([], Say.SCALE_MOVES)
    bench.weigh(None, ScaleState.UNDERLOAD).scan("PK-ZERO")
    assert orders(bench) == [ScaleOrder.ZERO]


@pytest.mark.feature("D6")
def test_a_tare_is_taken_between_two_orders_and_shown_with_every_weight() -> None:
    bench = bench_with(None, BOTH).weigh(300).scan("PK-TARE")
    assert orders(bench) == [ScaleOrder.TARE]
    assert "300 g are taken off" in bench.screen.why
    bench.open(job_of(mug(1))).scan("PK-TARE")
    assert (orders(bench), bench.said) == ([], Say.NOT_NOW)


@pytest.mark.feature("D6")
def test_a_scale_that_cannot_be_told_has_a_key() -> None:
    bench = bench_with(None).scan("PK-ZERO")
    assert (orders(bench), bench.said) == ([], Say.SCALE_HAS_A_KEY)
    assert {"PK-ZERO", "PK-TARE"}.isdisjoint(action.code for action in bench.screen.actions)
    offered = {action.code for action in bench_with(None, BOTH).screen.actions}
    assert {"PK-ZERO", "PK-TARE"} <= offered


def test_a_clock_that_goes_back_holds_no_check_up() -> None:
    bench = bench_with(RULE).scan("PK-CHECKSCALE")
    stand(bench, 0).weigh(2_000).wait(-HOUR_S).weigh(2_000)
    assert bench.screen.sentence == "Take the check weight off"


def test_a_paper_that_may_not_have_come_out_waits_until_the_scale_is_checked() -> None:
    """The screen asks for the empty platform: what is answered there is about the check."""
    settings = Settings(station=StationId("bench-1"), language="en", check=RULE, has_slip_printer=True)
    bench = Bench(settings).ready().open(job_of(mug(1))).scan(MUG_EAN).put_down(312)
    slip, label = bench.printed("slip"), bench.label()
    bench.scan(label, "PK-CHECKSCALE").give(PrintUncertain(bench.wait().at, slip.print_id))
    codes = [action.code for action in bench.screen.actions]
    assert codes.count("PK-CANCEL") == 1
    assert "PK-YES" not in codes
    assert bench.scan("PK-CANCEL").phase == "Idle"
    assert bench.screen.sentence.startswith("Did the slip come out")
    assert bench.scan("PK-YES").session.papers == ()


def test_a_check_of_a_clock_that_was_far_ahead_is_late_when_it_is_right_again() -> None:
    bench = check(bench_with(RULE))
    assert bench.said is Say.SCALE_IS_RIGHT
    assert bench.wait(-23 * HOUR_S).screen.sentence == "Scan an order"
    assert overdue(bench.session, bench.wait(-2 * HOUR_S).at) == "late"
