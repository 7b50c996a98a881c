"""The audit trail: who changed what, when; filtered in the address, and as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get
from litestar.params import QueryParameter
from litestar.response import Stream

from central.intake.writing import lines, moment
from central.office import shown
from central.office.downloads import download
from central.office.office import Office, TheOffice
from central.office.paging import MOST, PAST_ALL
from central.office.render import Pages, ThePages
from central.people import reading
from central.people.answers import AuditEntry
from central.tracking import reading as tracking

Query = Annotated[str, QueryParameter(max_length=200)]
_COLUMNS: Final = ("at", "by", "request", "subject", "before", "after")
_NO_MOMENT: Final = 2**47


def _filters(pages: Pages, by: str, subject: str, since: str, until: str) -> reading.AuditFilters:
    return reading.AuditFilters(by.strip(), subject.strip(), _day(pages, since, 0, 0), _day(pages, until, 1, PAST_ALL))


def _day(pages: Pages, text: str, later: int, otherwise: int) -> int:
    """The first moment of `2026-05-31`, or of so many days later, in the site's zone."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d") + timedelta(days=later)
        return max(0, int(day.replace(tzinfo=pages.zone).timestamp() * 1000))
    except (ValueError, OverflowError):
        return otherwise


@get("/audit", include_in_schema=False)
async def show_audit(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    by: Query = "",
    subject: Query = "",
    since: Query = "",
    until: Query = "",
    after: Query = "",
) -> Response[str]:
    asked = {"by": by, "subject": subject, "since": since, "until": until}
    return pages.page(
        request,
        "audit.html",
        page=await reading.audit(office.store, _filters(pages, by, subject, since, until), after),
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
        differences=lambda entry: _differences(entry, pages),
        waiting=await tracking.waiting(office.store),
    )


def _differences(entry: AuditEntry, pages: Pages) -> list[tuple[str, str, str]]:
    """Field, before, after."""
    return [
        (name, _text(name, entry.before.get(name), pages), _text(name, now, pages)) for name, now in entry.after.items()
    ]


def _text(name: str, value: object, pages: Pages) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if name.endswith("_at") and isinstance(value, int) and 0 < value < _NO_MOMENT:
        return shown.exact_time(value, pages.zone)
    return msgspec.json.encode(value).decode()


@get("/audit.csv", include_in_schema=False)
async def download_audit(
    office: TheOffice,
    pages: ThePages,
    by: Query = "",
    subject: Query = "",
    since: Query = "",
    until: Query = "",
) -> Stream:
    return download("audit", _COLUMNS, _csv(office, _filters(pages, by, subject, since, until)))


async def _csv(office: Office, filters: reading.AuditFilters) -> AsyncIterator[str]:
    after: str | None = ""
    while after is not None:
        page = await reading.audit(office.store, filters, after, MOST)
        yield lines(
            (moment(entry.at), entry.by, entry.request, entry.subject, _json(entry.before), _json(entry.after))
            for entry in page.items
        )
        after = page.next


def _json(values: dict[str, Any]) -> str:
    return msgspec.json.encode(values).decode()


PAGES = (show_audit, download_audit)
