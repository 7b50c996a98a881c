"""Counts: the list with a form to plan one, one count to be filled in, compared and decided."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.counting import commands, reading
from central.counting.answers import CountAnswer
from central.counting.model import Found, Plan
from central.intake import fields
from central.office.bars import code_128
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.happenings import happening
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.office.telling import names
from central.tracking import reading as tracking
from contract.keys import Sku
from contract.messages import COUNT_PREFIX

Query = Annotated[str, QueryParameter(max_length=100)]


@get("/counts", include_in_schema=False)
async def show_counts(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    status: Query = "undecided",
) -> Response[str]:
    return await _list(office, pages, request, q, status)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    q: str = "",
    status: str = "undecided",
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    shown = listing(request.query_params, "counting.search", {"q": q, "status": status}, always="status")
    return pages.page(
        request,
        "counts.html",
        page=await reading.search(office.store, q, status, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        status=status,
        warehouses=office.house.warehouses,
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/counts", include_in_schema=False, status_code=200)
async def plan(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[Any]:
    form = await typed(request)
    try:
        count = fields.name(form, "count")
        skus = tuple(Sku(sku) for sku in fields.text(form, "skus").replace(",", " ").split())
        bins = tuple(fields.text(form, "bins").replace(",", " ").split())
        classes = tuple(each for each in ("A", "B", "C") if form.get(f"class-{each}") == "yes")
        if not skus and not bins and not classes:
            raise fields.BadField("skus", "", "filled in")
        what = ", ".join((*classes, *bins, *skus))[:120]
        warehouse = fields.text(form, "warehouse", 20)
        blind = form.get("blind") == "yes"
        await commands.plan(office, request, Plan(count, what, skus, warehouse, classes, bins, blind))
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "count", {"product": "skus", "bins": "bins"})
        return await _list(office, pages, request, values=form, errors=errors)
    return Redirect(f"/counts/{quote(count, safe='')}", status_code=303)


@get("/counts/{count:str}", include_in_schema=False)
async def show_count(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], count: FromPath[str]
) -> Response[str]:
    return await _one(office, pages, request, count)


async def _one(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    count: str,
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    found = await reading.one(office.store, count)
    entries = await tracking.timeline(office.store, f"count/{count}")
    told_by = {line.counted_by for line in found.lines} | {line.first_by for line in found.lines}
    return pages.page(
        request,
        "count.html",
        count=found,
        recounted_by_anyone=office.store.standing.recount.by_anyone,
        code_128=code_128(f"{COUNT_PREFIX}{count}"),
        timeline=entries,
        names=await names(office.store, told_by | {entry.by for entry in entries}),
        events=happening,
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/counts/{count:str}/{action:str}", include_in_schema=False, status_code=200)
async def change(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], count: FromPath[str], action: FromPath[str]
) -> Response[Any]:
    form = await typed(request)
    try:
        if action == "found":
            found = _found(form, await reading.one(office.store, count))
            await commands.record(office, request, count, found)
        elif action == "approved":
            await commands.approve(office, request, count, fields.text(form, "reason", 100))
        else:
            skus = [Sku(form["sku"])] if form.get("sku") else []
            await commands.decide(office, request, count, commands.decision(action, count, skus))
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "count", {"reason": "reason"})
        return await _one(office, pages, request, count, form, errors)
    return Redirect(f"/counts/{quote(count, safe='')}", status_code=303)


def _found(form: dict[str, str], count: CountAnswer) -> list[Found]:
    """The lines that were filled in anew: a line that stays was looked at when it was written first.

    Raises `BadField` for what is no quantity, and when nothing was filled in.
    """
    told = [f"line-{number}" for number in range(len(count.lines)) if form.get(f"line-{number}", "").strip()]
    if not told:
        raise fields.BadField("line-0", "", "filled in")
    found = []
    for number, line in enumerate(count.lines):
        if f"line-{number}" not in told:
            continue
        pieces = fields.whole(form, f"line-{number}", 0, 10_000_000, "pieces")
        if pieces != line.counted:
            found.append(Found(Sku(line.sku), pieces, line.bin, line.lot))
    return found


PAGES = (show_counts, plan, show_count, change)
