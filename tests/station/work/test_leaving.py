"""A job that is put down, goes on elsewhere, or is taken back."""

import pytest
from msgspec.structs import replace

from contract.keys import JobId
from contract.messages import JobReturned, JobSuspended, LabelVoided, OpenWork
from contract.values import Instruction
from labels.documents import LogisticLabel
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.effects import CancelPrint, ForgetJob
from station.work.inputs import JobArrived, JobWasWithdrawn, NoteArrived
from tests.station.work.story import MUG_EAN, TEA_EAN, Bench, job_of, mug, tea


def withdrawn(
    bench: Bench, *, fence: int = 3, job: str = "J-1", reason: str = "cancelled", lay_here: bool = False
) -> Bench:
    text, text_fr = "A-1001 was cancelled.", "A-1001 est annulée."
    return bench.give(JobWasWithdrawn(bench.wait().at, JobId(job), fence, reason, text, text_fr, lay_here))


@pytest.mark.feature("P17")
def test_a_suspended_job_tells_what_is_in_hand_and_goes_on_elsewhere() -> None:
    notes = (Instruction("wrap", "Wrap it"), Instruction("flyer", "Add the flyer", "insert", "parcel"))
    job = job_of(mug(2), tea(1), instructions=notes)
    bench = Bench().ready().open(job).scan("PK-CONFIRM", "PK-CONFIRM", MUG_EAN, "PK-SUSPEND")
    assert (bench.phase, bench.lamp) == ("Idle", Lamp.DONE)
    put_down = bench.recorded(JobSuspended)[0]
    assert [(line.sku, line.quantity, line.scans) for line in put_down.in_hand] == [("B-17", 1, (MUG_EAN,))]
    assert set(put_down.confirmed) == {"wrap", "flyer"}
    assert ForgetJob("J-1") in bench.effects

    other = Bench().ready().open(replace(job, in_hand=put_down.in_hand, confirmed=put_down.confirmed, fence=4))
    assert other.phase == "Packing"
    other.scan(MUG_EAN, TEA_EAN).put_down(100 + 2 * 212 + 60).scan(other.label())
    assert other.parcels[0].contents[0].scans == (MUG_EAN, MUG_EAN)
    assert other.parcels[0].fence == 4


@pytest.mark.feature("P17")
def test_suspending_a_labelled_parcel_voids_its_label() -> None:
    bench = Bench().ready().open(job_of(mug(1))).scan(MUG_EAN).put_down(312).scan("PK-SUSPEND")
    assert [fact.reason for fact in bench.recorded(LabelVoided)] == ["suspended"]
    assert bench.recorded(JobSuspended)[0].in_hand[0].quantity == 1


@pytest.mark.feature("P18")
def test_a_recall_stops_the_bench_until_the_packer_confirms() -> None:
    bench = withdrawn(Bench().ready().open(job_of(mug(2))).scan(MUG_EAN))
    assert (bench.phase, bench.lamp, bench.screen.tone) == ("Recalled", Lamp.STOP, "stop")
    assert bench.screen.sentence == "Stop: empty the parcel, CONFIRM"
    assert bench.screen.why.startswith("A-1001 was cancelled.")
    assert bench.recorded(JobReturned) == []
    assert bench.scan(MUG_EAN).said is Say.RECALL_FIRST
    bench.scan("PK-CONFIRM")
    assert bench.phase == "Idle"
    assert [(fact.job, fact.reason, fact.badge) for fact in bench.recorded(JobReturned)] == [
        ("J-1", "cancelled", "0001")
    ]


@pytest.mark.feature("P18")
def test_a_recall_voids_the_printed_label() -> None:
    bench = Bench().ready().open(job_of(mug(1))).scan(MUG_EAN).put_down(312)
    printed = bench.printed("label")
    assert isinstance(printed.document, LogisticLabel)
    withdrawn(bench)
    assert CancelPrint(printed.print_id) in bench.effects
    bench.scan(f"]C100{printed.document.sscc}").scan("PK-CONFIRM")
    assert [fact.sscc for fact in bench.recorded(LabelVoided)] == [printed.document.sscc]
    assert bench.parcels == []


@pytest.mark.feature("P18")
def test_a_recall_that_comes_twice_or_late_changes_nothing() -> None:
    bench = Bench().ready().open(job_of(mug(2))).scan(MUG_EAN)
    assert withdrawn(bench, fence=2).phase == "Packing"
    withdrawn(withdrawn(bench)).scan("PK-CONFIRM")
    assert len(bench.recorded(JobReturned)) == 1


@pytest.mark.feature("P18")
def test_a_recall_of_a_job_that_is_not_open_is_answered_at_once() -> None:
    bench = withdrawn(Bench().ready().open(job_of(mug(2))), job="J-9")
    assert (bench.phase, [fact.job for fact in bench.recorded(JobReturned)]) == ("Packing", ["J-9"])
    assert ForgetJob("J-9") in bench.effects


@pytest.mark.feature("P18")
def test_a_recall_while_the_packer_is_away_waits_for_a_badge() -> None:
    bench = withdrawn(Bench().ready().open(job_of(mug(2))).scan(MUG_EAN, "PK-SHORT").tick(700))
    assert bench.phase == "Away"
    assert bench.scan("BADGE-0001").phase == "Recalled"


@pytest.mark.feature("R1", "R3")
@pytest.mark.parametrize("reason", ["wanted", "expired", "unattended"])
def test_what_is_opened_stays_when_it_is_asked_back_in_case_that_it_is_not(reason: str) -> None:
    bench = Bench().ready().open(job_of(mug(2))).scan(MUG_EAN)
    before = bench.session
    bench.give(JobWasWithdrawn(bench.at, JobId("J-1"), 3, reason, "", ""))
    assert (bench.session, bench.effects) == (before, ())


@pytest.mark.feature("R1", "R3")
def test_a_lease_that_is_given_back_while_it_is_looked_for_is_not_opened_under_its_old_fence() -> None:
    job = job_of(mug(2))
    bench = Bench().ready().scan("A-1001")
    bench.give(JobWasWithdrawn(bench.at, job.job, 3, "wanted", "", ""))
    assert bench.recorded(JobReturned) == [JobReturned(job.job, 3, "", bench.at, "wanted")]
    bench.give(JobArrived(bench.at, job, "A-1001"))
    assert (bench.phase, bench.asks) == ("Opening", [OpenWork("A-1001", "0001")])
    assert bench.give(JobArrived(bench.at, replace(job, fence=4), "A-1001")).phase == "Packing"


@pytest.mark.feature("P18", "R1")
@pytest.mark.parametrize("at_work", [True, False])
def test_who_loses_an_order_that_lay_here_unopened_reads_why_and_goes_on(at_work: bool) -> None:
    """Its goods may have been fetched already."""
    bench = Bench().ready()
    if at_work:
        bench.open(job_of(mug(2))).scan(MUG_EAN)
    before = bench.phase
    withdrawn(bench, job="J-2", lay_here=True)
    assert (bench.phase, bench.said, bench.screen.note) == (before, Say.NOTE, "A-1001 was cancelled.")
    assert [fact.job for fact in bench.recorded(JobReturned)] == ["J-2"]
    assert bench.scan("PK-CONFIRM").screen.note == ""


@pytest.mark.feature("P18", "R1")
def test_who_opened_an_order_before_it_was_asked_back_keeps_it_and_reads_what_it_lacks() -> None:
    bench = Bench().ready().open(job_of(mug(2))).scan(MUG_EAN)
    withdrawn(bench, reason="expired", lay_here=True)
    assert (bench.phase, bench.screen.note) == ("Packing", "A-1001 was cancelled.")
    assert bench.recorded(JobReturned) == []


@pytest.mark.feature("P18", "R1")
def test_nobody_reads_of_orders_that_come_again_or_are_gone_already() -> None:
    bench = Bench().ready()
    withdrawn(bench, job="J-2", lay_here=True, reason="edited")
    withdrawn(bench, job="J-3")
    assert bench.screen.note == ""
    assert [fact.job for fact in bench.recorded(JobReturned)] == ["J-2", "J-3"]


@pytest.mark.feature("P21")
def test_a_word_from_the_office_is_in_the_packers_language() -> None:
    bench = Bench().ready()
    for language, told in (("en", "Lot L1 is stopped."), ("fr", "Le lot L1 est bloqué.")):
        french = bench.session.language == "fr"
        bench = bench if french == (language == "fr") else bench.scan("PK-LANGUAGE")
        bench.give(NoteArrived(bench.wait().at, "Lot L1 is stopped.", "Le lot L1 est bloqué."))
        assert bench.screen.note == told
        bench.scan("PK-CONFIRM")
    bench.give(NoteArrived(bench.wait().at, "Closed on Monday."))
    assert bench.screen.note == "Closed on Monday."
