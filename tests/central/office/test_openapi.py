"""The interface's own description."""

from __future__ import annotations

import httpx
import pytest

from central.people.scopes import SCOPES


@pytest.mark.feature("I2")
async def test_every_operation_describes_every_answer(api: httpx.AsyncClient) -> None:
    schema = (await api.get("/schema/openapi.json")).json()
    assert schema["openapi"].startswith("3.1")
    operations = [
        (f"{method} {path}", operation) for path, item in schema["paths"].items() for method, operation in item.items()
    ]
    assert len(operations) >= 25
    for name, operation in operations:
        assert name.split()[1].startswith("/api/"), name
        assert operation["summary"], name
        assert {"400", "422", "500", "503"} <= operation["responses"].keys(), name
        if "requestBody" in operation:
            assert "413" in operation["responses"], name
        (needs,) = operation["security"]
        if needs:
            assert {"401", "403"} <= operation["responses"].keys(), name
            assert set(needs["token"]) <= set(SCOPES), name
        for status, answer in operation["responses"].items():
            assert answer["description"], (name, status)
            if int(status) >= 400:
                assert "application/problem+json" in answer["content"], (name, status)
    assert schema["paths"]["/api/orders/{number}/hold"]["post"]["security"] == [{"token": ["orders:write"]}]
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    post = schema["paths"]["/api/orders/{number}/notes"]["post"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in post["parameters"]}


WITHOUT_A_KEY = {
    "hearStripe": "a webhook: each event has a number of its own and is booked once",
    "hearShop": "a webhook: each delivery is known by its content and is booked once",
    "tryRules": "changes nothing",
    "offerClaim": "a station without an account, to whom no key could belong; an offer that nobody approves ends",
    "renewCertificate": "a station without an account; each answer is a certificate as good as the one before",
}


@pytest.mark.feature("I2")
async def test_whatever_changes_something_takes_a_key(api: httpx.AsyncClient) -> None:
    schema = (await api.get("/schema/openapi.json")).json()
    changing = {
        operation["operationId"]: {parameter["name"] for parameter in operation.get("parameters", ())}
        for item in schema["paths"].values()
        for method, operation in item.items()
        if method in ("post", "put", "patch", "delete")
    }
    assert len(changing) > 75
    assert {name for name, takes in changing.items() if "Idempotency-Key" not in takes} == set(WITHOUT_A_KEY)


WHOLE = {"listPendingStock", "listEvents", "listRights"}


@pytest.mark.feature("I2")
async def test_every_list_comes_in_pages(api: httpx.AsyncClient) -> None:
    schema = (await api.get("/schema/openapi.json")).json()
    kinds = schema["components"]["schemas"]
    lists = 0
    for path, item in schema["paths"].items():
        operation = item.get("get")
        if operation is None or operation["operationId"] in WHOLE:
            continue
        answer = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
        assert answer.get("type") != "array", f"{path}: a list without pages"
        kind = kinds.get(answer.get("$ref", "").rpartition("/")[2], {})
        if kind.get("properties", {}).get("items", {}).get("type") == "array":
            lists += 1
            assert "next" in kind["properties"], path
            assert {"after", "limit"} <= {parameter["name"] for parameter in operation["parameters"]}, path
    assert lists > 15


async def test_people_read_it_without_scripts_of_others(api: httpx.AsyncClient) -> None:
    page = (await api.get("/schema", headers={"Accept": "text/html"})).text
    assert "POST /api/orders/{number}/payment" in page
    assert "cdn" not in page
