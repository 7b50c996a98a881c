"""`packline-central backup` and `restore`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from central.backups.copies import BackupTrouble, Copy

_FAILED = 1


def arguments(commands: Any) -> list[argparse.ArgumentParser]:
    """Every parser, for what all commands take."""
    backup = commands.add_parser(
        "backup",
        help="copy the database now, also while central runs; the copy is proved",
        description="Copy the database, the authority and the configuration into [backup] folder, and prove the copy.",
    )
    backup.set_defaults(command=_backup)
    restore = commands.add_parser(
        "restore",
        help="put a copy in the place of the database, while central is stopped",
        description="Check a copy and put it in the place of the database. What was there is kept beside it.",
    )
    which = restore.add_mutually_exclusive_group(required=True)
    which.add_argument("copy", nargs="?", metavar="COPY", help="its name, its path, or `newest`")
    which.add_argument("--list", action="store_true", help="the copies that there are, newest first")
    restore.set_defaults(command=_restore)
    for parser in (backup, restore):
        parser.add_argument("--json", action="store_true", help="print one JSON object")
    return [backup, restore]


def _backup(chosen: argparse.Namespace) -> int:
    from central.backups.taking import take
    from central.config import read_config
    from central.store.sqlite import now_ms

    config = read_config(chosen.config)
    try:
        copy = take(config, chosen.config, now_ms(), _progress("copying", chosen.json))
    except BackupTrouble as error:
        return _complain(str(error))
    if chosen.json:
        print(json.dumps({**msgspec.to_builtins(copy), "path": str(config.backups_folder / copy.name)}))
    else:
        print(f"{config.backups_folder / copy.name}\n  {_contents(copy)}")
    return 0


def _restore(chosen: argparse.Namespace) -> int:
    from central.backups.copies import copies
    from central.backups.restoring import named, restore
    from central.command_line import author
    from central.config import read_config

    config = read_config(chosen.config)
    try:
        if chosen.list:
            found = copies(config.backups_folder)
            if chosen.json:
                print(json.dumps({"copies": msgspec.to_builtins(found)}))
            else:
                print("\n".join(f"{copy.name}  {_contents(copy)}" for copy in found) or "There is no copy yet.")
            return 0
        who = author("restore")
        path = named(config, chosen.copy, who.at)
        done = restore(config, path, who.by, who.at, _progress("restoring", chosen.json))
    except BackupTrouble as error:
        return _complain(f"{error}. Nothing was changed.")
    if chosen.json:
        print(json.dumps(msgspec.to_builtins(done)))
    else:
        print(f"{done.database} is as it was at {done.copy}.")
        if done.kept_aside:
            print(f"What was there is kept: {done.kept_aside}")
        if done.authority:
            print(f"The certificate authority's files came from the copy: {config.authority_folder}")
        print("Start central now: systemctl start packline-central. Stations send again what the copy lacks.")
    return 0


def _contents(copy: Copy) -> str:
    return f"{copy.bytes} bytes, {copy.movements} movements, {copy.differences} differences in the audit"


def _progress(what: str, quiet: bool) -> Callable[[int, int], None]:
    """Per cent on a terminal; nothing in a file."""
    is_shown = sys.stderr.isatty() and not quiet

    def show(done: int, total: int) -> None:
        if is_shown:
            print(f"\r{what} {100 * done // max(total, 1)} %", end="" if done < total else "\n", file=sys.stderr)

    return show


def _complain(text: str) -> int:
    print(f"packline-central: {text}", file=sys.stderr)
    return _FAILED
