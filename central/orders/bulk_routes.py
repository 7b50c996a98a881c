"""REST: one thing done to many orders."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated, Any, Final, Literal

from litestar import Request, Router, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from central.desk.refused import Refused, not_found
from central.documents.model import OURS
from central.office.access import require
from central.office.commands import IDEMPOTENCY, answered_in_parts
from central.office.office import Office, TheOffice
from central.office.paging import PAST_ALL
from central.office.refusals import answers
from central.orders.body import Name, Sentence, Short
from central.orders.bulk import DOES, Versions, action, must_say
from central.orders.finding import Filters
from central.orders.rules import By
from central.orders.runs import MOST, Progress, Run
from central.orders.urgency import PRIORITIES
from contract.keys import OrderId

_PATIENCE_S: Final = 5.0
Word = Annotated[str, Meta(max_length=100)]
Moment = Annotated[int, Meta(ge=0, le=PAST_ALL)]
Version = Annotated[int, Meta(ge=0, le=PAST_ALL)]


class FilterBody(Struct, frozen=True, forbid_unknown_fields=True):
    """All orders that a list with these filters shows."""

    q: Word = ""
    status: Word = ""
    payment: Word = ""
    source: Word = ""
    carrier: Word = ""
    placed_from: Moment = 0
    placed_before: Moment = PAST_ALL

    def filters(self) -> Filters:
        return Filters(
            self.q, self.status, self.payment, self.source, self.carrier, self.placed_from, self.placed_before
        )


class BulkBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do, and to which orders: by their numbers, or by a filter."""

    do: Annotated[str, Meta(max_length=20, description=f"One of {', '.join(DOES)}.")]
    orders: Annotated[tuple[Name, ...], Meta(max_length=MOST)] = ()
    filter: FilterBody | None = None
    versions: dict[Name, Version] | Literal["any"] | None = None
    """The `version` of each order that you decided about: one that was changed since is refused in its own result, with
    both sides. `any`: whatever is there. `prioritised` and `released` replace what others may have set, and are refused
    (428) without it; with a `filter` it can only be `any`."""
    reason: Sentence | None = None
    """Of `held` and `cancelled`, of `sent_to_printer` for a second copy, and of `prioritised` if you like."""
    method: Short = ""
    """Of `paid`."""
    reference: Short = ""
    priority: Annotated[str, Meta(max_length=20, description=f"Of `prioritised`: {', '.join(PRIORITIES)}.")] = ""
    paper: Annotated[
        str, Meta(max_length=20, description=f"Of `sent_to_printer` and `printed`: {', '.join(OURS)}.")
    ] = ""
    station: Annotated[str, Meta(max_length=64, description="Of `sent_to_printer`: where.")] = ""


@post(
    "/",
    operation_id="runOnOrders",
    summary="Do one thing to many orders",
    description="Each order has its own result; one that is refused stops no other. An answer with `finished: false` "
    "has the results so far: ask for the run again. Sent once more, it changes nothing on orders where it was done. "
    f"One run takes at most {MOST} orders of a filter, the newest first.",
    status_code=200,
    responses=answers(413, 422, 428),
)
async def start(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[BulkBody]) -> Progress:
    if bool(data.orders) == (data.filter is not None):
        raise Refused("invalid", "Give either `orders`, at least one, or `filter`.", "orders")
    wanted = action(data.do, data.reason or "", data.method, data.reference, data.priority, data.paper, data.station)
    if wanted.do == "paid":
        require(request, "payments:write")
    chosen, versions = _chosen(data), must_say(wanted, [OrderId(each) for each in data.orders], _versions(data))

    async def work(by: By) -> Progress:
        run = office.runs.start(office.store, chosen, wanted, versions, by.name)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(run.ended.wait(), _PATIENCE_S)
        return run.progress()

    return await answered_in_parts(office, request, await request.body(), work, Progress)


def _chosen(data: BulkBody) -> tuple[OrderId, ...] | Filters:
    if data.filter is None:
        return tuple(OrderId(number) for number in data.orders)
    filters = data.filter.filters()
    filters.check()
    return filters


def _versions(data: BulkBody) -> Versions | None:
    if data.versions is None or data.versions == "any":
        return data.versions
    if data.filter is not None:
        raise Refused(
            "invalid", 'With a filter, `versions` is "any": it finds orders that you did not see.', "versions"
        )
    return {OrderId(order): version for order, version in data.versions.items()}


@get("/{run:str}", operation_id="getRun", summary="How far a run is", responses=answers(404))
async def show(office: TheOffice, run: FromPath[str]) -> Progress:
    return known(office, run).progress()


def known(office: Office, name: str) -> Run:
    """Raises `Refused` for a run that nobody started, or that was forgotten since."""
    run = office.runs.get(name)
    if run is None:
        raise not_found("run", name)
    return run


router = Router(
    "/api/runs", route_handlers=[start, show], tags=["orders"], opt={"area": "orders"}, parameters=IDEMPOTENCY
)
