"""Templates to pages: the visitor's language, the site's time zone, and the words of both."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.response import Redirect

from central.office import shown
from central.office.access import Visitor
from central.office.forms import Beside
from central.office.marks import MARKS
from central.office.navigation import groups
from central.office.office import Office
from central.office.refusals import Problem, headers_of
from central.office.retelling import retold
from central.office.words import said
from central.people.passwords import Passwords
from central.people.scopes import needed
from central.stations import machine_words
from contract.values import Language

LANGUAGE_COOKIE: Final = "packline-language"
Asked: TypeAlias = Request[Any, Any, Any]


def language_of(request: Asked) -> Language:
    """What the visitor chose, else the first of our languages that the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in ("fr", "en"):
        return "fr" if chosen == "fr" else "en"
    for part in request.headers.get("accept-language", "").lower().split(","):
        if part.strip().startswith("fr"):
            return "fr"
        if part.strip().startswith("en"):
            return "en"
    return "en"


class Pages:
    """Renders every page."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._zone = ZoneInfo(office.http.timezone)
        self.passwords = Passwords()
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def zone(self) -> ZoneInfo:
        """In which the office reads times."""
        return self._zone

    def text(self, request: Asked, template: str, language: Language | None = None, **context: object) -> str:
        """A template as HTML."""
        tongue = language or language_of(request)
        zone, now = self._zone, self._office.now()
        visitor: Visitor | None = request.scope.get("state", {}).get("visitor")
        return self._templates.get_template(template).render(
            context,
            language=tongue,
            t=lambda words, to=tongue, **values: said(words, to, **values),
            retold=lambda sentence: retold(sentence, tongue),
            ago=lambda at: shown.short_time(at, now, zone, tongue),
            exact=lambda at: shown.exact_time(at, zone),
            iso=lambda at: shown.moment(at, zone).isoformat(),
            number=lambda value: shown.number(value, tongue),
            pieces=lambda value: shown.pieces(value, tongue),
            grams=lambda value: shown.grams(value, tongue),
            signed=lambda value: shown.signed_grams(value, tongue),
            money=lambda minor, currency, to=tongue: shown.money(minor, currency, to),
            country=lambda code: shown.country(code, tongue),
            marks=MARKS,
            computer_told=machine_words.told,
            own_troubles=self._office.live.own_troubles,
            site=self._office.site,
            here=request.scope["path"],
            visitor=visitor,
            writes=visitor is None or _writes(request, visitor),
            may=lambda scope: visitor is not None and scope in visitor.scopes,
            groups=groups(request.scope["path"], lambda scope: visitor is not None and scope in visitor.scopes),
        )

    def page(
        self,
        request: Asked,
        template: str,
        *,
        code: int = 0,
        language: Language | None = None,
        values: Mapping[str, str] | None = None,
        errors: Beside | None = None,
        **context: object,
    ) -> Response[str]:
        """A template as an answer; with sentences (`errors`) beside what was typed (`values`) it is a 422."""
        text = self.text(request, template, language, values=values or {}, errors=errors or Beside(), **context)
        code = code or (422 if errors else 200)
        return Response(text, status_code=code, media_type=MediaType.HTML, headers={"Vary": "Accept-Language, Cookie"})

    def wanted_by(self, request: Asked) -> bool:
        """Whether a person asks, rather than a program."""
        if request.scope["path"].startswith(("/api", "/schema")):
            return False
        return "text/html" in request.headers.get("accept", "")

    def refusal(self, request: Asked, problem: Problem) -> Response[Any]:
        """A problem as a page; a stranger is led to the sign-in."""
        if problem.status == 401 and request.scope["state"].get("signs_in") and request.method == "GET":
            return Redirect("/sign-in", query_params={"next": request.scope["path"]})
        answer = self.page(request, "refusal.html", code=problem.status, problem=problem)
        answer.headers.update(headers_of(problem))
        return answer


def _writes(request: Asked, visitor: Visitor) -> bool:
    """Whether the visitor may send the forms of the page: templates draw them for nobody else."""
    handler = request.scope.get("route_handler")
    return handler is None or needed(handler.opt.get("area", ""), "POST") in visitor.scopes


ThePages: TypeAlias = NamedDependency[Pages]
"""The one `Pages`, as a route's parameter `pages`."""
