"""The screen: every word in both languages, short enough to be read at 2 m, and never an untrue weight."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from msgspec.structs import replace

from contract.commands import Command
from contract.values import Instruction
from station.devices.ports import Health, Kind, ScaleState
from station.kiosk import texts
from station.kiosk.screen import SENTENCE_CHARS
from station.kiosk.situations import Situation
from station.kiosk.view import ActionView
from station.work.answers import Say
from station.work.inputs import NoteArrived
from tests.station.work.story import MUG_EAN, TEA_CASE, TEA_EAN, Bench, job_of, mug, tea

pytestmark = pytest.mark.feature("P21")


def every_text() -> dict[str, texts.Words]:
    """Every pair of texts by a name that a failing test can show."""
    found = {
        f"{situation}.{part}": words
        for situation, asked in texts.SITUATIONS.items()
        for part, words in asked._asdict().items()
    }
    for say, told in texts.ANSWERS.items():
        found |= {f"{say}.{part}": words for part, words in told._asdict().items() if words is not None}
    for table in (texts.ACTIONS, texts.REASONS, texts.WEIGHT_WORDS, texts.CAUSES):
        found |= {str(name): words for name, words in table.items()}
    return found


TOLD_IN_TWO = {"refused.why", "device_lost.why", "photo_poor.why", "photo_missed.why"}
"""What came in two languages goes into the text of its own language."""


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_situation_answer_and_command_has_words() -> None:
    assert set(texts.SITUATIONS) == set(Situation)
    assert set(texts.ANSWERS) == set(Say)
    assert set(texts.ACTIONS) == set(Command)


@pytest.mark.parametrize("name", every_text())
def test_both_languages_say_the_same_with_the_same_places(name: str) -> None:
    words = every_text()[name]
    assert words.en.strip()
    assert words.fr.strip()
    assert places(words.en) == places(words.fr) or name in TOLD_IN_TWO


@pytest.mark.parametrize("language", ["en", "fr"])
def test_sentences_fit_two_lines_of_the_small_panel(language: str) -> None:
    for situation, asked in texts.SITUATIONS.items():
        if situation is not Situation.WRONG_WEIGHT:
            assert len(asked.sentence.to(language)) <= SENTENCE_CHARS, situation  # type: ignore[arg-type]
    for say, told in texts.ANSWERS.items():
        if told.do is not None:
            assert len(told.do.to(language)) <= SENTENCE_CHARS, say  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_commands_that_a_text_names_are_on_the_buttons(language: str) -> None:
    labels = {words.to(language).upper() for words in texts.ACTIONS.values()}  # type: ignore[arg-type]
    known = labels | {"DUPLICATE", "DUPLICATA"}
    spoken = {name: words.to(language) for name, words in every_text().items()}  # type: ignore[arg-type]
    for name, text in spoken.items():
        for shouted in re.findall(r"[A-ZÀ-Ý]{3,}(?: [A-ZÀ-Ý]{2,})*", text):
            assert shouted in known, (name, shouted)


def test_nobody_signed_in() -> None:
    screen = Bench().screen
    assert (screen.sentence, screen.tone, screen.packer, screen.lines) == ("Scan your badge", "ready", "", ())
    assert (screen.flash, screen.sound) == (0, "")


def test_done_lines_sink_and_the_touched_one_is_marked() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(7))).scan(MUG_EAN)
    assert [(line.sku, line.mark) for line in bench.screen.lines] == [("B-17", "touched"), ("T-2", "todo")]
    bench.scan(TEA_EAN)
    assert [(line.sku, line.packed, line.mark) for line in bench.screen.lines] == [
        ("T-2", 1, "touched"),
        ("B-17", 1, "done"),
    ]
    bench.scan(TEA_CASE, "PK-UNDO", "PK-SHORT", TEA_EAN)
    assert bench.screen.lines[0].short == 1


def test_each_answer_is_one_flash_and_a_reading_is_none() -> None:
    bench = Bench().ready().open(job_of(mug(2)))
    before = bench.screen.flash
    bench.scan(MUG_EAN)
    assert bench.screen.flash == before + 1
    bench.weigh(50).weigh(120, ScaleState.MOTION).tick()
    assert bench.screen.flash == before + 1


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (ScaleState.MOTION, "unstable"),
        (ScaleState.OVERLOAD, "overload"),
        (ScaleState.UNDERLOAD, "below zero"),
        (ScaleState.FAULT, "fault"),
    ],
)
def test_what_is_no_weight_is_a_word_and_never_a_number(state: ScaleState, word: str) -> None:
    weight = Bench().ready().open(job_of(mug(1))).weigh(312, state).screen.weight
    assert weight is not None
    assert (weight.grams, weight.word) == (None, word)


def test_silence_and_a_lost_scale_are_words_too() -> None:
    bench = Bench().ready().open(job_of(mug(1))).weigh(312).wait(30)
    weight = bench.screen.weight
    assert weight is not None
    assert (weight.grams, weight.word) == (None, "no signal")
    lost = bench.device(Kind.SCALE, Health.LOST).screen.weight
    assert lost is not None
    assert lost.word == "not connected"


@pytest.mark.feature("P11")
def test_the_target_band_is_on_the_bar() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1))).scan(MUG_EAN)
    weight = bench.weigh(150).screen.weight
    assert weight is not None
    assert (weight.grams, weight.low_g, weight.high_g) == (150, None, None)
    weight = bench.scan(TEA_EAN).weigh(180, ScaleState.MOTION).screen.weight
    assert weight is not None
    assert (weight.low_g, weight.high_g, weight.full_scale_g) == (363, 381, 500)
    weight = bench.put_down(372).screen.weight
    assert weight is not None
    assert (weight.grams, weight.low_g, weight.high_g) == (372, 362, 382)


def test_a_long_cause_moves_below_the_sentence() -> None:
    lines = (replace(mug(1), sku="PORCELAIN-MUG-BLUE-350"), replace(tea(1), sku="GREEN-TEA-SENCHA-60"))  # type: ignore[arg-type]
    bench = Bench().ready().open(job_of(*lines)).scan(MUG_EAN, TEA_EAN).put_down(100)
    assert bench.screen.sentence == "272 g short"
    assert "One " in bench.screen.why
    assert "PORCELAIN-MUG-BLUE-350 missing" in bench.screen.why


def test_the_weight_sentence_in_french() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1))).scan(MUG_EAN, TEA_EAN, "PK-LANGUAGE").put_down(312)
    assert bench.screen.sentence == "60 g de moins : il manque un T-2"
    assert bench.screen.why == "Attendu 363 à 381 g, pesé 312 g. Le badge d'un responsable passe outre."


@pytest.mark.feature("P12")
def test_two_of_a_kind_are_counted() -> None:
    bench = Bench().ready().open(job_of(mug(2), tea(1))).scan(MUG_EAN, MUG_EAN, TEA_EAN).put_down(160)
    assert bench.screen.sentence == "424 g short: 2 B-17 missing"


def test_an_instruction_stays_in_sight_while_a_question_stands() -> None:
    flyer = Instruction("flyer", "Summer flyer", "insert", "parcel", code="FLY-1")
    bench = Bench().ready().open(job_of(mug(1), instructions=(flyer,))).scan("PK-CONFIRM")
    assert (bench.phase, bench.screen.note) == ("Asking", "Summer flyer")


def test_dangerous_actions_are_marked() -> None:
    actions = {action.code: action for action in Bench().ready().open(job_of(mug(2))).scan(MUG_EAN).screen.actions}
    assert actions["PK-DISCARD"].dangerous
    assert actions["PK-SIGNOUT"].dangerous
    assert not actions["PK-UNDO"].dangerous


def test_the_likely_button_is_the_primary_one() -> None:
    def primary(bench: Bench) -> list[ActionView]:
        return [action for action in bench.screen.actions if action.primary]

    bench = Bench().ready().open(job_of(mug(2)))
    assert primary(bench) == []
    assert primary(bench.scan(MUG_EAN)) == [], "a half-full parcel is not closed by the button that stands out"
    assert "PK-NEXT" in [action.code for action in bench.screen.actions]
    bench.scan(MUG_EAN).scan("PK-CANCEL")
    assert [action.code for action in primary(bench)] == ["PK-NEXT"]
    bench.give(NoteArrived(bench.wait().at, "Hello"))
    assert "PK-CONFIRM" in [action.code for action in primary(bench)]


def test_no_button_is_offered_twice() -> None:
    for bench in (
        Bench(),
        Bench().ready(),
        Bench().ready().open(job_of(mug(1))).scan(MUG_EAN).put_down(900),
        Bench().ready().open(job_of(mug(1))).scan(MUG_EAN).put_down(312),
    ):
        codes = [action.code for action in bench.screen.actions]
        assert len(codes) == len(set(codes))


def test_the_box_can_be_touched_while_none_is_named() -> None:
    bench = Bench().ready().open(job_of(mug(1), box="")).scan(MUG_EAN)
    labels = [action.label for action in bench.screen.actions]
    assert labels[:2] == ["Small box", "Large box"]
