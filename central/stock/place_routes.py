"""REST: bins, warehouses and lots, and recalls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.office.commands import IDEMPOTENCY, answered
from central.office.downloads import SHEET, sheet
from central.office.office import Office, TheOffice
from central.office.paging import USUAL, After, Limit, choice, sorts
from central.office.refusals import answers
from central.orders.rules import By
from central.stock import lots, reading, recall, transfers
from central.stock.answers import PlacesAnswer
from central.stock.ledger import Cause
from central.stock.model import Place
from central.stock.routes import Name, Pieces, Reference
from central.store.store import Reads
from central.supply.body import Bin, LotName
from contract.keys import Sku

WarehouseCode = Annotated[str, Meta(max_length=20, description="Empty: the first.")]
LotPath = Annotated[str, PathParameter(max_length=40, description="The lot's name.")]
Serial = Annotated[str, PathParameter(max_length=64, description="The piece's own number.")]
OneSku = Annotated[str, QueryParameter(max_length=64, description="Only this product's lot; empty: every product's.")]


class TransferBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Pieces of one lot that went to another place."""

    quantity: Pieces
    from_bin: Bin = ""
    to_bin: Bin = ""
    lot: LotName = ""
    from_warehouse: WarehouseCode = ""
    to_warehouse: WarehouseCode = ""
    """Empty: the one they come from."""
    reference: Reference = ""


class PickBinBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Where packers take the product from first."""

    bin: Bin
    warehouse: WarehouseCode = ""


class StopBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Why nothing more of a lot is promised."""

    reason: Annotated[str, Meta(min_length=1, max_length=200)]


@get(
    "/stock/{sku:str}/places",
    operation_id="listPlaces",
    summary="Where a product's pieces are: warehouses, bins, lots",
    responses=answers(404),
)
async def list_places(office: TheOffice, sku: Name) -> PlacesAnswer:
    await reading.one(office.store, sku, office.now())
    return await reading.places(office.store, sku, office.now())


@post(
    "/stock/{sku:str}/transfer",
    operation_id="transferStock",
    summary="Pieces went to another bin or warehouse",
    responses=answers(404, 409, 422),
)
async def transfer(
    office: TheOffice, request: Request[Any, Any, Any], sku: Name, data: JSONBody[TransferBody]
) -> PlacesAnswer:
    first = data.from_warehouse or office.house.warehouse_codes[0]
    source, target = Place(first, data.from_bin), Place(data.to_warehouse or first, data.to_bin)

    def decide(books: Books, by: By) -> None:
        cause = Cause(data.reference, by.name, by.at)
        transfers.transfer(books, Sku(sku), data.quantity, source, target, cause, data.lot)

    return await change(office, request, Sku(sku), decide)


@post(
    "/stock/{sku:str}/pick-bin",
    operation_id="setPickBin",
    summary="Say where packers take it from first",
    responses=answers(404),
)
async def set_pick_bin(
    office: TheOffice, request: Request[Any, Any, Any], sku: Name, data: JSONBody[PickBinBody]
) -> PlacesAnswer:
    place = Place(data.warehouse or office.house.warehouse_codes[0], data.bin)
    return await change(office, request, Sku(sku), lambda books, by: transfers.set_pick_bin(books, Sku(sku), place, by))


@post(
    "/stock/{sku:str}/lots/{lot:str}/stop",
    operation_id="stopLot",
    summary="Promise nothing more of a lot",
    description="Promises that no other lot covers are taken back, the newest orders first, and a problem names these "
    "orders: they wait for stock again. Benches are told to pack none of it, and parcels that hold some and are still "
    "here are held.",
    responses=answers(404),
)
async def stop_lot(
    office: TheOffice, request: Request[Any, Any, Any], sku: Name, lot: LotPath, data: JSONBody[StopBody]
) -> PlacesAnswer:
    return await change(
        office,
        request,
        Sku(sku),
        lambda books, by: lots.stop(books, Sku(sku), lot, data.reason, by),
        lots.keys_to_stop(Sku(sku)),
    )


@post(
    "/stock/{sku:str}/lots/{lot:str}/resume",
    operation_id="resumeLot",
    summary="Let a stopped lot be promised again",
    responses=answers(404),
)
async def resume_lot(office: TheOffice, request: Request[Any, Any, Any], sku: Name, lot: LotPath) -> PlacesAnswer:
    return await change(office, request, Sku(sku), lambda books, by: lots.resume(books, Sku(sku), lot, by))


async def change(
    office: Office,
    request: Request[Any, Any, Any],
    sku: Sku,
    decide: Callable[[Books, By], None],
    keys: Keys | None = None,
) -> PlacesAnswer:
    """Carry out one command on a product's places and show them as they are then. `keys`: None, those of its places."""

    def carried_out(books: Books, by: By) -> PlacesAnswer:
        decide(books, by)
        return reading.places_in(books, sku, by.at)

    return await answered(office, request, keys or lots.keys_of(sku), carried_out, _told, PlacesAnswer)


async def _told(reads: Reads, places: PlacesAnswer) -> PlacesAnswer:
    return places


@get("/lots", operation_id="listLots", summary="Lots, what expires first at the front", responses=answers(422))
async def list_lots(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="SKU, name or lot.")] = "",
    show: Annotated[str, choice(recall.SHOWN, "What needs a person.")] = "",
    until: Annotated[
        str, QueryParameter(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="With `expiring`: the last day.")
    ] = "",
    sort: Annotated[str, sorts("stock.lots")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> recall.LotPage:
    return await recall.lots(office.store, q, show, until, after, limit, sort)


@get(
    "/lots/{lot:str}/recall",
    operation_id="recallLot",
    summary="A lot both ways: receipts, what is left, parcels, consignees",
    responses=answers(404),
)
async def recall_lot(office: TheOffice, lot: LotPath, sku: OneSku = "") -> recall.Recall:
    return await recall.of_lot(office.store, lot, sku)


@get(
    "/lots/{lot:str}/recall/csv",
    operation_id="recallLotSheet",
    summary="The same as CSV",
    responses=SHEET | answers(404),
)
async def recall_lot_sheet(office: TheOffice, lot: LotPath, sku: OneSku = "") -> Response[bytes]:
    return sheet(f"recall-{lot}", recall.COLUMNS, (await recall.of_lot(office.store, lot, sku)).rows)


@get(
    "/serials/{serial:str}/recall",
    operation_id="recallSerial",
    summary="A serial number both ways",
    responses=answers(404),
)
async def recall_serial(office: TheOffice, serial: Serial) -> recall.Recall:
    return await recall.of_serial(office.store, serial)


router = Router(
    "/api",
    route_handlers=[list_places, transfer, set_pick_bin, stop_lot, resume_lot, list_lots],
    opt={"area": "stock"},
    parameters=IDEMPOTENCY,
    tags=["stock"],
)
recalls = Router(
    "/api", route_handlers=[recall_lot, recall_lot_sheet, recall_serial], opt={"area": "parcels"}, tags=["stock"]
)
"""They name consignees: for those who may see parcels."""
