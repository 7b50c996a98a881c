"""RFC 9457 problem answers, the one error format of the kiosk's server."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from contract.complaint import shown
from contract.envelope import encode


class Problem(Exception):
    """A request that is refused; `detail` says what was wrong, where, and what would be right."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail

    def answer(self) -> Response:
        """The answer; `type` ends in the code, for programs."""
        body = {
            "type": f"urn:packline:problem:{self.code}",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        return Response(encode(body), self.status.value, media_type="application/problem+json")


async def answer_problem(request: Request, error: Exception) -> Response:
    """For `Problem` and for what Starlette refuses by itself (no such address, wrong method)."""
    if isinstance(error, Problem):
        return error.answer()
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    match status:
        case HTTPStatus.NOT_FOUND:
            detail = f"There is nothing at {shown(request.scope['path'])}. The page is at /."
        case HTTPStatus.METHOD_NOT_ALLOWED:
            detail = f"{shown(request.scope['path'])} does not take {shown(request.method)}."
        case _:
            detail = "The station could not carry this out. Its log says why."
    answer = Problem(status, status.name.lower().replace("_", "-"), detail).answer()
    if isinstance(error, HTTPException):
        answer.headers.update(error.headers or {})
    return answer
