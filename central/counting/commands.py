"""Requests of people about counts, each in its transaction, for routes and pages alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import Request

from central.counting import reading, rules
from central.counting.answers import CountAnswer
from central.counting.model import Found, Plan
from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.office.access import visitor_of
from central.office.commands import answered
from central.office.office import Office
from central.orders.rules import By
from central.planning.reading import due_for_count
from contract.keys import OrderId, Sku


async def plan(office: Office, request: Request[Any, Any, Any], wanted: Plan) -> CountAnswer:
    """Make a count job. One that names bins alone counts every product that lies in them, one that names classes what
    is due of them. Raises `Refused`.
    """
    skus = wanted.skus
    if wanted.classes:
        skus = (*skus, *await due_for_count(office.store, office.now(), wanted.classes))
    if not skus and wanted.bins:
        bins = msgspec.json.encode(wanted.bins).decode()
        rows = await office.store.read("counting.in_bins", (wanted.warehouse or office.house.warehouse_codes[0], bins))
        skus = tuple(Sku(row["sku"]) for row in rows)
    wanted = msgspec.structs.replace(wanted, skus=skus)
    keys = Keys(counts=frozenset({wanted.count}), skus=frozenset(skus))
    return await _told(office, request, wanted.count, keys, lambda books, by: rules.plan(books, wanted, by))


async def record(office: Office, request: Request[Any, Any, Any], count: str, found: Sequence[Found]) -> CountAnswer:
    """Take down what was found. Raises `Refused`."""
    keys = rules.keys_to_count(count, found)
    return await _told(office, request, count, keys, lambda books, by: rules.record(books, count, found, by))


async def approve(office: Office, request: Request[Any, Any, Any], count: str, reason: str = "") -> CountAnswer:
    """Make the stock what was found: nobody approves what he counted himself, but for admins, who may be alone in a
    small house, and programs. `reason`: see `rules.approve`. Raises `Refused`.
    """
    found = await reading.one(office.store, count)
    lacking = [line.sku for line in found.lines if (line.difference or 0) < 0]
    rows = await office.store.read("orders.promised", (msgspec.json.encode(lacking).decode(), found.warehouse))
    orders = frozenset(OrderId(row["order_id"]) for row in rows)
    visitor = visitor_of(request)
    account = "" if "people:write" in visitor.scopes else visitor.account
    accounts = frozenset({account} if account else ())
    keys = Keys(orders=orders, accounts=accounts)
    return await _told(office, request, count, keys, lambda books, by: rules.approve(books, count, by, account, reason))


async def decide(
    office: Office, request: Request[Any, Any, Any], count: str, rule: Callable[[Books, By], None]
) -> CountAnswer:
    """Reject it, or have it counted again. Raises `Refused`."""
    return await _told(office, request, count, Keys(), rule)


async def _told(
    office: Office, request: Request[Any, Any, Any], count: str, keys: Keys, rule: Callable[[Books, By], None]
) -> CountAnswer:
    """Carry out one command on a count and show it as it is then."""

    def decide(books: Books, by: By) -> CountAnswer:
        rule(books, by)
        return reading.told(books, count)

    return await answered(
        office, request, Keys.union((keys, reading.keys_to_tell(count))), decide, reading.with_names, CountAnswer
    )


def decision(action: str, count: str, skus: Sequence[Sku] = ()) -> Callable[[Books, By], None]:
    """What `rejected` and `again` mean. Raises `Refused`."""
    if action == "rejected":
        return lambda books, by: rules.reject(books, count, by)
    if action == "again":
        return lambda books, by: rules.count_again(books, count, skus, by)
    raise Refused("invalid", f"{action!r} is nothing that can be done with a count.", "action", action)
