"""Every refusal in one form: RFC 9457 problem details for programs, a page with the same words for people."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import ResponseSpec
from litestar.utils.scope.state import ScopeState
from msgspec import Struct
from msgspec.structs import replace

from central.desk.refused import Refused
from central.intake.fields import BadField
from central.intake.table import BadTable
from central.office.crowd import AGAIN_S, Crowded
from central.orders.rules import OfAVersion
from central.store.store import BeyondTheTables, StoreTrouble
from contract.complaint import in_words, shown

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final = {"invalid": 422, "not_found": 404, "conflict": 409, "unsaid": 428, "too_many": 429}
_TITLES: Final = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "It cannot be done now",
    413: "Too large",
    415: "Wrong content type",
    422: "A value is not right",
    428: "Say which version you decided about",
    429: "Too many tries",
    500: "Something broke here",
    503: "Not now: too much at once, or the database is not available",
}
_CROWDED: Final = "Too much at once"
_NO_DATABASE: Final = "The database is not available"
_DATABASE_AGAIN_S: Final = 60
_NAMED: Final = re.compile(r"field `([^`]+)`")
_NOT_A_CHOICE: Final = re.compile(r"Invalid (?:enum )?value '(.+)'")
_NOT_JSON: Final = ("Input data was truncated", "JSON is malformed")
_STEP: Final = re.compile(r"[^.\[\]]+|\[\d+\]")
_MOST_SHOWN: Final = 80


class FieldProblem(Struct, frozen=True, omit_defaults=True):
    """One field that is not right."""

    field: str
    text: str
    value: str = ""


class Problem(Struct, frozen=True, omit_defaults=True):
    """RFC 9457 problem details. `detail` is one sentence for a person."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    instance: str = ""
    errors: tuple[FieldProblem, ...] = ()
    retry_after_s: int = 0
    """With a 503: when to try again, as the header Retry-After says too."""
    now: Any = None
    """With a 409 or 428 because of If-Match: what is there."""
    sent: Any = None
    """With a 409 or 428 because of If-Match: what was asked for."""


def answers(*statuses: int) -> dict[int, ResponseSpec]:
    """How a route documents the refusals of its own; `central.office.description` adds those that all have."""
    return {
        status: ResponseSpec(Problem, description=_TITLES[status], media_type=MEDIA_TYPE, generate_examples=False)
        for status in sorted(statuses)
    }


def problem_of(error: Exception, request: Request[Any, Any, Any]) -> Problem:
    """What to tell; an error that nobody foresaw is logged and told without its insides."""
    where = request.scope["path"]
    if isinstance(error, Refused):
        status = _STATUS[error.kind]
        named = (FieldProblem(error.field, error.text, str(error.value)),) if error.field else ()
        problem = Problem(_TITLES[status], status, error.text, instance=where, errors=named)
        return replace(problem, now=error.now, sent=error.sent) if isinstance(error, OfAVersion) else problem
    if isinstance(error, BadField):
        text = field_sentence(error)
        named = (FieldProblem(error.field, text, error.value),)
        return Problem(_TITLES[422], 422, text, instance=where, errors=named)
    if isinstance(error, StoreTrouble):
        log.error("%s %s: %s", request.method, where, error)
        detail = "Nothing was changed. Try again in a minute."
        return Problem(_NO_DATABASE, 503, detail, instance=where, retry_after_s=_DATABASE_AGAIN_S)
    if isinstance(error, Crowded):
        detail = "Too much is asked at once, and nothing of this was done. Try again in a few seconds."
        return Problem(_CROWDED, 503, detail, instance=where, retry_after_s=AGAIN_S)
    if isinstance(error, BeyondTheTables):
        return Problem(_TITLES[422], 422, f"This cannot be kept: {error}.", instance=where)
    if isinstance(error, BadTable):
        return Problem(_TITLES[422], 422, str(error), instance=where)
    if isinstance(error, UnicodeDecodeError):
        return Problem(_TITLES[400], 400, "This is not JSON: a text in it is not UTF-8.", instance=where)
    if isinstance(error, RecursionError):
        return Problem(_TITLES[400], 400, "The JSON is nested too deeply.", instance=where)
    if isinstance(error.__cause__, StopIteration):
        # What Litestar does with a form that has no file where one is expected.
        missing = FieldProblem("data", "a file is expected, as multipart/form-data")
        return Problem(_TITLES[400], 400, f"data: {missing.text}.", instance=where, errors=(missing,))
    if isinstance(error, ValidationException):
        return _invalid(error, request)
    if isinstance(error, HTTPException):
        title = _TITLES.get(error.status_code, error.detail)
        return Problem(title, error.status_code, _detail(error, request.method, where) or title, instance=where)
    log.error("%s %s failed", request.method, where, exc_info=error)
    return Problem(
        _TITLES[500], 500, "Nothing was changed. Try again; if it happens again, read central's log.", instance=where
    )


def field_sentence(error: BadField) -> str:
    """What is wrong with what was typed."""
    if not error.value:
        return "Fill this in." if error.expected == "filled in" else f"This must be {error.expected}."
    return f"“{error.value}” is not {error.expected}."


def _detail(error: HTTPException, method: str, where: str) -> str:
    """What Litestar tells by its status alone is told with the place."""
    match error.status_code:
        case 400 if error.detail.startswith(_NOT_JSON):
            return f"This is not JSON: {error.detail}."
        case 404 if error.detail == "Not Found":
            return f"There is nothing at {shown(where)}."
        case 405:
            return f"{shown(where)} does not take {shown(method)}."
        case 413:
            return "This is larger than anything that is taken here. Send it in parts."
        case _:
            return error.detail


def _invalid(error: ValidationException, request: Request[Any, Any, Any]) -> Problem:
    extra: list[dict[str, Any]] = error.extra if isinstance(error.extra, list) else []
    content = ScopeState.from_scope(request.scope).body
    fields = tuple(_field(one, content if isinstance(content, bytes) else b"", request.query_params) for one in extra)
    said = " ".join(f"{field.field}: {field.text}." for field in fields) or error.detail
    return Problem(_TITLES[400], 400, said, instance=request.scope["path"], errors=fields)


def _field(one: dict[str, Any], content: bytes, query: Any) -> FieldProblem:
    path, message = str(one.get("key", "")), str(one.get("message", "")).replace("`", "'")
    named = _NAMED.search(str(one.get("message", "")))
    if path == "data":
        path = ""
    if message == "'data'":
        return FieldProblem("body", "A JSON object is expected, and nothing came")
    if message.startswith("Unsupported type"):
        return FieldProblem("data", "a file is expected, as multipart/form-data")
    if named:
        path = f"{path}.{named[1]}".lstrip(".")
    value = str(query.get(path, "")) if str(one.get("source")) != "body" else _value_at(content, path)
    return FieldProblem(path or "body", _in_words(message), value)


def _in_words(message: str) -> str:
    if message.startswith("Object missing"):
        return "it is missing"
    if message.startswith("Object contains unknown"):
        return "nobody reads a field of this name; mend the name or leave it out"
    if found := _NOT_A_CHOICE.fullmatch(message):
        return f"'{found[1]}' is none of the values there are; /schema lists them"
    return in_words(message)


def _value_at(content: bytes, path: str) -> str:
    """The refused value as it was sent; empty when it is missing."""
    try:
        found = msgspec.json.decode(content)
        for step in _STEP.findall(path):
            found = found[int(step[1:-1])] if step.startswith("[") else found[step]
    except (msgspec.DecodeError, KeyError, IndexError, TypeError, ValueError):
        return ""
    shown = found if isinstance(found, str) else msgspec.json.encode(found).decode()
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"


def as_json(problem: Problem) -> Response[bytes]:
    """The answer to a program."""
    return Response(
        msgspec.json.encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers_of(problem)
    )


def headers_of(problem: Problem) -> dict[str, str]:
    """What the answer's head says of it."""
    if problem.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="packline"'}
    return {"Retry-After": str(problem.retry_after_s)} if problem.retry_after_s else {}
