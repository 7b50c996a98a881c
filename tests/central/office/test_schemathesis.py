"""The whole interface under generated requests, good and bad: no answer of 500, none that is not documented."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode

from tests.central.conftest import SECRET, Central
from tests.central.office.changing import Shop
from tests.central.office.conftest import CONFORMANCE

EXAMPLES: Final = 8
"""For each operation, of good and of bad requests: all of them together take about a minute."""
EACH: Final = 3
"""Of each kind of thing: a request may end one."""


async def filled(shop: Shop) -> Mapping[str, list[str]]:
    """Something of each kind: what the parameters in paths may name, by the part of the path before them."""
    known: dict[str, list[object]] = defaultdict(list)
    known["shops/{name}"] = ["none"]
    known["lines/{line}"] = ["1", "2"]
    known["stations/{station}"] = ["pack-1"]
    for _ in range(EACH):
        known["orders/{number}"] += [await shop.order(), await shop.held(), await shop.merged()]
        sku, lot = await shop.lot()
        known["stock/{sku}"].append(sku)
        known["products/{sku}"].append(sku)
        known["lots/{lot}"].append(lot)
        known["parcels/{sscc}"] += [await shop.labelled(), await shop.photographed(), await shop.held_parcel()]
        for part, made in KINDS.items():
            known[part].append(await made(shop))
    return {part: [str(each) for each in things] for part, things in known.items()}


async def first(made: Awaitable[tuple[object, object]]) -> object:
    """The name of something that is made together with another."""
    return (await made)[0]


KINDS: Final[Mapping[str, Callable[[Shop], Awaitable[object]]]] = {
    "suppliers/{code}": lambda shop: first(shop.delivery()),
    "deliveries/{number}": lambda shop: first(shop.delivery()),
    "counts/{count}": lambda shop: first(shop.counted()),
    "picking/{number}": lambda shop: first(shop.walked()),
    "claim/{claim}": lambda shop: first(shop.claim()),
    "claims/{claim}": lambda shop: first(shop.claim()),
    "certificates/{station}": Shop.certified,
    "incoming/{key}": Shop.money,
    "problems/{problem}": Shop.problem,
    "people/{account}": Shop.signed_in,
    "tokens/{name}": Shop.token,
    "runs/{run}": Shop.run,
    "serials/{serial}": Shop.serial,
    "volumes/{number}": Shop.bound,
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.feature("I2", "R4")
async def test_every_operation_answers_as_it_says(shop: Shop) -> None:
    known = await filled(shop)
    found = await asyncio.to_thread(lambda: list(failures(shop.central, known)))
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
    parts = [(found[0], found[1]) for found in re.finditer(r"\w+/{(\w+)}", operation.path)]

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
            for part, name in parts:
                case.path_parameters[name] = data.draw(st.sampled_from(known[part]))
        case.call_and_validate(checks=[not_a_server_error, *CONFORMANCE], headers=headers)

    answered()
