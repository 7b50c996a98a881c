"""The plan of all products: classes, forecasts and proposals, from the ledger of the last two years."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from central.office.paging import PAST_ALL, USUAL, known_filter, sorted_part
from central.orders.terms import folded
from central.planning.abc import Class, classify
from central.planning.forecast import Forecast, forecast
from central.planning.reorder import need
from central.stock.ledger import available
from central.stock.model import day_of
from central.store.store import Store
from contract.keys import Sku

WEEK_MS: Final = 7 * 24 * 3600 * 1000
WEEKS: Final = 104
CLASSED_BY: Final = 52
"""Weeks whose turnover makes the classes."""
COUNT_EVERY_DAYS: Final = {"A": 30, "B": 90, "C": 365}
COLUMNS: Final = (
    *("sku", "name", "class", "sold", "worth", "available", "incoming", "forecast_weekly", "method", "error_weekly"),
    *("cover_days", "supplier", "lead_days", "reorder_point", "reorder_at", "order_now"),
)


class Planned(Struct, frozen=True):
    """One product as the plan sees it."""

    sku: str
    name: str
    abc: Class
    sold: int
    """Pieces in the last 52 weeks."""
    worth: int
    """What they were sold for, in minor units."""
    available: int
    incoming: int
    forecast: Forecast
    supplier: str
    lead_days: int
    reorder_point: int
    """As a person set it."""
    reorder_at: int
    order_now: int
    cover_days: int | None
    weeks: tuple[int, ...]
    """Pieces of each of the last 12 full weeks, the oldest first."""

    @property
    def row(self) -> tuple[object, ...]:
        """As the line of a CSV with `COLUMNS`."""
        return (
            *(self.sku, self.name, self.abc, self.sold, self.worth, self.available, self.incoming),
            *(round(self.forecast.weekly, 1), self.forecast.method, round(self.forecast.error, 1), self.cover_days),
            *(self.supplier, self.lead_days, self.reorder_point, self.reorder_at, self.order_now),
        )


class Plan(Struct, frozen=True):
    """Products, usually what must be ordered first at the front."""

    items: tuple[Planned, ...]
    next: str | None = None


def _urgency(each: Planned) -> tuple[Any, ...]:
    """What must be ordered first at the front."""
    return not each.order_now, each.abc, -each.worth, each.sku


SORTED: Final[Mapping[str, Callable[[Planned], tuple[Any, ...]]]] = {
    "urgency": _urgency,
    "product": lambda each: (folded(each.name), each.sku),
    "class": lambda each: (each.abc, -each.worth, each.sku),
    "sold": lambda each: (each.sold, each.sku),
    "coming": lambda each: (each.forecast.weekly, each.sku),
    "available": lambda each: (each.available, each.sku),
    "incoming": lambda each: (each.incoming, each.sku),
    "lasts": lambda each: (PAST_ALL if each.cover_days is None else each.cover_days, each.sku),
    "reorder": lambda each: (each.reorder_at, each.sku),
    "order": lambda each: (each.order_now, each.sku),
}
"""What the plan may be sorted by, the usual order first."""
SHOWN: Final = ("order", "A", "B", "C")
"""What of the plan may be looked at: what must be ordered, or one class."""


def narrowed(plan: Plan, text: str = "", show: str = "", after: str = "", limit: int = USUAL, sort: str = "") -> Plan:
    """A page of the plan: `show` is of `SHOWN`, or empty, `text` in SKU or name. Raises `Refused`."""
    known_filter("view", show, SHOWN, "show")
    word = folded(text.strip())
    fitting = (
        each
        for each in plan.items
        if (each.order_now if show == "order" else show in ("", each.abc))
        and (word in folded(each.name) or word in each.sku.lower())
    )
    return Plan(*sorted_part(fitting, SORTED, sort, after, limit))


async def plan(store: Store, now: int) -> Plan:
    """Of all products."""
    begin = now - WEEKS * WEEK_MS
    weeks: dict[str, list[int]] = {}
    for row in await store.read("planning.sold_by_week", (begin, now)):
        weeks.setdefault(row["sku"], [0] * WEEKS)[row["week"]] = row["pieces"]
    prices = {row["sku"]: row["price"] for row in await store.read("planning.prices")}
    incoming = {row["sku"]: row["pieces"] for row in await store.read("planning.incoming")}
    suppliers = {row["sku"]: (row["supplier"], row["lead_days"]) for row in await store.read("planning.lead_days")}
    products = await store.read("planning.products", (day_of(now),))
    nothing = [0] * WEEKS
    sold = {row["sku"]: sum(weeks.get(row["sku"], nothing)[-CLASSED_BY:]) for row in products}
    classes = classify({Sku(sku): pieces * prices.get(sku, 0) for sku, pieces in sold.items()})
    found = []
    for row in products:
        sku = row["sku"]
        coming = forecast(weeks.get(sku, nothing))
        supplier, lead_days = suppliers.get(sku, ("", 0))
        there, owed = available(row["shelf"], row["reserved"], row["unsellable"]), incoming.get(sku, 0)
        wanted = need(coming, there, owed, lead_days, row["reorder_point"])
        found.append(
            Planned(
                sku=sku,
                name=row["name"],
                abc=classes[Sku(sku)],
                sold=sold[sku],
                worth=sold[sku] * prices.get(sku, 0),
                available=there,
                incoming=owed,
                forecast=coming,
                supplier=supplier,
                lead_days=lead_days,
                reorder_point=row["reorder_point"],
                reorder_at=wanted.reorder_at,
                order_now=wanted.order_now,
                cover_days=wanted.cover_days,
                weeks=tuple(weeks.get(sku, nothing)[-12:]),
            )
        )
    return Plan(tuple(sorted(found, key=_urgency)))


async def due_for_count(store: Store, now: int, classes: Sequence[str]) -> tuple[Sku, ...]:
    """Products of these classes that were not counted as often as their class should be."""
    counted = {row["sku"]: row["at"] for row in await store.read("counting.last_counted")}
    return tuple(
        Sku(each.sku)
        for each in (await plan(store, now)).items
        if each.abc in classes and now - counted.get(each.sku, 0) >= COUNT_EVERY_DAYS[each.abc] * 24 * 3600 * 1000
    )
