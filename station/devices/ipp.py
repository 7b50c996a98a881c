"""Messages of the Internet Printing Protocol, as bytes and back. Pure.

Source: RFC 8010 (encoding), RFC 8011 (operations, attributes, states).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

_HEAD = struct.Struct(">BBHI")
_LENGTH = struct.Struct(">H")
_VERSION = (2, 0)
_END = 0x03
_MOST_GROUP = 0x0F


class Operation(IntEnum):
    """What a client asks for."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class GroupTag(IntEnum):
    """What a group of attributes is about."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """How a value is written."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49


Value = int | str | bool | bytes
"""Values in a syntax that is not used here stay bytes."""


class Attribute(NamedTuple):
    """One attribute as it is written."""

    name: str
    tag: Tag
    values: tuple[Value, ...]


class Group(NamedTuple):
    """Attributes about one thing, as they were read."""

    tag: int
    values: Mapping[str, tuple[Value, ...]]

    def text(self, name: str) -> str:
        """The first value; empty when it is not there or no text."""
        value = next(iter(self.values.get(name, ())), "")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self.values.get(name, ()) if isinstance(value, str))

    def number(self, name: str) -> int | None:
        value = next(iter(self.values.get(name, ())), None)
        return value if isinstance(value, int) else None


class Message(NamedTuple):
    """A request, whose code is an operation, or an answer, whose code is a status; and the document behind it."""

    code: int
    number: int
    groups: tuple[Group, ...]
    data: bytes

    @property
    def well(self) -> bool:
        """Whether a status means success."""
        return self.code < 0x0100

    def of(self, tag: GroupTag) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.tag == tag)


def one(name: str, tag: Tag, *values: Value) -> Attribute:
    return Attribute(name, tag, values)


def written(code: int, number: int, groups: Iterable[tuple[GroupTag, Iterable[Attribute]]], data: bytes = b"") -> bytes:
    """A message as it travels."""
    parts = [_HEAD.pack(*_VERSION, code, number)]
    for group, attributes in groups:
        parts.append(bytes((group,)))
        for name, tag, values in attributes:
            for place, value in enumerate(values):
                key = name.encode("ascii") if place == 0 else b""
                body = _packed(tag, value)
                parts += (bytes((tag,)), _LENGTH.pack(len(key)), key, _LENGTH.pack(len(body)), body)
    return b"".join((*parts, bytes((_END,)), data))


def _packed(tag: Tag, value: Value) -> bytes:
    if tag is Tag.BOOLEAN:
        return b"\x01" if value else b"\x00"
    if isinstance(value, int):
        return struct.pack(">i", value)
    return value if isinstance(value, bytes) else value.encode("utf-8")


def read(message: bytes) -> Message:
    """A message from its bytes. Raises `ValueError` for bytes that are none."""
    if len(message) < _HEAD.size + 1:
        raise ValueError(f"an IPP message of {len(message)} bytes is too short")
    _, _, code, number = _HEAD.unpack_from(message)
    groups: list[tuple[int, dict[str, list[Value]]]] = []
    end = 0
    for part in parts(message):
        end = part.end
        if part.tag == _END:
            break
        if part.name is None:
            groups.append((part.tag, {}))
        elif not groups:
            raise ValueError("an IPP attribute stands before the first group")
        else:
            groups[-1][1].setdefault(part.name, []).append(_value(part.tag, message[part.begin : part.end]))
    read_groups = tuple(Group(tag, {name: tuple(values) for name, values in group.items()}) for tag, group in groups)
    return Message(code, number, read_groups, message[end:])


class Part(NamedTuple):
    """A value and where its bytes lie; the tag of a group, or of the end, has neither a name nor bytes."""

    tag: int
    name: str | None
    begin: int
    end: int


def parts(message: bytes) -> Iterator[Part]:
    """All of it but the head and the document; the last one is the end. Raises `ValueError` where it breaks off."""
    name, place = "", _HEAD.size
    while True:
        if place >= len(message):
            raise ValueError("an IPP message ends in the middle")
        tag, place = message[place], place + 1
        if tag <= _MOST_GROUP:
            yield Part(tag, None, place, place)
            if tag == _END:
                return
            continue
        key, place = _field(message, place)
        body, place = _field(message, place)
        name = key.decode("ascii", "replace") or name
        yield Part(tag, name, place - len(body), place)


def _field(message: bytes, place: int) -> tuple[bytes, int]:
    if place + 2 > len(message):
        raise ValueError("an IPP message ends in the middle of a length")
    (size,) = _LENGTH.unpack_from(message, place)
    end = place + 2 + size
    if end > len(message):
        raise ValueError("an IPP message ends in the middle of a value")
    return message[place + 2 : end], end


def _value(tag: int, body: bytes) -> Value:
    if tag in (Tag.INTEGER, Tag.ENUM) and len(body) == 4:
        return int(struct.unpack(">i", body)[0])
    if tag == Tag.BOOLEAN and len(body) == 1:
        return body != b"\x00"
    if Tag.TEXT <= tag <= Tag.MIME:
        return body.decode("utf-8", "replace")
    return body


def request(
    operation: Operation, number: int, uri: str, *more: Attribute, job: Iterable[Attribute] = (), data: bytes = b""
) -> bytes:
    """A request about the printer at `uri`: `more` says what of it, `job` how to print `data`."""
    head = [
        one("attributes-charset", Tag.CHARSET, "utf-8"),
        one("attributes-natural-language", Tag.LANGUAGE, "en"),
        one("printer-uri", Tag.URI, uri),
        *more,
    ]
    about_job = list(job)
    groups = [(GroupTag.OPERATION, head), (GroupTag.JOB, about_job)] if about_job else [(GroupTag.OPERATION, head)]
    return written(operation, number, groups, data)
