"""A problem that somebody dealt with."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Request

from central.desk.books import Books, Keys
from central.office.commands import command
from central.office.office import Office
from central.orders.rules import By


def close(problem: int, books: Books, by: By) -> None:
    """The first to do so counts."""
    books.closed_problems.append((problem, by.at, by.name))


async def acknowledge(office: Office, request: Request[Any, Any, Any], problem: int) -> None:
    """Close a problem in the visitor's name."""
    await command(office, request, Keys(), partial(close, problem))
