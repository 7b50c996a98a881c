"""Names the instants between the effects of a parcel, and dies by kill -9 in the one that `tests.chaos.instants` arms.

Nothing of the program is changed: the functions that stand at a boundary are wrapped when their module is imported.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import mmap
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from types import ModuleType
from typing import Any

NAME = 120
"""So many bytes of the file are the armed name, and as many after it the one that struck."""
_about: ContextVar[str] = ContextVar("about", default="")
"""What the commit under way is about; empty when it is nothing of a parcel's."""


class _Slot:
    """The file in which the run arms an instant and finds the one that struck."""

    def __init__(self, path: str) -> None:
        with open(path, "r+b") as file:
            self._slot = mmap.mmap(file.fileno(), 2 * NAME)
        self._passed = os.open(f"{path}.passed", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._known: set[str] = set()

    def is_armed(self, name: str) -> bool:
        return self._slot[:NAME].rstrip(b"\0").decode() == name

    def passes(self, name: str) -> None:
        """The process is in this instant: its last one, when it is armed."""
        if self.is_armed(name):
            self._slot[NAME:] = name.encode().ljust(NAME, b"\0")
            os.kill(os.getpid(), signal.SIGKILL)
        if name not in self._known:
            self._known.add(name)
            os.write(self._passed, f"{name}\n".encode())


_slot: _Slot


def install() -> None:
    """Wrap what is imported from now on."""
    global _slot
    _slot = _Slot(os.environ["PACKLINE_CHAOS_INSTANTS"])
    sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        wrap = _WRAPS.get(fullname)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target) if wrap else None
        if wrap is None or spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            wrap(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _about_is(owner: Any, name: str, what: Callable[..., str]) -> None:
    """While this method runs, commits are about `what` of its arguments."""
    method = getattr(owner, name)

    @wraps(method)
    async def about(*args: Any, **more: Any) -> Any:
        token = _about.set(what(*args, **more))
        try:
            return await method(*args, **more)
        finally:
            _about.reset(token)

    setattr(owner, name, about)


# --- the station ----------------------------------------------------------------------------------------------


def _database(module: Any) -> None:
    in_one_commit = module.in_one_commit

    async def committing(database: Any, work: Callable[[Any], Any]) -> Any:
        about = _about.get()
        if not about:
            return await in_one_commit(database, work)

        def half(connection: Any) -> Any:
            result = work(connection)
            _slot.passes(f"{about}: half committed")
            return result

        result = await in_one_commit(database, half)
        _slot.passes(f"{about}: committed")
        return result

    module.in_one_commit = committing


def _journal(module: Any) -> None:
    journal = module.Journal
    _about_is(journal, "lease", lambda *_, **__: "job leased")
    _about_is(journal, "receipted", lambda *_, **__: "receipt")
    _about_is(journal, "move_print", lambda self, move, **_: f"print {move.state}")
    published = journal.published

    async def at_broker(self: Any, rows: Any) -> None:
        if any(b"ParcelClosed" in row.payload for row in rows):
            _slot.passes("parcel at the broker")
        await published(self, rows)

    journal.published = at_broker


def _bench(module: Any) -> None:
    entry_for, take = module.entry_for, module.Bench._take

    def entering(before: Any, after: Any, given: Any, *more: Any) -> Any:
        entry = entry_for(before, after, given, *more)
        _about.set(_named(given, before.phase, after.phase) if entry is not None else "")
        return entry

    async def taking(self: Any, *given: Any) -> None:
        token = _about.set("")
        try:
            await take(self, *given)
            if about := _about.get():
                _slot.passes(f"{about}: shown")
        finally:
            _about.reset(token)

    module.entry_for, module.Bench._take = entering, taking


def _named(given: Any, before: Any, after: Any) -> str:
    """The input, and where it takes the packer; what only changes the phase from within is told by its name alone."""
    kind, was, is_now = (type(each).__name__ for each in (given, before, after))
    return f"{kind}, {was} > {is_now}" if was != is_now or kind in ("Scanned", "Weighed") else kind


def _keeper(module: Any) -> None:
    send = module.Keeper.send

    async def sending(self: Any, document: bytes) -> None:
        name = f"{self.config.name}: half sent"
        if _slot.is_armed(name):
            await send(self, document[: len(document) // 2])
            _slot.passes(name)
        await send(self, document)
        _slot.passes(f"{self.config.name}: sent")

    module.Keeper.send = sending


def _client(module: Any) -> None:
    publish = module.Link.publish

    def publishing(self: Any, topic: str, payload: bytes, **more: Any) -> Any:
        puback = publish(self, topic, payload, **more)
        if topic.endswith("/fact") and b"ParcelClosed" in payload:
            _slot.passes("parcel sent")
        return puback

    module.Link.publish = publishing


# --- central --------------------------------------------------------------------------------------------------


def _inbox(module: Any) -> None:
    book, send = module.Inbox._book, module.Replies.send

    async def booking(self: Any, batch: Any) -> Any:
        kinds = {type(came.envelope.body).__name__ for came in batch if hasattr(came, "envelope")}
        for kind in kinds:
            _slot.passes(f"{kind}: arrived")
        token = _about.set("|".join(kinds))
        try:
            outcome = await book(self, batch)
        finally:
            _about.reset(token)
        for kind in kinds:
            _slot.passes(f"{kind}: booked")
        return outcome

    async def taking(self: Any, batch: Any) -> None:
        kinds = {type(came.envelope.body).__name__ for _, came in batch if hasattr(came, "envelope")}
        token = _about.set("|".join(kinds))
        try:
            await take(self, batch)
        finally:
            _about.reset(token)

    def sending(self: Any, *told: Any) -> None:
        for kind in _about.get().split("|"):
            _slot.passes(f"{kind}: acknowledged")
        send(self, *told)
        for kind in _about.get().split("|"):
            _slot.passes(f"{kind}: answered")

    take = module.Inbox._take
    module.Inbox._take, module.Inbox._book, module.Replies.send = taking, booking, sending


def _store(module: Any) -> None:
    transact, forget_sent = module.SqliteStore.transact, module.forget_sent
    current: list[str] = []

    async def transacting(self: Any, keys: Any, decide: Callable[[Any], Any], remember: Any = None) -> Any:
        about = _about.get()

        def deciding(books: Any) -> Any:
            # On the database's thread, where one transaction runs at a time.
            current[:] = about.split("|")
            return decide(books)

        return await transact(self, keys, deciding, remember)

    def last_before_commit(run: Any, sequences: Any) -> None:
        forget_sent(run, sequences)
        for kind in filter(None, current):
            _slot.passes(f"{kind}: half booked")
        current.clear()

    module.SqliteStore.transact, module.forget_sent = transacting, last_before_commit


_WRAPS: dict[str, Callable[[Any], None]] = {
    "station.database": _database,
    "station.journal": _journal,
    "station.bench": _bench,
    "station.devices.keeper": _keeper,
    "link.client": _client,
    "central.desk.inbox": _inbox,
    "central.store.sqlite": _store,
}
