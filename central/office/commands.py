"""A request that changes something: one transaction, carried out and answered once for each Idempotency-Key."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Generic, TypeVar

import msgspec
from litestar import Request
from litestar.params import HeaderParameter
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.desk.requests import RequestRow
from central.office.access import visitor_of
from central.office.office import Office
from central.orders.rules import By
from central.policy.standing import Standing
from central.store.store import Page, Reading, Reads, Remember, Store

R = TypeVar("R")
T = TypeVar("T")

_HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 100
IDEMPOTENCY: Final = {
    "idempotency_key": HeaderParameter(
        annotation=str | None,
        name=_HEADER,
        required=False,
        max_length=_LONGEST,
        description="Any text of your own. For 48 hours a request with the same key and content is carried out once "
        "and gets the same answer, however often it is sent; with other content it is refused (422). A refused request "
        "changed nothing and is decided anew. Reading needs no key.",
    )
}
"""Documents the header on every route of a router."""


async def command(
    office: Office, request: Request[Any, Any, Any], keys: Keys, decide: Callable[[Books, By], None]
) -> None:
    """Run `decide` on the books that `keys` name, in the visitor's name."""
    await answered(office, request, keys, decide, _nothing, type(None))


async def _nothing(reads: Reads, done: None) -> None:
    return None


async def answered(
    office: Office,
    request: Request[Any, Any, Any],
    keys: Keys,
    decide: Callable[[Books, By], R],
    read: Callable[[Reads, R], Awaitable[T]],
    kind: type[T],
) -> T:
    """Run `decide` as `command` does; the answer is what `read` makes of what was written and of what it returned,
    before anybody changes it further.

    With a key the answer is kept in the same transaction, as JSON of `kind`, and given again to the same request.
    """
    by = By(visitor_of(request).name, office.now())
    asked = _asked(request, by, await request.body())
    answer: list[T] = []

    def once(books: Books) -> R | None:
        given = None if asked is None else _given(books, asked)
        if given is None:
            return decide(books, by)
        answer.append(msgspec.json.decode(given, type=kind))
        return None

    async def remember(reads: Reads, done: R | None) -> RequestRow | None:
        if answer:
            return None
        answer.append(await read(reads, done))  # type: ignore[arg-type]  # `decide` ran
        return None if asked is None else replace(asked, answer=msgspec.json.encode(answer[0]).decode())

    if asked is not None:
        keys = replace(keys, requests=frozenset({asked.name}))
    await office.store.transact(keys, once, remember)
    return answer[0]


def _asked(request: Request[Any, Any, Any], by: By, content: bytes) -> RequestRow | None:
    """The request by its key, without an answer; None when it carries no key."""
    key = request.headers.get(_HEADER, "")
    if not key:
        return None
    query = request.scope["query_string"]
    asked = f"{request.method} {request.scope['path']}".encode() + (b"?" + query if query else b"") + b"\n" + content
    return RequestRow(f"{visitor_of(request).by}/{key}", hashlib.sha256(asked).hexdigest(), "", by.at)


def _given(books: Books, asked: RequestRow) -> str | None:
    """What was answered to this very request. Raises `Refused` when the key was another's."""
    known = books.requests.get(asked.name)
    if known is None:
        return None
    if known.digest != asked.digest:
        key = asked.name.partition("/")[2]
        raise Refused("invalid", "This key was used for another request. Take a new one.", _HEADER, key)
    return known.answer


async def once(
    office: Office,
    request: Request[Any, Any, Any],
    work: Callable[[Office], Awaitable[object]],
    read: Callable[[Reads], Awaitable[T]],
    kind: type[T],
    *,
    content: bytes | None = None,
) -> T:
    """As `answered`, for `work` that makes the one transaction itself, in the office that it is given.

    What `read` finds is kept, and a plain hash of `content` (the body when none is given): no secret may be in these.
    """
    content = await request.body() if content is None else content
    asked = _asked(request, By(visitor_of(request).name, office.now()), content)
    if asked is None:
        await work(office)
        return await read(office.store)
    given = await office.store.transact(Keys(requests=frozenset({asked.name})), lambda books: _given(books, asked))
    if given is None:
        keeping = _Keeping(office.store, asked, read)
        try:
            await work(office.with_store(keeping))
        except _Sooner as sooner:
            given = sooner.answer
        else:
            given = keeping.answer
    return msgspec.json.decode(given, type=kind)


class _Sooner(Exception):
    """The same request was carried out meanwhile."""

    def __init__(self, answer: str) -> None:
        super().__init__()
        self.answer = answer


class _Keeping(Generic[T]):
    """A `Store` for one request under a key: what its transaction makes of the books is answered, and kept with it."""

    def __init__(self, store: Store, asked: RequestRow, read: Callable[[Reads], Awaitable[T]]) -> None:
        self._store = store
        self._asked = asked
        self._read = read
        self.answer = ""

    @property
    def standing(self) -> Standing:
        """See `Store.standing`."""
        return self._store.standing

    async def transact(self, keys: Keys, decide: Callable[[Books], R], remember: Remember[R] | None = None) -> R:
        """See `Store.transact`. Raises `_Sooner`. A refusal that `decide` returns is not kept."""

        def first(books: Books) -> R:
            sooner = _given(books, self._asked)
            if sooner is not None:
                raise _Sooner(sooner)
            return decide(books)

        async def keep(reads: Reads, done: R) -> RequestRow | None:
            if isinstance(done, Refused):
                return None
            self.answer = msgspec.json.encode(await self._read(reads)).decode()
            return replace(self._asked, answer=self.answer)

        named = keys.requests | {self._asked.name}
        return await self._store.transact(replace(keys, requests=named), first, keep)

    def forget(self, sequences: Sequence[int]) -> None:
        """See `Store.forget`."""
        self._store.forget(sequences)

    async def read(self, query: str, params: Sequence[object] = ()) -> Page:
        """See `Store.read`."""
        return await self._store.read(query, params)

    async def together(self, reading: Reading[R]) -> R:
        """See `Reads.together`."""
        return await self._store.together(reading)


async def answered_in_parts(
    office: Office, request: Request[Any, Any, Any], content: bytes, work: Callable[[By], Awaitable[T]], kind: type[T]
) -> T:
    """As `answered`, for work of many transactions that may be done twice without harm, such as an import.

    The answer is kept after the last of them: when central ends before that, the work is done again; the same request
    meanwhile waits for it. `content` is what makes it the same request: a file, whatever the form around it looks like.
    """
    by = By(visitor_of(request).name, office.now())
    asked = _asked(request, by, content)
    if asked is None:
        return await work(by)
    async with office.turns.setdefault(asked.name, asyncio.Lock()):
        return msgspec.json.decode(await _in_parts(office, asked, by, work), type=kind)


async def _in_parts(office: Office, asked: RequestRow, by: By, work: Callable[[By], Awaitable[object]]) -> str:
    keys = Keys(requests=frozenset({asked.name}))
    given = await office.store.transact(keys, lambda books: _given(books, asked))
    if given is not None:
        return given
    whole = msgspec.json.encode(await work(by)).decode()

    async def remember(reads: Reads, sooner: str | None) -> RequestRow | None:
        return None if sooner else replace(asked, answer=whole)

    return await office.store.transact(keys, lambda books: _given(books, asked), remember) or whole
