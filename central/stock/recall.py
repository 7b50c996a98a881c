"""A lot or a serial number traced both ways: whence it came, where it lies, into which parcels it went, to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from central.desk.refused import not_found
from central.office.paging import known_filter, like, page_of
from central.store.store import Store

SHOWN: Final = ("expiring", "stopped")
"""What a list of lots may be narrowed to; `expiring`: until a day."""
COLUMNS: Final = (
    *("what", "sku", "pieces", "sscc", "certain", "status", "order", "consignee", "email", "phone"),
    *("tracking_number", "warehouse", "bin", "supplier", "reference"),
)


class LotAnswer(Struct, frozen=True):
    """A lot of one product."""

    sku: str
    name: str
    lot: str
    expiry: str
    stopped: str
    quantity: int
    """On the shelves."""


class LotPage(Struct, frozen=True):
    """One page of lots, what expires first at the front."""

    items: tuple[LotAnswer, ...]
    next: str | None


class Origin(Struct, frozen=True):
    """Pieces that came into the house."""

    sku: str
    quantity: int
    warehouse: str
    bin: str
    reason: str
    reference: str
    supplier: str
    serial: str
    by: str
    at: int


class Left(Struct, frozen=True):
    """Pieces that are still here."""

    sku: str
    warehouse: str
    bin: str
    quantity: int


class Sent(Struct, frozen=True):
    """Pieces in a parcel, and who has it."""

    sscc: str
    sku: str
    quantity: int
    certain: bool
    """Told by the packer; else the books took it from that lot, and the parcel may hold another."""
    status: str
    shipped_at: int | None
    tracking_number: str
    order: str
    consignee: str
    email: str
    phone: str


class Recall(Struct, frozen=True):
    """All that is known of a lot or a serial number."""

    lots: tuple[LotAnswer, ...]
    receipts: tuple[Origin, ...]
    left: tuple[Left, ...]
    parcels: tuple[Sent, ...]

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """As the lines of a CSV with `COLUMNS`."""
        blank = ("",) * 8
        came = [
            ("received", each.sku, each.quantity, *blank, each.warehouse, each.bin, each.supplier, each.reference)
            for each in self.receipts
        ]
        here = [("left", each.sku, each.quantity, *blank, each.warehouse, each.bin, "", "") for each in self.left]
        sent = [
            (
                *("parcel", each.sku, each.quantity, each.sscc, "yes" if each.certain else "no", each.status),
                *(each.order, each.consignee, each.email, each.phone, each.tracking_number, "", "", "", ""),
            )
            for each in self.parcels
        ]
        return [*came, *here, *sent]


async def lots(
    store: Store, text: str = "", show: str = "", until: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> LotPage:
    """Lots of which something is left, usually by expiry; `show` is of `SHOWN`. Raises `Refused`."""
    known_filter("view", show, SHOWN, "show")
    text = text.strip()
    rows, more = await page_of(store, "stock.lots", (text, like(text), show, until), sort, after, limit)
    return LotPage(tuple(msgspec.convert(row, LotAnswer) for row in rows), more)


async def of_lot(store: Store, lot: str, sku: str = "") -> Recall:
    """Everything about a lot, of one product if it is named. Raises `Refused` for a lot that nobody has heard of."""
    asked = (lot, sku)
    told = await store.read("stock.recalled_told", asked)
    known = await store.read("stock.recalled_lots", asked)
    if not told and not known:
        raise not_found("lot", lot)
    sure = {(row["sscc"], row["sku"]) for row in told}
    booked = await store.read("stock.recalled_booked", asked)
    return Recall(
        tuple(msgspec.convert(row, LotAnswer) for row in known),
        tuple(msgspec.convert(row, Origin) for row in await store.read("stock.recalled_receipts", asked)),
        tuple(msgspec.convert(row, Left) for row in await store.read("stock.recalled_left", asked)),
        await _sent(store, told, [row for row in booked if (row["sscc"], row["sku"]) not in sure]),
    )


async def of_serial(store: Store, serial: str) -> Recall:
    """Everything about the piece with this serial number. Raises `Refused` when nobody has heard of it."""
    told = await store.read("stock.serial_told", (serial,))
    receipts = await store.read("stock.serial_receipts", (serial,))
    if not told and not receipts:
        raise not_found("serial number", serial)
    return Recall((), tuple(msgspec.convert(row, Origin) for row in receipts), (), await _sent(store, told, ()))


async def _sent(
    store: Store, told: Sequence[Mapping[str, Any]], booked: Sequence[Mapping[str, Any]]
) -> tuple[Sent, ...]:
    ssccs = sorted({row["sscc"] for row in (*told, *booked)})
    rows = await store.read("stock.recalled_parcels", (msgspec.json.encode(ssccs).decode(),))
    parcels = {row["sscc"]: row for row in rows}
    wanted = [(row, row["order_id"], True) for row in told]
    for row in booked:
        orders = msgspec.json.decode(parcels[row["sscc"]]["orders"]) if row["sscc"] in parcels else [""]
        wanted += [(row, order, False) for order in orders]
    numbers = sorted({order for _, order, _ in wanted})
    known = {row["order_id"]: row for row in await store.read("stock.consignees", (_json(numbers),))}
    return tuple(
        _one(row, order, certain, parcels.get(row["sscc"], {}), known.get(order, {})) for row, order, certain in wanted
    )


def _one(
    row: Mapping[str, Any], order: str, certain: bool, parcel: Mapping[str, Any], known: Mapping[str, Any]
) -> Sent:
    return Sent(
        row["sscc"],
        row["sku"],
        row["quantity"],
        certain,
        parcel.get("status", ""),
        parcel.get("shipped_at"),
        parcel.get("tracking_number", ""),
        order,
        known.get("name", ""),
        known.get("email", ""),
        known.get("phone", ""),
    )


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
