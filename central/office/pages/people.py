"""People: the list, one person, a badge to print."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.intake.fields import BadField
from central.office.bars import code_128
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.people import reading
from central.people.model import ROLES, details_of, new_password, sign_in_name
from central.tracking import reading as tracking

Query = Annotated[str, QueryParameter(max_length=100)]


@get("/people", include_in_schema=False)
async def show_people(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    role: Query = "",
    gone: Annotated[bool, QueryParameter()] = False,
) -> Response[str]:
    return await _list(office, pages, request, q, role, gone)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    q: str = "",
    role: str = "",
    gone: bool = False,
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    asked = {"q": q, "role": role, "gone": "true" if gone else ""}
    shown = listing(request.query_params, "people.search", asked)
    return pages.page(
        request,
        "people.html",
        page=await reading.search(office.store, q, role, gone, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        role=role,
        gone=gone,
        roles=tuple(ROLES),
        values={key: value for key, value in (values or {}).items() if key != "password"},
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/people", include_in_schema=False, status_code=200)
async def add_person(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[Any]:
    form = await typed(request)
    try:
        account = sign_in_name(form)
        password = new_password(form, account) if form.get("password") else ""
        await office.people(pages.passwords).add(account, details_of(form), password)
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "person", {"account": "account", "badge": "badge"})
        return await _list(office, pages, request, values=form, errors=errors)
    return Redirect(f"/people/{quote(account, safe='')}", status_code=303)


@get("/people/{account:str}", include_in_schema=False)
async def show_person(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], account: FromPath[str]
) -> Response[str]:
    return await _one(office, pages, request, account)


async def _one(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    account: str,
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
    drawn: str = "",
) -> Response[str]:
    person = await reading.one(office.store, account)
    written = {"name": person.name, "email": person.email, "badge": person.badge}
    chosen = {"role": person.role, "language": person.language}
    return pages.page(
        request,
        "person.html",
        person=person,
        sessions=await reading.sessions(office.store, account),
        trail=(await reading.audit(office.store, reading.AuditFilters(subject=f"account/{account}"), limit=20)).items,
        roles=tuple(ROLES),
        values=written | chosen | (values or {}),
        errors=errors,
        drawn=drawn,
        waiting=await tracking.waiting(office.store),
    )


@post("/people/{account:str}/{action:str}", include_in_schema=False, status_code=200)
async def act(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    account: FromPath[str],
    action: FromPath[str],
) -> Response[Any]:
    form = await typed(request)
    people = office.people(pages.passwords)
    try:
        match action:
            case "details":
                await people.change(account, details_of(form))
            case "deactivate" | "activate":
                await people.set_active(account, action == "activate")
            case "badge":
                await people.new_badge(account)
            case "sign-out":
                await people.sign_out(account)
            case "password":
                # Shown in the answer itself: it is kept nowhere that a second page could read it from.
                return await _one(office, pages, request, account, drawn=await people.reset_password(account))
            case _:
                raise BadField("person", action, "something that can be done with a person")
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "person", {"badge": "badge", "role": "role"})
        return await _one(office, pages, request, account, form, errors)
    return Redirect(f"/people/{quote(account, safe='')}", status_code=303)


@get("/people/{account:str}/badge", include_in_schema=False)
async def show_badge(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], account: FromPath[str]
) -> Response[str]:
    person = await reading.one(office.store, account)
    return pages.page(
        request,
        "badge.html",
        person=person,
        code_128=code_128(f"BADGE-{person.badge}") if person.badge else "",
        waiting=await tracking.waiting(office.store),
    )


PAGES = (show_people, add_person, show_person, act, show_badge)
