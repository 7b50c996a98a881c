"""What every route needs: the store, the clock, the settings, and what the stations say now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import copy
from typing import TypeAlias
from weakref import WeakValueDictionary

from litestar.di import NamedDependency

from central.claims.commands import Claims
from central.documents.press import Press
from central.office.doors import NO_DOORS, Doors
from central.office.live import Live
from central.office.settings import Http
from central.orders.runs import Runs
from central.packing.house import House
from central.people.commands import People
from central.people.passwords import Passwords
from central.people.recorded import RecordedStore
from central.people.trail import Author
from central.photos.folder import PhotoFolder
from central.store.store import Store


class Office:
    """Handed to routes and pages as `office`."""

    def __init__(
        self,
        store: Store,
        http: Http,
        house: House,
        now: Callable[[], int],
        live: Live,
        press: Press,
        photos: PhotoFolder,
        *,
        mails: bool = False,
        doors: Doors = NO_DOORS,
    ) -> None:
        self.store = store
        self.house = house
        self.press = press
        self.mails = mails
        """Whether central has a mail server."""
        self.doors = doors
        """Who may come in with a signature instead of a token."""
        self.http = http
        self.site = house.site
        self.shop = house.sender.company or house.sender.name
        """As customers know it."""
        self.now = now
        self.live = live
        self.runs = Runs(house, now)
        """What is done to many orders, under way and lately."""
        self.photos = photos
        self.turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Of requests in many parts under one key: the second waits for the first one's answer."""

    def people(self, passwords: Passwords) -> People:
        """Accounts, as they may be changed now."""
        return People(self.store, passwords, self.house.boxes, self.now())

    @property
    def has_authority(self) -> bool:
        """Whether stations can be given certificates here."""
        return self.doors.authority is not None

    @property
    def claims(self) -> Claims:
        """Stations' certificates, as they may be given and taken now."""
        return Claims(self.store, self.doors.authority, self.now())

    def in_the_name_of(self, author: Author) -> Office:
        """The same office for one command: what changes is written down under the author's name."""
        return self.with_store(RecordedStore(self.store, author))

    def with_store(self, store: Store) -> Office:
        """The same office, on what stands before its store for one command."""
        theirs = copy(self)
        theirs.store = store
        return theirs


TheOffice: TypeAlias = NamedDependency[Office]
"""The one `Office`, as a route's parameter `office`."""
