"""Pages."""

from typing import Any

from litestar import Request, Response

from central.office.office import Office
from central.office.refusals import Problem, as_json

PAGES: list[Any] = []


class Pages:
    def __init__(self, office: Office) -> None: ...
    def wanted_by(self, request: Request[Any, Any, Any]) -> bool:
        return False

    def refusal(self, request: Request[Any, Any, Any], problem: Problem) -> Response[Any]:
        return as_json(problem)
