"""REST: claims. Whoever stands before a new station needs no token: the code that it shows is what counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from central.claims import reading
from central.claims.answers import ClaimsAnswer
from central.claims.commands import Claims
from central.office.access import visitor_of
from central.office.commands import IDEMPOTENCY, once
from central.office.office import Office, TheOffice
from central.office.refusals import answers
from central.people.scopes import PUBLIC
from contract.claims import ClaimNoted, ClaimOffer, ClaimState, RenewalOffer, Renewed

Claim = Annotated[str, PathParameter(max_length=40, description="As the offer was answered.")]
Station = Annotated[str, PathParameter(max_length=40, description="The name of the station.")]


class CodeBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What the station shows."""

    code: Annotated[str, Meta(max_length=40)]


@post(
    "/", operation_id="offerClaim", summary="A new station asks for its certificate", responses=answers(409, 422, 429)
)
async def offer_claim(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[ClaimOffer]) -> ClaimNoted:
    address = request.client.host if request.client else ""
    return await office.claims.offer(data, address)


@get("/{claim:str}", operation_id="getClaim", summary="What became of a claim", responses=answers(404, 409))
async def get_claim(office: TheOffice, claim: Claim) -> ClaimState:
    return await office.claims.state(claim)


@post(
    "/renew",
    operation_id="renewCertificate",
    summary="The next certificate of a station that has one",
    responses=answers(409, 422),
)
async def renew(office: TheOffice, data: JSONBody[RenewalOffer]) -> Renewed:
    return await office.claims.renew(data)


@get("/", operation_id="listClaims", summary="Claims that wait, and stations' certificates")
async def list_claims(office: TheOffice) -> ClaimsAnswer:
    return await reading.everything(office.store, office.has_authority, office.now())


@post(
    "/{claim:str}/approve",
    operation_id="approveClaim",
    summary="Sign, with the code that the station shows",
    status_code=200,
    responses=answers(404, 409, 422),
)
async def approve(
    office: TheOffice, request: Request[Any, Any, Any], claim: Claim, data: JSONBody[CodeBody]
) -> ClaimsAnswer:
    by = visitor_of(request).by
    return await _decide(office, request, lambda claims: claims.approve(claim, data.code, by))


@post(
    "/{claim:str}/refuse",
    operation_id="refuseClaim",
    summary="Nobody knows this station",
    status_code=200,
    responses=answers(404, 409),
)
async def refuse(office: TheOffice, request: Request[Any, Any, Any], claim: Claim) -> ClaimsAnswer:
    return await _decide(office, request, lambda claims: claims.refuse(claim))


@post(
    "/{station:str}/revoke",
    operation_id="revokeCertificates",
    summary="The station's certificates open nothing any more",
    status_code=200,
    responses=answers(409),
)
async def revoke(office: TheOffice, request: Request[Any, Any, Any], station: Station) -> ClaimsAnswer:
    by = visitor_of(request).by
    return await _decide(office, request, lambda claims: claims.revoke(station, by))


async def _decide(
    office: Office, request: Request[Any, Any, Any], work: Callable[[Claims], Awaitable[object]]
) -> ClaimsAnswer:
    """Carry out one command on claims, and show them all as they are then."""
    return await once(
        office,
        request,
        lambda theirs: work(theirs.claims),
        lambda reads: reading.everything(reads, office.has_authority, office.now()),
        ClaimsAnswer,
    )


routers = (
    Router("/api/claim", route_handlers=[offer_claim, get_claim, renew], opt={"area": PUBLIC}, tags=["stations"]),
    Router(
        "/api/claims",
        route_handlers=[list_claims, approve, refuse],
        opt={"area": "stations"},
        parameters=IDEMPOTENCY,
        tags=["stations"],
    ),
    Router(
        "/api/certificates",
        route_handlers=[revoke],
        opt={"area": "stations"},
        parameters=IDEMPOTENCY,
        tags=["stations"],
    ),
)
