"""REST: the house's rules, and what others would do."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import Router, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from central.desk.refused import Refused
from central.office.office import TheOffice
from central.office.paging import PAST_ALL
from central.office.refusals import answers
from central.policy.model import Rules
from central.policy.reading import read_rules
from central.policy.trying import Trial, try_rules
from link.config import BadConfig

MOST_SHOWN: Final = 200
MOST_CHARACTERS: Final = 200_000


class RulesText(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules to try."""

    toml: Annotated[str, Meta(max_length=MOST_CHARACTERS, description="A whole rules file.")]


@get("/", operation_id="getRules", summary="The rules that orders meet")
async def get_rules(office: TheOffice) -> Rules:
    return office.store.standing.rules


@post(
    "/try",
    operation_id="tryRules",
    summary="What rules would have done with past orders",
    description="Nothing is changed: each order placed since is decided about as it is today, and compared with what "
    "rules made of it when it came in or last changed.",
    status_code=200,
    responses=answers(422),
)
async def try_text(
    office: TheOffice,
    data: JSONBody[RulesText],
    since: Annotated[int, QueryParameter(ge=0, le=PAST_ALL, description="Milliseconds since the epoch.")] = 0,
) -> Trial:
    return await tried(office, data.toml, since)


async def tried(office: TheOffice, toml: str, since: int) -> Trial:
    """Raises `Refused` for rules that cannot be meant so."""
    try:
        rules = read_rules(toml, "rules", office.store.standing.known)
    except BadConfig as error:
        raise Refused("invalid", f"{error}.", "toml", "") from error
    return await try_rules(office.store, rules, since, MOST_SHOWN)


router = Router("/api/rules", route_handlers=[get_rules, try_text], opt={"area": "orders"}, tags=["orders"])
