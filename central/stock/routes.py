"""REST: products and stock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from litestar import Request, Router, get, post, put
from litestar.datastructures import UploadFile
from litestar.params import JSONBody, MultipartBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.intake.report import Rejected
from central.office.commands import IDEMPOTENCY, answered, answered_in_parts
from central.office.office import Office, TheOffice
from central.office.paging import USUAL, After, Limit, choice, sorts
from central.office.refusals import answers
from central.orders.rules import By
from central.stock import reading, rules
from central.stock.answers import MovementPage, ProductAnswer, ProductPage, RowsReport
from central.stock.body import ProductBody
from central.stock.ledger import Cause
from central.stock.products_csv import Counted, Listed, read_products, read_stock
from central.stock.rows import ProductRow
from contract.keys import Sku

MOST_BYTES: Final = 20 * 1024 * 1024
Name = Annotated[str, PathParameter(max_length=64, description="The shop's own name of the product.")]
Pieces = Annotated[int, Meta(ge=1, le=10_000_000, description="pieces")]
Reference = Annotated[str, Meta(max_length=120)]
File = MultipartBody[UploadFile]


class ReceivedBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Goods that came in."""

    quantity: Pieces
    reference: Reference = ""
    """The delivery note."""


class CountedBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What was found on the shelf."""

    on_hand: Annotated[int, Meta(ge=0, le=10_000_000, description="pieces")]
    reference: Reference = ""
    """Why it was counted."""


@get("/products", operation_id="listProducts", summary="Products with their levels", responses=answers(422))
async def list_products(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="SKU, name, or a code as it is scanned.")] = "",
    show: Annotated[str, choice(reading.SHOWN, "What needs a person.")] = "",
    sort: Annotated[str, sorts("stock.search")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> ProductPage:
    return await reading.search(office.store, office.now(), q, show, after, limit, sort)


@get("/products/{sku:str}", operation_id="getProduct", summary="One product", responses=answers(404))
async def get_product(office: TheOffice, sku: Name) -> ProductAnswer:
    return await reading.one(office.store, sku, office.now())


@put("/products/{sku:str}", operation_id="putProduct", summary="Add or replace a product", responses=answers(422))
async def put_product(
    office: TheOffice, request: Request[Any, Any, Any], sku: Name, data: JSONBody[ProductBody]
) -> ProductAnswer:
    row = ProductRow.of(data.product(Sku(sku)))
    return await change(office, request, sku, lambda books, by: rules.keep(books, row))


@post(
    "/products/import",
    operation_id="importProducts",
    summary="Import a file of products",
    request_max_body_size=MOST_BYTES,
    status_code=200,
    responses=answers(413, 422),
)
async def import_products(office: TheOffice, request: Request[Any, Any, Any], data: File) -> RowsReport:
    listed, refused = read_products(content := await data.read())
    return await answered_in_parts(
        office, request, content, lambda _: take_products(office, listed, refused), RowsReport
    )


async def take_products(office: Office, listed: Sequence[Listed], refused: tuple[Rejected, ...]) -> RowsReport:
    """Write all products at once."""
    rows = [ProductRow.of(one.product) for one in listed]

    def decide(books: Books) -> None:
        for row in rows:
            rules.keep(books, row)

    skus = frozenset(row.sku for row in rows)
    await office.store.transact(Keys(skus=skus), decide)
    return RowsReport(len(rows), refused)


@post(
    "/stock/import",
    operation_id="importStock",
    summary="Import counted stock: the columns sku, on_hand and warehouse",
    request_max_body_size=MOST_BYTES,
    status_code=200,
    responses=answers(413, 422),
)
async def import_stock(office: TheOffice, request: Request[Any, Any, Any], data: File) -> RowsReport:
    counted, refused = read_stock(content := await data.read())
    return await answered_in_parts(
        office, request, content, lambda by: take_counts(office, counted, refused, by), RowsReport
    )


async def take_counts(office: Office, counted: Sequence[Counted], refused: tuple[Rejected, ...], by: By) -> RowsReport:
    """Adjust every product; what the rules refuse becomes a line of the report."""
    rejected = list(refused)

    def decide(books: Books) -> None:
        for one in counted:
            try:
                rules.adjust(books, one.sku, one.on_hand, Cause("import", by.name, by.at), one.warehouse)
            except Refused as error:
                rejected.append(Rejected(one.line, "on_hand", str(one.on_hand), f"possible: {error.text}", one.sku))

    skus = frozenset(one.sku for one in counted)
    await office.store.transact(Keys(skus=skus), decide)
    taken = len(counted) + len(refused) - len(rejected)
    return RowsReport(taken, tuple(sorted(rejected, key=lambda one: one.line)))


@get(
    "/stock/{sku:str}/movements",
    operation_id="listMovements",
    summary="A product's ledger",
    responses=answers(404, 422),
)
async def list_movements(
    office: TheOffice,
    sku: Name,
    sort: Annotated[str, sorts("stock.ledger_of")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> MovementPage:
    await reading.one(office.store, sku, office.now())
    return await reading.movements(office.store, sku, after, limit, sort)


@post("/stock/{sku:str}/received", operation_id="receiveStock", summary="Goods came in", responses=answers(404, 422))
async def receive(
    office: TheOffice, request: Request[Any, Any, Any], sku: Name, data: JSONBody[ReceivedBody]
) -> ProductAnswer:
    def decide(books: Books, by: By) -> None:
        rules.receive_by_hand(books, Sku(sku), data.quantity, Cause(data.reference, by.name, by.at))

    return await change(office, request, sku, decide)


@post(
    "/stock/{sku:str}/counted",
    operation_id="countStock",
    summary="The shelf was counted: make the level what was found",
    responses=answers(404, 409),
)
async def count(
    office: TheOffice, request: Request[Any, Any, Any], sku: Name, data: JSONBody[CountedBody]
) -> ProductAnswer:
    def decide(books: Books, by: By) -> None:
        rules.adjust(books, Sku(sku), data.on_hand, Cause(data.reference, by.name, by.at))

    return await change(office, request, sku, decide)


async def change(
    office: Office, request: Request[Any, Any, Any], sku: str, decide: Callable[[Books, By], None]
) -> ProductAnswer:
    """Carry out one command on one product and show it as it is then."""
    keys = Keys(skus=frozenset({Sku(sku)}))
    return await answered(
        office, request, keys, decide, lambda reads, _: reading.one(reads, sku, office.now()), ProductAnswer
    )


router = Router(
    "/api",
    route_handlers=[
        list_products,
        import_products,
        get_product,
        put_product,
        import_stock,
        list_movements,
        receive,
        count,
    ],
    opt={"area": "stock"},
    parameters=IDEMPOTENCY,
    tags=["stock"],
)
