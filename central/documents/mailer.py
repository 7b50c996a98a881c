"""Mails documents: the row was there first, then the attempt outside any transaction, then its result.

A crash between the attempt and its result sends the mail again, under the same Message-ID.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import smtplib
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from pathlib import Path
from typing import Final, NamedTuple, cast

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.documents import rules
from central.documents.model import DocumentName, parsed
from central.documents.press import Press
from central.documents.rows import MailRow
from central.documents.settings import MailConfig
from central.documents.wording import letter
from central.packing.house import House
from central.store.store import Store, StoreTrouble
from contract.values import Language

log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 2.0
_PATIENCE_S: Final = 30.0


class Failed(NamedTuple):
    """An attempt that did not succeed."""

    text: str
    for_good: bool
    """The server will never take it."""


class Mailer:
    """Sends what is due until cancelled."""

    def __init__(self, store: Store, press: Press, house: House, config: MailConfig, clock: Callable[[], int]) -> None:
        self._store = store
        self._press = press
        self._house = house
        self._config = config
        self._clock = clock

    async def run(self) -> None:
        """Send until cancelled, the longest waiting first."""
        while True:
            try:
                sent = await self.send_due()
            except StoreTrouble as error:
                log.error("mails wait for the database: %s", error)
                sent = 0
            if not sent:
                await asyncio.sleep(_LOOK_EVERY_S)

    async def send_due(self) -> int:
        """One attempt at each mail that is due; return how many there were."""
        due = await self._store.read("documents.due_mails", (self._clock(),))
        for row in due:
            await self._attempt(row["mail_id"], parsed(row["document"]))
        return len(due)

    async def _attempt(self, mail_id: str, name: DocumentName) -> None:
        keys = Keys(mails=frozenset({mail_id}))
        row = await self._store.transact(keys, lambda books: books.mails[mail_id])
        try:
            rules.check_address(row.address)
            pdf = await self._press.page(name, self._clock())
            message = await self._message(row, name, pdf)
            failed = await asyncio.to_thread(_hand_over, self._config, message)
        except Refused as refused:
            failed = Failed(refused.text, True)
        now = self._clock()

        def settle(books: Books) -> None:
            if failed is None:
                rules.mailed(books, mail_id, now)
            else:
                rules.not_mailed(books, mail_id, failed.text, now, for_good=failed.for_good)

        await self._store.transact(keys, settle)
        if failed is not None:
            log.warning("mail %s to %s: %s", mail_id, row.address, failed.text)

    async def _message(self, row: MailRow, name: DocumentName, pdf: bytes) -> EmailMessage:
        paper = await self._press.content(name, self._clock())
        consignee = getattr(paper, "consignee", self._house.sender)
        sender = self._house.sender
        said = letter(
            name.kind,
            cast(Language, row.language),
            order=row.order_id,
            name=consignee.name,
            shop=sender.company or sender.name,
            contact=self._house.contact,
        )
        message = EmailMessage()
        shop, address = parseaddr(self._config.sender)
        local, _, domain = address.rpartition("@")
        message["From"] = Address(shop, local, domain)
        message["To"] = row.address
        message["Subject"] = said.subject
        message["Date"] = formatdate(row.asked_at / 1000)
        message["Message-ID"] = message_id(row, self._house.site, domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(said.text)
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=said.file)
        return message


def message_id(row: MailRow, site: str, domain: str) -> str:
    """The same for every attempt at one mail, so that a repeat is recognised."""
    named = hashlib.sha256(f"{site}\n{row.mail_id}\n{row.asked_at}".encode()).hexdigest()[:32]
    return f"<{named}@{domain}>"


def _hand_over(config: MailConfig, message: EmailMessage) -> Failed | None:
    """Give it to the server; blocking. None when the server has it."""
    try:
        with _connected(config) as server:
            if config.user:
                server.login(config.user, Path(config.password_file).read_text(encoding="utf-8").strip())
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return Failed(f"{code} {_text(text)}", code >= 500)
    except smtplib.SMTPAuthenticationError as error:
        # A person mends the password; the mail is not at fault.
        return Failed(f"{config.host} refuses mail.user: {error.smtp_code} {_text(error.smtp_error)}", False)
    except smtplib.SMTPResponseException as error:
        return Failed(f"{error.smtp_code} {_text(error.smtp_error)}", error.smtp_code >= 500)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return Failed(f"{config.host}:{config.port}: {error}", False)
    return None


def _connected(config: MailConfig) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if config.ca_file:
        context.load_verify_locations(config.ca_file)
    if config.security == "tls":
        return smtplib.SMTP_SSL(config.host, config.port, timeout=_PATIENCE_S, context=context)
    server = smtplib.SMTP(config.host, config.port, timeout=_PATIENCE_S)
    if config.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _text(said: bytes | str) -> str:
    return (said.decode("utf-8", "replace") if isinstance(said, bytes) else said).replace("\n", " ")
