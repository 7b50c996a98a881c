"""Parcels: the list, one parcel from its first scan to its door, and what a person may enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal, get_args

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.documents.label_routes import MOST_ASKED, CarrierLabelBody, bring
from central.intake import fields
from central.office.access import visitor_of
from central.office.commands import command
from central.office.forms import REFUSALS, Beside, errors_of, local_moment, typed, uploaded
from central.office.happenings import happening
from central.office.listing import listing
from central.office.marks import PARCEL_STATUSES
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.office.telling import names
from central.orders.rules import By
from central.photos.showing import state_of
from central.shipping import reading, rules
from central.shipping.answers import ParcelAnswer, ParcelResult
from central.shipping.importing import take_tracking
from central.shipping.many import DOES, MOST, Do
from central.shipping.routes import MOST_BYTES, Told, change_many, parsed
from central.shipping.tracking_csv import read_tracking
from central.stations import reading as stations
from central.stock.answers import RowsReport
from central.stock.ledger import Cause
from central.tracking import reading as tracking
from central.tracking.answers import TimelineEntry
from central.tracking.rules import record
from contract.keys import Sscc

_RESOLUTIONS: Final[Mapping[str, Literal[203, 300]]] = {"203": 203, "300": 300}
_TOLD: Final[Mapping[str, Told]] = {status: status for status in get_args(Told)}
_DOES: Final[Mapping[str, Do]] = {do: do for do in DOES}
DOING: Final[Mapping[Do, str]] = {
    "shipped": "They left the house",
    "delivered": "They were delivered",
    "let_go": "Let them go",
}
Query = Annotated[str, QueryParameter(max_length=100)]


@get("/parcels", include_in_schema=False)
async def show_parcels(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    status: Query = "",
) -> Response[str]:
    return await _list(office, pages, request, q.strip(), status, request.query_params)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    q: str = "",
    status: str = "",
    given: Mapping[str, str] = {},
    report: RowsReport | None = None,
    results: tuple[ParcelResult, ...] = (),
    errors: Beside | None = None,
) -> Response[str]:
    """`given`: where in the list it is, and in which order."""
    shown = listing(given, "shipping.listed", {"q": q, "status": status})
    return pages.page(
        request,
        "parcels.html",
        page=await reading.search(office.store, q, status, False, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        status=status,
        statuses=PARCEL_STATUSES,
        report=report,
        results=results,
        doing=DOING,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/parcels/import", include_in_schema=False, request_max_body_size=MOST_BYTES, status_code=200)
async def import_tracking(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    try:
        told, refused = read_tracking(await uploaded(request, "file"))
    except REFUSALS as error:
        return await _list(office, pages, request, errors=errors_of(error, language_of(request), "file"))
    report = await take_tracking(office.store, told, refused, By(visitor_of(request).name, office.now()))
    return await _list(office, pages, request, report=report)


@post("/parcels/many", include_in_schema=False, status_code=200)
async def act_on_many(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    """The list again, as it was narrowed, with a result for each parcel that was selected."""
    form = await request.form()
    q, status = (str(form.get(name, ""))[:200] for name in ("q", "status"))
    given = {name: str(form.get(name, "")) for name in ("after", "sort")}
    try:
        chosen = [parsed(value) for value in form.getall("parcel", [])[:MOST] if isinstance(value, str)]
        if not chosen:
            raise Refused("invalid", "Select at least one parcel.", "do")
        wished = {"do": str(form.get("do", ""))}
        fields.required(wished, "do", 20)
        do = fields.choice(wished, "do", _DOES, "shipped")
    except REFUSALS as error:
        return await _list(
            office, pages, request, q, status, given, errors=errors_of(error, language_of(request), "do")
        )
    results = (await change_many(office, request, chosen, do)).items
    return await _list(office, pages, request, q, status, given, results=results)


@get("/parcels/{sscc:str}", include_in_schema=False)
async def show_parcel(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], sscc: FromPath[str]
) -> Response[str]:
    return await _one(office, pages, request, parsed(sscc))


async def _one(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    sscc: Sscc,
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    parcel = await reading.one(office.store, sscc)
    entries = _entries(parcel)
    told_by = [parcel.badge, *(each.badge for each in parcel.overrides), *(entry.by for entry in entries)]
    return pages.page(
        request,
        "parcel.html",
        parcel=parcel,
        entries=entries,
        photo=await state_of(office, parcel),
        events=happening,
        names=await names(office.store, told_by),
        told=tuple(_TOLD),
        benches=(await stations.everyone(office.store, office.live)).items,
        version=len(parcel.events) + len(parcel.timeline),
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


def _entries(parcel: ParcelAnswer) -> list[TimelineEntry]:
    """One timeline of what the bench did, what was noted, and where the parcel was since."""
    packer, station = parcel.badge, parcel.station
    entries = [TimelineEntry(parcel.opened_at, "parcel_opened", station, packer, "")]
    if parcel.weighing is not None:
        weighed = f"{parcel.weighing.grams} g"
        entries.append(TimelineEntry(parcel.weighing.at, "parcel_weighed", station, packer, weighed))
    for event in parcel.events:
        by = packer if event.source == "station" else event.source
        text = ", ".join(part for part in (event.place, event.text) if part)
        what = "parcel_closed" if event.status == "packed" else f"parcel_{event.status}"
        entries.append(TimelineEntry(event.at, what, station if event.source == "station" else "", by, text))
    return sorted((*entries, *parcel.timeline), key=lambda entry: entry.at)


@post("/parcels/{sscc:str}/carrier-label", include_in_schema=False, request_max_body_size=MOST_ASKED, status_code=200)
async def bring_label(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], sscc: FromPath[str]
) -> Response[Any]:
    # Read whole before its parts are: what a command is told apart by is the body.
    await request.body()
    key, form = parsed(sscc), await typed(request)
    try:
        body = CarrierLabelBody(
            fields.required(form, "label_number", 60),
            await uploaded(request, "label_file"),
            fields.text(form, "label_carrier", 40),
            fields.text(form, "label_station", 64),
            fields.choice(form, "label_dpi", _RESOLUTIONS, 203),
            tuple(fields.text(form, "label_codes", 300).split()),
        )
        await bring(office, request, key, body)
    except REFUSALS as error:
        places = {"file": "label_file", "number": "label_number", "codes": "label_codes", "document": "label_file"}
        return await _one(office, pages, request, key, form, errors_of(error, language_of(request), "parcel", places))
    return Redirect(f"/parcels/{key}", status_code=303)


@post("/parcels/{sscc:str}/{action:str}", include_in_schema=False, status_code=200)
async def act(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], sscc: FromPath[str], action: FromPath[str]
) -> Response[Any]:
    key = parsed(sscc)
    form = await typed(request)
    try:
        await command(office, request, Keys(parcels=frozenset({key})), _decision(key, action, form, pages))
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "parcel", {"number": "number"})
        return await _one(office, pages, request, key, form, errors)
    return Redirect(f"/parcels/{key}", status_code=303)


def _decision(sscc: Sscc, action: str, form: dict[str, str], pages: Pages) -> Callable[[Books, By], None]:
    """What a form of the page asks for. Raises `BadField` for what was typed wrong."""
    match action:
        case "ship":
            return lambda books, by: rules.mark_shipped(books, sscc, by.name, by.at)
        case "let-go":
            return lambda books, by: rules.let_go(books, sscc, by.name, by.at)
        case "take-apart":
            reason = fields.required(form, "reason", 500)
            return lambda books, by: rules.take_apart(books, sscc, Cause(sscc, by.name, by.at), reason)
        case "tracking-number":
            carrier, number = fields.text(form, "carrier", 40), fields.required(form, "number", 60)
            return lambda books, by: rules.set_tracking_number(books, sscc, carrier, number, by.name, by.at)
        case "events":
            return _event(sscc, form, pages)
        case _:
            raise fields.BadField("parcel", action, "something that can be done with a parcel")


def _event(sscc: Sscc, form: dict[str, str], pages: Pages) -> Callable[[Books, By], None]:
    status = fields.choice(form, "event", _TOLD, "in_transit")
    at = local_moment(form, "at", pages.zone)
    text, place = fields.text(form, "text", 300), fields.text(form, "place", 120)

    def decide(books: Books, by: By) -> None:
        record(books, sscc, status, at=at or by.at, now=by.at, source="office", by=by.name, text=text, place=place)

    return decide


PAGES = (show_parcels, import_tracking, act_on_many, show_parcel, bring_label, act)
