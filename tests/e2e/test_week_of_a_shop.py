"""A week of a shop, from its first order to the last parcel, through the doors that everybody has.

Broker, central and three stations are processes of their own; orders come by REST, files and webhooks, parcels by
scanners, scales and printers. Central's clock cannot be set from outside: the days are seven rounds, and the orders of
each carry the dates of the seven days until now. An order that nobody pays is cancelled by central itself where its way
to pay has so short a patience that the week sees its end, and by the office where it has none.
"""

from __future__ import annotations

import asyncio
import csv
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from demo.children import free_port
from demo.make_data import DATA
from demo.playing import at_bench
from demo.world import World
from tests.e2e.week import deliveries, files, totals
from tests.e2e.week.benches import Benches
from tests.e2e.week.cable import Cable
from tests.e2e.week.evening import parcels_arrive, parcels_leave, second_thoughts
from tests.e2e.week.goods import a_shelf_is_counted_at_a_bench, goods_come, shelves_are_counted
from tests.e2e.week.intake import orders_come_in
from tests.e2e.week.ledger import Ledger
from tests.e2e.week.money import money_comes
from tests.e2e.week.office import NEVER_COMES, Office
from tests.e2e.week.packer import Packer, label_is_out
from tests.e2e.week.scripts import the_week
from tests.e2e.week.story import DAYS, GOODS_DAY, Script
from tests.e2e.week.wishes import gone, mended, wishes_come

ORDERS = int(os.environ.get("PACKLINE_WEEK_ORDERS", "600"))
"""Fewer make a shorter week, for who works on it."""
SEED = "a week of the shop"
STATIONS = ("bench-1", "bench-2", "bench-3")
PATIENCE_S = 20
"""How long central waits for money that never comes; so long its clock must go evenly before it is believed."""
CENTRAL_FALLS, STATION_FALLS = 2, 4
"""The days on which they do, counted from 0."""


def settings(folder: Path) -> str:
    """What this shop has in central.toml besides the sample shop's own."""
    folder.mkdir(parents=True)
    (folder / "shop.secret").write_bytes(deliveries.SECRET)
    (folder / "card.secret").write_bytes(deliveries.STRIPE_SECRET)
    (folder / "lumiere.toml").write_text(files.MAPPING, encoding="utf-8")
    shops = "".join(
        f'[[shops]]\nname = "{kind}"\nkind = "{kind}"\nsecret_file = "{folder}/shop.secret"\nprefix = "{prefix}"\n'
        for kind, prefix in (("shopify", ""), ("woocommerce", "WOO-"), ("prestashop", ""))
    )
    mapping = f'[[mappings]]\nname = "lumiere"\nfile = "{folder}/lumiere.toml"\n'
    patience = f'[orders]\ncancel_unpaid_after_days_by = {{ "{NEVER_COMES}" = {PATIENCE_S / 86_400} }}\n'
    return f'{shops}{mapping}[stripe]\nsecret_file = "{folder}/card.secret"\n{patience}'


class Week:
    """The shop at work."""

    def __init__(self, world: World, office: Office, benches: Benches, ledger: Ledger, scripts: Sequence[Script]):
        self.world = world
        self.office = office
        self.benches = benches
        self.ledger = ledger
        self.scripts = scripts

    def of_day(self, day: int) -> list[Script]:
        return [script for script in self.scripts if script.day == day]

    async def day(self, today: int) -> None:
        """Morning, benches, evening."""
        day, office, ledger, benches = self.of_day(today), self.office, self.ledger, self.benches
        await parcels_arrive(office, ledger, today)
        await orders_come_in(office, ledger, day)
        await money_comes(office, ledger, day)
        await mended(office, self.of_day(today - 1))
        await wishes_come(office, ledger, day)
        if today == GOODS_DAY:
            await goods_come(office, ledger, self.scripts, benches.packers[0])
            await a_shelf_is_counted_at_a_bench(office, ledger, benches.packers[1])
        await benches.print_papers(day, "pick_list")
        await benches.pick(day)
        await benches.by_name(day)
        await self.draw(today)
        await benches.print_papers(day, "delivery_note")
        await second_thoughts(office, ledger, day)
        await parcels_leave(office, ledger, day, today)
        await shelves_are_counted(office, ledger, day, today)

    async def draw(self, today: int) -> None:
        """All benches draw from the queue until it is empty; on two days something falls."""
        besides = asyncio.create_task(self.central_falls(today)) if today == CENTRAL_FALLS else None
        first, *others = self.benches.packers
        at = label_is_out if today == STATION_FALLS else None
        await asyncio.gather(first.draw(at=at, do=first.falls), *(packer.draw() for packer in others))
        if besides is not None:
            await besides
        await self.benches.settled()
        # A piece that was missing is promised anew when its job has ended: the bench may have asked before.
        while (await self.office.get("/api/queue", part="ready"))["items"]:
            await first.draw()
            await self.benches.settled()
        self.ledger.saw(self.world.observer.told.values())

    async def central_falls(self, today: int) -> None:
        """kill -9 under benches at work, while a program sends its orders once more."""
        closed = sum(len(packer.table.closed) for packer in self.benches.packers)
        while sum(len(packer.table.closed) for packer in self.benches.packers) < closed + 3:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        again = asyncio.create_task(self.all_again(today))
        self.world.central.kill()
        self.world.start_central()
        await self.world.central.is_ready()
        await again

    async def all_again(self, today: int) -> None:
        for script in self.of_day(today):
            if script.door == "rest":
                await self.office.ordered(script)

    async def cancelled_by_itself(self, unpaid: Sequence[Script]) -> None:
        """Central has given up those for which it waits a moment only, and no other."""
        waited_for = [script.number for script in unpaid if script.door == "rest"]
        async with asyncio.timeout(6 * PATIENCE_S):
            for number in waited_for:
                while (order := await self.office.order(number))["status"] != "cancelled":  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
                (told,) = [entry for entry in order["timeline"] if entry["what"] == "order_cancelled"]
                assert (told["by"], told["text"]) == ("central", f"not paid within {PATIENCE_S} seconds")
        others = [script.number for script in unpaid if script.number not in waited_for]
        assert "cancelled" not in [(await self.office.order(number))["status"] for number in others]

    async def given_up(self) -> None:
        """The office cancels all else that nobody has paid, all at once; what is cancelled stays so."""
        unpaid = [script.number for script in self.scripts if script.money == "never"]
        await self.cancelled_by_itself([script for script in self.scripts if script.money == "never"])
        found_by = {"payment": "awaiting"}
        results = await self.office.run_on("cancelled", found_by, reason="nobody paid it")
        assert sorted(each["order"] for each in results if each["done"]) == sorted(unpaid)
        for number in unpaid:
            gone(self.ledger.orders[number])


@asynccontextmanager
async def the_shop(folder: Path) -> AsyncIterator[Week]:
    """Everything started, everybody at their place."""
    given = (("/api/products/import", DATA / "products.csv"), ("/api/stock/import", DATA / "stock.csv"))
    more = settings(folder / "secrets")
    async with AsyncExitStack() as opening:
        world = World(folder / "shop", stations=STATIONS, files=given, settings=more, settle_s=0.02, language="en")
        cable = Cable(free_port(), world.broker.port)
        world.stands[-1].broker_port = cable.port
        await opening.enter_async_context(cable)
        await opening.enter_async_context(world)
        client = httpx.AsyncClient(base_url=world.office_url, timeout=60)
        office = Office(await opening.enter_async_context(client))
        packers = [Packer(stand, await opening.enter_async_context(at_bench(stand, []))) for stand in world.stands]
        with (DATA / "stock.csv").open(encoding="utf-8", newline="") as file:
            ledger = Ledger({row["sku"]: int(row["on_hand"]) for row in csv.DictReader(file)})
        scripts = the_week(ORDERS, SEED, int(time.time() * 1000))
        yield Week(world, office, Benches(office, ledger, packers, cable), ledger, scripts)


@pytest.mark.feature("O1", "O2", "O3", "O4", "O5", "O6", "O7", "O9", "O10", "O11", "O13", "O14", "O17")
@pytest.mark.feature("K1", "K2", "K6", "K7", "P15", "P16", "P18", "P25", "P26", "P28", "L7", "R1", "R2")
async def test_a_week_of_a_shop(tmp_path: Path) -> None:
    """600 orders by seven doors, three benches, two falls: nothing is lost, nothing doubled, every total agrees."""
    async with the_shop(tmp_path) as week:
        for today in range(DAYS):
            await week.day(today)
        await week.given_up()
        found = await totals.check_orders(week.office, week.ledger)
        await totals.check_money(week.ledger, found)
        await totals.check_stock(week.office, week.ledger)
        await totals.check_parcels(week.office, week.ledger, week.world.stands)
        await totals.check_papers(week.office, week.world.stands)
        await totals.check_problems(week.office, week.ledger)
        await totals.check_exports(week.office, week.ledger, found)
        await totals.check_audit(week.world)
