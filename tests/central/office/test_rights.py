"""Every route that central serves, asked by every role and by tokens with and without its right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from litestar.routes import HTTPRoute

from central.desk.books import Books, Keys
from central.office.server import make_app
from central.people import rules, sessions, tokens
from central.people.entering import hashed
from central.people.model import Details
from central.people.scopes import EVERYTHING, SCOPES
from central.people.tokens import NewToken
from central.store.sqlite import now_ms
from contract.values import Role
from tests.central.conftest import Central

AREAS: Final = {
    "account": "own",
    "sign-out": "own",
    "live": "orders",
    "orders": "orders",
    "runs": "orders",
    "queue": "orders",
    "start": "orders",
    "merges": "orders",
    "documents": "orders",
    "orders/*/payment": "payments",
    "orders/*/refund": "payments",
    "exports/orders": "orders",
    "exports/products": "stock",
    "exports/stock": "stock",
    "exports/tracking": "parcels",
    "exports/problems": "problems",
    "exports/deliveries": "stock",
    "exports/counts": "counts",
    "exports/payments": "payments",
    "exports/queue": "orders",
    "exports/merges": "orders",
    "exports/prints": "orders",
    "exports/mails": "orders",
    "exports/pending": "orders",
    "exports/batches": "picking",
    "exports/movements": "stock",
    "exports/lots": "stock",
    "exports/plan": "stock",
    "exports/people": "people",
    "exports/audit": "people",
    "exports/tokens": "settings",
    "exports/certificates": "stations",
    "exports/stations": "stations",
    "stock": "stock",
    "products": "stock",
    "suppliers": "stock",
    "deliveries": "stock",
    "lots": "stock",
    "lots/*": "parcels",
    "lots/*/recall": "parcels",
    "serials": "parcels",
    "plan": "stock",
    "pending": "orders",
    "stock/pending": "orders",
    "counts": "counts",
    "picking": "picking",
    "payments": "payments",
    "parcels": "parcels",
    "stations": "stations",
    "claims": "stations",
    "certificates": "stations",
    "problems": "problems",
    "people": "people",
    "audit": "people",
    "tokens": "settings",
    "rules": "orders",
}
"""By the longest beginning of the path, without `/api`; `*` is any name. What is not here is for nobody or for all."""
OPEN: Final = ("", "sign-in", "language", "pictures", "static", "schema", "t", "shops", "cards", "claim")
"""For strangers, too."""
MAY: Final = {
    "packer": "own picking",
    "lead": "own picking counts problems orders-read stock-read parcels-read stations-read",
    "office": "own picking counts problems orders stock parcels stations payments",
    "admin": "own picking counts problems orders stock parcels stations payments people settings",
}
ROLES: Final[tuple[Role, ...]] = ("packer", "lead", "office", "admin")
ENDS_A_SESSION: Final = "/sign-out"


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of everything there is; names in paths are names of nothing."""
    for route in make_app().routes:
        assert isinstance(route, HTTPRoute), route.path
        path = re.sub(r"{\w+:int}", "0", re.sub(r"{\w+:(str|path)}", "nothing", route.path))
        for handler in route.route_handlers:
            yield from ((method, path) for method in handler.http_methods if method != "OPTIONS")


def area_of(path: str) -> str:
    """Empty for those that are open. Raises `AssertionError` for a path that nobody listed."""
    parts = path.removeprefix("/api").strip("/").split("/")
    starred = ["*" if part in ("nothing", "0") else part for part in parts]
    for count in range(len(parts), 0, -1):
        if area := AREAS.get("/".join(starred[:count])):
            return area
    assert starred[0] in OPEN, f"{path}: say in this test who may ask"
    return ""


def may(role: Role, area: str, method: str) -> bool:
    way = "read" if method in ("GET", "HEAD") else "write"
    return area in MAY[role].split() or f"{area}-{way}" in MAY[role].split()


async def let_everybody_in(central: Central) -> None:
    """A session of each role; a token with each right alone, and one with all but it."""
    now = now_ms()

    def decide(books: Books) -> None:
        for role in ROLES:
            rules.add(books, role, Details(role, role=role), "hash", now, must_change=False)
            sessions.begin(books, role, "", hashed(role), "", now)
        for scope in SCOPES:
            others = tuple(other for other in SCOPES if other != scope)
            name = scope.replace(":", ".")
            tokens.create(books, NewToken(f"only {name}", (scope,)), hashed(f"only {scope}"), EVERYTHING, "", now)
            tokens.create(books, NewToken(f"not {name}", others), hashed(f"not {scope}"), EVERYTHING, "", now)

    await central.store.transact(Keys(everyone=True), decide)


async def status(client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]) -> int:
    """Of the answer; a stream is not read."""
    async with client.stream(method, path, headers=headers) as answer:
        return answer.status_code


@pytest.mark.feature("R5", "I2")
async def test_every_route_is_for_those_who_have_its_right_and_for_nobody_else(central: Central) -> None:
    await let_everybody_in(central)
    found = sorted(routes(), key=lambda each: (each[1] == ENDS_A_SESSION, each))
    assert len(found) > 130
    wrong = []
    async with central.client(None) as client:
        for method, path in found:
            area = area_of(path)
            stranger = await status(client, method, path, {})
            if not area:
                # The sign-in itself answers 403 to a wrong password.
                wrong += [f"{method} {path}: a stranger gets 403"] * (stranger == 403 and path != "/sign-in")
                continue
            wrong += [f"{method} {path}: a stranger gets {stranger}"] * (stranger != 401)
            scope = f"{area}:{'read' if method == 'GET' else 'write'}"
            asked: dict[str, tuple[dict[str, str], bool]] = {
                role: ({"Cookie": f"packline={role}", "Origin": central.url}, may(role, area, method)) for role in ROLES
            }
            for word in ("only", "not"):
                right = "orders:read" if area == "own" else scope
                asked[word] = ({"Authorization": f"Bearer {word} {right}"}, word == "only" and area != "own")
            for who, (headers, allowed) in asked.items():
                got = await status(client, method, path, headers)
                if (got not in (401, 403)) is not allowed or got >= 500:
                    wrong.append(f"{method} {path}: {who} gets {got}, and {'may' if allowed else 'may not'}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.feature("R5")
async def test_many_orders_are_marked_paid_only_by_who_may_take_payments(central: Central) -> None:
    await let_everybody_in(central)
    async with central.client("not payments:write") as client:
        body = {"do": "paid", "orders": ["P-1"], "method": "card"}
        assert (await client.post("/api/runs", json=body)).status_code == 403
        form = {"do": "paid", "order": "P-1", "method": "card"}
        assert (await client.post("/runs", data=form)).status_code == 403
        assert (await client.post("/api/runs", json={"do": "released", "orders": ["P-1"]})).status_code != 403
