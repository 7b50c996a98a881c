"""What every route of the interface has in common, written into its description: rights, and refusals by the house."""

from __future__ import annotations

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from central.office.refusals import answers
from central.people.scopes import PUBLIC, needed

TOKEN = "token"
"""The security scheme's name."""


def describe(app: Litestar) -> None:
    """Complete the description of each route; it is drawn up when somebody first asks for it."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.resolve_include_in_schema() and handler.opt.get("area"):
                    _describe(handler)


def _describe(handler: HTTPRouteHandler) -> None:
    area, (method, *_) = handler.opt["area"], sorted(handler.http_methods)
    always = {400, 422, 500, 503}
    if "data" in handler.parsed_fn_signature.parameters:
        always |= {413, 415}
    if area == PUBLIC:
        handler.security = [{}]
    else:
        always |= {401, 403}
        handler.security = [{TOKEN: [needed(area, method)]}]
    handler.responses = answers(*always) | dict(handler.responses or {})
