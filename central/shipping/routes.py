"""REST: parcels, manual tracking numbers and tracking events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import JSONBody, MultipartBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.office.commands import IDEMPOTENCY, answered, answered_in_parts
from central.office.office import Office, TheOffice
from central.office.paging import USUAL, After, Limit, sorts
from central.office.refusals import answers
from central.orders.body import Moment
from central.orders.rules import By
from central.photos.showing import picture_of
from central.shipping import reading, rules
from central.shipping.answers import ParcelAnswer, ParcelPage, ParcelResult, ParcelResults
from central.shipping.importing import take_tracking
from central.shipping.many import MOST, Do, carry_out
from central.shipping.tracking_csv import read_tracking
from central.stock.answers import RowsReport
from central.stock.ledger import Cause
from central.store.store import Reads
from central.tracking.rules import record
from contract.keys import BadKey, Sscc

Number = Annotated[str, PathParameter(max_length=20, description="The SSCC, 18 digits.")]
MOST_BYTES: Final = 20 * 1024 * 1024
Told: TypeAlias = Literal[
    "shipped", "in_transit", "out_for_delivery", "ready_to_collect", "exception", "delivered", "returned"
]
"""What a person may enter; that a parcel is packed or voided is for stations to tell."""


class TrackingNumberBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The number that a carrier gave by hand."""

    tracking_number: Annotated[str, Meta(min_length=1, max_length=60)]
    carrier: Annotated[str, Meta(max_length=40)] = ""
    """Empty: the carrier stays."""


class EventBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happened to a parcel on its way."""

    status: Told
    at: Moment | None = None
    """Null: now."""
    text: Annotated[str, Meta(max_length=300)] = ""
    place: Annotated[str, Meta(max_length=120)] = ""


class WhyBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Why."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class ManyBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do, and to which parcels."""

    do: Do
    parcels: Annotated[
        tuple[Annotated[str, Meta(max_length=20)], ...], Meta(min_length=1, max_length=MOST, description="SSCCs.")
    ]


@get("/", operation_id="listParcels", summary="Parcels, newest first", responses=answers(422))
async def list_parcels(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=64, description="SSCC, tracking number or order number.")] = "",
    status: Annotated[str, QueryParameter(max_length=30)] = "",
    held: Annotated[bool, QueryParameter(description="Only parcels that must not leave.")] = False,
    sort: Annotated[str, sorts("shipping.listed")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> ParcelPage:
    return await reading.search(office.store, q.strip(), status, held, after, limit, sort)


@get("/{sscc:str}", operation_id="getParcel", summary="One parcel with its events", responses=answers(404, 422))
async def get_parcel(office: TheOffice, sscc: Number) -> ParcelAnswer:
    return await reading.one(office.store, parsed(sscc))


@get(
    "/{sscc:str}/photo",
    operation_id="getParcelPhoto",
    summary="The picture of its open box, a JPEG",
    description="404 while its station has not delivered it, and after its time is over.",
    responses=answers(404, 409, 422),
    media_type="image/jpeg",
)
async def get_photo(office: TheOffice, sscc: Number) -> Response[bytes]:
    content = await picture_of(office, await reading.one(office.store, parsed(sscc)))
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@post(
    "/{sscc:str}/tracking-number",
    operation_id="setTrackingNumber",
    summary="Enter a carrier's number by hand",
    responses=answers(404, 409, 422),
)
async def set_tracking_number(
    office: TheOffice, request: Request[Any, Any, Any], sscc: Number, data: JSONBody[TrackingNumberBody]
) -> ParcelAnswer:
    def decide(books: Books, by: By) -> None:
        rules.set_tracking_number(books, Sscc(sscc), data.carrier, data.tracking_number, by.name, by.at)

    return await change(office, request, sscc, decide)


@post(
    "/{sscc:str}/events",
    operation_id="addTrackingEvent",
    summary="Enter what happened to it",
    description="The same status of the same moment again changes nothing.",
    responses=answers(404, 409, 422),
)
async def add_event(
    office: TheOffice, request: Request[Any, Any, Any], sscc: Number, data: JSONBody[EventBody]
) -> ParcelAnswer:
    def decide(books: Books, by: By) -> None:
        record(
            books,
            Sscc(sscc),
            data.status,
            at=data.at or by.at,
            now=by.at,
            source="office",
            by=by.name,
            text=data.text,
            place=data.place,
        )

    return await change(office, request, sscc, decide)


@post("/{sscc:str}/ship", operation_id="shipParcel", summary="It left the house", responses=answers(404, 409, 422))
async def ship(office: TheOffice, request: Request[Any, Any, Any], sscc: Number) -> ParcelAnswer:
    return await change(office, request, sscc, lambda books, by: rules.mark_shipped(books, Sscc(sscc), by.name, by.at))


@post("/{sscc:str}/let-go", operation_id="letParcelGo", summary="A held parcel may leave", responses=answers(404, 422))
async def let_go(office: TheOffice, request: Request[Any, Any, Any], sscc: Number) -> ParcelAnswer:
    return await change(office, request, sscc, lambda books, by: rules.let_go(books, Sscc(sscc), by.name, by.at))


@post(
    "/{sscc:str}/take-apart",
    operation_id="takeParcelApart",
    summary="Its pieces go back to the shelf, its label is void",
    responses=answers(404, 409, 422),
)
async def take_apart(
    office: TheOffice, request: Request[Any, Any, Any], sscc: Number, data: JSONBody[WhyBody]
) -> ParcelAnswer:
    def decide(books: Books, by: By) -> None:
        rules.take_apart(books, Sscc(sscc), Cause(sscc, by.name, by.at), data.reason)

    return await change(office, request, sscc, decide)


@post(
    "/import",
    operation_id="importTracking",
    summary="Import tracking numbers and events",
    description="The columns sscc (or order), carrier, tracking_number, status, at, place, text, as "
    "multipart/form-data. A row that is refused stops no other.",
    request_max_body_size=MOST_BYTES,
    status_code=200,
    responses=answers(413, 422),
)
async def import_tracking(
    office: TheOffice, request: Request[Any, Any, Any], data: MultipartBody[UploadFile]
) -> RowsReport:
    told, refused = read_tracking(content := await data.read())
    return await answered_in_parts(
        office, request, content, lambda by: take_tracking(office.store, told, refused, by), RowsReport
    )


@post(
    "/many",
    operation_id="runOnParcels",
    summary="Do one thing to many parcels",
    description="Each parcel has its own result; one that is refused stops no other. Again changes nothing more.",
    status_code=200,
    responses=answers(413, 422),
)
async def run_on_parcels(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[ManyBody]) -> ParcelResults:
    return await change_many(office, request, [parsed(sscc) for sscc in data.parcels], data.do)


async def change_many(
    office: Office, request: Request[Any, Any, Any], parcels: Sequence[Sscc], do: Do
) -> ParcelResults:
    """Do it to each parcel in the visitor's name."""
    chosen = list(dict.fromkeys(parcels))

    async def told(_: Reads, results: tuple[ParcelResult, ...]) -> ParcelResults:
        return ParcelResults(results)

    keys = Keys(parcels=frozenset(chosen))
    return await answered(
        office, request, keys, lambda books, by: carry_out(books, chosen, do, by), told, ParcelResults
    )


def parsed(sscc: str) -> Sscc:
    """Raises `Refused` unless it is an SSCC."""
    try:
        return Sscc(sscc)
    except BadKey as error:
        raise Refused("invalid", f"{error}.", "sscc", sscc) from None


async def change(
    office: Office, request: Request[Any, Any, Any], sscc: str, decide: Callable[[Books, By], None]
) -> ParcelAnswer:
    """Carry out one command on one parcel and show it as it is then."""
    key = parsed(sscc)
    keys = Keys(parcels=frozenset({key}))
    return await answered(office, request, keys, decide, lambda reads, _: reading.one(reads, key), ParcelAnswer)


router = Router(
    "/api/parcels",
    route_handlers=[
        list_parcels,
        get_parcel,
        get_photo,
        set_tracking_number,
        add_event,
        ship,
        let_go,
        take_apart,
        import_tracking,
        run_on_parcels,
    ],
    opt={"area": "parcels"},
    parameters=IDEMPOTENCY,
    tags=["parcels"],
)
