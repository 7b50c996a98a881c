"""Any code opens the work."""

import pytest
from msgspec.structs import replace

from contract.messages import NEXT_WORK, JobFinished, JobOpened, JobReturned, OpenWork, ProblemRaised, WorkRefused
from contract.values import PackedLine
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.inputs import AskFailed, JobArrived, WorkWasRefused
from station.work.phases import Packing
from tests.station.work.story import MUG, MUG_EAN, TEA, TEA_EAN, Bench, job_of, mug, tea

pytestmark = pytest.mark.feature("P2")


@pytest.mark.parametrize(
    ("scanned", "asked"),
    [
        ("A-1001", "A-1001"),
        ("  TOTE-4\r", "TOTE-4"),
        (f"]E0{MUG_EAN}", MUG_EAN),
        (f"]C1010{MUG_EAN}10LOT", f"0{MUG_EAN}"),
        ("]C100340123450000000017", "340123450000000017"),
        ("1Z999AA10123456784", "1Z999AA10123456784"),
        ("10000123", "10000123"),
    ],
)
def test_any_code_is_asked_for(scanned: str, asked: str) -> None:
    bench = Bench().ready().scan(scanned)
    assert OpenWork(asked, "0001") in bench.asks
    assert (bench.phase, bench.lamp, bench.screen.tone) == ("Opening", Lamp.WAIT, "wait")


def test_a_misread_product_opens_nothing() -> None:
    bench = Bench().ready().scan("]E04006381333932")
    assert (bench.phase, bench.asks) == ("Idle", [])
    assert "check digit is 2, it should be 1" in bench.screen.why


def test_the_job_that_comes_is_opened() -> None:
    bench = Bench().ready().open(job_of(mug(2)))
    assert (bench.phase, bench.lamp) == ("Packing", Lamp.GOOD)
    assert bench.recorded(JobOpened) == [JobOpened("J-1", 3, "0001", bench.at)]
    assert bench.screen.title == "A-1001 · Lyon"


def test_a_product_that_opened_its_order_is_in_hand_already() -> None:
    bench = Bench().ready().scan(MUG_EAN)
    bench.give(JobArrived(bench.wait().at, job_of(mug(1))))
    assert bench.phase == "OnScale"
    assert bench.screen.lines[0].packed == 1


def test_what_the_opening_code_says_of_its_piece_counts() -> None:
    def opened_by(fields: str) -> Bench:
        bench = Bench().ready().scan(f"]C1010{MUG_EAN}{fields}")
        return bench.give(JobArrived(bench.wait().at, job_of(mug(2))))

    told = opened_by("17291130" + "10L-7").session.phase
    assert isinstance(told, Packing)
    assert [(piece.lot, piece.expiry) for piece in told.work.parcel.pieces] == [("L-7", "2029-11-30")]
    expired = opened_by("17201130")
    assert (expired.said, expired.phase, expired.screen.lines[0].packed) == (Say.EXPIRED, "Packing", 0)


def test_central_refuses_with_its_own_sentence() -> None:
    bench = Bench().ready().scan("A-9")
    refusal = WorkRefused("A-9", "unpaid", "A-9 is not paid yet: put it aside.", "A-9 n'est pas payée.")
    bench.give(WorkWasRefused(bench.wait().at, refusal))
    assert (bench.phase, bench.lamp) == ("Idle", Lamp.STOP)
    assert bench.screen.why == "A-9 is not paid yet: put it aside."
    bench.scan("PK-LANGUAGE")
    assert bench.screen.language == "fr"


def test_no_answer_is_said_clearly() -> None:
    bench = Bench().ready().scan("A-9")
    bench.give(AskFailed(bench.wait().at, "OpenWork", "A-9"))
    assert bench.phase == "Idle"
    assert "The centre does not answer for A-9" in bench.screen.why


def test_waiting_can_be_stopped_and_a_late_job_changes_nothing() -> None:
    bench = Bench().ready().scan("A-9", "PK-CANCEL")
    assert bench.phase == "Idle"
    bench.give(JobArrived(bench.wait().at, job_of(mug(1))))
    assert bench.phase == "Idle"


def test_the_answer_to_another_code_is_not_this_one() -> None:
    bench = Bench().ready().scan("A-9", "PK-CANCEL", "A-10")
    bench.give(JobArrived(bench.wait().at, job_of(mug(1)), code="A-9"))
    assert bench.phase == "Opening"


def test_the_wrong_order_goes_back_unworked() -> None:
    bench = Bench().ready().open(job_of(mug(1))).scan("PK-CANCEL")
    assert bench.phase == "Idle"
    assert [fact.reason for fact in bench.recorded(JobReturned)] == ["unworked"]


def test_an_order_with_nothing_left_is_finished_at_once() -> None:
    bench = Bench().ready().open(job_of(mug(0)))
    assert bench.phase == "Idle"
    assert len(bench.recorded(JobFinished)) == 1


@pytest.mark.feature("P17")
def test_a_job_goes_on_where_another_bench_put_it_down() -> None:
    held = (PackedLine(*("A-1001", 1, MUG), 2, (MUG_EAN, MUG_EAN)),)
    bench = Bench().ready().open(replace(job_of(mug(2), tea(1)), in_hand=held, parcels_closed=1))
    assert bench.said is Say.RESUMED
    assert bench.screen.parcel == 2
    bench.scan(MUG_EAN)
    assert bench.said is Say.TOO_MANY
    bench.scan(TEA_EAN).put_down(100 + 2 * 212 + 60).scan(bench.label())
    assert bench.parcels[0].contents[0] == held[0]
    assert bench.parcels[0].number == 2


def test_what_the_edited_order_does_not_want_any_more_is_named() -> None:
    held = (PackedLine(*("A-1001", 1, MUG), 3, (MUG_EAN,) * 3),)
    bench = Bench().ready().open(replace(job_of(mug(1)), in_hand=held))
    assert (bench.said, bench.lamp) == (Say.IN_HAND_EXCESS, Lamp.STOP)
    assert "3 × B-17" in bench.screen.why
    assert [fact.kind for fact in bench.recorded(ProblemRaised)] == ["in_hand_excess"]


@pytest.mark.parametrize("code", ["A-1001", MUG_EAN])
def test_what_has_to_come_out_is_said_whatever_else_there_is_to_say(code: str) -> None:
    """All that is left is in hand, or the product that opened the order counts: neither hides what is too much."""
    gone = PackedLine(*("A-1001", 9, TEA), 2, (TEA_EAN, TEA_EAN))
    held = (gone,) if code == MUG_EAN else (PackedLine(*("A-1001", 1, MUG), 1, (MUG_EAN,)), gone)
    bench = Bench().ready().scan(code)
    bench.give(JobArrived(bench.wait().at, replace(job_of(mug(1)), in_hand=held)))
    assert bench.phase == "OnScale"
    assert (bench.said, bench.lamp) == (Say.IN_HAND_EXCESS, Lamp.STOP)
    assert "2 × T-2" in bench.screen.why


def test_an_ask_that_a_restart_lost_is_not_waited_for_for_ever() -> None:
    bench = Bench().ready().scan("A-9").tick(10)
    assert bench.phase == "Opening"
    assert (bench.tick(6).phase, bench.said) == ("Idle", Say.NO_ANSWER)


@pytest.mark.feature("O13")
def test_a_packer_asks_for_the_next_order_by_a_code_or_a_touch() -> None:
    bench = Bench().ready()
    assert "PK-WORK" in {action.code for action in bench.screen.actions}
    bench.scan("PK-WORK")
    assert OpenWork(NEXT_WORK, "0001") in bench.asks
    assert (bench.phase, bench.screen.sentence, bench.screen.tone) == ("Opening", "Wait: your next order comes", "wait")
    bench.give(JobArrived(bench.wait().at, job_of(mug(1)), NEXT_WORK))
    # Nobody has the goods in hand: nothing counts before it is scanned.
    assert (bench.phase, bench.screen.lines[0].packed) == ("Packing", 0)


@pytest.mark.feature("O13")
def test_a_queue_that_is_empty_or_out_of_reach_is_said() -> None:
    bench = Bench().ready().scan("PK-WORK")
    bench.give(WorkWasRefused(bench.wait().at, WorkRefused(NEXT_WORK, "none_waiting", "Nothing waits.", "Rien.")))
    assert (bench.phase, bench.screen.why) == ("Idle", "Nothing waits.")
    bench.scan("PK-WORK")
    bench.give(AskFailed(bench.wait().at, "OpenWork", NEXT_WORK))
    assert (bench.phase, bench.said) == ("Idle", Say.NO_NEXT)
