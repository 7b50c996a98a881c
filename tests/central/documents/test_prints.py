"""Papers of the office on benches' printers: each once, with a state that is true, singly and in bulk."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from central.desk.batch import decide, keys_of
from central.desk.deliveries import FactCame
from contract.envelope import Envelope, Reader
from contract.keys import Sscc
from contract.messages import DocumentTroubled, Fact, InboxItem, LabelPrinted, PrintDocument, WithdrawDocument
from contract.papers import DeliveryNote, PackingSlip, PickList
from tests.central.conftest import Central
from tests.central.documents.conftest import AT, order
from tests.central.packed import HOUSE

pytestmark = pytest.mark.feature("L7")
_item: Reader[InboxItem] = Reader(InboxItem, "letter")


async def letters(central: Central) -> list[InboxItem]:
    """What waits for stations' inboxes."""
    rows = await central.store.read("desk.unsent", (0, 500))
    return [_item(row["body"].encode()) for row in rows if row["topic"].endswith("/inbox")]


async def told(central: Central, *facts: Fact) -> None:
    """Facts of pack-1, booked as its messages are."""
    batch = [FactCame(Envelope(f"fact-{n}-{facts!r}", "pack-1", n, AT, fact)) for n, fact in enumerate(facts, 1)]
    tokens = iter([f"t-{n}" for n in range(len(batch))])
    await central.store.transact(keys_of(HOUSE, batch, AT), lambda books: decide(books, HOUSE, batch, tokens, AT))


async def ask(api: httpx.AsyncClient, *documents: tuple[str, str], reason: str = "") -> list[dict[str, Any]]:
    answer = await api.post(
        "/api/documents/print",
        json={
            "documents": [{"kind": kind, "subject": subject} for kind, subject in documents],
            "station": "pack-1",
            "reason": reason,
        },
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def states(api: httpx.AsyncClient, number: str = "P-1") -> dict[str, str]:
    items = (await api.get("/api/documents", params={"order": number})).json()["items"]
    return {item["kind"]: item["state"] for item in items}


async def test_each_document_is_sent_to_the_bench_with_all_that_is_on_it(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    assert await states(api) == {"pick_list": "not_printed", "delivery_note": "not_printed", "slip": "not_printed"}
    asked = await ask(api, ("pick_list", "P-1"), ("delivery_note", "P-1"), ("slip", packed))
    assert [item["done"] for item in asked] == [True, True, True]
    assert await states(api) == {"pick_list": "sent", "delivery_note": "sent", "slip": "sent"}
    sent = [item.document for item in await letters(central) if isinstance(item, PrintDocument)]
    picked, note, slip = sent
    assert isinstance(picked, PickList)
    assert [(line.sku, line.quantity) for line in picked.lines] == [("TEA-100", 1)]
    assert isinstance(note, DeliveryNote)
    assert [(line.name, line.quantity) for line in note.lines] == [("Tasse à café en grès bleu, émaillée à la main", 2)]
    assert [(line.name, line.quantity) for line in note.to_follow] == [("Thé vert", 1)]
    assert note.parcels == (packed,)
    assert isinstance(slip, PackingSlip)
    assert (slip.consignee.name, slip.language, slip.sscc) == ("Élodie Lefèvre", "fr", packed)


async def test_the_state_becomes_printed_by_whom_where_and_when(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    await ask(api, ("delivery_note", "P-1"))
    (letter,) = [item for item in await letters(central) if isinstance(item, PrintDocument)]
    await told(central, LabelPrinted(letter.print_id, "delivery_note", AT + 9, None, 1, "", "a4"))
    (row,) = (await api.get("/api/documents/prints")).json()["items"]
    assert (row["state"], row["station"], row["printer"], row["asked_by"], row["settled_at"]) == (
        "printed",
        "pack-1",
        "a4",
        "anna",
        AT + 9,
    )
    happened = (await api.get("/api/orders/P-1")).json()["timeline"]
    assert ("delivery_note_printed", "pack-1", "anna") in [(e["what"], e["station"], e["by"]) for e in happened]


async def test_a_second_copy_needs_a_reason_and_says_duplicate(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    await ask(api, ("slip", packed))
    (under_way,) = await ask(api, ("slip", packed), reason="wet")
    assert not under_way["done"]
    assert "on its way to pack-1" in under_way["text"]
    (letter,) = [item for item in await letters(central) if isinstance(item, PrintDocument)]
    await told(central, LabelPrinted(letter.print_id, "slip", AT, packed))
    (refused,) = await ask(api, ("slip", packed))
    assert "DUPLICATE" in refused["text"]
    (again,) = await ask(api, ("slip", packed), reason="the first one was wet")
    assert again["done"]
    second = [item for item in await letters(central) if isinstance(item, PrintDocument)][-1]
    assert (second.document.copy, second.reason) == (2, "the first one was wet")


async def test_what_fails_waits_at_the_bench_and_can_be_taken_back(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    await ask(api, ("delivery_note", "P-1"))
    (letter,) = [item for item in await letters(central) if isinstance(item, PrintDocument)]
    await told(central, DocumentTroubled(letter.print_id, "failed", "The printer a4 has no paper.", AT))
    (row,) = (await api.get("/api/documents/prints", params={"state": "failed"})).json()["items"]
    assert row["trouble"] == "The printer a4 has no paper."
    taken = await api.post("/api/documents/withdraw", json={"print_id": letter.print_id})
    assert taken.status_code == 200, taken.text
    assert [item for item in await letters(central) if isinstance(item, WithdrawDocument)] == [
        WithdrawDocument(letter.print_id)
    ]
    assert (await states(api))["delivery_note"] == "not_printed"
    await told(central, LabelPrinted(letter.print_id, "delivery_note", AT))
    assert (await states(api))["delivery_note"] == "printed", "paper that is out is told, whatever was wished"
    late = await api.post("/api/documents/withdraw", json={"print_id": letter.print_id})
    assert late.status_code == 409


async def test_of_many_each_has_its_own_result(central: Central, api: httpx.AsyncClient, packed: Sscc) -> None:
    await api.post("/api/orders", json=order("P-2"))
    asked = await ask(
        api, ("delivery_note", "P-1"), ("delivery_note", "P-2"), ("pick_list", "P-2"), ("slip", "1"), ("slip", "P-9")
    )
    assert [item["done"] for item in asked] == [True, False, True, False, False]
    assert "Nothing of order P-2 is packed yet" in asked[1]["text"]
    assert "SSCC" in asked[3]["text"]
    assert len([item for item in await letters(central) if isinstance(item, PrintDocument)]) == 2


async def test_a_person_may_have_printed_it_elsewhere(api: httpx.AsyncClient, packed: Sscc) -> None:
    body = {"documents": [{"kind": "slip", "subject": packed}]}
    assert (await api.post("/api/documents/mark-printed", json=body)).json()["items"][0]["done"]
    assert (await states(api))["slip"] == "printed"


async def test_nobody_is_sent_paper_for_a_bench_that_is_not_there(api: httpx.AsyncClient, packed: Sscc) -> None:
    body = {"documents": [{"kind": "slip", "subject": packed}], "station": "pack-9"}
    (item,) = (await api.post("/api/documents/print", json=body)).json()["items"]
    assert item == {"document": f"slip/{packed}", "done": False, "text": "There is no station 'pack-9'."}


async def test_a_request_under_a_key_prints_once_and_is_answered_alike(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    body = {"documents": [{"kind": "slip", "subject": packed}, {"kind": "slip", "subject": "0"}], "station": "pack-1"}
    key = {"Idempotency-Key": "print-7"}
    first, again = [await api.post("/api/documents/print", json=body, headers=key) for _ in range(2)]
    assert (first.status_code, [item["done"] for item in first.json()["items"]]) == (200, [True, False])
    assert again.json() == first.json()
    marked = {"documents": [{"kind": "pick_list", "subject": "P-1"}]}
    for _ in range(2):
        answer = await api.post("/api/documents/mark-printed", json=marked, headers={"Idempotency-Key": "mark-7"})
        assert answer.json()["items"][0]["done"]
    rows = (await api.get("/api/documents/prints")).json()["items"]
    assert sorted((row["document"].split("/")[0], row["copy"]) for row in rows) == [("pick_list", 1), ("slip", 1)]
    other = await api.post("/api/documents/print", json=body | {"reason": "wet"}, headers=key)
    assert other.status_code == 422
