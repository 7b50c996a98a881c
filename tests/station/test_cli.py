"""`packline-station` as a person meets it: help, exit codes, complaints, the journal's report."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from contract.keys import StationId
from contract.messages import ProblemRaised
from labels.documents import TestPrint as ATestPrint
from station.database import damaged_files
from station.journal import Entry, Journal
from station.work.effects import Print
from tests.station.played import command
from tests.station.test_config import GOOD


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "station.toml"
    path.write_text(GOOD.replace("/var/lib/packline", str(tmp_path / "state")) + "[kiosk]\nport = 0\n")
    return path


def edit(config: Path, old: str, new: str) -> None:
    text = config.read_text()
    assert old in text
    config.write_text(text.replace(old, new))


async def a_journal(config: Path) -> Path:
    path = config.parent / "state" / "journal.db"
    async with await Journal.open(path, "lyon", StationId("bench-1"), lambda: 1_800_000_000_000) as journal:
        wanted = Print("p1", "label", ATestPrint("bench-1", "zebra", 1))
        facts = tuple(ProblemRaised(kind="test", text=f"fact {n} " + "x" * 900, at=1) for n in range(40))
        await journal.record(Entry(facts=facts, prints=(wanted,)))
    return path


async def test_help_and_version() -> None:
    code, out, _ = await command("--help")
    assert code == 0
    assert "exit codes" in out
    code, out, _ = await command("run", "--help")
    assert code == 0
    assert "--config" in out
    code, out, _ = await command("--version")
    assert (code, out.split()[0]) == (0, "packline-station")


async def test_a_command_line_that_cannot_be_used() -> None:
    code, _, err = await command("run")
    assert code == 2
    assert "--config" in err


@pytest.mark.feature("F7", "R4")
@pytest.mark.parametrize("name", ["run", "check", "journal"])
async def test_a_misspelt_key_ends_every_command_with_2(config: Path, name: str) -> None:
    edit(config, "central_url", "central_ur")
    code, out, err = await command(name, "--config", str(config))
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        f"packline-station: {config}: top level: unknown key 'central_ur'; did you mean 'central_url'?"
    )


async def test_check_says_what_would_be_used(config: Path) -> None:
    code, out, _ = await command("check", "--config", str(config))
    assert code == 0
    assert "zebra" in out
    assert not (config.parent / "state").exists(), "nothing was opened"


@pytest.mark.feature("R2")
async def test_the_journal_is_shown_for_people_and_programs(config: Path) -> None:
    code, _, err = await command("journal", "--config", str(config))
    assert code == 3
    assert "no journal here yet" in err
    path = await a_journal(config)
    code, out, _ = await command("journal", "--config", str(config))
    assert code == 0
    assert "facts waiting for central: 40 (from number 1)" in out
    assert "p1 (label): queued" in out
    code, out, _ = await command("journal", "--json", "--config", str(config))
    report = json.loads(out)
    assert (report["file"], report["waiting"], report["prints"]) == (str(path), 40, {"queued": 1})


@pytest.mark.feature("R2")
async def test_a_damaged_journal_ends_run_with_3_until_a_person_begins_anew(config: Path) -> None:
    path = await a_journal(config)
    content = bytearray(path.read_bytes())
    page = content.index(b"fact 20 ") // 4096 * 4096
    content[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    for _ in range(2):
        code, _, err = await command("run", "--config", str(config))
        assert code == 3
        assert "--begin-anew" in err.splitlines()[-1]
    (damaged,) = damaged_files(path)
    code, _, err = await command("journal", "--config", str(config))
    assert code == 3
    assert str(damaged) in err
    code, out, _ = await command("journal", "--begin-anew", "--config", str(config))
    assert code == 0
    assert "unsent facts" in out
    assert str(damaged) in out
    code, out, _ = await command("journal", "--json", "--config", str(config))
    assert 30 <= json.loads(out)["waiting"] < 40
    assert damaged.exists()


async def test_a_kiosk_port_that_is_taken_is_said(config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        edit(config, "port = 0", f"port = {taken.getsockname()[1]}")
        code, _, err = await command("run", "--config", str(config))
    assert code == 1
    assert "is another station running?" in err.splitlines()[-1]


async def test_a_kiosk_for_the_whole_network_is_refused(config: Path) -> None:
    edit(config, "[kiosk]", '[kiosk]\nhost = "0.0.0.0"')
    code, _, err = await command("run", "--config", str(config))
    assert code == 2
    assert "this machine only; use 127.0.0.1" in err.splitlines()[-1]
