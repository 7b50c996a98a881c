"""Rules tried on orders of the past: what they would make of them, and what was made of them. Nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from central.payments.model import SETTLED
from central.policy.model import Actions, Facts, Flag, Rules
from central.policy.rules import decide
from central.store.store import Store
from contract.values import Address

_AT_ONCE: Final = 500


class Change(Struct, frozen=True):
    """One thing that would be otherwise; `-` stands for nothing."""

    field: str
    then: str
    now: str


class Tried(Struct, frozen=True):
    """One order that the tried rules act on, or that rules acted on."""

    order: str
    placed_at: int
    rules: tuple[str, ...]
    """Of the tried ones, those that act on it."""
    changes: tuple[Change, ...]
    """Against what rules made of it when it came in or last changed."""


class Trial(Struct, frozen=True):
    """What rules would do."""

    looked_at: int
    acted_on: int
    different: int
    by_rule: dict[str, int]
    """How many orders each rule acts on; a rule that no order needs has 0."""
    orders: tuple[Tried, ...]
    """The newest of those with a rule or a difference; see `left_out`."""
    left_out: int


async def try_rules(store: Store, rules: Rules, since: int, most: int) -> Trial:
    """Decide about every order placed since, as it is today; show the newest `most`."""
    looked_at = acted_on = different = found = 0
    by_rule: Counter[str] = Counter({rule.name: 0 for rule in rules.rules})
    shown: list[Tried] = []
    async for row, facts in _past(store, since, customers=rules.ask_customers):
        looked_at += 1
        then = msgspec.json.decode(row["decided"], type=Actions) if row["decided"] else Actions()
        now = decide(rules, facts)
        by_rule.update(now.rules)
        changes = tuple(differences(then, now))
        acted_on += bool(now.rules)
        different += bool(changes)
        if now.rules or changes:
            found += 1
            shown.append(Tried(row["order_id"], row["placed_at"], now.rules, changes))
            if len(shown) > 2 * most:
                del shown[:-most]
    newest = tuple(reversed(shown[-most:] if most else []))
    return Trial(looked_at, acted_on, different, dict(by_rule), newest, found - len(newest))


def differences(then: Actions, now: Actions) -> Iterable[Change]:
    """What would be otherwise, field by field; which rule is the reason does not matter."""
    pairs = (
        ("hold", _joined(reason for _, reason in then.holds), _joined(reason for _, reason in now.holds)),
        ("release", _joined(then.release), _joined(now.release)),
        ("service", then.service, now.service),
        ("box", then.box, now.box),
        ("returns", then.returns, now.returns),
        ("priority", then.priority, now.priority),
        ("note", _joined(then.notes), _joined(now.notes)),
        ("documents", _joined(then.documents), _joined(now.documents)),
    )
    return [Change(field, before or "-", after or "-") for field, before, after in pairs if before != after]


def _joined(words: Iterable[str]) -> str:
    return "; ".join(words)


async def _past(store: Store, since: int, *, customers: bool) -> AsyncIterator[tuple[Mapping[str, Any], Facts]]:
    place = (since, "")
    while rows := await store.read("policy.past", (since, *place, int(customers), _AT_ONCE)):
        numbers = msgspec.json.encode([row["order_id"] for row in rows]).decode()
        lines: dict[str, list[Mapping[str, Any]]] = {}
        for line in await store.read("policy.past_lines", (numbers,)):
            lines.setdefault(line["order_id"], []).append(line)
        for row in rows:
            yield row, _facts(row, lines.get(row["order_id"], []))
        place = rows[-1]["placed_at"], rows[-1]["order_id"]


def _facts(row: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> Facts:
    address = msgspec.json.decode(row["ship_to"], type=Address)
    then = msgspec.json.decode(row["decided"], type=Actions) if row["decided"] else Actions()
    masses = [line["mass_g"] for line in lines]
    flags: set[Flag] = set()
    for line in lines:
        flags |= {"fragile"} if line["fragile"] else set()
        flags |= {"oversell"} if line["oversell"] else set()
        flags |= {"traced"} if line["requires"] != "[]" else set()
    return Facts(
        country=address.country,
        postcode=address.postcode,
        currency=row["currency"],
        total=row["total"],
        mass_g=None if None in masses else sum(line["mass_g"] * line["ordered"] for line in lines),
        pieces=sum(line["ordered"] for line in lines),
        skus=tuple(line["sku"] for line in lines),
        flags=frozenset(flags),
        source=row["source"],
        service=then.asked_service if then.service else row["service"],
        earlier_orders=row["earlier_orders"],
        paid=row["payment"] in SETTLED,
    )
