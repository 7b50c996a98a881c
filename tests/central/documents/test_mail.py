"""Documents by mail, to a real SMTP server: once, tried again, given up in words, never in a transaction."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import example, given, settings
from hypothesis import strategies as st

from central.documents import rules
from central.documents.mailer import Mailer
from central.documents.press import Press
from central.documents.rules import plausible
from central.documents.settings import MailConfig
from contract.keys import Sscc
from tests.central.conftest import Central
from tests.central.documents.test_pdf import texts
from tests.central.orders.test_routes import PAID
from tests.central.packed import HOUSE, pack

pytestmark = pytest.mark.feature("L11")


class Server:
    """Takes mail on a free loopback port; `answers` are given before it takes any."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.after_data: list[str] = []
        self.asked = 0

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return self.after_data.pop(0) if self.after_data else "250 taken"


@pytest.fixture
def server() -> Server:
    return Server()


@asynccontextmanager
async def serving(server: Server, **options: Any) -> AsyncIterator[int]:
    """A real SMTP server in front of it; gives its port."""
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(server, hostname="mail.test", **options), "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await listening.wait_closed()


@pytest.fixture
async def port(server: Server) -> AsyncIterator[int]:
    async with serving(server) as port:
        yield port


class Post:
    """A mailer with a clock that the test moves."""

    def __init__(self, central: Central, config: MailConfig) -> None:
        self.now = 1_790_000_000_000
        self.mailer = Mailer(central.store, Press(central.store, HOUSE), HOUSE, config, lambda: self.now)

    async def look(self, later_s: int = 0) -> int:
        self.now += later_s * 1000
        return await self.mailer.send_due()


def plain(port: int) -> MailConfig:
    return MailConfig(host="127.0.0.1", port=port, security="none", sender="Atelier Lumière <bonjour@example.fr>")


@pytest.fixture
def post(central: Central, port: int) -> Post:
    return Post(central, plain(port))


async def ask(api: httpx.AsyncClient, kind: str, subject: str, address: str = "") -> dict[str, Any]:
    body = {"documents": [{"kind": kind, "subject": subject}], "address": address}
    answer = await api.post("/api/documents/mail", json=body)
    assert answer.status_code == 200, answer.text
    item: dict[str, Any] = answer.json()["items"][0]
    return item


async def mails(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await api.get("/api/documents/mails")).json()["items"]
    return items


async def test_a_customer_gets_the_note_in_his_language(
    api: httpx.AsyncClient, packed: Sscc, server: Server, post: Post
) -> None:
    assert (await ask(api, "delivery_note", "P-1"))["done"]
    assert (await mails(api))[0]["state"] == "waiting"
    post.now = 4_000_000_000_000
    assert await post.look() == 1
    (mail,) = server.mails
    assert (mail["To"], str(mail["From"])) == ("elodie@example.org", "Atelier Lumière <bonjour@example.fr>")
    assert mail["Subject"] == "Votre bon de livraison, commande P-1"
    text = mail.get_body()
    assert text is not None
    assert "Bonjour Élodie Lefèvre" in text.get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "bon-de-livraison-P-1.pdf"
    assert "Élodie Lefèvre" in texts(attached.get_content())[0]
    (row,) = await mails(api)
    assert (row["state"], row["attempts"], row["trouble"]) == ("sent", 1, "")
    assert await post.look(3600) == 0, "once"
    happened = [entry["what"] for entry in (await api.get("/api/orders/P-1")).json()["timeline"]]
    assert "delivery_note_mailed" in happened


async def test_it_is_tried_again_with_longer_pauses_under_one_message_id(
    api: httpx.AsyncClient, packed: Sscc, server: Server, post: Post
) -> None:
    await ask(api, "slip", packed, "other@example.org")
    post.now = 4_000_000_000_000
    server.after_data = ["451 try later", "451 try later"]
    assert await post.look() == 1
    (row,) = await mails(api)
    assert (row["state"], row["attempts"], row["trouble"]) == ("waiting", 1, "451 try later")
    assert await post.look(29) == 0
    assert await post.look(1) == 1
    assert await post.look(59) == 0
    assert await post.look(1) == 1
    assert (await mails(api))[0]["state"] == "sent"
    assert len({mail["Message-ID"] for mail in server.mails}) == 1
    assert len(server.mails) == 3


async def test_what_a_server_will_never_take_is_a_problem_at_once(
    api: httpx.AsyncClient, packed: Sscc, server: Server, post: Post
) -> None:
    await ask(api, "slip", packed, "gone@example.org")
    post.now = 4_000_000_000_000
    server.answers = ["550 no such mailbox"]
    await post.look()
    (row,) = await mails(api)
    assert (row["state"], row["trouble"]) == ("failed", "550 no such mailbox")
    (problem,) = [p for p in (await api.get("/api/problems")).json()["items"] if p["kind"] == "not_mailed"]
    assert "gone@example.org" in problem["text"]
    assert (await ask(api, "slip", packed, "here@example.org"))["done"], "a new mail may follow"


async def test_a_server_that_is_away_costs_nothing_but_time(
    central: Central, api: httpx.AsyncClient, packed: Sscc, server: Server, port: int
) -> None:
    away = Post(central, msgspec.structs.replace(plain(port), port=9))  # discard: nobody listens
    await ask(api, "slip", packed)
    away.now = 4_000_000_000_000
    assert await away.look() == 1
    (row,) = await mails(api)
    assert row["state"] == "waiting"
    assert "127.0.0.1:9" in row["trouble"]
    back = Post(central, plain(port))
    back.now = away.now + 30_000
    assert await back.look() == 1
    assert len(server.mails) == 1


PIECES = [
    "=?",
    "?=",
    "utf-8",
    "?q?",
    "?b?",
    "=40",
    "=2C",
    "=0D=0A",
    "a",
    "Bcc:",
    "x.fr",
    ".",
    "@",
    "'",
    '"',
    "\x7f",
    "%",
]


@given(parts=st.lists(st.sampled_from(PIECES) | st.characters(max_codepoint=127), max_size=8))
@example(parts=["x@=?utf-8?q?evil.fr=2Cw=40z.fr?=.fr"])
@example(parts=["=?utf-8?q?x=0D=0ABcc=3Av=40x.fr?=@y.fr"])
@settings(max_examples=300)
def test_an_address_that_is_taken_is_one_address_and_that_one(parts: list[str]) -> None:
    """A header decodes what looks encoded: one address became two, or none that can be written."""
    for address in ("".join(parts), f"{''.join(parts)}@x.fr", f"a@{''.join(parts)}.fr"):
        if plausible(address):
            message = EmailMessage()
            message["To"] = address
            assert getaddresses([str(message["To"])]) == [("", address)]


async def test_the_number_of_an_order_begins_no_other_head(
    central: Central, api: httpx.AsyncClient, packed: Sscc, server: Server, post: Post
) -> None:
    order = "=?utf-8?q?x=0D=0ABcc=3Av=40x.fr?="
    (await api.post("/api/orders", json=PAID | {"order": order})).raise_for_status()
    await pack(central.store, order, {"MUG-BLUE": 1}, 1_790_000_000_000, serial=77, token="another")
    assert (await ask(api, "delivery_note", order))["done"]
    post.now = 4_000_000_000_000
    assert await post.look() == 1
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Votre bon de livraison, commande = ?utf-8?q?x=0D=0ABcc=3Av=40x.fr?="


async def test_an_address_that_was_taken_before_is_looked_at_again(
    api: httpx.AsyncClient, packed: Sscc, server: Server, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(rules, "plausible", lambda address: True)
        await ask(api, "slip", packed, "=?utf-8?q?x=0D=0ABcc=3Av=40x.fr?=@y.fr")
    post.now = 4_000_000_000_000
    assert await post.look() == 1
    (row,) = await mails(api)
    assert (row["state"], "is no e-mail address" in row["trouble"], server.mails) == ("failed", True, [])


async def test_nothing_is_mailed_twice_or_to_nobody(api: httpx.AsyncClient, packed: Sscc) -> None:
    assert (await ask(api, "slip", packed))["done"]
    assert "waits to be sent" in (await ask(api, "slip", packed))["text"]
    for address in (
        "no-address",
        "a@b@c",
        "x@example.org\nBcc: all@example.org",
        "é@example.org",
        "=?utf-8?q?x?=@y.fr",
    ):
        assert "is no e-mail address" in (await ask(api, "slip", packed, address))["text"]
    assert "stays in the house" in (await ask(api, "pick_list", "P-1"))["text"]


async def test_the_password_goes_only_over_a_line_that_is_proven(
    central: Central,
    api: httpx.AsyncClient,
    packed: Sscc,
    server: Server,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    (tmp_path / "password").write_text("s3cret\n")
    logins: list[tuple[bytes, bytes]] = []

    def check(server: Any, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        logins.append((given.login, given.password))
        return AuthResult(success=given.password == b"s3cret")

    options = {"tls_context": context, "require_starttls": True, "authenticator": check, "auth_required": True}
    async with serving(server, **options) as port:
        config = MailConfig(
            host="127.0.0.1",
            port=port,
            sender="bonjour@example.fr",
            user="packline",
            password_file=str(tmp_path / "password"),
        )
        await ask(api, "slip", packed)
        post = Post(central, config)
        post.now = 4_000_000_000_000
        await post.look()
        assert "certificate verify failed" in (await mails(api))[0]["trouble"]
        assert logins == []
        trusting = Post(central, msgspec.structs.replace(config, ca_file=str(tmp_path / "ca.pem")))
        trusting.now = post.now + 30_000
        await trusting.look()
        assert logins == [(b"packline", b"s3cret")]
        assert len(server.mails) == 1
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"sender": "nobody"}, "has no e-mail address"),
        ({"user": "u"}, "mail.password_file is missing"),
        ({"user": "u", "password_file": "p", "security": "none"}, "in the clear"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused(changes: dict[str, str], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert({"host": "mail.example.fr", "sender": "a@example.fr"} | changes, MailConfig)
