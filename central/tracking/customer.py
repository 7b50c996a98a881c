"""What a customer may see of a parcel behind an unguessable link: no street, name or e-mail; only the notes for him."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter
from litestar.response import ServerSentEvent
from msgspec import Struct

from central.desk.refused import Refused
from central.office.office import Office, TheOffice
from central.office.pages.entrance import newer
from central.office.render import LANGUAGE_COOKIE, ThePages, language_of
from central.office.streams import stream_to_customer
from central.orders import reading as orders
from central.shipping import reading as parcels
from central.shipping.answers import ParcelAnswer
from contract.keys import OrderId
from contract.values import Language

_HEADLINES: Final = {
    "packed": "Your parcel is packed",
    "shipped": "Your parcel has left us",
    "in_transit": "Your parcel is on its way",
    "out_for_delivery": "Your parcel comes today",
    "ready_to_collect": "Your parcel waits for you",
    "exception": "Your parcel is delayed",
    "delivered": "Your parcel has arrived",
    "returned": "Your parcel came back to us",
    "voided": "Your parcel is being packed anew",
}
_STEPS: Final = (
    ("package-check", "Packed", frozenset({"packed"})),
    ("truck", "On its way", frozenset({"shipped", "in_transit", "exception", "returned"})),
    ("map-pin", "Nearly there", frozenset({"out_for_delivery", "ready_to_collect"})),
    ("circle-check", "Delivered", frozenset({"delivered"})),
)


class Step(Struct, frozen=True):
    """One of the four stages of a parcel's way."""

    icon: str
    words: str
    done: bool
    now: bool


def steps(status: str) -> tuple[Step, ...]:
    """The stages up to where the parcel is; a voided one is at none."""
    reached = next((place for place, (_, _, within) in enumerate(_STEPS) if status in within), -1)
    return tuple(Step(icon, words, place <= reached, place == reached) for place, (icon, words, _) in enumerate(_STEPS))


async def _behind(office: Office, token: str) -> ParcelAnswer:
    parcel = await parcels.by_token(office.store, token)
    if parcel is None:
        raise Refused("not_found", "There is no parcel behind this link. Ask the shop that sent it to you.")
    return parcel


@get("/t/{token:str}", include_in_schema=False)
async def show(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], token: FromPath[str]
) -> Response[str]:
    parcel = await _behind(office, token)
    names: dict[tuple[str, int], str] = {}
    spoken: Language = "en"
    city = ""
    notes: list[str] = []
    for number in parcel.orders:
        try:
            order = await orders.one(office.store, OrderId(number))
        except Refused:
            continue
        spoken, city = order.contact.language, order.ship_to.city
        notes += [note.text for note in order.notes if note.audience == "customer"]
        names |= {(number, line.line): line.name or line.sku for line in order.lines}
    chosen = LANGUAGE_COOKIE in request.cookies
    answer = pages.page(
        request,
        "tracking.html",
        language=language_of(request) if chosen else spoken,
        headline=_HEADLINES.get(parcel.status, "Your parcel"),
        steps=steps(parcel.status),
        orders=parcel.orders,
        where=city,
        notes=notes,
        written_in=spoken,
        events_of=tuple(reversed(parcel.events)),
        contents=[(names.get((each.order, each.line), each.sku), each.quantity) for each in parcel.contents],
        number_shown=parcel.tracking_number,
        version=len(parcel.events),
        shop=office.shop,
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@get("/t/{token:str}/live", include_in_schema=False)
async def live(
    office: TheOffice,
    request: Request[Any, Any, Any],
    token: FromPath[str],
    version: Annotated[int, QueryParameter(ge=0)] = 0,
) -> ServerSentEvent:
    parcel = await _behind(office, token)
    return stream_to_customer(
        request, newer(office, f"parcel/{parcel.sscc}", "shipping.version_by_token", token, version)
    )


PUBLIC = (show, live)
