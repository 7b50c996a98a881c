"""What a door is, and what must be true of it whatever is given to it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

CORPUS = Path(__file__).with_name("corpus")
LONGEST_SENTENCE = 2000
PATIENCE_S = 60.0
"""A watchdog for what hangs; no measure of speed."""
_INSIDES = re.compile(
    r"Traceback|<[\w.]+ object at 0x|\b(Type|Key|Index|Attribute|Overflow|Recursion|Assertion)Error\b"
    r"|\bcodec\b|\bError -\d"
)

Offer: TypeAlias = Callable[[bytes], str]
"""Gives an input to the door: empty when it was taken, else the sentence that refuses it. Raises for a finding."""


class Finding(AssertionError):
    """The door did what no door may do."""


@dataclass(frozen=True)
class Door:
    """A place where something comes in from outside."""

    name: str
    opened: Callable[[Path], AbstractContextManager[Offer]]
    """Open it, with an empty folder of its own."""
    folders: tuple[str, ...] = ()
    """Folders of the corpus that other doors have too."""
    more: Callable[[], Iterable[bytes]] = field(default=tuple)
    """Inputs that are kept elsewhere in the tests."""
    is_json: bool = False
    """The fuzzer changes values of the JSON in it, not only its bytes."""

    @property
    def files(self) -> list[Path]:
        """Its corpus."""
        return sorted(path for name in (self.name, *self.folders) for path in (CORPUS / name).glob("*"))

    @property
    def first_true(self) -> bytes:
        """An input that it takes, at any time and again."""
        return next(iter(sorted((CORPUS / self.name).glob("true-*")))).read_bytes()


def checked(sentence: str) -> str:
    """The sentence, if a person can read it. Raises `Finding`."""
    if sentence and not sentence.strip():
        raise Finding("refused without a word")
    if len(sentence) > LONGEST_SENTENCE:
        raise Finding(f"refused with {len(sentence)} characters: {sentence[:80]}…")
    if found := _INSIDES.search(sentence):
        raise Finding(f"refused with its own insides ({found[0]}): {sentence[:200]}")
    return sentence


class Complaints(logging.Handler):
    """What the code under test logs with a traceback, or asyncio about a task: nobody foresaw it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note what has a traceback."""
        if record.exc_info or record.name == "asyncio":
            self._heard.append(record)

    def raise_if_any(self) -> None:
        """Raises `Finding`, from the exception that was logged."""
        heard, self._heard = self._heard, []
        for record in heard:
            cause = record.exc_info[1] if record.exc_info else None
            raise Finding(f"logged by {record.name}: {record.getMessage()[:200]}: {cause!r}"[:600]) from cause


@contextmanager
def heard() -> Iterator[Complaints]:
    """Listen to the log while the block runs."""
    complaints, root = Complaints(), logging.getLogger()
    root.addHandler(complaints)
    try:
        yield complaints
    finally:
        root.removeHandler(complaints)


@contextmanager
def on_a_loop(opened: AbstractAsyncContextManager[Callable[[bytes], Awaitable[str]]]) -> Iterator[Offer]:
    """An asynchronous door: each input has all the time it needs, and no more than `PATIENCE_S`."""

    async def within(offering: Awaitable[str]) -> str:
        async with asyncio.timeout(PATIENCE_S):
            return await offering

    async def kept_open(ready: asyncio.Future[Callable[[bytes], Awaitable[str]]], closing: asyncio.Event) -> None:
        async with opened as offer:
            ready.set_result(offer)
            await closing.wait()

    with asyncio.Runner() as runner, heard() as complaints:
        loop, closing = runner.get_loop(), asyncio.Event()
        ready: asyncio.Future[Callable[[bytes], Awaitable[str]]] = loop.create_future()
        # What opens a door closes it too: in one task.
        keeping = loop.create_task(kept_open(ready, closing))
        loop.run_until_complete(asyncio.wait([ready, keeping], return_when=asyncio.FIRST_COMPLETED))
        if keeping.done():
            keeping.result()
        offer = ready.result()

        def give(data: bytes) -> str:
            sentence = loop.run_until_complete(within(offer(data)))
            complaints.raise_if_any()
            return checked(sentence)

        try:
            yield give
        finally:
            closing.set()
            loop.run_until_complete(keeping)


@contextmanager
def pure(read: Callable[[bytes], str]) -> Iterator[Offer]:
    """A door without anything behind it."""
    yield lambda data: checked(read(data))
