"""Weight, label, closing: one parcel after the other, and several of one order."""

import pytest
from msgspec.structs import replace

from contract.envelope import MAX_BYTES, encode
from contract.messages import JobFinished, LabelPrinted, LabelVoided, LeaseSscc, ProblemRaised
from contract.papers import PackingSlip
from contract.values import Override, Person, ReturnPolicy, SsccRange
from labels.documents import LogisticLabel, ReturnForm, ReturnLabel
from station.devices.ports import Health, Kind, Lamp, ScaleState
from station.work.answers import Say
from station.work.effects import CancelPrint, ConfirmPrint, ForgetJob, Print
from station.work.inputs import NoteArrived, PersonKnown, Printed, PrintFailed, PrintUncertain, SsccArrived
from station.work.session import Settings
from tests.station.work.story import MUG_EAN, TEA_CASE, TEA_EAN, Bench, job_of, mug, tea

RIGHT = 100 + 212 + 60


def full(bench: Bench | None = None) -> Bench:
    """A parcel with one mug and one tea, waiting for its weight."""
    return (bench or Bench().ready()).open(job_of(mug(1), tea(1))).scan(MUG_EAN, TEA_EAN)


def labelled(bench: Bench | None = None) -> Bench:
    """The same with its weight accepted and its label printing."""
    return full(bench).put_down(RIGHT)


def label_in(bench: Bench) -> LogisticLabel:
    document = bench.printed("label").document
    assert isinstance(document, LogisticLabel)
    return document


@pytest.mark.feature("P11", "P14")
def test_one_parcel_from_the_last_item_to_central() -> None:
    bench = full()
    assert bench.screen.sentence == "Put the parcel on the scale"
    bench.weigh(190, ScaleState.MOTION)
    assert bench.screen.sentence == "Hands off: weighing"
    bench.weigh(RIGHT + 1)
    assert (bench.phase, bench.lamp) == ("Labelling", Lamp.GOOD)
    label = label_in(bench)
    assert (label.number, label.of, label.grams, label.fragile) == (1, 1, RIGHT + 1, True)
    bench.out(bench.printed("label")).scan(f"]C100{label.sscc}")
    assert ConfirmPrint(f"label-{label.sscc}-1") in bench.effects
    parcel = bench.parcels[0]
    assert (parcel.sscc, parcel.number, parcel.last, parcel.overrides) == (label.sscc, 1, True, ())
    assert [(line.sku, line.quantity, line.scans) for line in parcel.contents] == [
        ("B-17", 1, (MUG_EAN,)),
        ("T-2", 1, (TEA_EAN,)),
    ]
    assert parcel.weighing is not None
    assert (parcel.weighing.grams, parcel.weighing.expected_g, parcel.weighing.tolerance_g) == (RIGHT + 1, RIGHT, 9)
    assert [type(fact) for fact in bench.facts[-3:]] == [LabelPrinted, type(parcel), JobFinished]
    assert ForgetJob("J-1") in bench.effects
    assert (bench.phase, bench.lamp, bench.said) == ("Idle", Lamp.DONE, Say.JOB_DONE)


@pytest.mark.feature("P11")
def test_what_lay_on_the_scale_before_is_not_this_parcel() -> None:
    bench = Bench().ready().weigh(RIGHT)
    full(bench).weigh(RIGHT)
    assert (bench.phase, bench.screen.sentence) == ("OnScale", "Lift the parcel, put it back")
    assert bench.put_down(RIGHT).phase == "Labelling"


@pytest.mark.feature("P11")
@pytest.mark.parametrize("state", [s for s in ScaleState if s is not ScaleState.STABLE])
def test_only_a_stable_reading_is_a_weight(state: ScaleState) -> None:
    assert full().weigh(RIGHT, state).phase == "OnScale"


@pytest.mark.feature("P11")
def test_a_stale_reading_is_no_weight() -> None:
    bench = Bench().ready().weigh(0).weigh(RIGHT)
    full(bench).weigh(0).wait(0.5)
    bench.scan("PK-NEXT").wait(10).scan("PK-NEXT")
    assert bench.phase == "OnScale"
    assert bench.screen.sentence == "The scale does not answer"


@pytest.mark.feature("P11")
def test_a_reading_of_before_the_clock_went_back_is_no_weight() -> None:
    """A Pi has no clock of its own: after a power cut it may wake an hour before its last reading."""
    bench = Bench().ready().weigh(0).weigh(RIGHT).wait(-3_600)
    full(bench).scan("PK-NEXT").wait(10).scan("PK-NEXT")
    assert (bench.phase, bench.screen.sentence) == ("OnScale", "The scale does not answer")


@pytest.mark.feature("P11")
def test_a_parcel_packed_on_the_scale_still_gets_its_last_item() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1))).weigh(100).scan(MUG_EAN).weigh(312).scan(TEA_EAN).weigh(312)
    assert bench.phase == "OnScale"
    assert bench.screen.tone != "stop"
    assert bench.weigh(340, ScaleState.MOTION).weigh(RIGHT).phase == "Labelling"


@pytest.mark.feature("P11", "P12")
def test_a_wrong_weight_that_never_moves_is_judged_after_a_while_or_on_demand() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1))).weigh(100).scan(MUG_EAN).weigh(312).scan(TEA_EAN).weigh(312)
    for _ in range(9):
        bench.weigh(312)
    assert bench.said is Say.WEIGHT_WRONG
    again = Bench().ready().open(job_of(mug(1), tea(1))).weigh(100).scan(MUG_EAN).weigh(312).scan(TEA_EAN, "PK-NEXT")
    assert again.said is Say.WEIGHT_WRONG


@pytest.mark.feature("P11", "P12")
@pytest.mark.parametrize("asks", [True, False])
def test_a_clock_that_goes_back_while_the_parcel_rests_on_the_scale_holds_nothing_up(asks: bool) -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1))).weigh(100).scan(MUG_EAN).weigh(312).scan(TEA_EAN).weigh(312)
    assert bench.phase == "OnScale"
    bench.wait(-3_600).weigh(312)
    if asks:
        bench.scan("PK-NEXT")
    assert bench.said is Say.WEIGHT_WRONG


@pytest.mark.feature("P12")
def test_a_wrong_weight_blocks_the_label_and_names_the_item() -> None:
    bench = full().put_down(RIGHT - 60)
    assert (bench.phase, bench.lamp, bench.screen.tone) == ("OnScale", Lamp.STOP, "stop")
    assert bench.screen.sentence == "60 g short: one T-2 missing"
    assert bench.screen.why == "Expected 363 to 381 g, weighed 312 g. A lead's badge lets it pass."
    assert [(p.kind, p.text) for p in bench.recorded(ProblemRaised)] == [
        ("weight_mismatch", "60 g short: one T-2 missing")
    ]
    assert not [effect for effect in bench.effects if isinstance(effect, Print)]
    bench.put_down(RIGHT)
    assert bench.phase == "Labelling"
    assert bench.recorded(ProblemRaised)[1:] == []


@pytest.mark.feature("P12")
def test_another_box_than_named_explains_the_weight_and_its_scan_mends_it() -> None:
    bench = full().put_down(250 + 212 + 60)
    assert bench.screen.sentence == "150 g over: is it BOX-L?"
    assert any(action.code == "BOX-L" and action.primary for action in bench.screen.actions)
    assert bench.scan("BOX-L").phase == "Labelling"


@pytest.mark.feature("P12")
def test_a_lead_lets_a_weight_pass_with_a_reason_and_a_name() -> None:
    bench = full().put_down(RIGHT + 33).scan("BADGE-0007")
    assert bench.screen.sentence == "Lead: why let it pass?"
    assert [action.label for action in bench.screen.actions[:3]] == [
        "Other packaging",
        "Mass on file is wrong",
        "Counted by hand",
    ]
    bench.scan("PK-REASON-2")
    bench.scan(bench.label())
    parcel = bench.parcels[0]
    assert parcel.overrides == (Override("weight", "0007", "mass_on_file_wrong"),)
    assert parcel.weighing is not None
    assert parcel.weighing.grams == RIGHT + 33
    assert parcel.badge == "0001"


@pytest.mark.feature("P12")
def test_a_packer_cannot_let_a_weight_pass() -> None:
    bench = full().put_down(RIGHT + 33).scan("BADGE-0001")
    assert bench.said is Say.ASK_LEAVE
    assert bench.scan("PK-NO").phase == "OnScale"
    assert bench.screen.tone == "stop"
    bench.scan("BADGE-0404").give(PersonKnown(bench.wait().at, Person("0404", "Max", "packer", "en")))
    assert bench.screen.why == "Max is not a lead."


def test_a_product_of_unknown_mass_cannot_be_checked_by_weight() -> None:
    bench = Bench().ready().open(job_of(replace(mug(1), mass=None))).scan(MUG_EAN).put_down(999).scan()
    bench.scan(bench.label())
    assert bench.parcels[0].weighing is not None
    assert bench.parcels[0].weighing.expected_g is None


@pytest.mark.feature("P14")
def test_another_parcels_label_is_refused() -> None:
    bench = labelled().scan("]C100340123450000000017")
    assert (bench.said, bench.lamp, bench.parcels) == (Say.OTHER_LABEL, Lamp.STOP, [])
    assert bench.screen.sentence == "Not this parcel's label"


@pytest.mark.feature("P14", "P20")
def test_a_refusal_stays_until_the_packer_does_something() -> None:
    bench = labelled().scan("]C100340123450000000017").out(labelled().printed("label"))
    bench.give(NoteArrived(bench.wait().at, "Truck at 16:00")).device(Kind.SCANNER, Health.LOST, "Unplugged.")
    assert (bench.said, bench.screen.tone, bench.screen.note) == (Say.OTHER_LABEL, "stop", "Truck at 16:00")
    assert len(bench.recorded(LabelPrinted)) == 1


@pytest.mark.feature("P14")
def test_the_label_counts_only_while_its_parcel_is_on_the_scale() -> None:
    bench = labelled()
    label = bench.label()
    bench.weigh(0).scan(label)
    assert (bench.said, bench.lamp, bench.parcels) == (Say.NOT_ON_SCALE, Lamp.STOP, [])
    bench.weigh(900).scan(label)
    assert bench.parcels == []
    bench.weigh(RIGHT + 4).scan(label)
    assert len(bench.parcels) == 1


@pytest.mark.feature("P14")
def test_a_label_scanned_while_the_scale_moves_counts_when_it_stands() -> None:
    bench = labelled()
    bench.weigh(380, ScaleState.MOTION).scan(bench.label())
    assert (bench.said, bench.lamp, bench.parcels) == (Say.HANDS_OFF, Lamp.WAIT, [])
    assert len(bench.weigh(RIGHT + 2).parcels) == 1
    other = labelled()
    other.weigh(300, ScaleState.MOTION).scan(other.label()).weigh(0)
    assert (other.said, other.parcels) == (Say.NOT_ON_SCALE, [])


@pytest.mark.feature("P14")
def test_a_label_scanned_twice_closes_once() -> None:
    bench = labelled()
    label = bench.label()
    bench.scan(label, label)
    assert (len(bench.parcels), bench.said, bench.phase) == (1, Say.ALREADY_CLOSED, "Idle")
    assert bench.asks == []


@pytest.mark.feature("P14")
def test_an_item_scanned_before_the_label_changes_nothing() -> None:
    bench = labelled().scan(MUG_EAN)
    assert (bench.said, bench.phase) == (Say.LABEL_FIRST, "Labelling")


@pytest.mark.feature("P8", "P14")
@pytest.mark.parametrize(("command", "left"), [("PK-CANCEL", 2), ("PK-UNDO", 1), ("PK-DISCARD", 0)])
def test_a_labelled_parcel_can_be_opened_again_and_its_label_is_void(command: str, left: int) -> None:
    bench = labelled()
    sscc = label_in(bench).sscc
    bench.scan(command, *(["PK-YES"] if left == 0 else []))
    assert [fact.sscc for fact in bench.recorded(LabelVoided)] == [sscc]
    assert bench.phase == "Packing"
    assert sum(line.packed for line in bench.screen.lines) == left
    bench.weigh(RIGHT)
    assert bench.phase == "Packing"
    bench.scan(*[MUG_EAN, TEA_EAN][: 2 - left] if left == 0 else [TEA_EAN][: 2 - left])
    if left == 2:
        bench.scan("PK-NEXT")
    bench.put_down(RIGHT)
    assert label_in(bench).sscc != sscc


@pytest.mark.feature("P15")
def test_one_order_in_two_parcels() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(7))).scan(TEA_CASE, "PK-NEXT").put_down(100 + 360)
    assert (label_in(bench).number, label_in(bench).of) == (1, None)
    bench.scan(bench.label())
    assert (bench.phase, bench.said, bench.screen.parcel) == ("Packing", Say.PARCEL_CLOSED, 2)
    assert bench.screen.sentence == "Next parcel: scan an item"
    bench.scan(MUG_EAN, TEA_EAN).weigh(460)
    assert bench.screen.sentence == "Lift the parcel, put it back"
    bench.put_down(RIGHT)
    assert (label_in(bench).number, label_in(bench).of) == (2, 2)
    bench.scan(bench.label())
    assert [(parcel.number, parcel.last) for parcel in bench.parcels] == [(1, False), (2, True)]
    assert len({parcel.sscc for parcel in bench.parcels}) == 2
    assert len(bench.recorded(JobFinished)) == 1


@pytest.mark.feature("P15")
def test_an_empty_parcel_cannot_be_closed() -> None:
    bench = Bench().ready().open(job_of(mug(1))).scan("PK-NEXT")
    assert (bench.said, bench.phase) == (Say.PARCEL_EMPTY, "Packing")


@pytest.mark.feature("P15")
def test_several_orders_of_one_consignee_in_one_parcel_keep_their_lines() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1, order="A-1002", line=1))).scan(TEA_EAN, MUG_EAN)
    bench.put_down(RIGHT).scan(bench.label())
    assert [(line.order, line.line, line.sku) for line in bench.parcels[0].contents] == [
        ("A-1001", 1, "B-17"),
        ("A-1002", 1, "T-2"),
    ]


@pytest.mark.feature("P14", "S1")
def test_without_serials_the_bench_says_so_and_goes_on_when_they_come() -> None:
    bench = Bench().ready()
    bench.session = replace(bench.session, leases=())
    labelled(bench)
    assert (bench.phase, bench.said, bench.lamp) == ("Unnumbered", Say.NO_SSCC, Lamp.STOP)
    assert bench.screen.sentence == "No label numbers left"
    bench.give(SsccArrived(bench.wait().at, SsccRange("03760123", 900, 901)))
    assert bench.phase == "Labelling"


@pytest.mark.feature("S1")
def test_more_serials_are_asked_for_in_time_and_a_repeat_adds_none() -> None:
    bench = Bench()
    bench.tick()
    assert bench.asks == [LeaseSscc(100)]
    assert bench.tick().asks == []
    assert bench.tick(60).asks == [LeaseSscc(100)]
    given = SsccArrived(bench.at, SsccRange("03760123", 1, 30))
    assert bench.give(given).asks == []
    leases = bench.session.leases
    assert bench.give(given).session.leases == leases


@pytest.mark.feature("L8", "P7")
def test_a_reprint_carries_a_reason_and_says_duplicate_and_its_scan_binds_it() -> None:
    bench = labelled().out(labelled().printed("label"))
    bench.scan("PK-REPRINT", "PK-REASON-2")
    again = bench.printed("label")
    assert isinstance(again.document, LogisticLabel)
    assert (again.document.copy, again.reason) == (2, "torn")
    bench.scan(bench.label())
    assert bench.parcels[0].label_copy == 2
    assert [(fact.copy, fact.reason) for fact in bench.recorded(LabelPrinted)] == [(1, ""), (2, "torn")]


@pytest.mark.feature("L8", "P14")
def test_a_scan_of_the_copy_that_is_replaced_closes_nothing() -> None:
    bench = labelled()
    bench.weigh(380, ScaleState.MOTION).scan(bench.label(), "PK-REPRINT", "PK-REASON-2").weigh(RIGHT)
    assert (bench.phase, bench.parcels) == ("Labelling", [])
    bench.scan(bench.label())
    assert [parcel.label_copy for parcel in bench.parcels] == [2]


@pytest.mark.feature("L8")
def test_a_reprint_without_a_chosen_reason_is_unreadable() -> None:
    bench = labelled().scan("PK-REPRINT", "PK-REPRINT")
    assert bench.printed("label").reason == "unreadable"


@pytest.mark.feature("P14", "L8")
def test_a_label_that_did_not_print_comes_by_itself_when_the_printer_is_well() -> None:
    bench = labelled()
    first = bench.printed("label").print_id
    bench.device(Kind.PRINTER, Health.BAD, "The printer is open: close its cover.")
    bench.give(PrintFailed(bench.wait().at, first, "The printer is open: close its cover."))
    assert (bench.said, bench.screen.sentence) == (Say.LABEL_FAILED, "The label did not print")
    assert bench.screen.why.startswith("The printer is open: close its cover.")
    bench.device(Kind.PRINTER, Health.OK)
    again = bench.printed("label")
    assert again.print_id == f"{first}.2"
    assert isinstance(again.document, LogisticLabel)
    assert again.document.copy == 1
    bench.out(again)
    assert [fact.print_id for fact in bench.recorded(LabelPrinted)] == [again.print_id]


@pytest.mark.feature("L8")
def test_after_a_power_cut_the_packer_is_asked_whether_the_label_came_out() -> None:
    bench = labelled()
    first = bench.printed("label").print_id
    bench.give(PrintUncertain(bench.wait().at, first))
    assert bench.screen.sentence == "Did the label come out? YES or NO"
    bench.scan("PK-NO")
    assert CancelPrint(first) in bench.effects
    again = bench.printed("label")
    assert (again.print_id, again.reason) == (first.removesuffix("1") + "2", "did_not_come_out")
    bench.give(PrintUncertain(bench.wait().at, again.print_id)).scan("PK-YES")
    assert ConfirmPrint(again.print_id) in bench.effects
    assert [fact.copy for fact in bench.recorded(LabelPrinted)] == [2]


@pytest.mark.feature("L8")
def test_the_scan_of_a_doubtful_label_proves_it() -> None:
    bench = labelled()
    bench.give(PrintUncertain(bench.wait().at, bench.printed("label").print_id)).scan(bench.label())
    assert len(bench.parcels) == 1
    assert bench.session.papers == ()


@pytest.mark.feature("L3")
def test_a_packing_slip_says_what_is_in_and_what_follows() -> None:
    bench = Bench(Settings(language="en", has_slip_printer=True)).ready().open(job_of(mug(1), tea(7)))
    bench.scan(TEA_CASE, "PK-NEXT").put_down(100 + 360)
    slip = bench.printed("slip").document
    assert isinstance(slip, PackingSlip)
    assert [(line.sku, line.quantity) for line in slip.packed] == [("T-2", 6)]
    assert [(line.sku, line.quantity) for line in slip.to_follow] == [("B-17", 1), ("T-2", 1)]
    bench.scan(bench.label())
    bench.give(PrintFailed(bench.wait().at, f"slip-{slip.sscc}-1", "No paper: load a roll."))
    assert bench.screen.sentence == "The slip did not print"
    assert bench.scan("PK-CONFIRM").printed("slip").print_id == f"slip-{slip.sscc}-1.2"


@pytest.mark.feature("P14")
def test_without_its_scale_a_lead_lets_the_parcel_pass() -> None:
    bench = full().device(Kind.SCALE, Health.LOST, "/dev/ttyUSB0 is not there: plug the device in")
    assert (bench.screen.sentence, bench.screen.tone) == ("The scale is not connected", "stop")
    assert bench.screen.why == "Check the scale's cable and power. A lead's badge lets the parcel pass without it."
    bench.scan("BADGE-0007", "PK-CONFIRM")
    assert label_in(bench).grams == RIGHT
    bench.scan(bench.label())
    parcel = bench.parcels[0]
    assert (parcel.weighing, parcel.overrides) == (None, (Override("scale", "0007", "scale_broken"),))


@pytest.mark.feature("P14")
def test_a_scale_that_goes_after_the_weight_holds_the_label_until_a_lead_lets_it_pass() -> None:
    bench = labelled()
    label = bench.label()
    bench.device(Kind.SCALE, Health.SILENT, "The scale says nothing.").scan(label)
    assert (bench.said, bench.parcels) == (Say.NO_SCALE, [])
    bench.scan("BADGE-0007", "PK-REASON-1")
    assert bench.parcels[0].overrides == (Override("label_scan", "0007", "scale_broken"),)


def test_a_bench_without_a_scale_sends_parcels_unweighed_as_overrides() -> None:
    bench = full(Bench(Settings(language="en", require_scale=False)).ready())
    assert bench.phase == "Labelling"
    bench.scan(bench.label())
    assert bench.parcels[0].overrides == (Override("scale", "0001", "bench_without_scale"),)


@pytest.mark.feature("P11")
def test_without_known_mass_a_parcel_on_the_scale_still_gets_its_last_item() -> None:
    job = job_of(replace(mug(2), mass=None))
    bench = Bench().ready().open(job).weigh(100).scan(MUG_EAN).weigh(312).scan(MUG_EAN).weigh(312)
    assert bench.phase == "OnScale"
    assert label_in(bench.weigh(520)).grams == 520


@pytest.mark.feature("L8", "P1")
def test_a_label_that_prints_while_the_packer_is_away_is_still_this_parcels() -> None:
    bench = labelled()
    first = bench.printed("label").print_id
    bench.give(PrintFailed(bench.wait().at, first, "No paper.")).device(Kind.PRINTER, Health.BAD).tick(700)
    assert bench.phase == "Away"
    again = bench.device(Kind.PRINTER, Health.OK).printed("label")
    bench.scan("BADGE-0001").weigh(RIGHT).scan(bench.label())
    assert ConfirmPrint(again.print_id) in bench.effects
    assert len(bench.parcels) == 1


@pytest.mark.feature("P3", "R2")
def test_a_large_order_survives_a_restart() -> None:
    bench = Bench().ready().open(job_of(tea(3000)))
    for _ in range(500):
        bench.scan(TEA_CASE)
    assert bench.phase == "OnScale"
    assert len(encode(bench.session)) < MAX_BYTES


def with_returns(policy: ReturnPolicy, *, printer: bool = True) -> Bench:
    settings = Settings(language="en", has_slip_printer=True, has_form_printer=printer)
    job = replace(job_of(tea(6)), returns=policy, returns_within_days=30, contact="hello@shop.example")
    return Bench(settings).ready().open(job).scan(TEA_CASE).put_down(100 + 360)


@pytest.mark.feature("L4")
@pytest.mark.parametrize(
    ("policy", "printer", "roles"),
    [
        ("none", True, ["label", "slip"]),
        ("form", True, ["label", "slip", "return_form"]),
        ("form", False, ["label", "slip"]),
        ("label_and_form", True, ["label", "slip", "return_label", "return_form"]),
    ],
)
def test_a_parcel_carries_what_the_policy_wants_for_the_way_back(
    policy: ReturnPolicy, printer: bool, roles: list[str]
) -> None:
    bench = with_returns(policy, printer=printer)
    assert [effect.role for effect in bench.effects if isinstance(effect, Print)] == roles


@pytest.mark.feature("L3", "L4")
def test_the_papers_say_how_to_reach_the_shop_and_what_may_come_back() -> None:
    bench = with_returns("label_and_form")
    slip, form, label = (bench.printed(role).document for role in ("slip", "return_form", "return_label"))
    assert isinstance(slip, PackingSlip)
    assert isinstance(form, ReturnForm)
    assert isinstance(label, ReturnLabel)
    assert slip.contact == form.contact == "hello@shop.example"
    assert (form.within_days, [(line.sku, line.quantity) for line in form.lines]) == (30, [("T-2", 6)])
    assert (label.sscc, label.shop) == (slip.sscc, slip.sender)


@pytest.mark.feature("L4")
def test_a_return_paper_that_did_not_come_out_is_asked_about_and_holds_no_parcel() -> None:
    bench = with_returns("label_and_form")
    form = bench.printed("return_form")
    bench.scan(bench.label())
    assert len(bench.parcels) == 1
    bench.give(PrintFailed(bench.wait().at, form.print_id, "No paper: load a roll."))
    assert bench.screen.sentence == "Return paper did not print"
    again = bench.scan("PK-CONFIRM").printed("return_form")
    bench.give(PrintUncertain(bench.wait().at, again.print_id))
    assert bench.screen.sentence == "Return paper out? YES or NO"
    copy = bench.scan("PK-NO").printed("return_form").document
    assert isinstance(copy, ReturnForm)
    assert copy.copy == 2


@pytest.mark.feature("D8")
def test_the_packer_is_told_when_the_label_came_out_elsewhere() -> None:
    bench = labelled()
    print_id = bench.printed("label").print_id
    bench.give(Printed(bench.wait().at, print_id, "tsc", "zebra"))
    assert bench.screen.why == "It came out of tsc: zebra cannot print."
    assert [fact.printer for fact in bench.recorded(LabelPrinted)] == ["tsc"]
