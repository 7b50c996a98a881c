"""The page of problems: also what stations sent and nobody could read."""

from __future__ import annotations

import httpx
import pytest

from central.desk.books import Books, Keys
from central.stations.rows import AsideRow
from central.store.sqlite import now_ms
from tests.central.conftest import Central

TOPIC = "packline/1/lyon/station/pack-1/fact"


@pytest.mark.feature("R4", "V1")
async def test_messages_that_could_not_be_read_are_shown_with_their_count(
    central: Central, api: httpx.AsyncClient
) -> None:
    now = now_ms()

    def came(books: Books) -> None:
        for payload in (b"not json", b"no json either"):
            books.aside.append(AsideRow(TOPIC, "fact: JSON is malformed: byte 4", payload, len(payload), now))
        books.aside.append(AsideRow(TOPIC, "fact: long ago", b"", 0, now - 30 * 24 * 3_600_000))

    page = {"Accept": "text/html", "Accept-Language": "fr"}
    assert "Messages illisibles" not in (await api.get("/problems", headers=page)).text
    await central.store.transact(Keys(), came)
    french = (await api.get("/problems", headers=page)).text
    assert "Messages illisibles" in french
    assert "fact : ce n&#39;est pas du JSON : byte 4" in french
    assert f'<td class="code">{TOPIC}</td><td class="n">2</td>' in french
    assert "long ago" not in french
