"""What stations tell of counts. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from central.counting.model import Found
from central.counting.rules import keys_to_count, record_as_told
from central.desk.books import Books, Keys
from contract.messages import StockCounted


def keys_of(fact: StockCounted) -> Keys:
    """What taking down this touches; also the job that is made of it when its own was decided on."""
    keys = keys_to_count(fact.count, _found(fact))
    return replace(keys, counts=keys.counts | {f"{fact.count}-{fact.at}"})


def counted(books: Books, station: str, warehouse: str, fact: StockCounted) -> None:
    """A bin was counted. Load with `keys_of`."""
    for found in _found(fact):
        record_as_told(books, fact.count, found, station, warehouse, fact.badge, fact.at)
    job = books.counts.get(f"{fact.count}-{fact.at}") or books.counts.get(fact.count)
    if job is not None:
        pieces = ", ".join(f"{each.quantity} × {each.sku}" for each in fact.found)
        text = f"{fact.bin}: {pieces}" if fact.bin else pieces
        books.note(f"count/{job.count}", fact.at, "bin_counted", station=station, by=fact.badge, text=text)


def _found(fact: StockCounted) -> list[Found]:
    return [Found(each.sku, each.quantity, fact.bin, each.lot, each.expiry) for each in fact.found]
