"""The kiosk's server over real HTTP on the loopback."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
import pytest_asyncio
from starlette.routing import Mount, Route

from station.kiosk import server as module
from station.kiosk.frames import Frames
from station.kiosk.pictures import Pictures
from station.kiosk.server import bind, make_app, serve
from station.kiosk.view import Frame, LineView, Quiet, Screen
from station.work.inputs import AnyInput, Scanned, Typed

PNG = b"\x89PNG\r\n\x1a\n"
NOWHERE = ("frame-ancestors", "base-uri", "form-action")
SAME_EVERYWHERE = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
FRAME = Frame(
    Screen(
        tone="stop",
        sentence="Reposez cet article",
        lines=(LineView("FR-1", 0, "B-17", "Mug", "b17.png", 1, 2, 0, "touched", may_type=True),),
        flash=3,
        sound="stop",
    ),
    Quiet(online=True, queued=12, station="bench-1"),
    answered_scan=7,
)


class Running:
    """A served kiosk with its client and what was submitted."""

    def __init__(self, folder: Path) -> None:
        (folder / "b17.png").write_bytes(PNG)
        self.inputs: list[AnyInput] = []
        self.calibrated: list[str] = []
        self.frames = Frames()
        pictures = Pictures(folder, "http://127.0.0.1:9", folder / "ca.pem")
        self.app = app = make_app(
            self.frames,
            self.inputs.append,
            pictures,
            {"a" * 64: b"\xff\xd8"}.get,
            calibrate=self.calibrate,
            now_ms=lambda: 1_700,
            beat_s=0.05,
        )
        listening = bind("127.0.0.1", 0)
        self.port: int = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.serving = asyncio.create_task(serve(app, self.frames, listening))
        self.client = httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False)

    def calibrate(self, device: str) -> None:
        if device != "left":
            raise ValueError(f"{device!r} is no scanner; there is left")
        self.calibrated.append(device)

    async def stop(self) -> None:
        self.serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.serving


@pytest_asyncio.fixture
async def kiosk(tmp_path: Path) -> AsyncIterator[Running]:
    running = Running(tmp_path)
    yield running
    await running.client.aclose()
    await running.stop()


async def first_events(lines: AsyncIterator[str], count: int) -> list[dict[str, str]]:
    """The next `count` server-sent events as name and data."""
    events: list[dict[str, str]] = []
    event: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
        else:
            events.append(event)
            event = {}
            if len(events) == count:
                break
    return events


@pytest.mark.feature("P21")
async def test_the_stream_gives_the_newest_frame_then_each_next(kiosk: Running) -> None:
    kiosk.frames.show(FRAME)
    async with kiosk.client.stream("GET", "/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.aiter_lines()
        page, newest = await first_events(lines, 2)
        assert page["event"] == "page"
        assert msgspec.json.decode(newest["data"], type=Frame) == FRAME
        beats = await first_events(lines, 2)
        assert [beat["event"] for beat in beats] == ["beat", "beat"]
        kiosk.frames.show(msgspec.structs.replace(FRAME, answered_scan=8))
        while (event := (await first_events(lines, 1))[0]).get("event") == "beat":
            pass
        assert msgspec.json.decode(event["data"], type=Frame).answered_scan == 8


async def test_stopping_ends_an_open_stream_cleanly(kiosk: Running) -> None:
    kiosk.frames.show(FRAME)
    async with kiosk.client.stream("GET", "/events") as answer:
        lines = answer.aiter_lines()
        await first_events(lines, 2)
        stopping = asyncio.create_task(kiosk.stop())
        async for _ in lines:  # ends by itself; a torn connection would raise
            pass
        await stopping


async def test_a_viewer_that_leaves_is_not_waited_for(kiosk: Running) -> None:
    async with kiosk.client.stream("GET", "/events") as answer:
        await first_events(answer.aiter_lines(), 1)
    while any("_stream" in repr(task.get_coro()) for task in asyncio.all_tasks()):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@pytest.mark.feature("P21")
async def test_a_touch_is_a_scan(kiosk: Running) -> None:
    answer = await kiosk.client.post("/scan", json={"text": "]C1\x1dPK-CONFIRM"})
    assert answer.status_code == 204
    assert kiosk.inputs == [Scanned(1_700, "]C1\x1dPK-CONFIRM", device="screen")]


@pytest.mark.feature("P5")
async def test_a_typed_quantity(kiosk: Running) -> None:
    answer = await kiosk.client.post("/typed", json={"order": "FR-1", "line": 0, "quantity": 12})
    assert answer.status_code == 204
    assert kiosk.inputs == [Typed(1_700, "FR-1", 0, 12)]


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("/scan", b"", "/scan"),
        ("/scan", b"{", "/scan"),
        ("/scan", b"\xff\xfe", "/scan"),
        ("/scan", b"[" * 4000, "/scan"),
        ("/scan", b'{"text": 5}', "$.text"),
        ("/scan", b'{"text": ""}', "$.text"),
        ("/scan", b'{"code": "A"}', "code"),
        ("/scan", b'{"text": "%s"}' % (b"9" * 1025), "$.text"),
        ("/typed", b'{"line": 0, "quantity": 1}', "order"),
        ("/typed", b'{"order": "FR-1", "line": 0}', "quantity"),
        ("/typed", b'{"order": "FR-1", "line": 0, "quantity": -1}', "$.quantity"),
        ("/typed", b'{"order": "FR-1", "line": 0, "quantity": 1.5}', "$.quantity"),
        ("/typed", b'{"order": "FR-1", "line": 0, "quantity": 100000}', "$.quantity"),
    ],
)
async def test_a_bad_body_is_refused_by_name(kiosk: Running, path: str, body: bytes, named: str) -> None:
    answer = await kiosk.client.post(path, content=body, headers={"content-type": "application/json"})
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:packline:problem:bad-body"
    assert named in problem["detail"]
    assert kiosk.inputs == []


async def test_a_large_body_is_refused_unread(kiosk: Running) -> None:
    body = b'{"text": "%s"}' % (b"9" * 5000)
    answer = await kiosk.client.post("/scan", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert "4096" in answer.json()["detail"]


async def test_a_form_is_refused(kiosk: Running) -> None:
    answer = await kiosk.client.post("/scan", data={"text": "PK-CONFIRM"})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]
    assert kiosk.inputs == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:80"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": ""}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
async def test_foreign_pages_are_refused(kiosk: Running, headers: dict[str, str], status: int) -> None:
    for method, path in (("POST", "/scan"), ("POST", "/typed"), ("GET", "/events"), ("GET", "/")):
        answer = await kiosk.client.request(method, path, headers=headers, json={"text": "PK-CONFIRM"})
        assert (answer.status_code, path) == (status, path)
        assert answer.headers["content-type"] == "application/problem+json"
    assert kiosk.inputs == []


@pytest.mark.parametrize(
    "host", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}", "[::1]:{port}", "127.0.0.1"]
)
async def test_this_machine_is_served(kiosk: Running, host: str) -> None:
    name = host.format(port=kiosk.port)
    headers = {"host": name, "origin": f"http://{name}", "sec-fetch-site": "same-origin"}
    answer = await kiosk.client.post("/scan", json={"text": "A"}, headers=headers)
    assert answer.status_code == 204


async def test_the_page_and_its_files_are_cached_as_they_may(kiosk: Running) -> None:
    page = await kiosk.client.get("/")
    assert page.headers["cache-control"] == "no-cache"
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(addresses) >= 6
    for address in addresses:
        answer = await kiosk.client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.feature("R5")
async def test_every_answer_has_the_strict_policy(kiosk: Running) -> None:
    paths = {re.sub(r"{\w+}", "none", route.path) for route in kiosk.app.routes if isinstance(route, Route | Mount)}
    assert len(paths) == len(kiosk.app.routes) >= 8
    for path in sorted({*paths, "/none", "/pictures/b17.png"}):
        # A stream has no end: its head is enough.
        async with kiosk.client.stream("GET", path) as answer:
            pass
        parts = (rule.strip().partition(" ") for rule in answer.headers["content-security-policy"].split(";"))
        rules = {name: sources for name, _, sources in parts}
        assert rules["default-src"] == "'none'"
        # A picture is no page: nothing in it may do anything at all.
        assert "sandbox" in rules or {rules[name] for name in NOWHERE} == {"'none'"}
        assert "'unsafe-eval'" not in rules.get("script-src", "")
        assert {name: answer.headers[name] for name in SAME_EVERYWHERE} == SAME_EVERYWHERE
    page = (await kiosk.client.get("/")).headers["content-security-policy"]
    assert {source for rule in page.split(";") for source in rule.split()[1:]} == {"'none'", "'self'"}


async def test_pictures(kiosk: Running) -> None:
    there = await kiosk.client.get("/pictures/b17.png")
    assert (there.status_code, there.content, there.headers["content-type"]) == (200, PNG, "image/png")
    missing = await kiosk.client.get("/pictures/c18.png")
    assert missing.status_code == 404
    assert missing.headers["cache-control"] == "no-store"
    assert missing.json()["type"] == "urn:packline:problem:no-picture"


@pytest.mark.parametrize("path", ["/pictures/..%2f..%2fetc%2fpasswd", "/page/x/../../server.py", "/pictures/%2e%2e"])
async def test_no_path_leads_out(kiosk: Running, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", kiosk.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 404")


async def test_other_addresses_and_methods_are_problems_too(kiosk: Running) -> None:
    nowhere = await kiosk.client.get("/nowhere")
    assert (nowhere.status_code, nowhere.headers["content-type"]) == (404, "application/problem+json")
    assert "/nowhere" in nowhere.json()["detail"]
    wrong = await kiosk.client.get("/scan")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


@pytest.mark.feature("D2")
async def test_a_scanner_is_calibrated_by_its_name(kiosk: Running) -> None:
    done = await kiosk.client.post("/calibrate", json={"device": "left"})
    assert (done.status_code, kiosk.calibrated) == (204, ["left"])
    refused = await kiosk.client.post("/calibrate", json={"device": "right"})
    assert refused.status_code == 404
    assert refused.json()["detail"] == "'right' is no scanner; there is left"


async def test_a_failure_inside_is_a_problem_answer(tmp_path: Path) -> None:
    def broken(given: AnyInput) -> None:
        raise RuntimeError("the bench is gone")

    app = make_app(Frames(), broken, Pictures(tmp_path, "http://127.0.0.1:9", tmp_path / "ca.pem"), {}.get)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post("/scan", json={"text": "A"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "bench is gone" not in answer.text


def test_only_the_loopback_is_bound() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        bind("0.0.0.0", 0)


def test_a_taken_port_says_which() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"port {port}.*another station"):
            bind("localhost", port)


def test_the_version_follows_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = module.page_version(tmp_path)
    (tmp_path / "a.js").write_text("2")
    assert module.page_version(tmp_path) != before
