"""After the benches: what is wanted otherwise of packed orders, what leaves, what comes back to the shelf."""

from __future__ import annotations

from collections.abc import Sequence

from tests.e2e.week import files
from tests.e2e.week.ledger import Ledger
from tests.e2e.week.money import pay_back
from tests.e2e.week.office import Office, at
from tests.e2e.week.story import DAYS, Script
from tests.e2e.week.wishes import NEW_HOME, gone


async def second_thoughts(office: Office, ledger: Ledger, day: Sequence[Script]) -> None:
    """Cancelled or moved when the parcel is closed: it is taken apart, its pieces go back to the shelf."""
    for script in day:
        order = ledger.orders[script.number]
        match script.fate:
            case "cancelled packed":
                (result,) = await office.run("cancelled", [script.number], reason="does not want it any more")
                assert result["done"], result
                gone(order)
                ledger.voided |= set(await office.take_apart(script.number, "cancelled"))
                order.told.append("parcel_voided")
                await pay_back(office, order, order.received, "cancelled")
            case "moved after packing":
                await office.post(at(script.number, "address"), NEW_HOME | {"name": script.customer.name}, seen="*")
                ledger.voided |= set(await office.take_apart(script.number, "its label has the old address"))
                order.packed_on = script.day + 1
                order.told += ["address_changed", "parcel_voided"]
            case "complains":
                await pay_back(office, order, 100, "a scratch")
            case _:
                pass


async def parcels_leave(office: Office, ledger: Ledger, day: Sequence[Script], today: int) -> None:
    """Everything that is packed whole is collected, but on the last day, and orders that lack a missing piece.

    Told once more it changes nothing.
    """
    if today == DAYS - 1:
        return
    ready = [number for number, order in ledger.orders.items() if order.packed_on == today and not order.gone]
    for script in day:
        if script.fate == "piece missing":
            ready.append(script.number)
            ledger.orders[script.number].part_left = True
    ready = [number for number in ready if ledger.of_order(number)]
    for _ in range(2):
        results = await office.run("shipped", ready)
        assert [each["order"] for each in results if not each["done"]] == [], results
    for number in ready:
        ledger.shipped |= ledger.of_order(number)
        ledger.orders[number].told.append("parcel_shipped")


async def parcels_arrive(office: Office, ledger: Ledger, today: int) -> None:
    """In the carrier's file: what left the evening before, but for what left last."""
    if not 0 < today < DAYS - 1:
        return
    arrived = {
        sscc
        for number, order in ledger.orders.items()
        if order.packed_on == today - 1 and not order.gone
        for sscc in ledger.of_order(number)
    }
    if arrived:
        report = await office.upload(
            "/api/parcels/import", "carrier.csv", files.tracking_csv(sorted(arrived), "delivered")
        )
        assert report["rejected"] == [], report
