"""From what the broker brought to a message, or to the reason why it is set aside. Pure."""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec import Struct

from contract.envelope import (
    AskEnvelope,
    FactEnvelope,
    PhotoEnvelope,
    ProgressEnvelope,
    StateEnvelope,
    Unreadable,
    read_ask,
    read_fact,
    read_photo,
    read_progress,
    read_state,
)
from contract.topics import from_stations, parse_station_topic

PHOTO: Final = "photo"


class FactCame(Struct, frozen=True):
    """Something happened at a station."""

    envelope: FactEnvelope


class AskCame(Struct, frozen=True):
    """A station wants something; the answer carries the same `correlation`."""

    envelope: AskEnvelope
    correlation: bytes | None = None
    until: float | None = None
    """When the station gives it up, by `time.monotonic`; None: nobody said."""


class PhotoCame(Struct, frozen=True):
    """A piece of a picture; it goes to the picture files and not into the books."""

    envelope: PhotoEnvelope


class StateCame(Struct, frozen=True):
    """A station, or its last will, said how it is."""

    envelope: StateEnvelope


class ProgressCame(Struct, frozen=True):
    """For the live view; nothing of it is kept."""

    envelope: ProgressEnvelope


class SetAside(Struct, frozen=True):
    """A payload that nobody can book, and why."""

    topic: str
    payload: bytes
    reason: str
    fact: FactEnvelope | None = None
    """Its message, when it could be read: the station is told, and need not keep it."""


Arrived: TypeAlias = FactCame | AskCame | PhotoCame | StateCame | ProgressCame | SetAside


def read(
    site: str, topic: str, payload: bytes, correlation: bytes | None = None, until: float | None = None
) -> Arrived:
    """What a delivery says. A station speaks for itself only: its envelope must name the topic's station."""
    parts = parse_station_topic(topic)
    if parts is None or parts.site != site:
        return SetAside(topic, payload, f"not a topic of a station of {site}")
    arrived: FactCame | AskCame | PhotoCame | StateCame | ProgressCame
    try:
        if parts.channel == "fact":
            arrived = FactCame(read_fact(payload))
        elif parts.channel == "ask":
            arrived = AskCame(read_ask(payload), correlation, until)
        elif parts.channel == PHOTO:
            arrived = PhotoCame(read_photo(payload))
        elif parts.channel == "state":
            arrived = StateCame(read_state(payload))
        elif parts.channel == "progress":
            arrived = ProgressCame(read_progress(payload))
        else:
            return SetAside(topic, payload, f"stations have no channel {parts.channel!r}")
    except Unreadable as error:
        return SetAside(topic, payload, str(error))
    sender = arrived.envelope.station
    if sender != parts.station:
        reason = f"{parts.channel}: it says that it is from {sender!r}, but it came over the topic of {parts.station!r}"
        return SetAside(topic, payload, reason)
    return arrived


def filters(site: str) -> tuple[str, ...]:
    """All that `read` understands."""
    return tuple(from_stations(site, channel) for channel in ("fact", "ask", PHOTO, "state", "progress"))
