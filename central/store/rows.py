"""Between books and statements: what `Keys` make a store load, and what changed books make it write.

The engine gives two functions, run a query and run one for many rows; the order of loading and writing is the same
for every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol, TypeAlias

import msgspec
from msgspec.structs import astuple

from central.claims.rows import CertificateRow, ClaimRow
from central.counting.rows import CountLineRow, CountRow
from central.desk.books import Books, Found, Keys
from central.desk.outgoing import OutgoingRow, StandingRow, TopicRow
from central.desk.requests import ALWAYS_KEPT, KEPT_FOR_MS, RequestRow
from central.documents.model import names_of
from central.documents.rows import MailRow, PrintRow
from central.orders import terms
from central.orders.rows import LineRow, OrderRow
from central.orders.terms import folded
from central.packing.masses import MassRow
from central.packing.rows import JobRow
from central.payments.rows import IncomingRow, PaymentRow
from central.people.rows import AccountRow, AttemptRow, SessionRow, TokenRow
from central.people.trail import trail
from central.picking.rows import BatchOrderRow, BatchRow, TaskRow
from central.policy.standing import Standing
from central.shipping.rows import CarrierLabelRow, ParcelLineRow, ParcelRow, SsccRangeRow, TraceRow, item_key
from central.shops.rows import ShopOrderRow
from central.stations.rows import ReceivedRow, StationRow
from central.stock.rows import HoldingRow, LevelRow, LotRow, Movement, ProductRow
from central.supply.rows import DeliveryLineRow, DeliveryRow, SupplierRow
from contract.messages import NEXT_WORK

ENOUGH_WAITING: Final = 100
"""Nobody counts more of what waits: with so much, no bench is short."""
Rows: TypeAlias = Iterable[tuple[Any, ...]]


class Statements(Protocol):
    """A connection in the middle of a transaction."""

    def rows(self, query: str, *params: object) -> Rows: ...

    def many(self, query: str, rows: Sequence[tuple[object, ...]]) -> None: ...


def _each(values: Iterable[object]) -> str:
    return msgspec.json.encode([str(value) if isinstance(value, str) else value for value in values]).decode()


def load(run: Statements, keys: Keys, standing: Standing) -> Books:
    """Exactly what the keys name, one statement for each table."""
    books = Books(standing)
    if keys.messages:
        books.received.fill(ReceivedRow(*row) for row in run.rows("desk.load_received", _each(keys.messages)))
    if keys.requests:
        books.requests.fill(RequestRow(*row) for row in run.rows("desk.load_requests", _each(keys.requests)))
    if keys.stations:
        books.stations.fill(StationRow(*row) for row in run.rows("stations.load_stations", _each(keys.stations)))
    if keys.online:
        books.stations.fill(StationRow(*row) for row in run.rows("stations.online"))
    _load_people(run, books, keys)
    if keys.customers and standing.rules.ask_customers:
        books.earlier = dict(run.rows("orders.earlier", _each(keys.customers)))
    if keys.sscc_prefixes:
        _fill_ranges(books, run.rows("shipping.newest_ranges", _each(keys.sscc_prefixes)))
    for day in keys.sscc_days:
        _fill_ranges(books, run.rows("shipping.newest_ranges_of_day", _each(keys.sscc_prefixes), day))
    if keys.sscc_asks:
        _fill_ranges(books, run.rows("shipping.ranges_of_asks", _each(keys.sscc_asks)))
    orders: set[str] = set(keys.orders)
    if keys.batches or keys.batches_of:
        orders |= _load_batches(run, books, keys)
    if keys.codes or keys.next_for:
        orders |= _find(run, books, keys)
    if keys.ahead_for:
        orders |= _find_ahead(run, books, keys)
    orders |= keys.lent
    if keys.promised:
        orders |= {order for (order,) in run.rows("orders.load_promised", _each(keys.promised))}
    parcels: set[str] = set(keys.parcels)
    if keys.parcels_of:
        parcels |= {sscc for (sscc,) in run.rows("shipping.parcels_of_orders", _each(keys.parcels_of))}
    if keys.parcels_with:
        parcels |= {sscc for (sscc,) in run.rows("shipping.parcels_with", _each(keys.parcels_with))}
    documents = set(keys.documents) | {str(name) for name in names_of(keys.papers_of, parcels)}
    if keys.carrier_labels:
        rows = run.rows("shipping.load_carrier_labels", _each(keys.carrier_labels))
        books.carrier_labels.fill(CarrierLabelRow(*row) for row in rows)
    if documents or keys.prints or keys.mails:
        _load_documents(run, books, keys, documents)
    if parcels:
        orders |= _load_parcels(run, books, parcels)
    skus: set[str] = set(keys.skus)
    if keys.counts:
        skus |= _load_counts(run, books, keys)
    if keys.work:
        skus |= _load_work(run, books, keys)
    if orders:
        skus |= _load_orders(run, books, orders)
    if keys.shops_of:
        books.shop_orders.fill(ShopOrderRow(*row) for row in run.rows("shops.load_of", _each(keys.shops_of)))
        skus |= {line.sku for row in books.shop_orders if row.word is not None for line in row.word.lines}
    if keys.codes or keys.next_for or keys.lent:
        _load_holders(run, books)
    if keys.closing or books.found:
        _load_papers(run, books, keys)
    if books.found or keys.ahead_for:
        lines = run.rows("shipping.load_parcel_lines_of_orders", _each(order.order_id for order in books.orders))
        books.parcel_lines.fill(ParcelLineRow(*row) for row in lines)
    # A parcel may hold what its order does not have.
    skus.update(row.sku for row in books.parcel_lines)
    if skus:
        wanted = _each(skus)
        books.products.fill(ProductRow(*row) for row in run.rows("stock.load_products", wanted))
        books.levels.fill(LevelRow(*row) for row in run.rows("stock.load_levels", wanted))
        _fill_holdings(books, run.rows("stock.load_holdings", wanted))
    if keys.shop_orders:
        books.shop_orders.fill(ShopOrderRow(*row) for row in run.rows("shops.load", _each(keys.shop_orders)))
    if keys.payments_of:
        books.payments.fill(PaymentRow(*row) for row in run.rows("payments.load", _each(keys.payments_of)))
    if keys.payments_of or keys.incoming:
        rows = run.rows("payments.load_incoming", _each(keys.incoming), _each(keys.payments_of))
        books.incoming.fill(IncomingRow(*row) for row in rows)
    if keys.suppliers:
        books.suppliers.fill(SupplierRow(*row) for row in run.rows("supply.load_suppliers", _each(keys.suppliers)))
    if keys.deliveries:
        _load_deliveries(run, books, _each(keys.deliveries))
    if keys.lots_of:
        books.lots.fill(LotRow(*row) for row in run.rows("stock.load_lots", _each(keys.lots_of)))
    if items := keys.items | keys.serials:
        books.traces.fill(TraceRow(*row) for row in run.rows("shipping.load_traces", _each(items)))
    if keys.serials:
        serials = _each({item.partition("\n")[2] for item in keys.serials})
        books.serials = {item_key(sku, serial): by for sku, serial, by in run.rows("stock.load_serials", serials)}
    if keys.boxes:
        rows = run.rows("packing.load_masses", _each(skus), _each(keys.boxes))
        books.masses.fill(MassRow(*row) for row in rows)
    return books


def _load_deliveries(run: Statements, books: Books, wanted: str) -> None:
    books.deliveries.fill(DeliveryRow(*row) for row in run.rows("supply.load_deliveries", wanted))
    books.delivery_lines.fill(DeliveryLineRow(*row) for row in run.rows("supply.load_delivery_lines", wanted))


def _load_counts(run: Statements, books: Books, keys: Keys) -> set[str]:
    wanted = _each(keys.counts)
    books.counts.fill(CountRow(*row) for row in run.rows("counting.load_counts", wanted))
    books.count_lines.fill(CountLineRow(*row) for row in run.rows("counting.load_count_lines", wanted))
    if not keys.counts_to_decide or not len(books.counts):
        return set()
    moved = run.rows("counting.moved_since", _each(keys.counts_to_decide))
    books.moved_since = [Movement(*row) for row in moved]
    return {line.sku for line in books.count_lines}


def _load_work(run: Statements, books: Books, keys: Keys) -> set[str]:
    """Counts and deliveries that are not loaded already for what else happens in this transaction."""
    _load_deliveries(run, books, _each(keys.work - keys.deliveries))
    if asked := {row.supplier for row in books.deliveries}:
        books.suppliers.fill(SupplierRow(*row) for row in run.rows("supply.load_suppliers", _each(asked)))
    skus = {line.sku for line in books.delivery_lines}
    return skus | _load_counts(run, books, Keys(counts=keys.work, counts_to_decide=keys.work))


def _load_people(run: Statements, books: Books, keys: Keys) -> None:
    if keys.sessions:
        books.sessions.fill(SessionRow(*row) for row in run.rows("people.load_sessions", _each(keys.sessions)))
    if keys.sessions_of:
        books.sessions.fill(SessionRow(*row) for row in run.rows("people.load_sessions_of", _each(keys.sessions_of)))
    if accounts := keys.accounts | {row.account for row in books.sessions}:
        books.accounts.fill(AccountRow(*row) for row in run.rows("people.load_accounts", _each(accounts)))
    if keys.badges:
        folded = _each({badge.lower() for badge in keys.badges})
        books.accounts.fill(AccountRow(*row) for row in run.rows("people.load_badges", folded))
    if keys.everyone:
        books.accounts.fill(AccountRow(*row) for row in run.rows("people.everyone"))
    if keys.tokens:
        books.tokens.fill(TokenRow(*row) for row in run.rows("people.load_tokens", _each(keys.tokens)))
    if keys.attempts:
        books.attempts.fill(AttemptRow(*row) for row in run.rows("people.load_attempts", _each(keys.attempts)))
    if keys.claims:
        books.claims.fill(ClaimRow(*row) for row in run.rows("claims.load_claims", _each(keys.claims)))
    if keys.waiting_claims:
        books.claims.fill(ClaimRow(*row) for row in run.rows("claims.load_waiting", keys.waiting_claims))
    if keys.certificates_of:
        rows = run.rows("claims.load_certificates", _each(keys.certificates_of))
        books.certificates.fill(CertificateRow(*row) for row in rows)


def _fill_ranges(books: Books, rows: Rows) -> None:
    books.ranges.fill(SsccRangeRow(*row) for row in rows)


def _fill_holdings(books: Books, rows: Rows) -> None:
    for sku, warehouse, bin_, lot, quantity, expiry, stopped in rows:
        books.holdings.fill((HoldingRow(sku, warehouse, bin_, lot, quantity),))
        if lot:
            books.lots.fill((LotRow(sku, lot, expiry, stopped),))


def _load_batches(run: Statements, books: Books, keys: Keys) -> set[str]:
    if keys.batches:
        wanted = _each(keys.batches)
        books.batches.fill(BatchRow(*row) for row in run.rows("picking.load_batches", wanted))
        books.tasks.fill(TaskRow(*row) for row in run.rows("picking.load_tasks", wanted))
        books.batch_orders.fill(BatchOrderRow(*row) for row in run.rows("picking.load_batch_orders", wanted))
    if keys.batches_of:
        rows = run.rows("picking.load_batches_of", _each(keys.batches_of))
        books.batch_orders.fill(BatchOrderRow(*row) for row in rows)
    return {row.order_id for row in books.batch_orders if row.batch in keys.batches}


def _load_documents(run: Statements, books: Books, keys: Keys, documents: set[str]) -> None:
    for query, table, names in (
        ("documents.load_prints_of", books.prints, documents),
        ("documents.load_prints", books.prints, keys.prints),
    ):
        if names:
            table.fill(PrintRow(*row) for row in run.rows(query, _each(names)))
    for query, mails, names in (
        ("documents.load_mails_of", books.mails, documents),
        ("documents.load_mails", books.mails, keys.mails),
    ):
        if names:
            mails.fill(MailRow(*row) for row in run.rows(query, _each(names)))


def _load_papers(run: Statements, books: Books, keys: Keys) -> None:
    """Of the orders that rules ask papers for: their prints, and the parcels of those that may be packed whole."""
    asked = [order for order in books.orders if order.actions.documents]
    if not asked:
        return
    if closing := keys.closing.intersection(order.order_id for order in asked):
        parcels = _each(sscc for (sscc,) in run.rows("shipping.parcels_of_orders", _each(closing)))
        books.parcels.fill(ParcelRow(*row) for row in run.rows("shipping.load_parcels", parcels))
    prints = {str(name) for name in names_of((order.order_id for order in asked), keys.parcels)}
    books.prints.fill(PrintRow(*row) for row in run.rows("documents.load_prints_of", _each(prints)))


def _find(run: Statements, books: Books, keys: Keys) -> set[str]:
    if keys.codes:
        codes = _each(keys.codes)
        books.found = [Found(*row) for row in run.rows("packing.find", codes)]
        books.found += [Found(*row) for row in run.rows("packing.find_listed", codes)]
        books.found += [Found(*row) for row in run.rows("packing.find_single", codes)]
    if keys.next_for:
        stations = _each(station for station, _ in keys.next_for)
        books.found += [Found(*row) for row in run.rows("packing.find_offered", NEXT_WORK, stations)]
        # Each station takes one; some may be spoken for by what else is in this batch.
        most = 2 * len(keys.next_for) + 3
        for warehouse in sorted({warehouse for _, warehouse in keys.next_for}):
            following = [Found(*row) for row in run.rows("packing.find_next", NEXT_WORK, warehouse, most)]
            if not following:
                following = [Found(*row) for row in run.rows("packing.find_lent", NEXT_WORK, warehouse, stations)]
            books.found += following
    orders: set[str] = {found.order for found in books.found}
    return orders


def _find_ahead(run: Statements, books: Books, keys: Keys) -> set[str]:
    """What the stations have, and the head of the queue: the numbers of all that would do for everybody, and of them as
    many orders as may be lent now, with a few that may be spoken for by what else is in this batch.
    """
    books.at_work = frozenset(station for (station,) in run.rows("stations.at_work"))
    orders: set[str] = set()
    wants: dict[str, int] = {}
    for wanting in keys.ahead_for:
        held = [JobRow(*row) for row in run.rows("packing.load_held", wanting.station)]
        books.jobs.fill(held)
        unopened = [row for row in held if row.until]
        has = {job for job, _ in wanting.has}
        orders |= {row.job_id for row in unopened if row.job_id not in has}
        orders |= {row.job_id for row in held if row.state == "withdrawn"}
        # Of before a restoration: only the station may know of the lease.
        orders |= {job for job, fence in wanting.has if fence <= books.standing.restored_at}
        wants[wanting.warehouse] = wants.get(wanting.warehouse, 0) + max(0, wanting.most - len(unopened))
    if said := {job for wanting in keys.ahead_for for job, _ in wanting.has}:
        books.jobs.fill(JobRow(*row) for row in run.rows("packing.load_jobs", _each(said)))
    for warehouse, want in wants.items():
        if want:
            most = max(ENOUGH_WAITING, want + 3)
            following = [found[2] for found in run.rows("packing.find_next", NEXT_WORK, warehouse, most)]
            books.waiting[warehouse] = following
            orders |= set(following[: want + 3])
    return orders


def _load_holders(run: Statements, books: Books) -> None:
    holders = {row.station for row in books.jobs if row.until}
    if missing := [holder for holder in holders if holder not in books.stations]:
        books.stations.fill(StationRow(*row) for row in run.rows("stations.load_stations", _each(missing)))


def _load_parcels(run: Statements, books: Books, parcels: set[str]) -> set[str]:
    wanted = _each(parcels)
    books.parcels.fill(ParcelRow(*row) for row in run.rows("shipping.load_parcels", wanted))
    orders: set[str] = {order for parcel in books.parcels for order in parcel.order_ids}
    if orders:
        lines = run.rows("shipping.load_parcel_lines", _each(orders), wanted)
        books.parcel_lines.fill(ParcelLineRow(*row) for row in lines)
    return orders


def _load_orders(run: Statements, books: Books, orders: set[str]) -> set[str]:
    wanted = _each(orders)
    books.orders.fill(OrderRow(*row) for row in run.rows("orders.load", wanted))
    leading = {order.merged_into for order in books.orders if order.merged_into}
    if leading:
        merged = {order for (order,) in run.rows("orders.load_merged", _each(leading))}
        books.orders.fill(OrderRow(*row) for row in run.rows("orders.load", _each(merged - orders)))
        wanted = _each(orders | merged)
    books.lines.fill([LineRow(*row) for row in run.rows("orders.load_lines", wanted)])
    books.jobs.fill(JobRow(*row) for row in run.rows("packing.load_jobs", wanted))
    return {line.sku for line in books.lines}


def write(
    run: Statements,
    books: Books,
    letters: Sequence[OutgoingRow],
    news: Sequence[OutgoingRow],
    ended: Sequence[StandingRow],
    going_on: Sequence[TopicRow],
) -> None:
    """Everything that changed, one statement for each table."""
    changed: tuple[tuple[str, Iterable[msgspec.Struct]], ...] = (
        ("stock.write_products", books.products.changed.values()),
        ("orders.write", books.orders.changed.values()),
        ("orders.write_lines", books.lines.changed.values()),
        ("shops.write", books.shop_orders.changed.values()),
        ("payments.write_incoming", books.incoming.changed.values()),
        ("payments.write", books.payments.changed.values()),
        ("packing.write_jobs", books.jobs.changed.values()),
        ("packing.write_masses", books.masses.changed.values()),
        ("supply.write_suppliers", books.suppliers.changed.values()),
        ("supply.write_deliveries", books.deliveries.changed.values()),
        ("supply.write_delivery_lines", books.delivery_lines.changed.values()),
        ("counting.write_counts", books.counts.changed.values()),
        ("counting.write_count_lines", books.count_lines.changed.values()),
        ("stock.write_levels", books.levels.changed.values()),
        ("stock.write_lots", books.lots.changed.values()),
        ("stock.write_holdings", books.holdings.changed.values()),
        ("shipping.write_parcels", books.parcels.changed.values()),
        ("shipping.write_parcel_lines", books.parcel_lines.changed.values()),
        ("shipping.write_traces", books.traces.changed.values()),
        ("shipping.write_carrier_labels", books.carrier_labels.changed.values()),
        ("shipping.write_ranges", books.ranges.changed.values()),
        ("picking.write_batches", books.batches.changed.values()),
        ("picking.write_batch_orders", books.batch_orders.changed.values()),
        ("picking.write_tasks", books.tasks.changed.values()),
        ("documents.write_prints", books.prints.changed.values()),
        ("documents.write_mails", books.mails.changed.values()),
        ("stations.write_stations", books.stations.changed.values()),
        ("people.write_accounts", books.accounts.changed.values()),
        ("people.write_sessions", books.sessions.changed.values()),
        ("people.write_tokens", books.tokens.changed.values()),
        ("people.write_attempts", books.attempts.changed.values()),
        ("claims.write_claims", books.claims.changed.values()),
        ("claims.write_certificates", books.certificates.changed.values()),
        ("people.write_audit", [*books.audit, *trail(books)]),
        ("desk.write_received", books.received.changed.values()),
        ("stock.write_movements", books.movements),
        ("tracking.write_tracking", books.tracking),
        ("tracking.write_timeline", books.timeline),
        ("tracking.write_problems", books.problems),
        ("stations.write_scale_checks", books.scale_checks),
        ("desk.write_aside", books.aside),
        ("desk.write_restorations", books.restorations),
        ("desk.write_outbox", letters),
        ("desk.write_news", news),
        ("desk.write_ended", ended),
        ("desk.forget_ended", going_on),
    )
    for query, rows in changed:
        if rows:
            run.many(query, [astuple(row) for row in rows])
    if books.products.changed:
        _write_found_by(run, books.products.changed.values())
    if books.orders.changed or books.lines.changed:
        _write_terms(run, terms.changes(books))
    if freed := books.freed():
        run.many("orders.mark_freed", [(_each(sorted(freed)),)])
    if books.served:
        run.many("orders.forget_freed", books.served)
    if books.closed_problems:
        run.many("tracking.close_problems", books.closed_problems)
    if books.mended:
        run.many("tracking.close_problems_of_parcels", books.mended)
    if books.aside:
        run.many("desk.trim_aside", [()])
    if books.sessions.changed:
        run.many("people.trim_sessions", [(min(row.seen_at for row in books.sessions.changed.values()),)])
    if books.attempts.changed:
        run.many("people.trim_attempts", [(max(row.last_at for row in books.attempts.changed.values()),)])
    if books.audit_kept_from:
        run.many("people.trim_audit", [(books.audit_kept_from,)])
    if books.restorations:
        run.many("people.end_sessions", [()])
        run.many("stations.forget_presence", [()])
    if books.claims.changed:
        run.many("claims.trim_claims", [(max(row.ends_at for row in books.claims.changed.values()),)])


def keep_request(run: Statements, request: RequestRow) -> None:
    """An answer that was given under a key; old ones go."""
    run.many("desk.forget_requests", [(request.at - KEPT_FOR_MS, ALWAYS_KEPT)])
    run.many("desk.write_request", [astuple(request)])


def forget_sent(run: Statements, sequences: Sequence[int]) -> None:
    """Outbox rows that the broker has."""
    if sequences:
        run.many("desk.forget_sent", [(_each(sequences),)])


def _write_terms(run: Statements, changed: terms.Changes) -> None:
    if changed.gone:
        run.many("orders.forget_terms", changed.gone)
    if changed.come:
        # In the order of the table: neighbours share a page.
        run.many("orders.write_terms", sorted(changed.come))
    if changed.texts:
        run.many("orders.write_text", changed.texts)


def make_findable(run: Statements, most: int) -> int:
    """Give words to orders of before there were any; return to how many."""
    unfound = [order for (order,) in run.rows("orders.unfound", most)]
    if unfound:
        wanted = _each(unfound)
        books = Books()
        books.orders.fill(OrderRow(*row) for row in run.rows("orders.load", wanted))
        books.lines.fill([LineRow(*row) for row in run.rows("orders.load_lines", wanted)])
        for order in list(books.orders):
            books.orders.put(order)
            books.orders.before[order.order_id] = None
        _write_terms(run, terms.changes(books))
        run.many("orders.found", [(wanted,)])
    return len(unfound)


def _write_found_by(run: Statements, products: Iterable[ProductRow]) -> None:
    run.many("stock.forget_codes", [(_each([product.sku for product in products]),)])
    run.many("stock.fold_names", [(folded(product.name), product.sku) for product in products])
    run.many("stock.write_codes", [(code, product.sku) for product in products for code in product.scannable])
