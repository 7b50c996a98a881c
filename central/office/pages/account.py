"""My account: one's own password, language, and where one is signed in."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.intake.fields import BadField, choice
from central.office.access import visitor_of
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.office import Office, TheOffice
from central.office.pages.entrance import language_cookie
from central.office.render import Pages, ThePages, language_of
from central.people import reading, rules
from central.people.entering import knows
from central.people.model import LANGUAGES, new_password


@get("/account", include_in_schema=False)
async def show_account(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], done: Annotated[bool, QueryParameter()] = False
) -> Response[str]:
    return await _mine(office, pages, request, done=done)


async def _mine(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    errors: Beside | None = None,
    done: bool = False,
) -> Response[str]:
    visitor = visitor_of(request)
    return pages.page(
        request,
        "account.html",
        person=await reading.one(office.store, visitor.account),
        sessions=await reading.sessions(office.store, visitor.account),
        mine=visitor.session,
        errors=errors,
        done=done,
        waiting=0,
    )


@post("/account/{action:str}", include_in_schema=False, status_code=200)
async def change_account(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], action: FromPath[str]
) -> Response[Any]:
    form, visitor, at = await typed(request), visitor_of(request), office.now()
    account = visitor.account
    people = office.people(pages.passwords)
    try:
        match action:
            case "password":
                await _change_password(office, pages, account, visitor.session, form)
            case "language":
                language = choice(form, "language", LANGUAGES, "fr")
                keys = rules.keys_of(account)
                await office.store.transact(keys, lambda books: rules.set_language(books, account, language, at))
                return Redirect("/account?done=true", status_code=303, cookies=[language_cookie(office, language)])
            case "sign-out-elsewhere":
                await people.sign_out(account, but=visitor.session)
            case _:
                raise BadField("account", action, "something that can be done with an account")
    except REFUSALS as error:
        return await _mine(office, pages, request, errors_of(error, language_of(request), "account"))
    return Redirect("/account?done=true", status_code=303)


async def _change_password(office: Office, pages: Pages, account: str, session: str, form: dict[str, str]) -> None:
    """Raises `BadField` unless they know the one they have, `Refused` when that was tried too often."""
    if not await knows(office.store, pages.passwords, account, form.get("current", "")[:1000], office.now()):
        raise BadField("current", "", "the password that you have now")
    password = new_password(form, account)
    if password == form.get("current", ""):
        raise BadField("password", "", "another one than now")
    await office.people(pages.passwords).set_password(account, password, by_themselves=True, session=session)


PAGES = (show_account, change_account)
