"""REST: people, tokens, the audit trail. Who may write here may give anybody any role."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get, post, put
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct, structs

from central.office.access import visitor_of
from central.office.commands import IDEMPOTENCY, once
from central.office.office import Office, TheOffice
from central.office.paging import PAST_ALL, USUAL, After, Limit, choice, sorts
from central.office.refusals import answers
from central.office.render import Pages, ThePages
from central.people import reading
from central.people.answers import (
    AuditPage,
    NewPassword,
    PersonAnswer,
    PersonPage,
    TokenAnswer,
    TokenCreated,
    TokenPage,
)
from central.people.commands import People, create_token, revoke_token
from central.people.model import ROLES, Details, details_of, new_password, sign_in_name
from central.people.scopes import Scope
from central.people.tokens import MOST_DAYS, NewToken, token_of
from central.store.store import Reads
from contract.values import Language, Role

Account = Annotated[str, PathParameter(max_length=60, description="The sign-in name.")]
Name = Annotated[str, PathParameter(max_length=60, description="The name of the token.")]
Text = Annotated[str, Meta(max_length=120)]
Placed = Annotated[int, QueryParameter(ge=0, le=PAST_ALL, description="Milliseconds since the epoch.")]


class DetailsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """All of a person but the password."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    email: Text = ""
    role: Role = "packer"
    badge: Text = ""
    """What the badge says, without `BADGE-`; empty: none."""
    language: Language = "fr"

    def details(self) -> Details:
        """Raises `BadField`."""
        return details_of({name: getattr(self, name) for name in DetailsBody.__struct_fields__})


class PersonBody(DetailsBody, frozen=True, forbid_unknown_fields=True):
    """Somebody new."""

    account: Annotated[str, Meta(max_length=60, description="The sign-in name.")] = ""
    password: Annotated[str, Meta(max_length=200)] = ""
    """To be changed at the first sign-in; empty: has a badge at most."""


class TokenBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A token to be made."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1)]
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] | None = None
    """Null: until it is revoked."""

    def token(self) -> NewToken:
        """Raises `BadField`."""
        return structs.replace(token_of({"name": self.name}, self.scopes), days=self.days)


@get("/", operation_id="listPeople", summary="People, by sign-in name", responses=answers(422))
async def list_people(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="In name, sign-in name, e-mail or badge.")] = "",
    role: Annotated[str, choice(ROLES)] = "",
    gone: Annotated[bool, QueryParameter(description="Those who are gone, too.")] = False,
    sort: Annotated[str, sorts("people.search")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> PersonPage:
    return await reading.search(office.store, q, role, gone, after, limit, sort)


@post(
    "/",
    operation_id="addPerson",
    summary="Somebody begins",
    description="The password is no part of what makes it the same request under a key.",
    responses=answers(409, 422),
)
async def add_person(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], data: JSONBody[PersonBody]
) -> PersonAnswer:
    account = sign_in_name({"account": data.account})
    password = new_password({"password": data.password}, account) if data.password else ""
    content = msgspec.json.encode(structs.replace(data, password=""))
    return await _change(
        office, pages, request, account, lambda people: people.add(account, data.details(), password), content
    )


@get("/{account:str}", operation_id="getPerson", summary="One person", responses=answers(404))
async def get_person(office: TheOffice, account: Account) -> PersonAnswer:
    return await reading.one(office.store, account)


@put("/{account:str}", operation_id="putPerson", summary="Change somebody", responses=answers(404, 409, 422))
async def put_person(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], account: Account, data: JSONBody[DetailsBody]
) -> PersonAnswer:
    return await _change(office, pages, request, account, lambda people: people.change(account, data.details()))


@post(
    "/{account:str}/deactivate",
    operation_id="deactivatePerson",
    summary="Let somebody go: signed out everywhere, the badge opens nothing any more",
    status_code=200,
    responses=answers(404, 409),
)
async def deactivate(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], account: Account
) -> PersonAnswer:
    return await _change(office, pages, request, account, lambda people: people.set_active(account, False))


@post(
    "/{account:str}/activate",
    operation_id="activatePerson",
    summary="Have somebody back",
    status_code=200,
    responses=answers(404),
)
async def activate(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], account: Account
) -> PersonAnswer:
    return await _change(office, pages, request, account, lambda people: people.set_active(account, True))


@post(
    "/{account:str}/password",
    operation_id="resetPassword",
    summary="Draw a new password",
    description="It is told in this answer alone, signs them out everywhere, and must be changed at the next sign-in. "
    "Asked again under the same key nothing is drawn, and the password is null.",
    status_code=200,
    responses=answers(404),
)
async def reset_password(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], account: Account
) -> NewPassword:
    drawn: list[str] = []

    async def draw(theirs: Office) -> None:
        drawn.append(await theirs.people(pages.passwords).reset_password(account))

    async def without_it(_: Reads) -> NewPassword:
        return NewPassword(account, None)

    kept = await once(office, request, draw, without_it, NewPassword)
    return structs.replace(kept, password=drawn[0]) if drawn else kept


@post(
    "/{account:str}/badge",
    operation_id="drawBadge",
    summary="Draw a new badge; the one before opens nothing any more",
    status_code=200,
    responses=answers(404),
)
async def draw_badge(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], account: Account
) -> PersonAnswer:
    return await _change(office, pages, request, account, lambda people: people.new_badge(account))


@post(
    "/{account:str}/sign-out",
    operation_id="signPersonOut",
    summary="Sign somebody out everywhere",
    status_code=200,
    responses=answers(404),
)
async def sign_person_out(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], account: Account
) -> PersonAnswer:
    found = await reading.one(office.store, account)
    return await _change(office, pages, request, account, lambda people: people.sign_out(found.account))


async def _change(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    account: str,
    work: Callable[[People], Awaitable[None]],
    content: bytes | None = None,
) -> PersonAnswer:
    """Carry out one command on a person, and show them as they are then."""
    return await once(
        office,
        request,
        lambda theirs: work(theirs.people(pages.passwords)),
        lambda reads: reading.one(reads, account),
        PersonAnswer,
        content=content,
    )


@get("/", operation_id="listTokens", summary="Tokens, by name", responses=answers(422))
async def list_tokens(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="In its name or its maker's.")] = "",
    token_state: Annotated[str, choice(reading.USABLE, "Those that can be used, or no longer can.", name="state")] = "",
    sort: Annotated[str, sorts("people.tokens")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> TokenPage:
    return await reading.tokens(office.store, office.now(), q, token_state, after, limit, sort)


@post(
    "/",
    operation_id="createToken",
    summary="Make a token",
    description="Its secret is told in this answer alone. Nobody can give a right that they do not have. Asked again "
    "under the same key nothing is made, and the secret is null: if it was lost, revoke the token and make another.",
    responses=answers(409, 422),
)
async def add_token(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[TokenBody]) -> TokenCreated:
    visitor, new = visitor_of(request), data.token()
    made: list[str] = []

    async def make(theirs: Office) -> None:
        made.append(await create_token(theirs.store, new, visitor.scopes, visitor.by, office.now()))

    async def without_it(reads: Reads) -> TokenCreated:
        return TokenCreated(await reading.token(reads, new.name), None)

    kept = await once(office, request, make, without_it, TokenCreated)
    return structs.replace(kept, secret=made[0]) if made else kept


@post(
    "/{name:str}/revoke",
    operation_id="revokeToken",
    summary="It opens nothing any more",
    status_code=200,
    responses=answers(404),
)
async def revoke(office: TheOffice, request: Request[Any, Any, Any], name: Name) -> TokenAnswer:
    return await once(
        office,
        request,
        lambda theirs: revoke_token(theirs.store, name, office.now()),
        lambda reads: reading.token(reads, name),
        TokenAnswer,
    )


@get("/", operation_id="listAudit", summary="Who did what, newest first", responses=answers(422))
async def list_audit(
    office: TheOffice,
    by: Annotated[
        str, QueryParameter(max_length=60, description="A sign-in name, `token:NAME` or `this machine`.")
    ] = "",
    subject: Annotated[
        str, QueryParameter(max_length=100, description="`order/P-1`, or `order/` for all orders.")
    ] = "",
    since: Placed = 0,
    before: Placed = PAST_ALL,
    sort: Annotated[str, sorts("people.audit")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> AuditPage:
    return await reading.audit(office.store, reading.AuditFilters(by, subject, since, before), after, limit, sort)


routers = (
    Router(
        "/api/people",
        route_handlers=[
            list_people,
            add_person,
            get_person,
            put_person,
            deactivate,
            activate,
            reset_password,
            draw_badge,
            sign_person_out,
        ],
        opt={"area": "people"},
        parameters=IDEMPOTENCY,
        tags=["people"],
    ),
    Router(
        "/api/tokens",
        route_handlers=[list_tokens, add_token, revoke],
        opt={"area": "settings"},
        parameters=IDEMPOTENCY,
        tags=["people"],
    ),
    Router("/api/audit", route_handlers=[list_audit], opt={"area": "people"}, tags=["people"]),
)
