"""What every route needs: the store, the clock, the settings, and what the stations say now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from litestar.di import NamedDependency

from central.office.live import Live
from central.office.settings import Http
from central.store.store import Store


class Office:
    """Handed to routes and pages as `office`."""

    def __init__(self, store: Store, http: Http, site: str, now: Callable[[], int], live: Live, shop: str = "") -> None:
        self.store = store
        self.http = http
        self.site = site
        self.shop = shop or site
        """As customers know it."""
        self.now = now
        self.live = live


TheOffice: TypeAlias = NamedDependency[Office]
"""The one `Office`, as a route's parameter `office`."""
