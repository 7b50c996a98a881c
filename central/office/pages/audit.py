"""The audit trail: who changed what, when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.params import QueryParameter

from central.office import shown
from central.office.listing import listing
from central.office.office import TheOffice
from central.office.paging import PAST_ALL
from central.office.render import Pages, ThePages
from central.people import reading
from central.people.answers import AuditEntry
from central.tracking import reading as tracking

Query = Annotated[str, QueryParameter(max_length=200)]
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
) -> Response[str]:
    asked = {"by": by, "subject": subject, "since": since, "until": until}
    filters = _filters(pages, by, subject, since, until)
    exported = {"by": by, "subject": subject, "since": str(filters.since), "before": str(filters.before)}
    shown = listing(request.query_params, "people.audit", asked, exported)
    return pages.page(
        request,
        "audit.html",
        page=await reading.audit(office.store, filters, shown.after, shown.limit, shown.sort),
        listing=shown,
        asked=asked,
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


PAGES = (show_audit,)
