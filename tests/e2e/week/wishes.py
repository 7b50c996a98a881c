"""What customers and the office want otherwise, before anything is packed."""

from __future__ import annotations

from collections.abc import Sequence

from tests.e2e.week.ledger import Ledger, Line, Order
from tests.e2e.week.money import pay_back
from tests.e2e.week.office import Office, address_of, at
from tests.e2e.week.story import Script

SUPPLIER = "Atelier Sud"
NEW_HOME = {"name": "", "lines": ["3 rue des Lilas"], "postcode": "69003", "city": "Lyon", "country": "FR"}


async def wishes_come(office: Office, ledger: Ledger, day: Sequence[Script]) -> None:
    """All that is asked for in the morning."""
    for script in day:
        order = ledger.orders[script.number]
        match script.fate:
            case "more wanted":
                await _more(office, order)
            case "less wanted":
                await _less(office, order)
            case "moved house":
                await office.post(at(script.number, "address"), NEW_HOME | {"name": script.customer.name}, seen="*")
                order.told.append("address_changed")
            case "divided":
                await _divided(office, ledger, order)
            case "together":
                await _together(office, script, ledger)
            case "cancelled early":
                await _cancelled(office, script, order)
            case "again":
                await _again(office, ledger, order)
            case "from supplier":
                await _from_supplier(office, order)
            case "bad postcode":
                found = await office.order(script.number)
                assert found["status"] == "held", found
                # It may be held before it is paid or after: as the shop told of it.
                assert "order_held" in {entry["what"] for entry in found["timeline"]}
                order.packed_on = script.day + 1
            case "waits for goods":
                found = await office.order(script.number)
                assert [each["code"] for each in found["held"]] == ["stock.1"], found
            case "urgent":
                await office.post(at(script.number, "priority"), {"priority": "vip", "reason": "a birthday"}, seen="*")
            case _:
                pass
    await _urgent_first(office, [script for script in day if script.fate == "urgent"])


async def mended(office: Office, yesterday: Sequence[Script]) -> None:
    """Wrong postcodes of the day before are put right: the orders are free by themselves."""
    for script in yesterday:
        if script.fate == "bad postcode":
            found = await office.post(at(script.number, "address"), address_of(script), seen="*")
            assert found["status"] == "open", found["held"]


async def _more(office: Office, order: Order) -> None:
    """One piece more, of the version that was seen; from an older one nothing is changed. The rest is paid."""
    line = order.lines[0]
    version = (await office.order(order.number))["version"]
    change = {"lines": [{"line": 1, "quantity": line.ordered + 1}]}
    answer = await office.client.patch(at(order.number), json=change, headers={"If-Match": str(version)})
    assert answer.is_success, answer.text
    change = {"lines": [{"line": 1, "quantity": line.ordered + 7}]}
    stale = await office.client.patch(at(order.number), json=change, headers={"If-Match": str(version)})
    assert stale.status_code == 409
    assert {"now", "sent"} <= stale.json().keys(), "both sides"
    line.ordered += 1
    order.total += line.price
    await office.post(at(order.number, "payment"), {"method": "card", "reference": f"more-{order.number}"})
    order.received = order.total
    order.told.append("order_edited")


async def _less(office: Office, order: Order) -> None:
    """One piece fewer, and its money goes back."""
    line = order.lines[0]
    change = {"lines": [{"line": 1, "quantity": line.ordered - 1}]}
    blind = await office.client.patch(at(order.number), json=change)
    assert (blind.status_code, blind.json()["now"]["order"]) == (428, order.number)
    seen = {"If-Match": str(blind.json()["now"]["version"])}
    (await office.client.patch(at(order.number), json=change, headers=seen)).raise_for_status()
    line.cancelled += 1
    order.total -= line.price
    order.told.append("order_edited")
    await pay_back(office, order, line.price, "one less")


async def _divided(office: Office, ledger: Ledger, order: Order) -> None:
    """A line's piece goes on an order of its own, with its money; another line becomes two."""
    line = order.lines[0]
    second = await office.post(at(order.number, "split"), {"lines": [{"line": 1, "quantity": 1}]})
    line.ordered -= 1
    order.total -= line.price
    order.refunded += line.price
    order.refunds_by_split += line.price
    order.told.append("order_split")
    part = Order(second["order"], [Line(line.sku, 1, line.price)], line.price, order.packed_on, received=line.price)
    ledger.orders[part.number] = part
    await office.post(at(order.number, "notes"), {"audience": "office", "text": f"the rest is {part.number}"})
    order.told.append("note_added")


async def _together(office: Office, script: Script, ledger: Ledger) -> None:
    """The same customer again: the two are proposed as one parcel, and become one."""
    proposals = [set(each["orders"]) for each in await office.every("/api/merges")]
    fitting = next(each for each in proposals if script.number in each)
    other = next(number for number in ledger.orders if number in fitting and number != script.number)
    await office.post(at(script.number, "merge"), {"orders": [other]})
    ledger.orders[script.number].told.append("orders_merged")


async def _cancelled(office: Office, script: Script, order: Order) -> None:
    """In the shop, where there is one to tell of it; else here, with many at once."""
    if script.door in ("shopify", "woocommerce", "prestashop"):
        assert (await office.tells(script, "cancelled", 60, paid=True, cancelled=True))[0] == "changed"
        assert (await office.tells(script, "paid", 30, paid=True))[0] == "older", "it stays cancelled"
    else:
        (result,) = await office.run("cancelled", [script.number], reason="ordered by mistake")
        assert result["done"], result
    gone(order)
    await pay_back(office, order, order.received, "cancelled")


def gone(order: Order) -> None:
    """Nothing of it is wanted any more."""
    order.gone = True
    order.told.append("order_cancelled")
    for line in order.lines:
        line.cancelled = line.ordered


async def _again(office: Office, ledger: Ledger, order: Order) -> None:
    """The customer takes the same once more; the copy is paid by hand."""
    copy = await office.post(at(order.number, "repeat"), {})
    assert copy["status"] == "awaiting_payment"
    await office.post(at(copy["order"], "payment"), {"method": "cash"})
    lines = [Line(line.sku, line.ordered, line.price) for line in order.lines]
    ledger.orders[copy["order"]] = Order(
        copy["order"], lines, order.total, order.packed_on, received=order.total, told=["order_received", "order_paid"]
    )
    order.told.append("order_repeated")


async def _from_supplier(office: Office, order: Order) -> None:
    """A supplier sends the first line to the customer himself."""
    line = order.lines[0]
    await office.post(at(order.number, "lines", "1", "supplier"), {"supplier": SUPPLIER}, seen="*")
    for stage in ("ordered", "shipped", "delivered"):
        body = {"stage": stage, "quantity": line.ordered, "reference": "AS-77"}
        await office.post(at(order.number, "lines", "1", "supply"), body)
        order.told.append(f"supplier_{stage}")
    line.by_supplier = order.part_left = True


async def _urgent_first(office: Office, scripts: Sequence[Script]) -> None:
    """What is urgent is before all else in the queue from which the benches draw."""
    queue = await office.get("/api/queue", part="ready", limit="50")
    first = {each["order"] for each in queue["items"][: len(scripts)]}
    assert first == {script.number for script in scripts}
