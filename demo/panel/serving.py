"""Runs the bench panel beside the demo."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from demo.children import free_port
from demo.panel.server import make_app
from demo.table import Table
from demo.world import World


class _Server(uvicorn.Server):
    """uvicorn without its own hands on the process's signals: they belong to the demo."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(world: World, table: Table, port: int = 0) -> AsyncIterator[str]:
    """The panel's address, while the block runs. Port 0: any free one."""
    port = port or free_port()
    ended = asyncio.Event()
    app = make_app(table, world.kiosk_url, world.office_url, ended)
    server = _Server(
        uvicorn.Config(app, port=port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    )
    running = asyncio.create_task(server.serve(), name="panel")
    try:
        while not server.started:
            if running.done():
                await running
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        ended.set()
        table.note()
        server.should_exit = True
        await running
