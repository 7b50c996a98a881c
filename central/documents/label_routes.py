"""REST: a carrier's label, brought as a file for one parcel."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from litestar import Request, Response, Router, get, post
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema
from litestar.params import JSONBody
from msgspec import Meta, Struct

from central.desk.books import Books
from central.documents.carrier_labels import keep, keys_to_keep
from central.documents.label_file import MOST_BYTES, read_label
from central.office.commands import IDEMPOTENCY, answered
from central.office.office import Office, TheOffice
from central.office.refusals import answers
from central.orders.rules import By
from central.shipping import reading
from central.shipping.answers import ParcelAnswer
from central.shipping.routes import Number, parsed

MOST_ASKED: Final = 2 * MOST_BYTES
"""The file as text, and what is around it."""
_TYPES: Final = {"zpl": "application/vnd.zebra.zpl", "png": "image/png", "pdf": "application/pdf"}


@dataclass
class _LabelFile(Operation):
    """An answer is described with one type of its own; a label's file has any of three."""

    def __post_init__(self) -> None:
        found = (self.responses or {})["200"]
        assert isinstance(found, OpenAPIResponse)
        found.content = {
            kind: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, content_media_type=kind))
            for kind in _TYPES.values()
        }


class CarrierLabelBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The label that a carrier made for a parcel, and the number on it."""

    tracking_number: Annotated[str, Meta(min_length=1, max_length=60)]
    file: Annotated[bytes, Meta(description=f"ZPL, PNG or PDF as Base64; at most {MOST_BYTES} bytes before that.")]
    carrier: Annotated[str, Meta(max_length=40)] = ""
    """Empty: the carrier stays."""
    station: Annotated[str, Meta(max_length=64)] = ""
    """Where it is printed. Empty: at the bench that packed the parcel."""
    dpi: Literal[203, 300] = 203
    """What ZPL was made for, and a PNG that does not say it."""
    codes: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...], Meta(max_length=8)] = ()
    """What its barcodes read, where that is not the tracking number."""


@post(
    "/",
    operation_id="bringCarrierLabel",
    summary="Bring a carrier's label",
    description="For a parcel of a carrier whose numbers are entered by hand. It is kept with the parcel and "
    "printed as it is, once; a further copy is printed as any document. The same file again changes nothing.",
    request_max_body_size=MOST_ASKED,
    responses=answers(404, 409, 413, 422),
)
async def bring_label(
    office: TheOffice, request: Request[Any, Any, Any], sscc: Number, data: JSONBody[CarrierLabelBody]
) -> ParcelAnswer:
    return await bring(office, request, sscc, data)


async def bring(office: Office, request: Request[Any, Any, Any], sscc: str, data: CarrierLabelBody) -> ParcelAnswer:
    """Read the file, keep it and send it to its bench. Raises `Refused`."""
    key = parsed(sscc)
    station = data.station or (await reading.one(office.store, key)).station
    told = (data.carrier.strip(), data.tracking_number, data.codes, data.dpi)
    label = await asyncio.to_thread(read_label, data.file, key, *told)

    def decide(books: Books, by: By) -> None:
        keep(books, office.house, label, station, by)

    keys = keys_to_keep(key, station)
    return await answered(office, request, keys, decide, lambda reads, _: reading.one(reads, key), ParcelAnswer)


@get(
    "/",
    operation_id="getCarrierLabel",
    summary="The file of a parcel's label from its carrier",
    responses=answers(404, 422),
    operation_class=_LabelFile,
)
async def get_label(office: TheOffice, sscc: Number) -> Response[bytes]:
    form, content = await reading.label_file(office.store, parsed(sscc))
    headers = {"Content-Disposition": f'attachment; filename="{sscc}.{form}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=_TYPES[form], headers=headers)


router = Router(
    "/api/parcels/{sscc:str}/carrier-label",
    route_handlers=[bring_label, get_label],
    opt={"area": "parcels"},
    parameters=IDEMPOTENCY,
    tags=["parcels"],
)
