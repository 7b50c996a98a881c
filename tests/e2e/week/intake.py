"""Orders come in by seven doors: some twice, some in the wrong order, some broken, some forged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.e2e.week import files
from tests.e2e.week.ledger import Ledger
from tests.e2e.week.office import Office, body_of
from tests.e2e.week.story import Door, Script


async def orders_come_in(office: Office, ledger: Ledger, day: Sequence[Script]) -> None:
    """All of a day, by all doors."""

    def by(door: Door) -> list[Script]:
        return [script for script in day if script.door == door]

    for script in by("rest"):
        await _by_rest(office, script)
    await _file(office, by("csv"), files.packline_csv)
    await _file(office, by("shopify-csv"), files.shopify_csv)
    await _by_mapping(office, by("mapped"))
    for door in ("shopify", "woocommerce", "prestashop"):
        for script in by(door):
            await _by_webhook(office, script)
    for script in day:
        order = ledger.took(script)
        if files.is_paid(script):
            order.received = order.total
            order.told.append("order_paid")


async def _by_rest(office: Office, script: Script) -> None:
    """Each with a key of its own; some are sent again, with the key and without, and once with other content."""
    first = await office.ordered(script)
    if script.serial % 3 == 0:
        assert await office.ordered(script) == first, "the same key gets the same answer"
    if script.serial % 5 == 0:
        again = await office.client.post("/api/orders", json=body_of(script))
        assert again.status_code == 200, "the same order, without its key, changes nothing"
    if script.serial % 11 == 0:
        other = body_of(script) | {"total": script.total + 1}
        await office.post("/api/orders", other, expected=409)


async def _file(office: Office, scripts: Sequence[Script], layout: Callable[[Sequence[Script]], bytes]) -> None:
    """One file a day; given twice, its orders are known."""
    if not scripts:
        return
    content = layout(scripts)
    report = await office.upload("/api/orders/import", "orders.csv", content)
    assert (report["created"], report["rejected"]) == (len(scripts), []), report
    report = await office.upload("/api/orders/import", "orders.csv", content)
    assert (report["created"], report["unchanged"], report["rejected"]) == (0, len(scripts), []), report


async def _by_mapping(office: Office, scripts: Sequence[Script]) -> None:
    """A shop's own file: its broken rows are named, the others come in."""
    if not scripts:
        return
    report = await office.upload("/api/orders/import", "export.csv", files.mapped_csv(scripts), mapping="lumiere")
    assert report["created"] == len(scripts), report
    assert {each["field"] for each in report["rejected"]} == {"Qté", "Date", "N° commande"}, report
    assert len(report["rejected"]) == files.BROKEN


async def _by_webhook(office: Office, script: Script) -> None:
    """Created, then paid: in this order, in the other one, some told twice, some by a stranger."""
    if not files.is_paid(script):
        assert (await office.tells(script, "created", 0, paid=False))[0] == "created"
        await office.forged(script)
        return
    if script.serial % 2:
        outcome, body = await office.tells(script, "paid", 20, paid=True)
        assert outcome == "created"
        assert (await office.tells(script, "created", 0, paid=False))[0] == "older"
    else:
        assert (await office.tells(script, "created", 0, paid=False))[0] == "created"
        outcome, body = await office.tells(script, "paid", 20, paid=True)
        assert outcome == "changed"
    assert await office.delivered(script, "paid", body) == "unchanged", "the same delivery again"
    if script.serial % 4 == 0:
        await office.forged(script)
