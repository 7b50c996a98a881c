"""Central's lists over REST."""

from __future__ import annotations

from typing import Any

import httpx


async def every(client: httpx.AsyncClient, path: str, **filters: str) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        answer = await client.get(path, params={**filters, "after": after, "limit": "100"})
        answer.raise_for_status()
        page = answer.json()
        found += page["items"]
        after = page["next"]
    return found
