"""From rules and the facts of an order to what becomes of it. Pure: the same twice is the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Literal, TypeVar

from central.policy.model import Actions, Facts, Rule, Rules, When

W = TypeVar("W", bound=str)


def decide(rules: Rules, facts: Facts) -> Actions:
    """What the rules that are true of the order do together."""
    acting = tuple(rule for rule in rules.rules if is_true(rule.when, facts))
    if rules.apply == "first":
        acting = acting[:1]
    service = _first(rule.then.service for rule in acting)
    chosen = service if service.casefold() != facts.service.casefold() else ""
    return Actions(
        rules=tuple(rule.name for rule in acting),
        release=tuple(sorted({each for rule in acting for each in rule.then.release})),
        holds=tuple((rule.name, rule.then.hold) for rule in acting if rule.then.hold),
        service=chosen,
        box=_first(rule.then.box for rule in acting),
        returns=_first(rule.then.returns for rule in acting),
        priority=_first(rule.then.priority for rule in acting),
        notes=tuple(dict.fromkeys(rule.then.note for rule in acting if rule.then.note)),
        documents=tuple(sorted({each for rule in acting for each in rule.then.documents})),
        asked_service=facts.service if chosen else "",
    )


def is_true(when: When, facts: Facts) -> bool:
    """Whether everything that the rule asks is so."""
    return all(_answers(when, facts))


def _answers(when: When, facts: Facts) -> Iterator[bool]:
    yield _one_of(when.country, facts.country)
    yield not when.country_not or facts.country.casefold() not in _folded(when.country_not)
    yield not when.postcode or _compact(facts.postcode).startswith(tuple(map(_compact, when.postcode)))
    yield _one_of(when.currency, facts.currency)
    yield _within(facts.total, _minor(when.total_from), _minor(when.total_below))
    yield _within(facts.mass_g, when.mass_from_g, when.mass_below_g)
    yield _within(facts.pieces, when.pieces_from, when.pieces_below)
    patterns = _folded(when.sku)
    yield not patterns or any(fnmatchcase(sku.casefold(), pattern) for sku in facts.skus for pattern in patterns)
    yield not when.has or bool(facts.flags & set(when.has))
    yield _one_of(when.source, facts.source)
    yield _one_of(when.service, facts.service)
    yield _within(facts.earlier_orders, when.earlier_orders_from, when.earlier_orders_below)
    yield when.paid is None or facts.paid == when.paid


def _folded(words: Collection[str]) -> set[str]:
    return {word.casefold() for word in words}


def _compact(postcode: str) -> str:
    return postcode.replace(" ", "").casefold()


def _one_of(words: Collection[str], value: str) -> bool:
    return not words or value.casefold() in {word.casefold() for word in words}


def _within(value: int | None, least: int | None, below: int | None) -> bool:
    """What is not known is within no bounds."""
    if least is None and below is None:
        return True
    return value is not None and (least is None or value >= least) and (below is None or value < below)


def _minor(amount: float | None) -> int | None:
    return None if amount is None else round(amount * 100)


def _first(words: Iterable[W]) -> W | Literal[""]:
    return next((word for word in words if word), "")


def in_words(rule: Rule) -> str:
    """What a rule does, for a timeline."""
    then = rule.then
    done = [
        f"held: {then.hold}" if then.hold else "",
        f"service {then.service}" if then.service else "",
        f"box {then.box}" if then.box else "",
        f"returns {then.returns}" if then.returns else "",
        f"priority {then.priority}" if then.priority else "",
        f"not held for {', '.join(then.release)}" if then.release else "",
        f"note: {then.note}" if then.note else "",
        f"prints {', '.join(then.documents)}" if then.documents else "",
    ]
    return "; ".join(each for each in done if each)
