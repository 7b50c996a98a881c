"""Builds central and runs it. Read from top to bottom: what there is, and who talks to whom."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import secrets
import socket
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import uvicorn
from litestar.types import ASGIApp
from msgspec.structs import replace

from central.backups.running import Backups
from central.claims.authority import Authority
from central.claims.cutting import Cutting
from central.claims.keeping import Keeping
from central.config import CentralConfig
from central.desk.books import Keys
from central.desk.deliveries import PHOTO, filters
from central.desk.ended_news import EndedNews
from central.desk.inbox import Inbox
from central.desk.outbox import CentralOutbox
from central.desk.replies import Replies
from central.desk.waiting import BOUNDS
from central.documents.mailer import Mailer
from central.documents.once_more import OnceMore
from central.documents.press import Press
from central.office.doors import Doors
from central.office.live import Live
from central.office.server import furnish, make_app
from central.orders.mapped_csv import FileMapping
from central.orders.serving import Serving
from central.out_of_order import until_writable
from central.packing.lending import Lending
from central.payments.unpaid import Unpaid
from central.people.retention import Retention
from central.photos.folder import PhotoFolder
from central.photos.inbox import PhotoInbox
from central.shops.settings import read_secret, shops
from central.steady import SteadyClock
from central.stock.elsewhere import tell_elsewhere
from central.store.sqlite import SqliteStore, now_ms
from central.store.store import StoreTrouble
from central.tls import ServerCertificate, server_certificate
from contract.machine import MachineTrouble
from contract.topics import parse_station_topic
from link.client import Delivery, Link, Subscription
from link.config import load
from link.http import Http
from link.identity import new_message_id
from link.machine import Machine, why_unwritable
from link.relay import Relay
from link.tasks import Heart, notify, run_together, until_signalled

log = logging.getLogger(__name__)

NEWS_EVERY_S = 0.25
"""News gathers this long: many changes of one product are one message, and a burst costs less than its parts."""
UNREAD_MS = 30_000
"""How long a browser may leave what was sent to it unread."""
LOOK_AGAIN_S = 5.0
"""How soon news of another process's work (an import beside us) goes out."""


async def run(config: CentralConfig, configuration: Path) -> None:
    """Run central until SIGTERM; `configuration` is the file that `config` was read from.

    Raises `StoreTrouble` or `OSError` when it cannot start.
    """
    listening = bind(config.http.host, config.http.port)
    certificate = server_certificate(config, Authority.open(config.authority_folder))
    serving = partial(serve, certificate=certificate)
    if not await until_writable(config.database_folder, listening, serving):
        return
    async with SqliteStore(Path(config.database), config.site, config.standing) as store:
        store.standing = replace(store.standing, opened_at=now_ms())
        await tell_elsewhere(store, config.house.warehouse_codes, now_ms())
        central = Central(config, store)
        # What is there now stays: looking through it again, the collector would stop everything for 40 ms at a time.
        gc.collect()
        gc.freeze()
        scheme = "http" if certificate is None else "https"
        log.info("office: %s://%s:%d/", scheme, *listening.getsockname()[:2])
        backups = Backups(store, config, configuration, central.live, now_ms)
        tasks = {**central.tasks(), "office": serving(central.office, listening), "backups": backups.run()}
        if certificate is not None:
            tasks["certificate"] = certificate.keep()
        ended = await run_together(tasks)
        notify("STOPPING=1")
        log.info("stopped: %s ended", ended)


class Central:
    """The parts of a running central, and every word that one says to another."""

    def __init__(self, config: CentralConfig, store: SqliteStore) -> None:
        house = config.house
        self.store = store
        self._folder = config.database_folder
        self.live = Live()
        self.link = Link(
            config.broker,
            f"packline-central-{config.site}",
            subscriptions=[Subscription(each) for each in filters(config.site)],
            deliver=self.delivered,
            changed=self.link_changed,
            most_unacknowledged=BOUNDS.messages,
        )
        self.outbox = CentralOutbox(store, lambda rows: self.relay.settle(rows))
        self.relay = Relay(self.outbox, self.link, most=200)
        self.ended_news = EndedNews(store, now_ms)
        self._news = asyncio.Event()
        store.posted = self.posted
        store.wrote = self.live.watch.wrote
        replies = Replies(self.link, config.site, new_message_id)
        self.serving = Serving(store, now_ms)
        store.freed = self.serving.wake
        self.lending = Lending(store, house, replies, now_ms)
        store.grew = self.lending.wake
        self.once_more = OnceMore(store, house, now_ms)
        self.inbox = Inbox(
            store,
            house,
            self.live,
            replies,
            clock=now_ms,
            new_token=new_token,
            state_came=self.once_more.heard,
        )
        photos = PhotoFolder(config.photos_folder)
        self.photos = PhotoInbox(
            config.site, photos, config.photos.keep_days, replies, aside=self.inbox.deliver, now_ms=now_ms
        )
        self.press = Press(store, house)
        self.mailer = None if config.mail is None else Mailer(store, self.press, house, config.mail, now_ms)
        mails = self.mailer is not None
        self.unpaid = Unpaid(store, config.orders, now_ms, lambda: time.monotonic_ns() // 1_000_000)
        mappings = {each.name: load(Path(each.file), FileMapping) for each in config.mappings}
        card = None if config.stripe is None else read_secret(config.stripe.secret_file, "stripe.secret_file")
        self.retention = Retention(store, config.people, now_ms)
        authority = Authority.open(config.authority_folder)
        doors = Doors(shops(config.shops), card, config.bank, mappings, authority)
        self.cutting = None if authority is None else Cutting(store, authority, config.broker, self.live.watch, now_ms)
        self.keeping = Keeping(config, authority, now_ms)
        self.office = make_app()
        furnish(self.office, store, config.http, house, self.live, now_ms, self.press, photos, mails=mails, doors=doors)

    def tasks(self) -> Mapping[str, Coroutine[object, object, object]]:
        """Everything that works on the store, by name; the first to end ends central."""
        return {
            "signals": until_signalled(),
            "inbox": self.inbox.run(),
            "photos": self.photos.run(),
            "old photos": self.photos.purge(SteadyClock(now_ms).look),
            "old audit entries": self.retention.run(),
            "link": self.link.run(),
            "relay": self.relay.run(),
            "news": self.send_news(),
            "news of what is over": self.ended_news.run(),
            "waiting orders": self.serving.run(),
            "leases ahead": self.lending.run(),
            "papers once more": self.once_more.run(),
            "look again": self.look_again(),
            "unpaid orders": self.unpaid.run(),
            "own certificates": self.keeping.run(),
            "heart": self.beat(),
            **({"revoked certificates": self.cutting.run()} if self.cutting is not None else {}),
            **({"mailer": self.mailer.run()} if self.mailer is not None else {}),
        }

    def delivered(self, delivery: Delivery) -> None:
        """Pieces of pictures go beside the inbox of what is booked."""
        parts = parse_station_topic(delivery.topic)
        inbox = self.photos if parts is not None and parts.channel == PHOTO else self.inbox
        inbox.deliver(delivery)

    def link_changed(self, online: bool) -> None:
        """What was under way on the connection before may be lost."""
        if online:
            self.outbox.start_over()
            self.relay.start_over()

    def posted(self, letters: bool) -> None:
        """Something waits in the outbox. A letter to a station goes at once."""
        if letters:
            self.relay.wake()
        self._news.set()

    async def send_news(self) -> None:
        """Wake the relay a moment after something changed."""
        while True:
            await self._news.wait()
            await asyncio.sleep(NEWS_EVERY_S)
            self._news.clear()
            self.relay.wake()

    async def look_again(self) -> None:
        """Send what another process put into the outbox, serve what it freed, forget what was sent meanwhile; and look
        how this computer is."""
        machine = Machine(self._folder)
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            self.outbox.forget_saved()
            self.relay.wake()
            self.serving.wake()
            self.lending.wake()
            await asyncio.to_thread(machine.look)
            refused = await self._refused()
            others = (trouble for trouble in machine.troubles if trouble not in refused)
            self.live.own_troubles = (*refused, *others, *self.keeping.troubles)

    async def _refused(self) -> tuple[MachineTrouble, ...]:
        """Why the database cannot be written, if it cannot."""
        try:
            await self.store.transact(Keys(), lambda books: None)
        except StoreTrouble as error:
            log.error("the database cannot be written, everything waits for it: %s", error)
            trouble = await asyncio.to_thread(why_unwritable, self._folder)
            return (trouble,) if trouble is not None else ()
        return ()

    async def beat(self) -> None:
        """Ready when the database takes work; alive while it and the inbox do."""
        await self.probe_store()
        notify("READY=1")
        await Heart({"inbox": self.inbox.probe, "database": self.probe_thread}).run()

    async def probe_thread(self) -> None:
        """As `probe_store`; a disk that is full is told elsewhere, and no second start makes room on it."""
        with suppress(StoreTrouble):
            await self.probe_store()

    async def probe_store(self) -> None:
        """A turn through the database's thread."""
        await self.store.transact(Keys(), lambda books: None)


def new_token(now: int) -> str:
    """The secret part of a tracking link: 128 bits of chance, behind the moment, which keeps the index in order."""
    return f"{now:012x}{secrets.token_urlsafe(16)}"


def bind(host: str, port: int) -> socket.socket:
    """A listening socket for `serve`. Raises `OSError` when the port is taken or the address is not ours."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        raise OSError(f"[http] {host}:{port}: {why}; is another central running?") from error
    # Connections inherit it. asyncio sets it only for a socket that names its protocol; without it, every answer
    # on a kept connection waits 40 ms for the client's delayed acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Inherited too: whoever reads nothing of what waits for him is cut off, a live page that nobody looks at first.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS)
    return listening


class _Server(uvicorn.Server):
    """uvicorn without its own hands on the process's signals: they belong to `until_signalled`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: ASGIApp, listening: socket.socket, certificate: ServerCertificate | None = None) -> None:
    """Serve until cancelled, with a certificate by HTTPS; open streams get a second to end."""
    config = uvicorn.Config(
        app, http=Http, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1
    )
    config.load()
    config.ssl = None if certificate is None else certificate.context
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]), name="http server")
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
