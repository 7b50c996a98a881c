"""Rules for orders that come in: those that count, and others tried on past orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile

from central.intake.fields import BadField
from central.office.forms import REFUSALS, Beside, errors_of
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.policy.model import Then, When
from central.policy.routes import MOST_CHARACTERS, tried
from central.policy.trying import Trial
from central.tracking import reading as tracking

_FIELDS: Final[Mapping[str, str]] = {
    "hold": "Hold",
    "release": "Not held for",
    "service": "Service",
    "box": "Box",
    "returns": "Return papers",
    "priority": "Priority",
    "note": "Note",
    "documents": "Papers",
}


@get("/rules", include_in_schema=False)
async def show_rules(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    return await _page(office, pages, request)


@post("/rules/try", include_in_schema=False, status_code=200)
async def try_rules(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    form = await request.form()
    values = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        file = form.get("file")
        if isinstance(file, UploadFile) and (sent := await file.read()):
            values["toml"] = _text(sent)
        trial = await tried(office, values.get("toml", "")[:MOST_CHARACTERS], _since(values.get("since", ""), pages))
    except REFUSALS as error:
        return await _page(office, pages, request, values, errors_of(error, language_of(request), "toml"))
    return await _page(office, pages, request, values, trial=trial)


def _text(sent: bytes) -> str:
    try:
        return sent.decode()
    except UnicodeDecodeError:
        raise BadField("toml", "", "a text file in UTF-8") from None


def _since(written: str, pages: Pages) -> int:
    """The first moment of the day; of all time when none is given. Raises `BadField`."""
    if not written:
        return 0
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise BadField("since", written, "a day such as 2026-05-01") from None
    return max(0, int(datetime(day.year, day.month, day.day, tzinfo=pages.zone).timestamp() * 1000))


async def _page(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    values: Mapping[str, str] | None = None,
    errors: Beside | None = None,
    trial: Trial | None = None,
) -> Response[str]:
    rules = office.store.standing.rules
    return pages.page(
        request,
        "rules.html",
        mode=rules.apply,
        rules=[(rule.name, _said(rule.when, When()), _said(rule.then, Then())) for rule in rules.rules],
        fields=_FIELDS,
        trial=trial,
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


def _said(part: When | Then, empty: When | Then) -> list[tuple[str, str]]:
    """What a rule asks or does, in the words of its file."""
    return [
        (name, msgspec.json.encode(getattr(part, name)).decode())
        for name in part.__struct_fields__
        if getattr(part, name) != getattr(empty, name)
    ]


PAGES = (show_rules, try_rules)
