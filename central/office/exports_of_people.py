"""Downloads of who may come in, what they did, and of the stations."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from litestar import Response, get
from litestar.params import QueryParameter
from litestar.response import Stream

from central.claims import reading as claims
from central.intake.writing import moment, yes
from central.office.downloads import AT_ONCE, CSV, Text, listed, sheet
from central.office.office import TheOffice
from central.office.paging import PAST_ALL, choice, sorts
from central.people import reading as people
from central.people.model import ROLES
from central.people.routes import Placed
from central.stations.answers import StationAnswer
from central.stations.reading import STATES, everyone

_PEOPLE: Final = (
    *("account", "name", "role", "badge", "language", "email", "active", "has_password", "created_at", "changed_at"),
)
_TOKENS: Final = ("token", "rights", "made_by", "made_at", "expires_at", "used_at", "revoked_at")
_AUDIT: Final = ("at", "by", "request", "subject", "before", "after")
_CERTIFICATES: Final = ("station", "serial", "issued_at", "ends_at", "issued_by", "revoked_at", "revoked_by")
_STATIONS: Final = ("station", "online", "version", "badge", "waiting_facts", "seen_at", "devices", "computer")


@get("/people", operation_id="exportPeople", summary="People as CSV", responses=CSV, opt={"area": "people"})
async def export_people(
    office: TheOffice,
    q: Text = "",
    role: Annotated[str, choice(ROLES)] = "",
    gone: Annotated[bool, QueryParameter(description="Those who are gone, too.")] = False,
    sort: Annotated[str, sorts("people.search")] = "",
) -> Stream:
    return await listed(
        "people",
        _PEOPLE,
        lambda after: people.search(office.store, q, role, gone, after, AT_ONCE, sort),
        lambda one: (
            *(one.account, one.name, one.role, one.badge, one.language, one.email, yes(one.active)),
            *(yes(one.signs_in), moment(one.created_at), moment(one.changed_at)),
        ),
    )


@get(
    "/tokens",
    operation_id="exportTokens",
    summary="Tokens as CSV, without their secrets",
    responses=CSV,
    opt={"area": "settings"},
)
async def export_tokens(
    office: TheOffice,
    q: Text = "",
    token_state: Annotated[str, choice(people.USABLE, name="state")] = "",
    sort: Annotated[str, sorts("people.tokens")] = "",
) -> Stream:
    return await listed(
        "tokens",
        _TOKENS,
        lambda after: people.tokens(office.store, office.now(), q, token_state, after, AT_ONCE, sort),
        lambda one: (
            *(one.token, " ".join(one.scopes), one.created_by, moment(one.created_at), moment(one.expires_at)),
            *(moment(one.used_at or None), moment(one.revoked_at)),
        ),
    )


@get("/audit", operation_id="exportAudit", summary="The audit trail as CSV", responses=CSV, opt={"area": "people"})
async def export_audit(
    office: TheOffice,
    by: Text = "",
    subject: Text = "",
    since: Placed = 0,
    before: Placed = PAST_ALL,
    sort: Annotated[str, sorts("people.audit")] = "",
) -> Stream:
    filters = people.AuditFilters(by.strip(), subject.strip(), since, before)
    return await listed(
        "audit",
        _AUDIT,
        lambda after: people.audit(office.store, filters, after, AT_ONCE, sort),
        lambda one: (moment(one.at), one.by, one.request, one.subject, _json(one.before), _json(one.after)),
    )


def _json(values: object) -> str:
    return msgspec.json.encode(values).decode()


@get(
    "/certificates",
    operation_id="exportCertificates",
    summary="Stations' certificates as CSV",
    responses=CSV,
    opt={"area": "stations"},
)
async def export_certificates(
    office: TheOffice,
    q: Text = "",
    certificate_state: Annotated[str, choice(claims.STATES, name="state")] = "",
    sort: Annotated[str, sorts("claims.certificates")] = "",
) -> Stream:
    at = office.now()
    return await listed(
        "certificates",
        _CERTIFICATES,
        lambda after: claims.certificates(office.store, at, q, certificate_state, after, AT_ONCE, sort),
        lambda one: (
            *(one.station, one.serial, moment(one.issued_at), moment(one.ends_at), one.issued_by),
            *(moment(one.revoked_at), one.revoked_by),
        ),
    )


@get(
    "/stations",
    operation_id="exportStations",
    summary="Stations as they are now, as CSV",
    responses=CSV,
    opt={"area": "stations"},
)
async def export_stations(
    office: TheOffice, q: Text = "", station_state: Annotated[str, choice(STATES, name="state")] = ""
) -> Response[bytes]:
    found = await everyone(office.store, office.live, q, station_state)
    return sheet("stations", _STATIONS, map(_station, found.items))


def _station(one: StationAnswer) -> tuple[object, ...]:
    devices = "; ".join(f"{device.name}: {device.health}" for device in one.devices)
    troubles = "; ".join(trouble.kind for trouble in one.troubles)
    online, seen_at = yes(one.online), moment(one.seen_at or None)
    return (one.station, online, one.version, one.badge, one.queued, seen_at, devices, troubles)


HANDLERS: Final = (export_people, export_tokens, export_audit, export_certificates, export_stations)
