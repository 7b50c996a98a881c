"""What central's pages say, as somebody reads them."""

from __future__ import annotations

import asyncio

import httpx

PATIENCE_S = 60


async def the_office_says(url: str, words: str, page: str = "/problems", *, no_more: bool = False) -> None:
    """Return when a page of the office has the words, or has them `no_more`."""
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    async with asyncio.timeout(PATIENCE_S), httpx.AsyncClient(base_url=url, headers=headers) as office:
        while True:
            if (words in (await office.get(page)).text) is not no_more:
                return
            await asyncio.sleep(0.2)
