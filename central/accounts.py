"""Accounts and tokens from the command line: the first admin, and the way back in when nobody remembers a password."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from central.command_line import author
from central.config import CentralConfig
from central.intake import fields
from central.people import reading
from central.people.commands import People, create_token, revoke_token
from central.people.model import details_of, new_password, sign_in_name
from central.people.passwords import Passwords
from central.people.recorded import RecordedStore
from central.people.scopes import EVERYTHING
from central.people.tokens import token_of
from central.store.sqlite import SqliteStore, now_ms


async def carry_out(config: CentralConfig, chosen: argparse.Namespace) -> None:
    """Raises `BadField`, `Refused` and `StoreTrouble`."""
    async with _people(config, f"packline-central {chosen.what}") as (store, people):
        match chosen.what:
            case "account list":
                await _list(store)
            case "token add":
                new = token_of({"name": chosen.name, "days": chosen.days}, chosen.scope)
                print(await create_token(store, new, EVERYTHING, author(chosen.what).by, now_ms()))
            case "token revoke":
                await revoke_token(store, chosen.name, now_ms())
            case "account add":
                await _add(people, chosen)
            case "account reset":
                name = sign_in_name({"account": chosen.name})
                await reading.one(store, name)
                await people.set_password(name, _asked(name), by_themselves=True)
            case _:
                name = sign_in_name({"account": chosen.name})
                await people.set_active(name, chosen.what == "account enable")


async def _add(people: People, chosen: argparse.Namespace) -> None:
    name = sign_in_name({"account": chosen.name})
    row = {
        "name": chosen.full_name or name,
        "email": chosen.email,
        "role": chosen.role,
        "badge": chosen.badge,
        "language": chosen.language,
    }
    details = details_of(row)
    if chosen.no_password and not details.badge:
        raise fields.BadField("badge", "", "filled in")
    await people.add(name, details, "" if chosen.no_password else _asked(name), must_change=False)


async def _list(store: RecordedStore) -> None:
    after: str | None = ""
    while after is not None:
        page = await reading.search(store, gone=True, after=after)
        for each in page.items:
            ways = [f"badge {each.badge}"] * bool(each.badge) + ["password"] * each.signs_in
            gone = "" if each.active else ", gone"
            print(f"{each.account}: {each.name}, {each.role}{gone} ({', '.join(ways) or 'no way in'})")
        after = page.next


@asynccontextmanager
async def _people(config: CentralConfig, command: str) -> AsyncIterator[tuple[RecordedStore, People]]:
    async with SqliteStore(Path(config.database), config.site) as opened:
        store = RecordedStore(opened, author(command))
        yield store, People(store, Passwords(), config.house.boxes, now_ms())


def _asked(account: str) -> str:
    """The new password: never an argument, which every process on the machine could read."""
    if not sys.stdin.isatty():
        return new_password({"password": sys.stdin.readline().rstrip("\r\n")}, account)
    password = new_password({"password": getpass.getpass(f"New password of {account}: ")}, account)
    if getpass.getpass("Again: ") != password:
        raise fields.BadField("password", "", "the same both times")
    return password
