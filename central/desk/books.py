"""`Books`: what one transaction loaded and changed. Pure; the store fills it, rules change it, the store writes it.

A rule reads rows with `books.orders.get(order)` and changes one by putting a new row in its place. What only ever
grows (movements, timelines, problems …) is appended. `Keys` say what to load: whatever a rule may touch must be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct

from central.backups.rows import RestorationRow
from central.claims.rows import CertificateRow, ClaimRow
from central.counting.rows import CountLineRow, CountRow
from central.desk.requests import RequestRow
from central.documents.rows import MailRow, PrintRow
from central.orders.rows import LineRow, OrderRow
from central.packing.masses import MassRow
from central.packing.rows import JobRow
from central.payments.rows import IncomingRow, PaymentRow
from central.people.rows import AccountRow, AttemptRow, AuditRow, SessionRow, TokenRow
from central.people.trail import Author
from central.picking.rows import BatchOrderRow, BatchRow, TaskRow
from central.policy.standing import NOTHING_DECIDED, Standing
from central.shipping.rows import CarrierLabelRow, ParcelLineRow, ParcelRow, SsccRangeRow, TraceRow
from central.shops.rows import ShopOrderRow
from central.stations.rows import AsideRow, ReceivedRow, ScaleCheckRow, StationRow
from central.stock.rows import HoldingRow, LevelRow, LotRow, Movement, ProductRow
from central.supply.rows import DeliveryLineRow, DeliveryRow, SupplierRow
from central.tracking.rows import ProblemRow, TimelineRow, TrackingRow
from contract.keys import JobId, OrderId, Sku, Sscc
from contract.messages import InboxItem
from contract.values import Person, StockLevel

G = TypeVar("G")
K = TypeVar("K")
R = TypeVar("R")


class Wanting(NamedTuple):
    """A station that wants orders ahead of time."""

    station: str
    warehouse: str
    most: int
    """Unopened ones, with those that it has."""
    has: frozenset[tuple[JobId, int]]
    """Jobs that it says it has, each with the fence of its lease."""


class Keys(Struct, frozen=True):
    """What to load. Naming an order loads its lines, its job, and the products and levels of its lines."""

    orders: frozenset[OrderId] = frozenset()
    skus: frozenset[Sku] = frozenset()
    """Their products, and their levels, bins and lots in all warehouses."""
    suppliers: frozenset[str] = frozenset()
    deliveries: frozenset[str] = frozenset()
    """Suppliers' deliveries, with their lines."""
    counts: frozenset[str] = frozenset()
    """Count jobs, with their lines."""
    counts_to_decide: frozenset[str] = frozenset()
    """Of `counts`: also their products, and what moved since they began."""
    promised: frozenset[Sku] = frozenset()
    """Products of which all orders are loaded that are promised some."""
    lots_of: frozenset[Sku] = frozenset()
    """Products of which all lots are loaded, used-up ones too; name them in `skus` as well."""
    parcels: frozenset[Sscc] = frozenset()
    """Their lines and their orders come too."""
    parcels_with: frozenset[Sku] = frozenset()
    """Products of which all parcels are loaded that hold some and have not left."""
    parcels_of: frozenset[OrderId] = frozenset()
    """Orders whose parcels are loaded, however many there are by then."""
    closing: frozenset[OrderId] = frozenset()
    """Orders that may be packed whole by this: of those that rules ask papers for, parcels and prints are loaded. Of
    those that `codes` and `next_for` lead to, prints are.
    """
    payments_of: frozenset[OrderId] = frozenset()
    """Orders whose payments are loaded, and money that waits for them."""
    incoming: frozenset[str] = frozenset()
    """Money of which a bank or card processor told, by its key."""
    shop_orders: frozenset[str] = frozenset()
    """What shops told last (`central.shops.rows.key_of`)."""
    shops_of: frozenset[OrderId] = frozenset()
    """Orders of which it is loaded what shops told last, with the products that they named."""
    customers: frozenset[str] = frozenset()
    """E-mail addresses in small letters whose earlier orders are counted, when a rule asks for them."""
    codes: frozenset[str] = frozenset()
    """What packers scan to open work; see `Books.found`. The orders behind them are loaded, and what
    was packed of them."""
    work: frozenset[str] = frozenset()
    """Counts and deliveries that packers may mean by a code, with their products and suppliers."""
    next_for: frozenset[tuple[str, str]] = frozenset()
    """Stations that want the next work of the queue, each with its warehouse; see `Books.found`, as for `codes`."""
    ahead_for: frozenset[Wanting] = frozenset()
    """Stations that are lent orders ahead, with all that they have; see `Books.waiting`."""
    lent: frozenset[JobId] = frozenset()
    """Jobs that were lent ahead, with the stations that have them."""
    messages: frozenset[str] = frozenset()
    requests: frozenset[str] = frozenset()
    """Requests by who asked and their key: what they were answered."""
    stations: frozenset[str] = frozenset()
    sscc_prefixes: frozenset[str] = frozenset()
    """The newest range under each."""
    sscc_days: frozenset[int] = frozenset()
    """Also the newest that was leased on each of these days (`central.shipping.numbers.day_of`)."""
    sscc_asks: frozenset[str] = frozenset()
    """Ranges that these messages got."""
    problems: frozenset[int] = frozenset()
    serials: frozenset[str] = frozenset()
    """Single pieces that are received: where they were packed, and by what they came before."""
    items: frozenset[str] = frozenset()
    """Single pieces (`central.shipping.rows.item_key`): where they were packed before."""
    documents: frozenset[str] = frozenset()
    """Their prints and mails, by `central.documents.model.DocumentName`."""
    papers_of: frozenset[OrderId] = frozenset()
    """Orders of which all documents' prints and mails are loaded; name them in `parcels_of` as well."""
    carrier_labels: frozenset[Sscc] = frozenset()
    """Parcels whose labels from carriers are loaded, with their files."""
    prints: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    batches: frozenset[str] = frozenset()
    """Their tasks and orders come too."""
    batches_of: frozenset[OrderId] = frozenset()
    """Orders of which it is loaded where they are being picked."""
    boxes: frozenset[str] = frozenset()
    """What is learned of their masses, and of the masses of all products that are loaded."""
    accounts: frozenset[str] = frozenset()
    badges: frozenset[str] = frozenset()
    """Accounts by badge."""
    everyone: bool = False
    """All accounts."""
    online: bool = False
    """Every station that is online."""
    sessions: frozenset[str] = frozenset()
    """Their accounts come too."""
    sessions_of: frozenset[str] = frozenset()
    """Accounts whose sessions are loaded."""
    tokens: frozenset[str] = frozenset()
    attempts: frozenset[str] = frozenset()
    """See `central.people.rows.AttemptRow`."""
    claims: frozenset[str] = frozenset()
    waiting_claims: int = 0
    """At this moment: claims that a person could approve then."""
    certificates_of: frozenset[str] = frozenset()
    """Stations, each with all its certificates."""

    @staticmethod
    def union(keys: Iterable[Keys]) -> Keys:
        """All that any of them names."""
        named = list(keys)
        return Keys(*(_union([getattr(each, field) for each in named], field) for field in Keys.__struct_fields__))


def _union(values: list[Any], field: str) -> Any:
    if field == "waiting_claims":
        return max(values, default=0)
    return any(values) if field in ("everyone", "online") else frozenset().union(*values)


class Found(NamedTuple):
    """What a code leads to. `kind` is `order`, `tote`, `parcel`, `tracking`, `pick_list`, `product` or `queue`."""

    code: str
    kind: str
    order: OrderId


class Table(Generic[K, R]):
    """The loaded rows of one table, and which of them changed."""

    __slots__ = ("_key", "_rows", "before", "changed")

    def __init__(self, key: Callable[[R], K]) -> None:
        self._key = key
        self._rows: dict[K, R] = {}
        self.changed: dict[K, R] = {}
        self.before: dict[K, R | None] = {}
        """What each changed row was when it was loaded; None for a new one."""

    def fill(self, rows: Iterable[R]) -> None:
        """Take rows as they are stored."""
        key = self._key
        self._rows.update((key(row), row) for row in rows)

    def get(self, key: K) -> R | None:
        return self._rows.get(key)

    def __getitem__(self, key: K) -> R:
        return self._rows[key]

    def __contains__(self, key: K) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, row: R) -> None:
        """Add the row, or replace the one with its key."""
        key = self._key(row)
        if key not in self.changed:
            self.before[key] = self._rows.get(key)
        self._rows[key] = row
        self.changed[key] = row


class Grouped(Table[K, R], Generic[G, K, R]):
    """A table whose rows are also found by what they belong to, in the order they were loaded or added."""

    __slots__ = ("_group", "_of")

    def __init__(self, key: Callable[[R], K], group: Callable[[R], G]) -> None:
        super().__init__(key)
        self._group = group
        self._of: dict[G, dict[K, R]] = {}

    def fill(self, rows: Iterable[R]) -> None:
        for row in rows:
            key = self._key(row)
            self._rows[key] = row
            self._of.setdefault(self._group(row), {})[key] = row

    def put(self, row: R) -> None:
        self._of.setdefault(self._group(row), {})[self._key(row)] = row
        super().put(row)

    def of(self, group: G) -> list[R]:
        return list(self._of.get(group, {}).values())


class Levels(Grouped[Sku, tuple[Sku, str], LevelRow]):
    """Levels, also by product; knows what was free when the transaction began."""

    __slots__ = ("_before",)

    def __init__(self) -> None:
        super().__init__(lambda row: (row.sku, row.warehouse), lambda row: row.sku)
        self._before: dict[tuple[Sku, str], int] = {}

    def put(self, row: LevelRow) -> None:
        before = self._rows.get((row.sku, row.warehouse))
        self._before.setdefault((row.sku, row.warehouse), before.unpromised if before is not None else 0)
        super().put(row)

    def freed(self) -> set[Sku]:
        """Products of which somewhere more is free than when the transaction began."""
        return {row.sku for key, row in self.changed.items() if row.unpromised > self._before[key]}

    def over_promised(self) -> set[Sku]:
        """Products of which this transaction left more promised somewhere than is on the shelf."""
        return {row.sku for row in self.changed.values() if row.unpromised < 0}


class Letter(NamedTuple):
    """Something for a station's inbox that must arrive."""

    station: str
    item: InboxItem


class Books:
    """One transaction's view of the house. Never kept after it."""

    __slots__ = (
        "accounts",
        "aside",
        "at_work",
        "attempts",
        "audit",
        "audit_kept_from",
        "author",
        "batch_orders",
        "batches",
        "carrier_labels",
        "certificates",
        "claims",
        "closed_problems",
        "count_lines",
        "counted",
        "counts",
        "deliveries",
        "delivery_lines",
        "earlier",
        "emptied",
        "found",
        "holdings",
        "incoming",
        "jobs",
        "letters",
        "levels",
        "lines",
        "lots",
        "mails",
        "masses",
        "mended",
        "moved_since",
        "movements",
        "orders",
        "parcel_lines",
        "parcels",
        "payments",
        "prints",
        "problems",
        "products",
        "ranges",
        "received",
        "requests",
        "restorations",
        "scale_checks",
        "serials",
        "served",
        "sessions",
        "shop_orders",
        "standing",
        "stations",
        "suppliers",
        "tasks",
        "timeline",
        "tokens",
        "traces",
        "tracking",
        "waiting",
    )

    def __init__(self, standing: Standing = NOTHING_DECIDED) -> None:
        self.standing = standing
        self.orders: Table[OrderId, OrderRow] = Table(lambda row: row.order_id)
        self.lines: Grouped[OrderId, tuple[OrderId, int], LineRow] = Grouped(
            lambda row: (row.order_id, row.line), lambda row: row.order_id
        )
        self.shop_orders: Table[str, ShopOrderRow] = Table(lambda row: row.key)
        self.incoming: Table[str, IncomingRow] = Table(lambda row: row.key)
        self.payments: Table[tuple[OrderId, int], PaymentRow] = Table(lambda row: (row.order_id, row.number))
        self.jobs: Table[JobId, JobRow] = Table(lambda row: row.job_id)
        self.products: Table[Sku, ProductRow] = Table(lambda row: row.sku)
        self.levels = Levels()
        self.holdings: Grouped[tuple[Sku, str], tuple[Sku, str, str, str], HoldingRow] = Grouped(
            lambda row: (row.sku, row.warehouse, row.bin, row.lot), lambda row: (row.sku, row.warehouse)
        )
        self.suppliers: Table[str, SupplierRow] = Table(lambda row: row.code)
        self.deliveries: Table[str, DeliveryRow] = Table(lambda row: row.number)
        self.delivery_lines: Grouped[str, tuple[str, int], DeliveryLineRow] = Grouped(
            lambda row: (row.delivery, row.line), lambda row: row.delivery
        )
        self.counts: Table[str, CountRow] = Table(lambda row: row.count)
        self.counted: set[Sku] = set()
        """Products of which somebody has looked how many there are."""
        self.count_lines: Grouped[str, tuple[str, Sku, str, str], CountLineRow] = Grouped(
            lambda row: (row.count, row.sku, row.bin, row.lot), lambda row: row.count
        )
        self.moved_since: list[Movement] = []
        """Movements of the products of `Keys.counts_to_decide` since their counts began."""
        self.lots: Table[tuple[Sku, str], LotRow] = Table(lambda row: (row.sku, row.lot))
        self.parcels: Table[Sscc, ParcelRow] = Table(lambda row: row.sscc)
        self.parcel_lines: Table[tuple[OrderId, int, Sscc, Sku], ParcelLineRow] = Table(
            lambda row: (row.order_id, row.line, row.sscc, row.sku)
        )
        self.carrier_labels: Table[Sscc, CarrierLabelRow] = Table(lambda row: row.sscc)
        self.batches: Table[str, BatchRow] = Table(lambda row: row.batch)
        self.batch_orders: Table[tuple[str, OrderId], BatchOrderRow] = Table(lambda row: (row.batch, row.order_id))
        self.tasks: Table[tuple[str, int], TaskRow] = Table(lambda row: (row.batch, row.task))
        self.prints: Table[str, PrintRow] = Table(lambda row: row.print_id)
        self.mails: Table[str, MailRow] = Table(lambda row: row.mail_id)
        self.stations: Table[str, StationRow] = Table(lambda row: row.station)
        self.received: Table[str, ReceivedRow] = Table(lambda row: row.message_id)
        self.requests: Table[str, RequestRow] = Table(lambda row: row.name)
        self.ranges: Table[tuple[str, int], SsccRangeRow] = Table(lambda row: (row.prefix, row.first))
        self.masses: Table[tuple[str, str], MassRow] = Table(lambda row: (row.kind, row.name))
        self.found: list[Found] = []
        """What `Keys.codes` lead to, one entry for each order behind a code."""
        self.at_work: frozenset[str] = frozenset()
        """With `Keys.ahead_for`: stations that are online with somebody signed in."""
        self.waiting: dict[str, list[OrderId]] = {}
        """With `Keys.ahead_for`: the head of each warehouse's queue; the first of them are loaded."""
        self.traces: Table[tuple[Sscc, OrderId, int, int], TraceRow] = Table(
            lambda row: (row.sscc, row.order_id, row.line, row.number)
        )
        self.accounts: Table[str, AccountRow] = Table(lambda row: row.account)
        self.sessions: Table[str, SessionRow] = Table(lambda row: row.session)
        self.tokens: Table[str, TokenRow] = Table(lambda row: row.token)
        self.attempts: Table[str, AttemptRow] = Table(lambda row: row.attempted)
        self.claims: Table[str, ClaimRow] = Table(lambda row: row.claim)
        self.certificates: Table[str, CertificateRow] = Table(lambda row: row.serial)
        self.author: Author | None = None
        """The person or program whose command this is: what it changes goes into the audit trail."""
        self.audit: list[AuditRow] = []
        """Of what happened beside; the changes themselves are found by `central.people.trail`."""
        self.audit_kept_from = 0
        """Older entries of the trail go."""
        self.movements: list[Movement] = []
        self.tracking: list[TrackingRow] = []
        self.timeline: list[TimelineRow] = []
        self.problems: list[ProblemRow] = []
        self.scale_checks: list[ScaleCheckRow] = []
        self.earlier: dict[str, int] = {}
        """Orders of `Keys.customers` that are not cancelled."""
        self.serials: dict[str, str] = {}
        """By what the pieces of `Keys.serials` came into the house before."""
        self.served: list[tuple[Sku, int]] = []
        """Products whose waiting orders were served, with the count of the mark that was read."""
        self.closed_problems: list[tuple[int, int, str]] = []
        """Problems that somebody dealt with: number, when, by whom."""
        self.mended: list[tuple[Sscc, int, str]] = []
        """Parcels that no longer must be caught, when, by whom: what asked for it is dealt with."""
        self.letters: list[Letter] = []
        """For stations' inboxes, durable until the broker has them."""
        self.emptied: list[str] = []
        """Topics on which no news stands any more."""
        self.aside: list[AsideRow] = []
        self.restorations: list[RestorationRow] = []
        """A copy takes the place of the database: all sessions end, and no station is known to be there."""

    def tables(self) -> Iterator[tuple[str, Table[Any, Any]]]:
        """Every table by its name."""
        for name in self.__slots__:
            if isinstance(table := getattr(self, name), Table):
                yield name, table

    def person(self, badge: str) -> Person | None:
        """Who may work with the badge; it must be named in `Keys.badges`."""
        folded = badge.casefold()
        for row in self.accounts:
            if row.is_at_benches and row.badge.casefold() == folded:
                return row.person
        return None

    def level(self, sku: Sku) -> StockLevel:
        """What the whole house has of the product; a product that never moved has none of anything."""
        shelf = packed = reserved = 0
        for row in self.levels.of(sku):
            shelf, packed, reserved = shelf + row.shelf, packed + row.packed, reserved + row.reserved
        return StockLevel(shelf, reserved, shelf - reserved, packed)

    def level_at(self, sku: Sku, warehouse: str) -> LevelRow:
        """What one warehouse has of it."""
        return self.levels.get((sku, warehouse)) or LevelRow(sku, warehouse)

    def pieces_in(self, parcel: ParcelRow) -> list[ParcelLineRow]:
        """What the parcel has of each order line."""
        keys = dict.fromkeys((told.order, told.line, parcel.sscc, told.sku) for told in parcel.packed_lines)
        return [row for key in keys if (row := self.parcel_lines.get(key)) is not None]

    def subjects(self) -> set[str]:
        """What this transaction is about, named as timelines are; `door`: who may come in."""
        about = {entry.subject for entry in self.timeline}
        about.update(f"parcel/{event.sscc}" for event in self.tracking)
        about.update(f"order/{order}" for order in self.orders.changed)
        about.update(f"product/{sku}" for sku, _ in self.levels.changed)
        if self.sessions.changed or self.tokens.changed or self.accounts.changed:
            about.add("door")
        return about

    def note(self, subject: str, at: int, what: str, *, station: str = "", by: str = "", text: str = "") -> None:
        """Add to the timeline of `order/…`, `parcel/…`, `product/…` or `station/…`."""
        self.timeline.append(TimelineRow(subject, at, what, station, by, text))

    def freed(self) -> set[Sku]:
        """Products that orders may have waited for: more of them is free now, or they are known or sold otherwise, or
        somebody has looked how many there are. Also those of which more is promised than there is.
        """
        lots = {row.sku for row in self.lots.changed.values()}
        return self.levels.freed() | lots | set(self.products.changed) | self.counted | self._over_promised()

    def _over_promised(self) -> set[Sku]:
        over = self.levels.over_promised()
        return {sku for sku in over if (product := self.products.get(sku)) is None or not product.oversell}

    def queue_grew(self) -> bool:
        """Whether something came into the queue, or back into it, that stations may be lent."""
        came = any(
            row.ready_at is not None and ((before := self.orders.before[key]) is None or before.ready_at is None)
            for key, row in self.orders.changed.items()
        )
        return came or any(
            row.state == "idle" and (given := self.jobs.before[key]) is not None and given.is_unopened
            for key, row in self.jobs.changed.items()
        )

    def send(self, station: str, item: InboxItem) -> None:
        """Put `item` into the station's inbox when this transaction is written."""
        self.letters.append(Letter(station, item))
