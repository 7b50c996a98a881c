"""A bench says that the broker lost what waited for it: its papers come again, each loss once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from central.documents.once_more import OnceMore
from contract.keys import Sscc, StationId
from contract.messages import LabelPrinted, PrintDocument, StationState
from tests.central.conftest import Central
from tests.central.documents.conftest import AT
from tests.central.documents.test_prints import ask, letters, told
from tests.central.packed import HOUSE

pytestmark = pytest.mark.feature("L7", "R3")
BENCH = StationId("pack-1")


async def test_what_was_not_printed_is_sent_again_and_nothing_else(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    await ask(api, ("pick_list", "P-1"), ("delivery_note", "P-1"), ("slip", packed))
    papers = {type(item.document).__name__: item for item in await letters(central) if isinstance(item, PrintDocument)}
    printed, taken_back = papers["DeliveryNote"].print_id, papers["PackingSlip"].print_id
    await told(central, LabelPrinted(printed, "delivery_note", AT, printer="slip printer"))
    (await api.post("/api/documents/withdraw", json={"print_id": taken_back})).raise_for_status()
    waits = papers["PickList"].print_id

    once_more = OnceMore(central.store, HOUSE, lambda: AT)
    running = asyncio.create_task(once_more.run())

    async def times(expected: Callable[[Counter[str]], bool]) -> Counter[str]:
        async with asyncio.timeout(60):
            while True:
                found = Counter(i.print_id for i in await letters(central) if isinstance(i, PrintDocument))
                if expected(found):
                    return found
                await asyncio.sleep(0.01)

    once_more.heard(BENCH, StationState(online=True))
    once_more.heard(StationId("pack-2"), StationState(online=True, forgotten_at=AT))
    for _ in range(3):
        once_more.heard(BENCH, StationState(online=True, forgotten_at=AT))
    await times(lambda found: found[waits] == 2)
    once_more.heard(BENCH, StationState(online=True, forgotten_at=AT, queued=1))
    for _ in range(30):
        # Time enough for what must not come.
        found = Counter(i.print_id for i in await letters(central) if isinstance(i, PrintDocument))
    assert found[waits] == 2
    once_more.heard(BENCH, StationState(online=True, forgotten_at=AT + 1))
    assert await times(lambda found: found[waits] == 3) == {waits: 3, printed: 1, taken_back: 1}
    running.cancel()
