"""REST: documents, printed, downloaded and mailed."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable
from typing import Annotated, Any, Final

from litestar import Request, Response, Router, get, post
from litestar.openapi import ResponseSpec
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter
from litestar.response import Stream
from msgspec import Meta, Struct

from central.documents import reading
from central.documents.answers import DocumentList, MailPage, Outcomes, PrintAnswer, PrintPage, VolumeAnswer
from central.documents.commands import mail_each, mark_each, print_each, withdraw
from central.documents.model import DocumentName, Kind
from central.office.commands import IDEMPOTENCY, answered_in_parts
from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, part, sorts
from central.office.refusals import answers
from central.orders import reading as orders
from central.orders.rules import By
from contract.keys import OrderId

Subject = Annotated[str, Meta(min_length=1, max_length=64, description="An order number; for a slip an SSCC.")]
_TYPE: Final = "application/pdf"
_PDF = {200: ResponseSpec(bytes, description="PDF", media_type=_TYPE, generate_examples=False)}


class DocumentBody(Struct, frozen=True, forbid_unknown_fields=True):
    """One document."""

    kind: Kind
    subject: Subject

    @property
    def name(self) -> DocumentName:
        return DocumentName(self.kind, self.subject)


Documents = Annotated[tuple[DocumentBody, ...], Meta(min_length=1, max_length=500)]


class PrintBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What to print where."""

    documents: Documents
    station: Annotated[str, Meta(min_length=1, max_length=64)]
    reason: Annotated[str, Meta(max_length=200)] = ""
    """Why again; needed for what was printed before."""


class MailBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What to mail."""

    documents: Documents
    address: Annotated[str, Meta(max_length=254)] = ""
    """Empty: each to its own customer."""


class DocumentsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Some documents."""

    documents: Documents


class WithdrawBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Which print."""

    print_id: Annotated[str, Meta(min_length=1, max_length=200)]


@get("/", operation_id="listDocuments", summary="The documents of an order", responses=answers(404, 422))
async def list_documents(
    office: TheOffice,
    order: Annotated[str, QueryParameter(min_length=1, max_length=64)],
    after: After = "",
    limit: Limit = USUAL,
) -> DocumentList:
    found = await reading.standing(office.store, await orders.one(office.store, OrderId(order)))
    return DocumentList(*part(found.items, lambda each: (each.document,), tuple[str], after, limit))


@get("/prints", operation_id="listPrints", summary="Papers, newest first", responses=answers(422))
async def list_prints(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="An order number, or a document.")] = "",
    print_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
    station: Annotated[str, QueryParameter(max_length=64)] = "",
    sort: Annotated[str, sorts("documents.search_prints")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> PrintPage:
    return await reading.prints(office.store, q, print_state, station, after, limit, sort)


@get("/mails", operation_id="listMails", summary="Mails, newest first", responses=answers(422))
async def list_mails(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=254, description="An order number, a document or an address.")] = "",
    mail_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
    sort: Annotated[str, sorts("documents.search_mails")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> MailPage:
    return await reading.mails(office.store, q, mail_state, after, limit, sort)


@get("/pdf", operation_id="getDocument", summary="A document as PDF", responses=answers(404, 409, 422) | _PDF)
async def get_document(
    office: TheOffice, kind: FromQuery[Kind], subject: Annotated[str, QueryParameter(min_length=1, max_length=64)]
) -> Response[bytes]:
    name = DocumentName(kind, subject)
    return pdf(await office.press.page(name, office.now()), f"{kind}-{subject}")


def pdf(data: bytes, name: str) -> Response[bytes]:
    """A PDF that browsers show, and keep under a name of its own."""
    return Response(data, media_type=_TYPE, headers=_named(name))


def _named(name: str) -> dict[str, str]:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    return {"Content-Disposition": f'inline; filename="{safe}.pdf"', "Cache-Control": "no-store"}


@post(
    "/print",
    operation_id="printDocuments",
    summary="Print documents at a station",
    description="Each once. A station that is offline prints them when it is back, unless they are withdrawn before.",
    status_code=200,
    responses=answers(413),
)
async def print_documents(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[PrintBody]) -> Outcomes:
    def work(by: By) -> Awaitable[Outcomes]:
        return print_each(office, [each.name for each in data.documents], data.station, data.reason, by)

    return await answered_in_parts(office, request, await request.body(), work, Outcomes)


@post(
    "/withdraw",
    operation_id="withdrawPrint",
    summary="Take a print back from a station",
    status_code=200,
    responses=answers(404, 409),
)
async def withdraw_print(
    office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[WithdrawBody]
) -> PrintAnswer:
    return await withdraw(office, request, data.print_id)


@post(
    "/mark-printed",
    operation_id="markDocumentsPrinted",
    summary="They were printed by hand",
    status_code=200,
    responses=answers(413),
)
async def mark_printed(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[DocumentsBody]) -> Outcomes:
    def work(by: By) -> Awaitable[Outcomes]:
        return mark_each(office, [each.name for each in data.documents], by)

    return await answered_in_parts(office, request, await request.body(), work, Outcomes)


@post(
    "/mail",
    operation_id="mailDocuments",
    summary="Mail documents",
    description="Each as a mail of its own, sent in the background and tried again while the mail server is away.",
    status_code=200,
    responses=answers(409, 413),
)
async def mail_documents(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[MailBody]) -> Outcomes:
    def work(by: By) -> Awaitable[Outcomes]:
        return mail_each(office, [each.name for each in data.documents], data.address.strip(), by)

    return await answered_in_parts(office, request, await request.body(), work, Outcomes)


@post(
    "/volumes",
    operation_id="bindDocuments",
    summary="One PDF of many documents",
    description="Made in the background: ask for the volume until it is finished, then get its PDF.",
    status_code=202,
    responses=answers(413),
)
async def bind_documents(
    office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[DocumentsBody]
) -> VolumeAnswer:
    async def work(by: By) -> VolumeAnswer:
        names = [each.name for each in data.documents]
        return reading.volume(office.press.begin(secrets.token_urlsafe(9), names, by.at))

    return await answered_in_parts(office, request, await request.body(), work, VolumeAnswer)


Volume = Annotated[str, PathParameter(max_length=40, description="As `bindDocuments` answered.")]


@get("/volumes/{number:str}", operation_id="getVolume", summary="How far a volume is", responses=answers(404))
async def get_volume(office: TheOffice, number: Volume) -> VolumeAnswer:
    return reading.volume(office.press.volume(number))


@get("/volumes/{number:str}/pdf", operation_id="getVolumePdf", summary="Its PDF", responses=answers(404, 409) | _PDF)
async def get_volume_pdf(office: TheOffice, number: Volume) -> Stream:
    return Stream(office.press.finished(number), media_type=_TYPE, headers=_named("documents"))


router = Router(
    "/api/documents",
    route_handlers=[
        list_documents,
        list_prints,
        list_mails,
        get_document,
        print_documents,
        withdraw_print,
        mark_printed,
        mail_documents,
        bind_documents,
        get_volume,
        get_volume_pdf,
    ],
    opt={"area": "orders"},
    parameters=IDEMPOTENCY,
    tags=["documents"],
)
