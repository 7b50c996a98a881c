"""Child processes: waited for, told apart, never left behind."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo.children import Child, ChildFailed, free_port

READY = (
    "import os, socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)"
    ".sendto(b'STATUS=x\\nREADY=1', os.environ['NOTIFY_SOCKET'])"
)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"


def test_a_child_is_ready_when_it_says_so(tmp_path: Path) -> None:
    with Child("good", python(f"print('hello'); {READY}; __import__('time').sleep(60)"), tmp_path) as child:
        child.ready()
        assert child.line("hell") == "hello"
        assert child.returncode is None
    assert child.returncode == -15
    assert (tmp_path / "good.log").read_text() == "hello\n"


def test_a_child_that_dies_is_told_with_its_last_words(tmp_path: Path) -> None:
    with (
        Child("bad", python("import sys; sys.exit('no such thing')"), tmp_path) as child,
        pytest.raises(ChildFailed, match=r"bad ended with exit code 1; its last lines:\n  no such thing"),
    ):
        child.ready()


def test_a_child_that_says_nothing_is_told_apart(tmp_path: Path) -> None:
    with (
        Child("mute", python("import time; time.sleep(600)"), tmp_path) as child,
        pytest.raises(ChildFailed, match="mute did not say that it is ready"),
    ):
        child.ready(timeout_s=0.2)


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from demo.children import Child\n"
        "sleeping = [sys.executable, '-c', 'import time; print(1); time.sleep(600)']\n"
        f"child = Child('c', sleeping, Path({str(tmp_path)!r}))\n"
        "child.line('1'); print(child.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(python(code), stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 60
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_free_port_is_nobody_elses_and_a_server_can_have_it_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    tried = iter((port, port, port + 1))
    monkeypatch.setattr("random.randrange", lambda *_: next(tried, None) or random.randint(15_000, 32_000))
    assert free_port() != port
    for _ in range(2):
        with socket.create_server(("127.0.0.1", port)), pytest.raises(OSError, match="in use"):
            socket.create_server(("127.0.0.1", port))
