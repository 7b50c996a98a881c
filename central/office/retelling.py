"""Sentences that rules and benches wrote in English, told again in French. Pure.

The books keep one language, so a sentence is known again by its English form: `{places}` of the form take whatever
stands there and are carried over.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from central.office.words import FRENCH
from central.packing import wording
from contract.values import Language

_WORDY: Final = frozenset(
    {"what", "status", "why", "expected", "reason", "kind", "paper", "hint", "cause", "other", "columns"}
)
"""Places that hold words of ours; every other place holds a name, a number or a code."""
_PLACE: Final = re.compile(r"{(\w+)}")
_VALUE: Final = r"(?:(?!\. [A-Z]).)"
"""A value does not reach into the next sentence."""
_MOST_SENTENCES: Final = 8
"""Anything longer is a person's note, and stays as it was written."""
_NEXT_SENTENCE: Final = re.compile(r"(?<=\.) (?=[A-Z])")


def retold(sentence: str, language: Language) -> str:
    """The sentence in the language; one that is no form of ours (a name, a customer's note) stays as it is."""
    return _in_french(sentence) if language == "fr" and sentence else sentence


@lru_cache(maxsize=4096)
def _in_french(sentence: str) -> str:
    """A form may be of more than one sentence: the longest beginning that is known is told, then the rest."""
    left, told = _NEXT_SENTENCE.split(sentence), []
    if len(left) > _MOST_SENTENCES:
        return sentence
    while left:
        count = len(left)
        while count > 1 and _known(" ".join(left[:count])) is None:
            count -= 1
        beginning = " ".join(left[:count])
        told.append(_known(beginning) or beginning)
        left = left[count:]
    return " ".join(told)


def _known(sentence: str) -> str | None:
    """The French of what is one form as a whole."""
    if sentence in FRENCH:
        return FRENCH[sentence]
    for form, french in _FORMS:
        found = form.fullmatch(sentence)
        if found is not None:
            return french.format_map({name: _place(name, value) for name, value in found.groupdict().items()})
    return None


def _place(name: str, value: str) -> str:
    return _in_french(value) if value and name.rstrip("0123456789") in _WORDY else value


def _told_to_packers() -> Iterator[tuple[str, str]]:
    """What packers hear is in both languages already; the books keep its English."""
    for says in vars(wording).values():
        if inspect.isfunction(says) and inspect.signature(says).return_annotation == "Said":
            places = inspect.signature(says).parameters
            if "reasons" not in places:
                speak: Callable[..., wording.Said] = says
                said = speak(**{place: f"{{{place}}}" for place in places})
                yield said.en, said.fr


def _form(english: str) -> re.Pattern[str]:
    parts = _PLACE.split(english)
    literal, places = parts[::2], parts[1::2]
    held = [f"(?P<{place}>{_VALUE}{'*?' if place == 'hint' else '+?'})" for place in places]
    return re.compile("".join(re.escape(text) + place for text, place in zip(literal, [*held, ""], strict=True)), re.S)


def _forms(sentences: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The form with most words of its own comes first."""
    by_length = sorted(sentences, key=lambda english: len(_PLACE.sub("", english)), reverse=True)
    return tuple((_form(english), sentences[english]) for english in by_length)


SENTENCES: Final[Mapping[str, str]] = dict(_told_to_packers()) | tomllib.loads(
    (files("central.office") / "sentences.toml").read_text("utf-8")
)
_FORMS: Final = _forms(SENTENCES)
