"""REST: suppliers and their deliveries."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, Router, get, post, put
from litestar.params import JSONBody, PathParameter, QueryParameter

from central.office.commands import IDEMPOTENCY, answered_in_parts
from central.office.downloads import SHEET, sheet
from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, choice, part, sorts
from central.office.refusals import answers
from central.stock.answers import RowsReport
from central.stock.routes import MOST_BYTES, File
from central.supply import commands, reading
from central.supply.answers import DeliveryAnswer, DeliveryPage, SupplierList
from central.supply.body import ArrivalsBody, ExpectedBody, SupplierBody
from central.supply.deliveries_csv import read_deliveries

Number = Annotated[str, PathParameter(max_length=64, description="The shop's own number of the delivery.")]
Code = Annotated[str, PathParameter(max_length=64, description="The shop's own code of the supplier.")]
COLUMNS: Final = ("delivery", "supplier", "sku", "name", "expected", "received", "difference")


@get("/suppliers", operation_id="listSuppliers", summary="All suppliers")
async def list_suppliers(office: TheOffice, after: After = "", limit: Limit = USUAL) -> SupplierList:
    suppliers = (await reading.suppliers(office.store)).items
    return SupplierList(*part(suppliers, lambda each: (each.name.lower(), each.code), tuple[str, str], after, limit))


@put(
    "/suppliers/{code:str}",
    operation_id="putSupplier",
    summary="Add or replace a supplier",
    responses=answers(422),
)
async def put_supplier(
    office: TheOffice, request: Request[Any, Any, Any], code: Code, data: JSONBody[SupplierBody]
) -> SupplierList:
    return await commands.keep(office, request, data.supplier(code))


@get(
    "/deliveries", operation_id="listDeliveries", summary="Suppliers' deliveries, newest first", responses=answers(422)
)
async def list_deliveries(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="Part of a number, or a SKU.")] = "",
    status: Annotated[str, choice(reading.FOUND, "`open`: something is still expected.")] = "",
    supplier: Annotated[str, QueryParameter(max_length=64)] = "",
    sort: Annotated[str, sorts("supply.search")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> DeliveryPage:
    return await reading.search(office.store, q, status, supplier, after, limit, sort)


@get(
    "/deliveries/{number:str}",
    operation_id="getDelivery",
    summary="One delivery: what is expected and what came",
    responses=answers(404),
)
async def get_delivery(office: TheOffice, number: Number) -> DeliveryAnswer:
    return await reading.one(office.store, number)


@get(
    "/deliveries/{number:str}/csv",
    operation_id="getDeliverySheet",
    summary="One delivery as CSV",
    responses=SHEET | answers(404),
)
async def get_delivery_sheet(office: TheOffice, number: Number) -> Response[bytes]:
    found = await reading.one(office.store, number)
    rows = (
        (found.number, found.supplier, each.sku, each.name, each.expected, each.received, each.difference)
        for each in found.lines
    )
    return sheet(f"delivery-{number}", COLUMNS, rows)


@put(
    "/deliveries/{number:str}",
    operation_id="expectDelivery",
    summary="Expect a delivery, or change one of which nothing has come",
    responses=answers(404, 409, 422),
)
async def expect(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ExpectedBody]
) -> DeliveryAnswer:
    return await commands.expect(office, request, data.expected(number))


@post(
    "/deliveries/import",
    operation_id="importDeliveries",
    summary="Import expected deliveries: the columns delivery, supplier, sku, quantity …",
    request_max_body_size=MOST_BYTES,
    status_code=200,
    responses=answers(413, 422),
)
async def import_deliveries(office: TheOffice, request: Request[Any, Any, Any], data: File) -> RowsReport:
    listed, refused = read_deliveries(content := await data.read())
    return await answered_in_parts(
        office, request, content, lambda by: commands.take_in(office, listed, refused, by), RowsReport
    )


@post(
    "/deliveries/{number:str}/received",
    operation_id="receiveDelivery",
    summary="Goods of a delivery came, all of it or a part",
    description="More than expected, or a product that nobody expected, is booked and becomes a problem.",
    responses=answers(404, 409, 422),
)
async def receive(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ArrivalsBody]
) -> DeliveryAnswer:
    return await commands.receive(office, request, number, [each.arrival(number) for each in data.arrivals])


@post(
    "/deliveries/{number:str}/closed",
    operation_id="closeDelivery",
    summary="Nothing more comes of a delivery",
    description="What is missing becomes a problem; a delivery of which nothing came is cancelled.",
    responses=answers(404),
)
async def close(office: TheOffice, request: Request[Any, Any, Any], number: Number) -> DeliveryAnswer:
    return await commands.close(office, request, number)


router = Router(
    "/api",
    route_handlers=[
        list_suppliers,
        put_supplier,
        list_deliveries,
        import_deliveries,
        get_delivery,
        get_delivery_sheet,
        expect,
        receive,
        close,
    ],
    opt={"area": "stock"},
    parameters=IDEMPOTENCY,
    tags=["stock"],
)
