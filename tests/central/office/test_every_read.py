"""Every REST route that only reads, of what exists: answered as it is described."""

from __future__ import annotations

from typing import Final

import pytest

from tests.central.office.changing import READS, Shop
from tests.central.office.conftest import Described

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("reads"), pytest.mark.feature("I2")]

FULL: Final = (
    *(Shop.held, Shop.merged, Shop.money, Shop.counted, Shop.stopped_lot, Shop.problem, Shop.sent_to_print),
    *(Shop.mailed, Shop.person, Shop.token, Shop.certified, Shop.walked, Shop.labelled, Shop.supplied),
)
"""What puts something into every list."""
SETTINGS: Final = {"getRules"}
"""They are in a file of the house, not in the database."""


async def test_no_route_that_must_be_told_what_is_without_its_sample(described: Described) -> None:
    assert READS.keys() == {name for name, (_, told) in described.reads().items() if told}


@pytest.mark.parametrize("name", READS)
async def test_one_thing_is_answered_as_described(shop: Shop, described: Described, name: str) -> None:
    asked = await READS[name].asked(shop)
    answer = await asked.send(shop.api, "GET", name)
    assert answer.status_code == 200, answer.text
    described.check(name, answer)


async def test_every_list_is_answered_as_described(shop: Shop, described: Described) -> None:
    for made in FULL:
        await made(shop)
    lists = {name: path for name, (path, told) in described.reads().items() if not told}
    for name, path in lists.items():
        answer = await shop.api.get(path)
        assert answer.status_code == 200, answer.text
        described.check(name, answer)
        if name in SETTINGS:
            continue
        if "application/json" in answer.headers["content-type"]:
            assert any(isinstance(each, list) and each for each in answer.json().values()), f"{name} is empty"
        else:
            assert len(answer.text.splitlines()) > 1, f"{name} is empty"
