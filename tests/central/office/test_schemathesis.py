"""The whole interface under generated requests, good and bad: no answer of 500, none that is not documented."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.central.conftest import SECRET, Central
from tests.central.orders.test_routes import BODY
from tests.central.packed import pack

EXAMPLES: Final = 8
"""For each operation, of good and of bad requests: all of them together take about a minute."""
CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)
AT: Final = 1_777_880_000_000


async def filled(central: Central) -> Mapping[str, list[str]]:
    """A shop with something of each kind; what the parameters in paths may name."""
    async with central.client() as api:
        await api.put("/api/products/MUG-BLUE", json={"name": "Blue mug", "mass_g": 300})
        await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 10})
        for number in ("P-1", "P-2"):
            await api.post("/api/orders", json=BODY | {"order": number})
        await api.post("/api/people", json={"account": "camille", "name": "Camille", "badge": "4711"})
        await api.post("/api/tokens", json={"name": "shop", "scopes": ["orders:read"]})
    sscc = await pack(central.store, "P-1", {"MUG-BLUE": 2}, AT)
    return {
        "number": ["P-1", "P-2"],
        "order": ["P-1"],
        "sku": ["MUG-BLUE"],
        "sscc": [str(sscc)],
        "account": ["camille"],
        "name": ["shop"],
        "problem": ["1"],
        "station": ["pack-1"],
    }


@pytest.mark.feature("I2", "R4")
async def test_every_operation_answers_as_it_says(central: Central) -> None:
    known = await filled(central)
    found = await asyncio.to_thread(lambda: list(failures(central, known)))
    assert not found, "\n\n".join(found)


def failures(central: Central, known: Mapping[str, list[str]]) -> Iterator[str]:
    """What is wrong, at most once for each operation and kind of request."""
    headers = {"Authorization": f"Bearer {SECRET}"}
    schema = schemathesis.openapi.from_url(f"{central.url}/schema/openapi.json", headers=headers)
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                probe(operation, mode, known, headers)
            except Unsatisfiable:
                # Anything at all is a good body there: nothing bad can be thought of.
                continue
            except (Exception, BaseExceptionGroup) as error:
                said = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
                yield from (f"{operation.label} ({mode.value}): {each}" for each in said)


def probe(operation: Any, mode: GenerationMode, known: Mapping[str, list[str]], headers: dict[str, str]) -> None:
    """Raises what a check raises."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), named=st.booleans(), data=st.data())
    def answered(case: Any, named: bool, data: st.DataObject) -> None:
        if named:
            for name in case.path_parameters or ():
                if name in known:
                    case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
        case.call_and_validate(checks=list(CHECKS), headers=headers)

    answered()
