"""Codes that are not goods, and what EXPLAIN and the lights say in every phase."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.commands import Command, reason_code
from contract.messages import DeviceChanged, ProblemRaised
from contract.values import Instruction
from labels.commands import MOST_REASONS
from station.devices.ports import Health, Kind, Lamp
from station.work.answers import Say
from station.work.commands import Badge, BoxCode, Code, LinePick, ReasonPick, UnknownCommand, line_code, read_token
from station.work.inputs import Scanned
from station.work.phases import Asking, LetPass, Passable, Question
from station.work.questions import reasons
from station.work.session import Settings
from tests.station.work.story import LEA, MUG_EAN, TEA_CASE, Bench, job_of, mug, tea


@pytest.mark.feature("P7")
@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("pk-confirm", Command.CONFIRM),
        ("]C0PK-UNDO\r", Command.UNDO),
        ("badge-ab12", Badge("ab12")),
        ("box-s", BoxCode("BOX-S")),
        ("PK-LINE-12", LinePick(11)),
        ("pk-reason-1", ReasonPick(0)),
        ("PK-LINE-0", UnknownCommand("PK-LINE-0")),
        ("PK-LINE-²", UnknownCommand("PK-LINE-²")),
        ("PK-DANCE", UnknownCommand("PK-DANCE")),
        ("BADGE-", Code("BADGE-")),
        (MUG_EAN, Code(MUG_EAN)),
    ],
)
def test_a_code_is_parsed_once_into_what_it_is(text: str, token: object) -> None:
    assert read_token(text) == token


@given(st.text(max_size=50))
def test_every_text_is_some_token(text: str) -> None:
    assert read_token(text) is not None


@given(st.integers(0, 500))
def test_touch_codes_read_back(place: int) -> None:
    assert read_token(line_code(place)) == LinePick(place)
    assert read_token(reason_code(place)) == ReasonPick(place)


def phases_of_a_parcel() -> dict[str, Bench]:
    """A bench in each phase."""
    wrap = Instruction("wrap", "Wrap it")
    job = job_of(mug(1), tea(1))
    wrong = Bench().ready().open(job_of(mug(1))).scan(MUG_EAN).put_down(600)
    return {
        "signed out": Bench(),
        "idle": Bench().ready(),
        "opening": Bench().ready().scan("A-1001"),
        "instructing": Bench().ready().open(job_of(mug(1), instructions=(wrap,))),
        "packing": Bench().ready().open(job),
        "on the scale": Bench().ready().open(job_of(mug(1))).scan(MUG_EAN),
        "wrong weight": wrong,
        "labelling": Bench().ready().open(job_of(mug(1))).scan(MUG_EAN).put_down(312),
        "asking": Bench().ready().open(job).scan("PK-SHORT"),
        "away": Bench().ready().open(job).tick(700),
    }


@pytest.mark.feature("P22")
@pytest.mark.parametrize("name", phases_of_a_parcel())
def test_explain_says_what_to_do_in_every_phase(name: str) -> None:
    bench = phases_of_a_parcel()[name]
    before = bench.phase
    bench.scan("PK-EXPLAIN")
    assert (bench.phase, bench.said, bench.lamp) == (before, Say.EXPLAINED, Lamp.LOOK)
    assert len(bench.screen.why) > 30


@pytest.mark.feature("P22")
def test_explain_tells_why_a_label_is_blocked() -> None:
    bench = phases_of_a_parcel()["wrong weight"].scan("PK-EXPLAIN")
    assert bench.screen.sentence == "288 g over: check it all"
    assert "a lead's badge" in bench.screen.why


@pytest.mark.feature("P20")
@pytest.mark.parametrize("name", phases_of_a_parcel())
def test_every_command_is_answered_with_a_light_in_every_phase(name: str) -> None:
    for command in Command:
        bench = phases_of_a_parcel()[name].scan(command.value)
        assert bench.lamp in Lamp
        assert bench.session.flash > 0
        assert bench.screen.sound == bench.lamp.value


@pytest.mark.feature("P21")
@pytest.mark.parametrize("name", phases_of_a_parcel())
def test_every_button_on_the_screen_means_something_there(name: str) -> None:
    for action in phases_of_a_parcel()[name].screen.actions:
        bench = phases_of_a_parcel()[name].scan(action.code)
        refusals = {Say.NOT_NOW, Say.UNKNOWN_COMMAND, Say.ORDER_FIRST, Say.BADGE_FIRST, Say.READ_FIRST, Say.LABEL_FIRST}
        assert bench.said not in refusals, action


@pytest.mark.feature("P21")
def test_the_screen_changes_its_language() -> None:
    bench = Bench().ready().scan("PK-LANGUAGE")
    assert (bench.screen.sentence, bench.screen.language) == ("Scannez une commande", "fr")


def test_a_lead_is_called() -> None:
    bench = phases_of_a_parcel()["packing"].scan("PK-LEAD")
    assert bench.lamp is Lamp.CALL_LEAD
    assert [fact.kind for fact in bench.recorded(ProblemRaised)] == ["lead_called"]


@pytest.mark.feature("D7")
def test_a_device_that_goes_and_comes_is_recorded_once_each() -> None:
    bench = Bench().ready()
    before = len(bench.recorded(DeviceChanged))
    bench.device(Kind.SCANNER, Health.LOST, "The scanner is unplugged.").device(Kind.SCANNER, Health.LOST, "Gone.")
    assert (bench.screen.why, bench.lamp) == (
        "scanner: not connected. Check its cable and power; touching works meanwhile.",
        Lamp.LOOK,
    )
    bench.device(Kind.SCANNER, Health.OK)
    assert bench.screen.why == ""
    assert [fact.device.health for fact in bench.recorded(DeviceChanged)[before:]] == ["lost", "ok"]


@pytest.mark.feature("P7", "P8")
@pytest.mark.parametrize("command", ["PK-DISCARD", "PK-SIGNOUT", "BADGE-0001", "PK-SHORT", "PK-DAMAGED", "PK-NEXT"])
def test_a_code_that_is_read_twice_at_once_counts_once(command: str) -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1))).scan(MUG_EAN).weigh(312).scan(command)
    facts, phase = len(bench.facts), bench.phase
    bench.give(Scanned(bench.at + 80, command))
    assert (bench.phase, bench.facts[facts:]) == (phase, [])
    assert bench.said is not Say.WEIGHT_WRONG


@pytest.mark.feature("P7")
def test_no_question_has_more_reasons_than_the_command_sheet() -> None:
    bench = Bench(Settings(language="en", has_slip_printer=True)).ready().open(job_of(mug(1), tea(7)))
    before = bench.scan(TEA_CASE, "PK-NEXT").put_down(100 + 360).scan("PK-REPRINT").session.phase
    assert isinstance(before, Asking)
    asked: list[Question] = [before.question, *(LetPass(kind, LEA) for kind in get_args(Passable))]
    assert max(len(reasons(question, before.before)) for question in asked) == MOST_REASONS
