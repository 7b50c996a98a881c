"""A shop that every REST route is asked in, and what the interface says of its answers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
import schemathesis
from msgspec import Struct
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from central.claims.authority import Authority
from central.desk.books import Books, Keys
from central.office.doors import Doors
from central.office.settings import Http
from central.people import tokens
from central.people.entering import hashed
from central.people.scopes import EVERYTHING, SCOPES
from central.people.tokens import NewToken
from central.policy.standing import Standing
from central.stations.rows import StationRow
from central.stations.scale_checks import checked
from central.store.sqlite import now_ms
from contract.messages import ScaleChecked
from tests.central.conftest import serve
from tests.central.office.changing import BEN, Shop

CONFORMANCE: Final = (
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)


class Described(Struct, frozen=True):
    """The interface's description, by operation."""

    document: Mapping[str, Any]
    schema: Any

    def check(self, operation: str, answer: httpx.Response) -> None:
        """Raises what is not as it is described: status, media type, headers, body."""
        asked = self.schema.find_operation_by_id(operation)
        named = dict.fromkeys(re.findall(r"{(\w+)}", asked.path), "it")
        answer.request.read()
        asked.Case(path_parameters=named).validate_response(answer, checks=list(CONFORMANCE))

    def reads(self) -> Mapping[str, tuple[str, bool]]:
        """Path of each operation that only reads, and whether it must be told what to read."""
        return {
            read["operationId"]: (path, any(each["required"] for each in read.get("parameters", ())))
            for path, item in self.document["paths"].items()
            if (read := item.get("get")) is not None
        }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    """With two products, a bench, two warehouses, and a clock that stands still."""
    folder = tmp_path_factory.mktemp("every")
    now = now_ms()
    doors = Doors(authority=Authority.create(folder / "authority", "lyon"))

    def begin(books: Books) -> None:
        books.stations.put(StationRow("pack-1"))
        checked(books, "pack-1", ScaleChecked("scale", now, "4711", 2_000, 5, 0, 2_001, 0, True, now))
        tokens.create(books, NewToken("ben", SCOPES), hashed(BEN), EVERYTHING, "anna", now)

    async with serve(folder, Http(), lambda: now, doors) as central, central.client() as api:
        central.store.standing = Standing(warehouses=("main", "south"))
        await central.store.transact(Keys(everyone=True), begin)
        for sku in ("MUG-BLUE", "TEA-100"):
            body = {"name": sku, "mass_g": 100, "policy": "manual"}
            (await api.put(f"/api/products/{sku}", json=body)).raise_for_status()
            (await api.post(f"/api/stock/{sku}/received", json={"quantity": 100_000})).raise_for_status()
        yield Shop(central, api)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def described(shop: Shop) -> Described:
    document = (await shop.api.get("/schema/openapi.json")).json()
    return Described(document, schemathesis.openapi.from_dict(document))
