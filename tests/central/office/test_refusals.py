"""What a program is told that asks wrongly: RFC 9457, the field, and a sentence in plain words."""

from __future__ import annotations

import httpx
import pytest

from central.office.paging import cursor
from central.office.refusals import MEDIA_TYPE


@pytest.mark.feature("I2", "R4")
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field", "words"),
    [
        ("POST", "/api/orders", b"", 400, "body", "a JSON object is expected, and nothing came"),
        ("POST", "/api/orders", b"{", 400, "", "This is not JSON: "),
        ("POST", "/api/orders", b"[]", 400, "body", "an object is expected, not a list"),
        ("POST", "/api/orders", b"{}", 400, "order", "it is missing"),
        ("POST", "/api/orders/1/cancel", b'{"why": 1}', 400, "why", "nobody reads a field of this name"),
        ("POST", "/api/orders/1/payment", b'{"amount": "x"}', 400, "amount", "a whole number is expected, not text"),
        ("POST", "/api/orders/1/notes", b'{"audience": "dog"}', 400, "audience", "'dog' is none of the values"),
        ("POST", "/api/orders/1/hold", b'{"reason": "x"}', 404, "order", "There is no order '1'."),
        ("POST", "/api/stock/B/received", b'{"quantity": 0}', 400, "quantity", "a whole number >= 1 is expected"),
        ("POST", "/api/orders/import", b"", 400, "data", "a file is expected, as multipart/form-data"),
        ("GET", "/api/orders?limit=abc", b"", 400, "limit", "a whole number is expected, not text"),
        ("GET", f"/api/orders?placed_from={10**30}", b"", 400, "placed_from", "a whole number <= "),
        ("GET", f"/api/orders?after={cursor(10**30, 'P-1')}", b"", 422, "after", "not a cursor of this list"),
        ("POST", "/api/orders", b"[" * 100_000, 400, "", "nested too deeply"),
        ("POST", f"/api/problems/{10**30}/acknowledge", b"", 400, "problem", "a whole number <= "),
        ("GET", "/api/nothing", b"", 404, "", "There is nothing at /api/nothing."),
        ("DELETE", "/api/orders/1", b"", 405, "", "/api/orders/1 does not take DELETE."),
    ],
)
async def test_a_wrong_request_is_told_what_and_where(
    api: httpx.AsyncClient, method: str, path: str, body: bytes, status: int, field: str, words: str
) -> None:
    kind = "multipart/form-data; boundary=x" if path.endswith("import") else "application/json"
    answer = await api.request(method, path, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    problem = answer.json()
    assert problem["status"] == status
    assert words.lower() in problem["detail"].lower()
    assert [each["field"] for each in problem.get("errors", [])] == ([field] if field else [])
