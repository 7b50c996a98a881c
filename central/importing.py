"""Files into the database, without a running server."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from central.command_line import author
from central.config import CentralConfig
from central.documents.press import Press
from central.intake.report import Rejected
from central.office.live import Live
from central.office.office import Office
from central.orders.importing import take_in
from central.orders.intake import read_csv
from central.orders.mapped_csv import FileMapping
from central.orders.rules import By
from central.orders.serving import serve_waiting
from central.people.recorded import RecordedStore
from central.photos.folder import PhotoFolder
from central.shipping.importing import take_tracking
from central.shipping.tracking_csv import read_tracking
from central.stock.products_csv import read_products, read_stock
from central.stock.routes import take_counts, take_products
from central.store.sqlite import SqliteStore, now_ms

What: TypeAlias = Literal["products", "stock", "orders", "tracking"]


class Imported(Struct, frozen=True):
    """What an import did."""

    counts: dict[str, int]
    rejected: tuple[Rejected, ...]


async def import_file(
    config: CentralConfig,
    what: Literal["products", "stock", "orders", "tracking"],
    data: bytes,
    mapping: FileMapping | None = None,
) -> Imported:
    """Take the rows of a CSV file; `mapping` is of a shop's own order file.

    Raises `central.intake.table.BadTable` and `StoreTrouble`.
    """
    who = author(f"packline-central import-{what}")
    by = By(who.by, who.at)
    async with SqliteStore(Path(config.database), config.site, config.standing) as opened:
        store = RecordedStore(opened, who)
        if what == "orders":
            report = await take_in(store, read_csv(data, mapping), by)
            counts = {
                "created": report.created,
                "unchanged": report.unchanged,
                "paid": report.paid,
                "cancelled": report.cancelled,
            }
            return Imported(counts, report.rejected)
        if what == "tracking":
            tracked = await take_tracking(store, *read_tracking(data), by)
            return Imported({"taken": tracked.taken}, tracked.rejected)
        press, photos = Press(store, config.house), PhotoFolder(config.photos_folder)
        office = Office(store, config.http, config.house, now_ms, Live(), press, photos)
        if what == "products":
            rows = await take_products(office, *read_products(data))
        else:
            rows = await take_counts(office, *read_stock(data), by)
        await serve_waiting(opened, now_ms)
        return Imported({"taken": rows.taken}, rows.rejected)
