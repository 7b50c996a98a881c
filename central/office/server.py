"""The HTTP application: pages for people, REST for programs, one door for both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from litestar import Litestar, Request, Response, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.static_files import create_static_files_router

from central.claims.routes import routers as claims
from central.counting.routes import router as counting
from central.documents.label_routes import router as carrier_labels
from central.documents.press import Press
from central.documents.routes import router as documents
from central.office.access import Door, Visitor, require_visitor, without_area
from central.office.crowd import Crowd, turnstile
from central.office.description import TOKEN, describe
from central.office.doors import NO_DOORS, Doors
from central.office.exports import router as exports
from central.office.headers import secure
from central.office.hosts import checked_host
from central.office.live import Live
from central.office.office import Office
from central.office.pages import account as account_pages
from central.office.pages import audit as audit_pages
from central.office.pages import claims as claim_pages
from central.office.pages import counts as count_pages
from central.office.pages import deliveries as delivery_pages
from central.office.pages import documents as document_pages
from central.office.pages import entrance, order_list, today
from central.office.pages import lots as lot_pages
from central.office.pages import merges as merge_pages
from central.office.pages import orders as order_pages
from central.office.pages import parcels as parcel_pages
from central.office.pages import payments as payment_pages
from central.office.pages import pending as pending_pages
from central.office.pages import people as people_pages
from central.office.pages import picking as picking_pages
from central.office.pages import planning as plan_pages
from central.office.pages import problems as problem_pages
from central.office.pages import queue as queue_pages
from central.office.pages import rules as rule_pages
from central.office.pages import stations as station_pages
from central.office.pages import stock as stock_pages
from central.office.pages import tokens as token_pages
from central.office.pages.programs import InterfacePage
from central.office.pictures import picture
from central.office.refusals import as_json, problem_of
from central.office.render import Pages
from central.office.settings import Http
from central.orders.bulk_routes import router as runs
from central.orders.dividing_routes import router as dividing
from central.orders.merging_routes import router as merging
from central.orders.routes import queue_router
from central.orders.routes import router as orders
from central.packing.house import House
from central.payments.routes import cards
from central.payments.routes import router as payments
from central.people.routes import routers as people
from central.people.scopes import OWN, PUBLIC
from central.people.trail import Author
from central.photos.folder import PhotoFolder
from central.picking.routes import router as picking
from central.planning.routes import router as planning
from central.policy.routes import router as policy
from central.shipping.routes import router as parcels
from central.shops.choosing_routes import router as choosing
from central.shops.routes import router as shops
from central.stations.routes import router as stations
from central.stock.pending import router as pending
from central.stock.place_routes import recalls
from central.stock.place_routes import router as places
from central.stock.routes import router as stock
from central.store.store import Store
from central.supply.routes import router as supply
from central.tracking import customer
from central.tracking.routes import router as problems

_STATIC: Final = Path(__file__).parent / "static"
_MOST_BYTES: Final = 1024 * 1024
"""Of any request but an imported file."""

_PAGES: Final = (
    Router("/", route_handlers=[*entrance.STRANGERS, *customer.PUBLIC, picture], opt={"area": PUBLIC}),
    Router(
        "/",
        route_handlers=[*entrance.PAGES, *order_list.PAGES, *merge_pages.PAGES, *order_pages.PAGES],
        opt={"area": "orders"},
    ),
    Router("/", route_handlers=[*queue_pages.PAGES, *today.PAGES], opt={"area": "orders"}),
    Router("/", route_handlers=rule_pages.PAGES, opt={"area": "orders"}),
    Router("/", route_handlers=document_pages.PAGES, opt={"area": "orders"}),
    Router("/", route_handlers=pending_pages.PAGES, opt={"area": "orders"}),
    Router("/", route_handlers=picking_pages.PAGES, opt={"area": "picking"}),
    Router("/", route_handlers=payment_pages.PAGES, opt={"area": "payments"}),
    Router(
        "/",
        route_handlers=[
            *stock_pages.PAGES,
            *delivery_pages.PAGES,
            *lot_pages.PAGES,
            *plan_pages.PAGES,
        ],
        opt={"area": "stock"},
    ),
    Router("/", route_handlers=lot_pages.RECALLS, opt={"area": "parcels"}),
    Router("/", route_handlers=count_pages.PAGES, opt={"area": "counts"}),
    Router("/", route_handlers=parcel_pages.PAGES, opt={"area": "parcels"}),
    Router("/", route_handlers=[*station_pages.PAGES, *claim_pages.PAGES], opt={"area": "stations"}),
    Router("/", route_handlers=problem_pages.PAGES, opt={"area": "problems"}),
    Router("/", route_handlers=[*people_pages.PAGES, *audit_pages.PAGES], opt={"area": "people"}),
    Router("/", route_handlers=token_pages.PAGES, opt={"area": "settings"}),
    Router("/", route_handlers=account_pages.PAGES, opt={"area": OWN}),
)
"""What people see, and who may."""
_OPENAPI: Final = OpenAPIConfig(
    title="Packline central",
    version=version("packline"),
    description="Orders, stock, parcels and stations. Money is in minor units, moments are milliseconds since the "
    "epoch, masses are grams. Refusals are RFC 9457 problem details; a 503 says in Retry-After when to try again.",
    path="/schema",
    openapi_router=Router("/schema", route_handlers=[], opt={"area": PUBLIC}, include_in_schema=False),
    render_plugins=[InterfacePage(), JsonRenderPlugin(), YamlRenderPlugin()],
    components=Components(
        security_schemes={TOKEN: SecurityScheme(type="http", scheme="bearer", description="A token of this server.")}
    ),
    tags=[
        Tag("orders", "From intake to the last delivered piece."),
        Tag("payments", "What came, what went back, and whose it is."),
        Tag("stock", "Products, levels and the ledger; suppliers' deliveries; counts."),
        Tag("picking", "Orders fetched together, bin by bin into totes."),
        Tag("documents", "Pick lists, delivery notes and slips, carriers' labels: printed, downloaded, mailed."),
        Tag("parcels", "What was packed, and where it is."),
        Tag("stations", "Benches as they are now."),
        Tag("problems", "What waits for a person."),
        Tag("exports", "Files that the imports read back unchanged."),
        Tag("people", "Who may come in, programs too, and who did what."),
    ],
)


def _can_be_a_file(request: Request[Any, Any, Any]) -> None:
    if "\0" in request.scope["path"]:
        raise NotFoundException


def furnish(
    app: Litestar,
    store: Store,
    http: Http,
    house: House,
    live: Live,
    now: Callable[[], int],
    press: Press,
    photos: PhotoFolder,
    *,
    mails: bool = False,
    doors: Doors = NO_DOORS,
    crowd: Crowd | None = None,
) -> None:
    """Put an office behind the routes. `mails`: whether it has a mail server."""
    office = Office(store, http, house, now, live, press, photos, mails=mails, doors=doors)
    app.state = State(
        {"office": office, "door": Door(store, http, now), "pages": Pages(office), "crowd": crowd or Crowd()}
    )


def _pages(request: Request[Any, Any, Any]) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _asked(request: Request[Any, Any, Any]) -> Office:
    office: Office = request.app.state.office
    visitor: Visitor | None = request.scope["state"].get("visitor")
    if visitor is None:
        return office
    return office.in_the_name_of(Author(visitor.by, f"{request.method} {request.scope['path']}", office.now()))


def _refuse(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    problem, pages = problem_of(error, request), _pages(request)
    return pages.refusal(request, problem) if pages.wanted_by(request) else as_json(problem)


@asynccontextmanager
async def _at_work(app: Litestar) -> AsyncIterator[None]:
    press: Press = app.state.office.press
    async with press.at_work():
        yield


def make_app() -> Litestar:
    """Everything that central serves by HTTP, to be furnished before it serves anybody.

    Raises `ValueError` for a route without `opt={"area": …}`: an area of `central.people.scopes`, or `public`.
    """
    app = Litestar(
        route_handlers=[
            orders,
            dividing,
            merging,
            payments,
            cards,
            choosing,
            shops,
            queue_router,
            policy,
            runs,
            exports,
            stock,
            places,
            recalls,
            pending,
            planning,
            supply,
            counting,
            parcels,
            problems,
            stations,
            *claims,
            documents,
            carrier_labels,
            *people,
            picking,
            *_PAGES,
            create_static_files_router(
                "/static", [_STATIC], include_in_schema=False, opt={"area": PUBLIC}, before_request=_can_be_a_file
            ),
        ],
        dependencies={
            "office": Provide(_asked, sync_to_thread=False),
            "pages": Provide(_pages, sync_to_thread=False),
        },
        middleware=[checked_host, turnstile],
        exception_handlers={Exception: _refuse},
        before_send=[secure],
        openapi_config=_OPENAPI,
        request_max_body_size=_MOST_BYTES,
        logging_config=None,
        guards=[require_visitor],
        lifespan=[_at_work],
    )
    if missing := without_area(app):
        raise ValueError(f"no area, so nobody could say who may ask for it: {'; '.join(missing)}")
    describe(app)
    return app
