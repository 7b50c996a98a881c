"""Every answer of every route forbids what none of our pages needs, and no page needs what is forbidden."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

import pytest

from central.office import headers
from tests.central.conftest import Central
from tests.central.office.test_rights import ENDS_A_SESSION, routes

STRICT: Final = {
    "content-security-policy": headers.POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Inline(HTMLParser):
    """Collects what the policy would not let a page do."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            value = given.get(name) or ""
            loads = tag in ("script", "link", "img") and re.match(r"(https?:)?//", value)
            if loads or value.startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in headers.POLICY.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    # What is left out falls back to `default-src`, but for this one: a form could send what is typed elsewhere.
    assert rules["form-action"] == "'self'"
    assert set(" ".join(rules.values()).split()) == {"'none'", "'self'", "data:"}
    assert [name for name, value in rules.items() if "data:" in value] == ["img-src"]


@pytest.mark.feature("R5")
async def test_every_route_answers_with_the_strict_headers(central: Central) -> None:
    wrong: list[str] = []
    found = sorted(routes(), key=lambda each: (each[1] == ENDS_A_SESSION, each))
    async with central.browser() as browser, central.client(None) as stranger:
        for client in (stranger, browser):
            for method, path in found:
                async with client.stream(method, path) as answer:
                    got = {name: answer.headers.get(name, "") for name in STRICT}
                    if "text/html" not in answer.headers.get("content-type", ""):
                        page = b""
                    else:
                        page = await answer.aread()
                wrong += [f"{method} {path}: {name}: {got[name]!r}" for name in STRICT if got[name] != STRICT[name]]
                if not path.startswith(("/static", "/pictures")) and "no-store" not in answer.headers["cache-control"]:
                    wrong.append(f"{method} {path}: may be kept by browsers")
                reader = Inline()
                reader.feed(page.decode())
                wrong += [f"{method} {path}: {each}" for each in reader.found]
    assert not wrong, "\n".join(wrong)
