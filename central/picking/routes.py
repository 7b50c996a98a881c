"""REST: picking."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central.documents.model import DocumentName
from central.documents.routes import pdf
from central.office.commands import IDEMPOTENCY
from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, choice, sorts
from central.office.refusals import answers
from central.picking import reading, rules
from central.picking.answers import BatchAnswer, BatchPage
from central.picking.commands import begin, work
from central.picking.model import BatchKind
from contract.keys import OrderId
from contract.values import ShortKind

Number = Annotated[str, PathParameter(max_length=40, description="The batch's number.")]
Code = Annotated[str, Meta(min_length=1, max_length=500)]
TaskNumber = Annotated[int, Meta(ge=1, le=100_000)]


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What to pick together."""

    kind: BatchKind = "queue"
    orders: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(max_length=60)] = ()
    """For `chosen`."""
    warehouse: Annotated[str, Meta(max_length=40)] = ""
    """Empty: the first one."""
    zone: Annotated[str, Meta(max_length=40)] = ""
    """For `zone`: the beginning of its bins' names."""
    most: Annotated[int, Meta(ge=1, le=60)] = 10
    """How many orders."""


class ScanBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What a scanner read: a tote while an order has none, else a piece."""

    code: Code


class TaskBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Which task."""

    task: TaskNumber


class ShortBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is left of which task is not there, or not fit to send."""

    task: TaskNumber
    kind: ShortKind = "missing"


@get("/", operation_id="listBatches", summary="Batches, the open ones first", responses=answers(422))
async def list_batches(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=64, description="Who began it, or an order or tote of it.")] = "",
    batch_state: Annotated[str, choice(reading.STATES, name="state")] = "",
    sort: Annotated[str, sorts("picking.batches")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> BatchPage:
    return await reading.batches(office.store, q, batch_state, after, limit, sort)


@post(
    "/",
    operation_id="beginBatch",
    summary="Pick orders together",
    description="By hand (`chosen`), the most urgent of the queue, those of one piece, or those of one zone.",
    responses=answers(404, 409, 422),
)
async def begin_batch(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[BatchBody]) -> BatchAnswer:
    orders = tuple(OrderId(order) for order in data.orders)
    return await begin(office, request, data.kind, orders, warehouse=data.warehouse, zone=data.zone, most=data.most)


@get("/{number:str}", operation_id="getBatch", summary="One batch with its tasks", responses=answers(404))
async def get_batch(office: TheOffice, number: Number) -> BatchAnswer:
    return await reading.one(office.store, number)


@get(
    "/{number:str}/pdf",
    operation_id="getBatchPdf",
    summary="What is left of it as a pick list",
    responses=answers(404, 409)
    | {200: ResponseSpec(bytes, description="PDF", media_type="application/pdf", generate_examples=False)},
)
async def get_batch_pdf(office: TheOffice, number: Number) -> Response[bytes]:
    return pdf(await office.press.page(DocumentName("pick_list", number), office.now()), number)


@post("/{number:str}/join", operation_id="joinBatch", summary="Take the next task", responses=answers(404, 409))
async def join_batch(office: TheOffice, request: Request[Any, Any, Any], number: Number) -> BatchAnswer:
    return await work(office, request, number, lambda books, by: rules.join(books, number, by))


@post("/{number:str}/scan", operation_id="scanInBatch", summary="A tote or a piece", responses=answers(404, 409, 422))
async def scan_in_batch(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ScanBody]
) -> BatchAnswer:
    return await work(office, request, number, lambda books, by: rules.scan(books, number, data.code, by), data.code)


@post("/{number:str}/tick", operation_id="tickInBatch", summary="One piece without a scan", responses=answers(404, 409))
async def tick_in_batch(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[TaskBody]
) -> BatchAnswer:
    return await work(office, request, number, lambda books, by: rules.tick(books, number, data.task, by))


@post(
    "/{number:str}/short",
    operation_id="shortInBatch",
    summary="Pieces are missing or damaged",
    responses=answers(404, 409),
)
async def short_in_batch(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ShortBody]
) -> BatchAnswer:
    return await work(
        office,
        request,
        number,
        lambda books, by: rules.report_short(books, office.house, number, data.task, data.kind, by),
    )


@post("/{number:str}/stop", operation_id="stopBatch", summary="Pick no more of it", responses=answers(404, 409))
async def stop_batch(office: TheOffice, request: Request[Any, Any, Any], number: Number) -> BatchAnswer:
    return await work(office, request, number, lambda books, by: rules.stop(books, number, by))


router = Router(
    "/api/picking",
    route_handlers=[
        list_batches,
        begin_batch,
        get_batch,
        get_batch_pdf,
        join_batch,
        scan_in_batch,
        tick_in_batch,
        short_in_batch,
        stop_batch,
    ],
    opt={"area": "picking"},
    parameters=IDEMPOTENCY,
    tags=["picking"],
)
