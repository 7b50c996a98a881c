"""A count and a supplier's delivery, for stories at the shelf."""

from __future__ import annotations

from contract.keys import Sku
from contract.values import CountSpot, CountTask, DueDelivery, DueLine, ItemCode, Policy, StockItem, TraceKind
from station.work.inputs import CountArrived, DeliveryArrived, Typed
from tests.station.work.story import MUG, MUG_EAN, TEA, TEA_CASE, TEA_EAN, Bench

WINE, WINE_GTIN = Sku("W-3"), "03017620422003"


def mug(policy: Policy = "scan") -> StockItem:
    return StockItem(MUG, "blue mug", (ItemCode("0" + MUG_EAN),), policy, bin="A1", fragile=True)


def tea() -> StockItem:
    return StockItem(TEA, "green tea", (ItemCode("0" + TEA_EAN), ItemCode(TEA_CASE, quantity=6)), "manual", bin="A2")


def wine(*requires: TraceKind) -> StockItem:
    return StockItem(WINE, "red wine", (ItemCode(WINE_GTIN),), requires=requires or ("lot", "expiry"))


def count_of(*spots: CountSpot, items: tuple[StockItem, ...] = (mug(), tea())) -> CountTask:
    return CountTask("C-7", "shelf A", "main", spots, items)


def delivery_of(
    *expected: tuple[StockItem, int, int], bins: tuple[str, ...] = ("A1", "A2"), number: str = "PO-7"
) -> DueDelivery:
    lines = tuple(DueLine(item.sku, wanted, came) for item, wanted, came in expected)
    return DueDelivery(number, "Faïencerie du Port", "main", lines, tuple(item for item, _, _ in expected), bins)


class Shelf(Bench):
    """A bench whose packer counts and receives."""

    def count(self, task: CountTask) -> Shelf:
        self.scan("COUNT-C-7")
        self.give(CountArrived(self.wait().at, task, "COUNT-C-7"))
        return self

    def receive(self, delivery: DueDelivery) -> Shelf:
        self.scan("PO-7")
        self.give(DeliveryArrived(self.wait().at, delivery, "PO-7"))
        return self

    def typed(self, line: int, quantity: int) -> Shelf:
        self.give(Typed(self.wait().at, "", line, quantity))
        return self


def shelf() -> Shelf:
    bench = Shelf()
    bench.ready()
    return bench
