"""When central deletes pictures of open boxes: never by a clock that may be wrong."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from central.photos.folder import PhotoFolder
from central.photos.inbox import PhotoInbox
from contract.messages import InboxItem
from link.client import Delivery
from tests.central.photos.test_folder import pieces

PATIENCE_S = 60


class Nobody:
    """Whom nothing is told."""

    def tell(self, station: str, item: InboxItem, now: int) -> None:
        raise AssertionError(item)

    async def room(self) -> None:
        raise AssertionError


def let_go(delivery: Delivery, why: str) -> None:
    raise AssertionError(why)


@pytest.mark.feature("R6")
async def test_pictures_stay_until_the_clock_has_proved_steady(tmp_path: Path) -> None:
    folder = PhotoFolder(tmp_path)
    [old] = pieces(b"old", 10)
    folder.take(old)
    long_ago = time.time() - 400 * 24 * 3600
    os.utime(tmp_path / old.sha256[:2] / f"{old.sha256}.jpg", (long_ago, long_ago))
    for is_steady in (False, True):
        looked = asyncio.Event()

        def look(said: bool = is_steady, looked: asyncio.Event = looked) -> bool:
            looked.set()
            return said

        inbox = PhotoInbox("lyon", folder, 90, Nobody(), let_go, lambda: 0)
        purging = asyncio.create_task(inbox.purge(look))
        await looked.wait()
        async with asyncio.timeout(PATIENCE_S):
            while is_steady and folder.is_here(old.sha256):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        purging.cancel()
        await asyncio.gather(purging, return_exceptions=True)
        assert folder.is_here(old.sha256) is not is_steady
