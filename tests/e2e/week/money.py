"""Money that comes after its order: by card, by bank, by cheque, by hand; and money that goes back."""

from __future__ import annotations

from collections.abc import Sequence

from tests.e2e.week import deliveries, files
from tests.e2e.week.ledger import Ledger, Order
from tests.e2e.week.office import Office, at
from tests.e2e.week.story import Script


async def money_comes(office: Office, ledger: Ledger, day: Sequence[Script]) -> None:
    """Whatever the day's orders are paid with."""
    for script in day:
        order = ledger.orders[script.number]
        if script.money == "card":
            await _by_card(office, script)
            order.received = order.total
        elif script.money == "by hand":
            await office.post(at(script.number, "payment"), {"method": "transfer", "reference": f"T-{script.serial}"})
            order.received = order.total
    await _by_cheques(office, ledger, [script for script in day if script.money == "cheques"])
    await _by_bank(office, ledger, [script for script in day if script.money == "bank"])


async def _by_card(office: Office, script: Script) -> None:
    """Told twice it counts once; a forged event counts never."""
    body = deliveries.card_event(script, script.total)
    forged = deliveries.card_signature(body, b"whsec_guessed")
    answer = await office.client.post("/api/cards/stripe", content=body, headers=forged)
    assert answer.status_code == 401
    assert await office.card(body) == "booked"
    assert await office.card(body) == "known"


async def _by_cheques(office: Office, ledger: Ledger, scripts: Sequence[Script]) -> None:
    """One deposit slip for all of a day, with one order on it that nobody knows."""
    if not scripts:
        return
    numbers = [script.number for script in scripts]
    body = {"orders": [*numbers, "NOBODY"], "method": "cheque", "slip": f"slip of day {scripts[0].day}"}
    results = (await office.post("/api/payments/batch", body))["results"]
    assert [each["order"] for each in results if each["done"]] == numbers, results
    for number in numbers:
        ledger.orders[number].received = ledger.orders[number].total


async def _by_bank(office: Office, ledger: Ledger, scripts: Sequence[Script]) -> None:
    """The bank's file, given twice; what it surely is for is accepted, the rest would wait for a person."""
    if not scripts:
        return
    content = files.bank_csv((script.customer.name, script.number, script.total) for script in scripts)
    report = await office.upload("/api/payments/statement", "bank.csv", content)
    assert (report["waiting"], report["debits"]) == (len(scripts), 1), report
    report = await office.upload("/api/payments/statement", "bank.csv", content)
    assert (report["waiting"], report["known"]) == (0, len(scripts)), report
    accepted = []
    for credit in await office.every("/api/payments/incoming"):
        likeliest = credit["proposals"][0]
        assert {"number", "amount"} <= set(likeliest["because"]), credit
        accepted.append({"key": credit["key"], "order": likeliest["order"]})
    assert {each["order"] for each in accepted} == {script.number for script in scripts}
    results = (await office.post("/api/payments/incoming/accept", {"accepted": accepted}))["results"]
    assert all(each["done"] for each in results), results
    for script in scripts:
        ledger.orders[script.number].received = script.total


async def pay_back(office: Office, order: Order, cents: int, why: str) -> None:
    """The office gives money back, and says so."""
    await office.post(at(order.number, "refund"), {"note": why, "amount": cents, "reference": f"back-{order.number}"})
    order.refunded += cents
    order.told.append("payment_refunded")
