"""What the packers are asked to do by name, before they draw from the queue; and that drawing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from demo.catalogue import items
from tests.e2e.week.cable import Cable
from tests.e2e.week.ledger import Ledger
from tests.e2e.week.money import pay_back
from tests.e2e.week.office import Answer, Office, at
from tests.e2e.week.packer import Packer, before_a_piece, piece_in
from tests.e2e.week.story import Script
from tests.e2e.week.wishes import gone

CODES: Final = {item.sku: item.gtin for item in items()}


class Benches:
    """The packers, and which of them has a cable that can be pulled."""

    def __init__(self, office: Office, ledger: Ledger, packers: Sequence[Packer], cable: Cable) -> None:
        """`cable` is the last packer's."""
        self.office = office
        self.ledger = ledger
        self.packers = packers
        self.cable = cable

    async def by_name(self, day: Sequence[Script]) -> None:
        """Orders to which something happens at the bench: each packer has his share."""
        shares: list[list[Script]] = [[] for _ in self.packers]
        for script in day:
            if script.fate == "cancelled unheard":
                shares[-1].append(script)
            elif script.fate in ("cancelled in hand", "piece missing", "piece damaged", "picked"):
                min(shares, key=len).append(script)
        await asyncio.gather(*(self._share(packer, share) for packer, share in zip(self.packers, shares, strict=True)))

    async def _share(self, packer: Packer, scripts: Sequence[Script]) -> None:
        for script in scripts:
            match script.fate:
                case "cancelled in hand":
                    await self._recalled(packer, script)
                case "cancelled unheard":
                    await self._unheard(packer, script)
                case "picked":
                    await packer.pack(tote_of(script))
                case _:
                    await self._short(packer, script)

    async def _recalled(self, packer: Packer, script: Script) -> None:
        """Cancelled with its first piece in the box: the bench stops, and clears the table."""
        before = set(packer.recalled)

        async def cancel() -> None:
            await self._cancel(script)
            await packer.table.eyes.until(lambda frame: not frame.screen.parcel, 30)

        await packer.pack(script.number, at=piece_in, do=cancel)
        assert len(packer.recalled - before) == 1
        await self._money_back(script)

    async def _unheard(self, packer: Packer, script: Script) -> None:
        """Cancelled while its bench is off line: that packs on, and its parcel must not leave."""

        async def cancel() -> None:
            await self.cable.cut()
            await packer.online(False)
            await self._cancel(script)

        await packer.pack(script.number, at=piece_in, do=cancel)
        sscc = packer.table.closed[-1]
        await self.cable.mend()
        await packer.online(True)
        await packer.table.eyes.until(lambda frame: frame.quiet.queued == 0, 60)
        apart = await self.office.take_apart(script.number, "its order was cancelled")
        assert apart == [str(sscc)]
        self.ledger.voided |= set(apart)
        await self._money_back(script)

    async def _cancel(self, script: Script) -> None:
        await self.office.post(at(script.number, "cancel"), {"reason": "the customer called"})
        gone(self.ledger.orders[script.number])

    async def _money_back(self, script: Script) -> None:
        order = self.ledger.orders[script.number]
        await pay_back(self.office, order, order.received, "cancelled")

    async def _short(self, packer: Packer, script: Script) -> None:
        """A piece is not there, or broken: the others go, another one follows in a second parcel.

        Instead of a broken one another is promised at once; of what is missing the shelf is counted first.
        """
        sku = script.lines[0].sku
        command = "PK-SHORT" if script.fate == "piece missing" else "PK-DAMAGED"
        await packer.pack(script.number, at=before_a_piece, do=lambda: packer.leave_out(command, CODES[sku]))
        self.ledger.shelf[sku] -= 1
        order = self.ledger.orders[script.number]
        order.told.append("short_reported")
        if script.fate == "piece missing":
            order.packed_on = script.day + 1

    async def pick(self, day: Sequence[Script]) -> None:
        """One walk with a phone for all orders that are picked, a tote for each."""
        scripts = [script for script in day if script.fate == "picked"]
        if not scripts:
            return
        body = {"kind": "chosen", "orders": [script.number for script in scripts]}
        batch: Answer = await self.office.post("/api/picking", body)
        path = f"/api/picking/{batch['batch']}"
        totes = {script.number: tote_of(script) for script in scripts}
        for order in batch["orders"]:
            batch = await self.office.post(f"{path}/scan", {"code": totes[order["order_id"]]})
        batch = await self.office.post(f"{path}/join")
        while batch["state"] == "open":
            task = next(each for each in batch["tasks"] if each["picked"] + each["short"] < each["quantity"])
            batch = await self.office.post(f"{path}/scan", {"code": CODES[task["sku"]]})
        assert batch["state"] == "done"
        for script in scripts:
            self.ledger.orders[script.number].told += ["picking_began", "picking_done"]

    async def print_papers(self, day: Sequence[Script], kind: str) -> None:
        """Pick lists in the morning, delivery notes in the evening, at the first bench."""
        named = [{"kind": kind, "subject": script.number} for script in day if script.fate == "papers"]
        if named:
            body = {"documents": named, "station": self.packers[0].stand.name}
            outcomes = (await self.office.post("/api/documents/print", body))["items"]
            assert all(each["done"] for each in outcomes), outcomes
            self.office.prints += len(named)

    async def settled(self) -> None:
        """Central has answered for everything that the benches told."""
        for packer in self.packers:
            await packer.table.eyes.until(lambda frame: frame.quiet.online and frame.quiet.queued == 0, 60)


def tote_of(script: Script) -> str:
    return f"TOTE-{script.serial:04d}"
