"""What is on the wire stays readable: every message against its golden file, and the generated contract."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from contract import asyncapi
from contract.envelope import (
    MAX_BYTES,
    Envelope,
    Reader,
    Unreadable,
    encode,
    read_ask,
    read_fact,
    read_inbox,
    read_news,
    read_photo,
    read_progress,
    read_state,
)
from contract.messages import Ask, Fact, InboxItem, Message, News, PhotoPiece, Progress, StationState
from tests.contract.samples import AT, SAMPLES, SSCC

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
ROOT = HERE.parents[1]

READERS: dict[type, Reader[Envelope[Message]]] = {  # type: ignore[assignment]
    **dict.fromkeys(get_args(Fact), read_fact),
    **dict.fromkeys(get_args(Ask), read_ask),
    **dict.fromkeys(get_args(InboxItem), read_inbox),
    **dict.fromkeys(get_args(News), read_news),
    PhotoPiece: read_photo,
    StationState: read_state,
    Progress: read_progress,
}


def enveloped(message: Message) -> Envelope[Message]:
    return Envelope("019a0000-0000-7000-8000-000000000042", "bench-1", 42, AT, message)


def test_every_message_has_a_sample() -> None:
    assert {type(sample) for sample in SAMPLES} == set(READERS)


@pytest.mark.feature("I1")
@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: type(message).__name__)
def test_golden(message: Message) -> None:
    golden = (GOLDEN / f"{type(message).__name__}.json").read_bytes().rstrip(b"\n")
    assert READERS[type(message)](golden) == enveloped(message)
    assert json.loads(encode(enveloped(message))) == json.loads(golden)


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: type(message).__name__)
def test_samples_fill_every_field(message: Message) -> None:
    """A golden file that leaves a field at its default would not notice the field being renamed."""
    for field in msgspec.structs.fields(type(message)):
        if field.default is not msgspec.NODEFAULT:
            assert getattr(message, field.name) != field.default, field.name


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: type(message).__name__)
def test_a_newer_sender_may_add_fields(message: Message) -> None:
    sent = json.loads(encode(enveloped(message)))
    sent["new"] = 1
    sent["body"]["added_later"] = {"any": ["thing"]}
    assert READERS[type(message)](json.dumps(sent).encode()) == enveloped(message)


@pytest.mark.feature("R4")
@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        (b"", "fact: Input data was truncated"),
        (b"{not json", "fact: JSON is malformed"),
        (b"\xff\xfe", "fact: JSON is malformed"),
        (b"[]", "Expected `object`, got `array`"),
        (b"[" * 10_000, "fact: "),
        (b'{"message_id":"m","station":"s","sequence":1,"recorded_at":1,"body":{"type":"Nonsense"}}', "Invalid value"),
        (b'{"message_id":"m","station":"s","sequence":1,"recorded_at":1,"body":{"type":"SignedIn"}}', "`badge`"),
        (b"x" * (MAX_BYTES + 1), "is more than"),
    ],
)
def test_unreadable(payload: bytes, complaint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_fact(payload)
    assert complaint in str(caught.value)


def test_a_wrong_check_digit_on_the_wire_is_unreadable() -> None:
    golden = (GOLDEN / "ParcelClosed.json").read_bytes()
    with pytest.raises(Unreadable, match="check digit"):
        read_fact(golden.replace(SSCC.encode(), (SSCC[:-1] + str((int(SSCC[-1]) + 1) % 10)).encode()))


def test_documents_are_generated_from_these_types() -> None:
    """After a change of messages: `python -m contract.asyncapi docs`."""
    written = json.loads((ROOT / "docs" / "asyncapi.json").read_text())
    assert written == json.loads(json.dumps(asyncapi.document(written["info"]["version"])))
    assert (ROOT / "docs" / "messages.md").read_text() == asyncapi.page(written["info"]["version"])


@pytest.mark.feature("I1")
def test_asyncapi_passes_the_reference_parser() -> None:
    modules = os.environ.get("NODE_PATH", str(ROOT / ".cache" / "node_modules"))
    result = subprocess.run(
        ["node", HERE / "validate_asyncapi.cjs", ROOT / "docs" / "asyncapi.json"],
        env=os.environ | {"NODE_PATH": modules},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    counted = json.loads(result.stdout)
    assert counted == {"version": "3.0.0", "channels": len(asyncapi.CHANNELS), "messages": len(SAMPLES)}
