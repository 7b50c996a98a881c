"""At last everything must agree: what the test knows by itself against what central says by every way that it has."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence

from demo.stand import Stand
from demo.table import decoded
from demo.world import World
from labels.readback import printed as paper
from tests.e2e.week.files import euros
from tests.e2e.week.ledger import Ledger, Order
from tests.e2e.week.office import Answer, Office


async def check_orders(office: Office, ledger: Ledger) -> list[Answer]:
    """Each order is here once, in the status of its script, with its lines and its money."""
    listed = [each["order"] for each in await office.every("/api/orders")]
    assert Counter(listed) == Counter(list(ledger.orders)), "an order is lost or doubled"
    found = [await office.order(number) for number in ledger.orders]
    wrong = [text for each in found if (text := _differs(ledger, ledger.orders[each["order"]], each))]
    assert not wrong, "\n".join(wrong)
    return found


def _differs(ledger: Ledger, order: Order, found: Answer) -> str:
    packed = ledger.packed(order.number)
    lines = []
    for number, line in enumerate(order.lines, 1):
        done = line.wanted if line.by_supplier else packed[number]
        lines.append((line.sku, line.ordered, line.cancelled, done))
    ours = {
        "status": order.status,
        "lines": lines,
        "money": (order.total, order.received, order.refunded),
    }
    theirs = {
        "status": found["status"],
        "lines": [(each["sku"], each["ordered"], each["cancelled"], each["packed"]) for each in found["lines"]],
        "money": (found["total"], found["payment"]["amount"], found["payment"]["refunded"]),
    }
    open_ = [
        each["sku"]
        for each in found["lines"]
        if order.status in ("packed", "shipped", "delivered", "cancelled")
        and each["ordered"] != each["packed"] + each["cancelled"]
    ]
    untold = _untold(order.told, [entry["what"] for entry in found["timeline"]])
    if ours == theirs and not untold and not open_:
        return ""
    return f"{order.number}: {ours} but central has {theirs}; not told: {untold}; open: {open_}; {_story(found)}"


def _untold(told: Sequence[str], timeline: Sequence[str]) -> list[str]:
    """What the timeline does not tell, or not in the order in which it happened."""
    left = iter(timeline)
    return [what for what in told if what not in left]


def _story(found: Answer) -> list[str]:
    return [f"{entry['what']} {entry['text']}".strip() for entry in found["timeline"]]


async def check_money(ledger: Ledger, found: Sequence[Answer]) -> None:
    """All that was asked for was paid, is owed, or was given back."""
    kept = sum(order.received - order.refunded for order in ledger.orders.values())
    live = [each for each in found if each["status"] != "cancelled"]
    complaints = sum(
        order.refunded - order.refunds_by_split - _for_less(order) for order in ledger.orders.values() if not order.gone
    )
    owed = sum(each["payment"]["owed"] for each in live)
    assert sum(each["total"] for each in live) == kept + owed + complaints


def _for_less(order: Order) -> int:
    """Given back for pieces that were taken off: the order costs less, too."""
    return sum(line.cancelled * line.price for line in order.lines)


async def check_stock(office: Office, ledger: Ledger) -> None:
    """Of each product: what came, less what left, lies packed and was lost, is on the shelf."""
    whole, shipped = ledger.pieces(ledger.whole), ledger.pieces(ledger.shipped)
    found = {each["product"]["sku"]: each["level"] for each in await office.every("/api/products")}
    wrong = [
        f"{sku}: {level} but {ledger.shelf[sku] - whole[sku]} on the shelf, {whole[sku] - shipped[sku]} packed"
        for sku, level in found.items()
        if (level["on_hand"], level["packed"], level["reserved"])
        != (ledger.shelf[sku] - whole[sku], whole[sku] - shipped[sku], 0)
    ]
    assert not wrong, "\n".join(wrong)


async def check_parcels(office: Office, ledger: Ledger, stands: Sequence[Stand]) -> None:
    """Each parcel has one label, read back from the bytes that reached a printer, and is in central once."""
    printed = [decoded(label) for stand in stands for label in stand.bench.printer.labels]
    assert None not in printed, "a label cannot be read"
    assert len(printed) == len(set(printed)), "a label came out twice"
    parcels = await office.every("/api/parcels")
    with_contents = {each["sscc"]: each["status"] for each in parcels if each["orders"]}
    assert len(parcels) == len({each["sscc"] for each in parcels})
    assert with_contents.keys() == ledger.parcels.keys(), "a parcel is lost or doubled"
    assert ledger.parcels.keys() <= {str(sscc) for sscc in printed}
    assert {sscc for sscc, status in with_contents.items() if status == "voided"} == ledger.voided


async def check_papers(office: Office, stands: Sequence[Stand]) -> None:
    """What the office had printed came out, each once; its code names its order."""
    prints = await office.every("/api/documents/prints")
    assert [each["state"] for each in prints] == ["printed"] * office.prints
    receipts = [paper(receipt) for stand in stands for receipt in stand.bench.slips.receipts]
    named = Counter(code.data.decode() for each in receipts for code in each.codes)
    for number in {each["order"] for each in prints}:
        assert named[number], f"no paper names {number}"


async def check_problems(office: Office, ledger: Ledger) -> None:
    """What waits for a person is what the week gave reason for, and nothing else."""
    kinds = Counter(each["kind"] for each in await office.every("/api/problems", all="true"))
    told = Counter(kind for order in ledger.orders.values() for kind in order.told)
    assert kinds.keys() <= {"refund_due", "payment_due", "relabel", "void_label", "short", "over_delivered"}, kinds
    assert kinds["short"] == told["short_reported"]
    assert kinds["relabel"] + kinds["void_label"] == len(ledger.voided)


async def check_exports(office: Office, ledger: Ledger, found: Sequence[Answer]) -> None:
    """The files that the office downloads say what REST says."""
    heads = {row["order"]: row for row in await _csv(office, "/api/exports/orders") if row["status"]}
    assert {number: row["status"] for number, row in heads.items()} == {each["order"]: each["status"] for each in found}
    assert {number: row["total"] for number, row in heads.items()} == {
        order.number: euros(order.total) for order in ledger.orders.values()
    }
    levels = {each["product"]["sku"]: each["level"]["on_hand"] for each in await office.every("/api/products")}
    stock = await _csv(office, "/api/exports/stock")
    assert {row["sku"]: int(row["on_hand"]) for row in stock} == levels


async def _csv(office: Office, path: str) -> list[Mapping[str, str]]:
    answer = (await office.client.get(path)).raise_for_status()
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def check_audit(world: World) -> None:
    """`packline-central audit`."""
    audit = await asyncio.create_subprocess_exec(
        *world.of_central("audit"), "--json", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complaint = await audit.communicate()
    assert audit.returncode == 0, complaint.decode()
    assert json.loads(said)["differences"] == []
