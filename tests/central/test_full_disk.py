"""Central on a disk that takes nothing: it says so to people and programs, and begins by itself when it can."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

import httpx
import pytest

from demo.broker import Broker
from demo.children import Child, free_port
from tests.central.test_process import PROGRAM, write_config


@pytest.mark.feature("R6")
async def test_a_start_on_a_full_disk_waits_and_says_why(tmp_path: Path, broker: Broker) -> None:
    config, port = write_config(tmp_path, broker.port), free_port()
    config.write_text(config.read_text().replace("port = 0", f"port = {port}"))
    # No file may grow: what a full disk does to whoever writes.
    central = Child("central", ["prlimit", "--fsize=0:unlimited", *PROGRAM, "run", "--config", str(config)], tmp_path)
    with central:
        await central.is_ready()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as office:
            page = await office.get("/orders")
            assert (page.status_code, page.headers["retry-after"]) == (503, "10")
            assert "The disk is full" in page.text
            assert "Le disque est plein" in page.text
            problem = await office.get("/api/orders")
            assert problem.headers["content-type"] == "application/problem+json"
            assert problem.json()["status"] == 503
            assert "The disk is full" in problem.json()["detail"]

            resource.prlimit(central.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            await asyncio.to_thread(central.line, "office: http")
            assert (await office.get("/api/orders")).json()["items"] == []
