"""Bytes to messages and back. `encode` and `decode` are the only way on and off the wire."""

from __future__ import annotations

from typing import Annotated, Generic, TypeAlias, TypeVar

import msgspec

from contract.keys import Gtin, Sscc
from contract.messages import Ask, Fact, InboxItem, News, PhotoPiece, Progress, StationState

MAX_BYTES = 256 * 1024
"""A larger payload is refused unread; the largest true message (a job of 200 lines) has under 120 KB."""

Body = TypeVar("Body")
MessageName: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A repeat is found by it: it must be a text that a database finds again."""


class Unreadable(ValueError):
    """The payload is not a message of its channel; the text says what and where."""


class Envelope(msgspec.Struct, Generic[Body], frozen=True):
    """A message with its identity.

    `sequence` counts a station's facts from 1 without gaps; on other messages it promises nothing. `recorded_at` is
    when it was made durable, milliseconds since the epoch; `clock_ok` is false while the sender does not trust its
    clock.
    """

    message_id: MessageName
    station: str
    sequence: int
    recorded_at: int
    body: Body
    clock_ok: bool = True


FactEnvelope: TypeAlias = Envelope[Fact]
AskEnvelope: TypeAlias = Envelope[Ask]
InboxEnvelope: TypeAlias = Envelope[InboxItem]
PhotoEnvelope: TypeAlias = Envelope[PhotoPiece]
StateEnvelope: TypeAlias = Envelope[StationState]
ProgressEnvelope: TypeAlias = Envelope[Progress]
NewsEnvelope: TypeAlias = Envelope[News]


def _key(wanted: type, value: object) -> object:
    """msgspec's hook for our own key types: their constructor is the proof."""
    if wanted not in (Gtin, Sscc):
        raise NotImplementedError(f"no way to read {wanted}")
    if not isinstance(value, str):
        raise ValueError(f"Expected `str`, got `{type(value).__name__}`")
    return wanted(value)


def _plain(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError(f"no way to write {type(value)}")


_encoder = msgspec.json.Encoder(enc_hook=_plain)


def encode(value: object) -> bytes:
    """The JSON of an envelope, a message or a value."""
    return _encoder.encode(value)


class Reader(Generic[Body]):
    """Decodes the payloads of one channel. Make it once: building it costs more than a thousand uses."""

    def __init__(self, kind: type[Body] | object, what: str, limit: int = MAX_BYTES) -> None:
        self._decoder: msgspec.json.Decoder[Body] = msgspec.json.Decoder(kind, dec_hook=_key)
        self._what = what
        self._limit = limit

    def __call__(self, payload: bytes) -> Body:
        """Raise `Unreadable` for anything that is not a message of this channel."""
        if len(payload) > self._limit:
            raise Unreadable(f"{self._what}: {len(payload)} bytes is more than the {self._limit} that it may have")
        try:
            return self._decoder.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreadable(f"{self._what}: {error}") from error


read_fact: Reader[FactEnvelope] = Reader(FactEnvelope, "fact")
read_ask: Reader[AskEnvelope] = Reader(AskEnvelope, "ask")
read_inbox: Reader[InboxEnvelope] = Reader(InboxEnvelope, "inbox")
read_photo: Reader[PhotoEnvelope] = Reader(PhotoEnvelope, "photo")
read_state: Reader[StateEnvelope] = Reader(StateEnvelope, "state")
read_progress: Reader[ProgressEnvelope] = Reader(ProgressEnvelope, "progress")
read_news: Reader[NewsEnvelope] = Reader(NewsEnvelope, "news")
