"""A trial of rules as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from central.policy.trying import Trial


def as_text(trial: Trial, timezone: str) -> str:
    """Orders first, then how often each rule acts."""
    return "\n".join(_lines(trial, ZoneInfo(timezone)))


def _lines(trial: Trial, zone: ZoneInfo) -> Iterator[str]:
    for tried in trial.orders:
        placed = datetime.fromtimestamp(tried.placed_at / 1000, zone).strftime("%Y-%m-%d")
        yield f"{tried.order}  {placed}  {', '.join(tried.rules) or 'no rule'}"
        for change in tried.changes:
            yield f"    {change.field}: {change.then} → {change.now}"
    for name, orders in trial.by_rule.items():
        yield f"{name}: {orders} orders"
    yield f"{trial.looked_at} orders, rules act on {trial.acted_on}, {trial.different} differ from what was done"
