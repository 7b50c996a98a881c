"""The MQTT contract for other programs: an AsyncAPI 3 document and a readable page, both made from the types.

`python -m contract.asyncapi docs` writes `asyncapi.json` and `messages.md` into that folder.
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec

from contract.envelope import Envelope
from contract.keys import Gtin, Sscc
from contract.messages import (
    Ask,
    Fact,
    InboxItem,
    News,
    OrderNews,
    ParcelNews,
    PhotoPiece,
    Progress,
    StationState,
    StockNews,
)

_STATION = {"site": "The site's name.", "station": "The station's id, as in its certificate."}


class Channel(NamedTuple):
    """One topic: who writes it (`send` is central), with which promise, and what is on it."""

    address: str
    action: str
    qos: int
    retain: bool
    what: str
    messages: tuple[type, ...]
    parameters: dict[str, str]


CHANNELS = {
    "fact": Channel(
        "packline/1/{site}/station/{station}/fact", "receive", 1, False,
        "What happened at a bench, durable there before it is sent. Central answers each with a receipt.",
        get_args(Fact), _STATION,
    ),
    "ask": Channel(
        "packline/1/{site}/station/{station}/ask", "receive", 1, False,
        "Questions of a station; they expire. The answer comes to its inbox with the same correlation data.",
        get_args(Ask), _STATION,
    ),
    "photo": Channel(
        "packline/1/{site}/station/{station}/photo", "receive", 1, False,
        "Pictures of open boxes, piece by piece. Central answers each piece in the inbox; the next one follows then.",
        (PhotoPiece,), _STATION,
    ),
    "state": Channel(
        "packline/1/{site}/station/{station}/state", "receive", 1, True,
        "How a station is. Its last will says that it is offline.",
        (StationState,), _STATION,
    ),
    "progress": Channel(
        "packline/1/{site}/station/{station}/progress", "receive", 0, False,
        "What a bench does right now; may be lost.",
        (Progress,), _STATION,
    ),
    "inbox": Channel(
        "packline/1/{site}/station/{station}/inbox", "send", 1, False,
        "What central tells one station.",
        get_args(InboxItem), _STATION,
    ),
    "newsOrder": Channel(
        "packline/1/{site}/news/order/{order}", "send", 1, True,
        "Where an order stands. A day after it left the house or was cancelled, its topic is emptied (no payload).",
        (OrderNews,),
        {"site": "The site's name.", "order": "The order number; + # / % are written %2B %23 %2F %25."},
    ),
    "newsParcel": Channel(
        "packline/1/{site}/news/parcel/{sscc}", "send", 1, True,
        "Where a parcel stands. A day after the last that was heard of it since it left the house or was taken apart, "
        "its topic is emptied (no payload).",
        (ParcelNews,),
        {"site": "The site's name.", "sscc": "18 digits."},
    ),
    "newsStock": Channel(
        "packline/1/{site}/news/stock/{sku}", "send", 1, True, "How much of a product there is.", (StockNews,),
        {"site": "The site's name.", "sku": "The shop's product name; + # / % are written as in news/order."},
    ),
}  # fmt: skip

assert {kind for channel in CHANNELS.values() for kind in channel.messages} == {
    *get_args(Fact), *get_args(Ask), *get_args(InboxItem), *get_args(News), PhotoPiece, StationState, Progress
}, "a message has no channel"  # fmt: skip


def _key_schema(kind: type) -> dict[str, Any]:
    if kind is Sscc:
        return {"type": "string", "pattern": "^[0-9]{18}$", "description": "SSCC; its check digit is right."}
    if kind is Gtin:
        return {"type": "string", "pattern": "^[0-9]{14}$", "description": "GTIN as 14 digits; check digit right."}
    raise NotImplementedError(f"no schema for {kind}")


def _told_apart(schema: Any) -> Any:
    """AsyncAPI names the field that tells a union's kinds apart; OpenAPI, which msgspec writes, wraps the name."""
    if isinstance(schema, list):
        return [_told_apart(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value["propertyName"] if key == "discriminator" else _told_apart(value) for key, value in schema.items()
    }


def _summary(kind: type) -> str:
    return (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ")


def document(version: str) -> dict[str, Any]:
    """The AsyncAPI 3.0 document, from central's point of view."""
    kinds = [kind for channel in CHANNELS.values() for kind in channel.messages]
    wrapped = [Envelope[kind] for kind in kinds]  # type: ignore[valid-type]
    references, schemas = msgspec.json.schema_components(
        wrapped, schema_hook=_key_schema, ref_template="#/components/schemas/{name}"
    )
    messages = {
        kind.__name__: {
            "name": kind.__name__,
            "summary": _summary(kind),
            "contentType": "application/json",
            "payload": reference,
        }
        for kind, reference in zip(kinds, references, strict=True)
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Packline",
            "version": version,
            "description": "What packing stations and central say to each other over MQTT 5, and what others may read.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(channel) for name, channel in CHANNELS.items()},
        "operations": {f"{channel.action}{name[0].upper()}{name[1:]}": _operation(name, channel)
                       for name, channel in CHANNELS.items()},
        "components": {"messages": messages, "schemas": _told_apart(schemas)},
    }  # fmt: skip


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": channel.address,
        "description": channel.what,
        "parameters": {name: {"description": text} for name, text in channel.parameters.items()},
        "messages": {kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in channel.messages},
    }


def _operation(name: str, channel: Channel) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": channel.action,
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": channel.what,
        "bindings": {"mqtt": {"qos": channel.qos, "retain": channel.retain}},
        "messages": [{"$ref": f"#/channels/{name}/messages/{kind.__name__}"} for kind in channel.messages],
    }
    if name == "ask":
        operation["reply"] = {"channel": {"$ref": "#/channels/inbox"}}
    return operation


def page(version: str) -> str:
    """The same for people: each topic, its messages and their fields."""
    out = [f"# Messages, version {version}", "",
           "Made from `contract/messages.py` by `python -m contract.asyncapi docs`; `asyncapi.json` beside it is the",
           "same for programs. Every message travels in an envelope: `message_id` (UUIDv7), `station`, `sequence`,",
           "`recorded_at` (milliseconds since the epoch), `clock_ok` and `body`, whose `type` is the message's name.",
           ""]  # fmt: skip
    for channel in CHANNELS.values():
        keeps = ", retained" if channel.retain else ""
        writer = "central" if channel.action == "send" else "station"
        out += [f"## `{channel.address}`", "", f"{channel.what} Written by: {writer}. QoS {channel.qos}{keeps}.", ""]
        for kind in channel.messages:
            out += [f"- **{kind.__name__}**: {_summary(kind)} Fields: {_fields(kind)}."]
        out.append("")
    return "\n".join(out)


def _fields(kind: type) -> str:
    return ", ".join(f"`{field.encode_name}`" for field in msgspec.structs.fields(kind))


def main() -> None:
    """Write both documents into the folder named on the command line."""
    from importlib.metadata import version

    folder = Path(sys.argv[1])
    release = version("packline")
    text = json.dumps(document(release), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    (folder / "asyncapi.json").write_text(text, encoding="utf-8")
    (folder / "messages.md").write_text(page(release), encoding="utf-8")


if __name__ == "__main__":
    main()
