"""The interface for programs, as a page: made from the same OpenAPI document that programs read."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.enums import MediaType
from litestar.openapi.plugins import OpenAPIRenderPlugin

from central.office.render import Pages

_METHODS = ("get", "put", "post", "delete")


class InterfacePage(OpenAPIRenderPlugin):
    """Draws the document without any script of others."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """All operations with their parameters and answers."""
        pages: Pages = request.app.state.pages
        operations = [
            {"method": method.upper(), "path": path, **item[method]}
            for path, item in openapi_schema["paths"].items()
            for method in _METHODS
            if method in item
        ]
        return pages.text(request, "programs.html", schema=openapi_schema, operations=operations, waiting=0).encode()
