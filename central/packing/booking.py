"""What a closed parcel changes. Pure.

The parcel exists, so it is booked whatever it says; what is wrong with it becomes a named problem, a sentence for the
packer, and a parcel that must not leave the house.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, cast

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.rows import LineRow
from central.packing import wording
from central.packing.house import House
from central.packing.jobs import begun, is_current, tell_stale
from central.packing.teaching import teach
from central.packing.wording import Said
from central.shipping.rows import ParcelLineRow, ParcelRow, TraceRow, lots_in
from central.shipping.rules import take_apart
from central.stock.ledger import Cause
from central.stock.rules import pack, reserve_line, unreserve_line, write_off
from central.tracking.rows import ProblemRow, TrackingRow
from contract.envelope import encode
from contract.keys import JobId, OrderId, Sku, Sscc
from contract.messages import LabelVoided, ParcelClosed, ShortReported
from contract.values import PackedLine, ShortKind


class Piece(NamedTuple):
    """All pieces of one order line in a parcel."""

    order: OrderId
    line: int
    sku: Sku
    quantity: int
    lots: dict[str, int]
    """Of which lots they are, as far as that was told."""


class Wrong(NamedTuple):
    """Something wrong with a parcel: its stable name, what the packer is told, and whether the parcel must stay."""

    kind: str
    said: Said
    order: OrderId | str = ""
    stays: bool = True


def close_parcel(books: Books, house: House, station: str, fact: ParcelClosed, token: str, now: int) -> list[Said]:
    """Book the parcel; return what its packer must know. The same parcel again changes nothing."""
    sscc = cast(Sscc, str(fact.sscc))
    pieces = merged(fact.contents)
    known = books.parcels.get(sscc)
    if known is not None and (known.status != "voided" or known.contents != "[]"):
        return _again(books, station, fact, known)
    voided = known is not None
    wrong = [] if voided else _book_pieces(books, fact, sscc, pieces, house.warehouse_of(station))
    wrong += _trace(books, fact, sscc, voided=voided)
    wrong += _check_lease(books, station, fact)
    if fact.weighing is None and not any(override.kind in ("scale", "weight") for override in fact.overrides):
        wrong.append(Wrong("not_weighed", wording.not_weighed(sscc), stays=False))
    held = "; ".join(each.said.en for each in wrong if each.stays)
    if not wrong and not voided:
        teach(books, house, fact)
    parcel = _parcel(books, house, station, fact, pieces, token, now)
    if known is not None:
        parcel = replace(parcel, status="voided", status_at=known.status_at, token=known.token, events=known.events)
    parcel = replace(parcel, held=held, events=parcel.events + 1)
    books.parcels.put(parcel)
    books.tracking.append(TrackingRow(sscc, parcel.events, "packed", fact.closed_at, now, "station"))
    for order in parcel_orders(pieces):
        books.note(f"order/{order}", fact.closed_at, "parcel_closed", station=station, by=fact.badge, text=sscc)
    for each in wrong:
        books.problems.append(
            ProblemRow(each.kind, each.said.en, fact.closed_at, station, fact.badge, each.order, sscc)
        )
    return [each.said for each in wrong]


def merged(contents: Iterable[PackedLine]) -> list[Piece]:
    """One entry for each order line: a line may be told in several parts. Pieces of different products stay apart."""
    told: dict[tuple[OrderId, int, Sku], list[PackedLine]] = {}
    for packed in contents:
        if packed.quantity > 0:
            told.setdefault((packed.order, packed.line, packed.sku), []).append(packed)
    return [Piece(*key, sum(each.quantity for each in parts), lots_in(parts)) for key, parts in told.items()]


def parcel_orders(pieces: Iterable[Piece]) -> dict[OrderId, None]:
    return dict.fromkeys(piece.order for piece in pieces)


def _book_pieces(books: Books, fact: ParcelClosed, sscc: Sscc, pieces: list[Piece], warehouse: str) -> list[Wrong]:
    wrong = [each for order in parcel_orders(pieces) if (each := _wrong_with_order(books, order, fact.fence))]
    cause = Cause(sscc, fact.badge, fact.closed_at)
    for piece in pieces:
        line = books.lines.get((piece.order, piece.line))
        counted = 0
        if line is not None and line.sku == piece.sku:
            counted = min(piece.quantity, line.to_pack)
            if counted:
                line = unreserve_line(books, line, counted)
                books.lines.put(replace(line, packed=line.packed + counted))
            if counted < piece.quantity and not wrong:
                said = wording.more_than_ordered(piece.order, piece.line, piece.quantity - counted)
                wrong.append(Wrong("more_than_ordered", said, piece.order))
        elif piece.order in books.orders:
            said = wording.not_on_order(piece.order, piece.line, piece.sku)
            wrong.append(Wrong("not_on_order", said, piece.order))
        stopped = [lot for lot in piece.lots if (known := books.lots.get((piece.sku, lot))) and known.stopped]
        wrong += [Wrong("stopped_lot", wording.parcel_of_stopped_lot(piece.sku, lot), piece.order) for lot in stopped]
        pack(books, piece.sku, piece.quantity, cause, warehouse, piece.lots)
        books.parcel_lines.put(ParcelLineRow(piece.order, piece.line, sscc, piece.sku, piece.quantity, counted))
    return wrong


def _trace(books: Books, fact: ParcelClosed, sscc: Sscc, *, voided: bool) -> list[Wrong]:
    """Keep where the pieces come from. A number that another parcel has already means that one of them is wrong."""
    wrong: list[Wrong] = []
    before = {} if voided else {row.item: row.sscc for row in books.traces if row.serial and _is_out(books, row)}
    told: Counter[tuple[OrderId, int]] = Counter()
    for packed in fact.contents:
        for trace in packed.traces:
            row = TraceRow(
                *(sscc, packed.order, packed.line, told[packed.order, packed.line], packed.sku),
                *(trace.quantity, trace.lot, trace.serial, trace.expiry),
            )
            if row.item in before:
                said = wording.serial_twice(packed.sku, trace.serial, before[row.item])
                wrong.append(Wrong("serial_twice", said, packed.order))
            before |= {row.item: sscc} if trace.serial and not voided else {}
            books.traces.put(row)
            told[packed.order, packed.line] += 1
    return wrong


def _is_out(books: Books, row: TraceRow) -> bool:
    parcel = books.parcels.get(row.sscc)
    return parcel is None or parcel.status != "voided"


def _wrong_with_order(books: Books, number: OrderId, fence: int) -> Wrong | None:
    order = books.orders.get(number)
    if order is None:
        return Wrong("unknown_order", wording.parcel_of_nothing(number), number)
    if order.cancelled:
        return Wrong("void_label", wording.parcel_of_cancelled(number), number)
    if order.is_held:
        return Wrong("packed_while_held", wording.parcel_of_held(number), number)
    row = books.jobs.get(JobId(number))
    if row is not None and fence <= row.old_labels:
        return Wrong("relabel", wording.parcel_with_old_label(number), number)
    return None


def _check_lease(books: Books, station: str, fact: ParcelClosed) -> list[Wrong]:
    row = books.jobs.get(fact.job)
    if row is not None and is_current(row, station, fact.fence):
        if row.until:
            row = begun(books, row)
        if row.state == "leased" and row.in_hand != "[]":
            books.jobs.put(replace(row, in_hand="[]"))
        return []
    if row is None:
        return []
    return [Wrong("stale_lease", tell_stale(books, station, fact.job, fact.fence), fact.job, stays=False)]


def _parcel(
    books: Books, house: House, station: str, fact: ParcelClosed, pieces: list[Piece], token: str, now: int
) -> ParcelRow:
    orders = list(parcel_orders(pieces))
    order = books.orders.get(orders[0]) if orders else None
    carrier = house.service(order.service if order else "").carrier
    sscc = cast(Sscc, str(fact.sscc))
    return ParcelRow(
        sscc=sscc,
        job_id=fact.job,
        number=fact.number,
        status="packed",
        status_at=fact.closed_at,
        orders=encode(orders).decode(),
        contents=encode(fact.contents).decode(),
        station=station,
        badge=fact.badge,
        box=fact.box,
        grams=fact.weighing.grams if fact.weighing else None,
        weighing=encode(fact.weighing).decode() if fact.weighing else "",
        overrides=encode(fact.overrides).decode() if fact.overrides else "[]",
        opened_at=fact.opened_at,
        closed_at=fact.closed_at,
        booked_at=now,
        carrier=carrier,
        tracking_number=sscc if carrier == "own" else "",
        token=token,
        materials=encode(fact.materials).decode(),
        photo=encode(fact.photo).decode() if fact.photo is not None else "",
        warehouse=house.warehouse_of(station),
    )


def _again(books: Books, station: str, fact: ParcelClosed, known: ParcelRow) -> list[Said]:
    """A second parcel of the same SSCC: the same one told twice, or two boxes with one label."""
    if known.job_id == fact.job and known.contents == encode(fact.contents).decode():
        return []
    said = wording.sscc_twice(known.sscc)
    books.problems.append(
        ProblemRow(
            "sscc_twice",
            f"{said.en} The first has {_in_words(known.packed_lines)} (job {known.job_id}, station {known.station}), "
            f"the second {_in_words(fact.contents)} (job {fact.job}, station {station}); "
            "the second is not in the stock.",
            fact.closed_at,
            station,
            fact.badge,
            fact.job,
            known.sscc,
        )
    )
    if known.shipped_at is None and not known.held:
        books.parcels.put(replace(known, held=said.en))
    return [said]


def _in_words(contents: Iterable[PackedLine]) -> str:
    return ", ".join(f"{packed.quantity} × {packed.sku}" for packed in contents) or "nothing"


def report_short(books: Books, house: House, station: str, fact: ShortReported) -> None:
    """Correct the stock, and back-order or cancel the pieces as the house decided."""
    cause = Cause(fact.job, fact.badge, fact.at)
    text = f"{fact.quantity} × {fact.sku} {fact.kind}"
    books.note(f"order/{fact.order}", fact.at, "short_reported", station=station, by=fact.badge, text=text)
    line = books.lines.get((fact.order, fact.line))
    quantity = min(fact.quantity, line.to_pack) if line is not None and line.sku == fact.sku else 0
    if line is None or quantity <= 0:
        said = f"{text} was reported for order {fact.order} line {fact.line}, which has none of it to pack; count it"
        books.problems.append(ProblemRow("count_needed", said, fact.at, station, fact.badge, fact.order, sku=fact.sku))
        return
    outcome = leave_out(books, house, line, quantity, fact.kind, cause, house.warehouse_of(station))
    books.problems.append(
        ProblemRow("short", f"{text}: {outcome}", fact.at, station, fact.badge, fact.order, sku=fact.sku)
    )


def leave_out(
    books: Books, house: House, line: LineRow, quantity: int, kind: ShortKind, cause: Cause, warehouse: str
) -> str:
    """Take missing or damaged pieces off the warehouse's shelf; return what becomes of them by the house's policy."""
    write_off(books, line, quantity, kind, cause, warehouse)
    if house.short_policy != "cancel":
        # What is missing may be missing of the others, too: they are promised once somebody has counted.
        if kind == "damaged" and not reserve_line(books, books.lines[line.order_id, line.line], cause.at):
            return "another is promised instead"
        return "back-ordered"
    line = books.lines[line.order_id, line.line]
    books.lines.put(replace(line, cancelled=line.cancelled + quantity))
    return "cancelled"


def void_label(books: Books, station: str, fact: LabelVoided, token: str, now: int) -> list[Said]:
    """A printed label will not be used. A parcel that was closed under it is taken apart."""
    sscc = cast(Sscc, str(fact.sscc))
    if sscc in books.parcels:
        try:
            take_apart(books, sscc, Cause(sscc, fact.badge, fact.at), fact.reason)
        except Refused:
            said = wording.shipped_already(sscc)
            books.problems.append(
                ProblemRow("voided_after_shipping", said.en, fact.at, station, fact.badge, fact.job, sscc)
            )
            return [said]
        return []
    books.parcels.put(_label_alone(station, fact, sscc, token, now))
    books.tracking.append(TrackingRow(sscc, 1, "voided", fact.at, now, "station", fact.reason))
    books.note(
        f"order/{fact.job}", fact.at, "label_voided", station=station, by=fact.badge, text=f"{sscc} {fact.reason}"
    )
    return []


def _label_alone(station: str, fact: LabelVoided, sscc: Sscc, token: str, now: int) -> ParcelRow:
    """A label without a parcel: should its parcel be told later, it is known to be void."""
    return ParcelRow(
        sscc=sscc,
        job_id=fact.job,
        number=0,
        status="voided",
        status_at=fact.at,
        orders="[]",
        contents="[]",
        station=station,
        badge=fact.badge,
        box="",
        grams=None,
        weighing="",
        overrides="[]",
        opened_at=fact.at,
        closed_at=fact.at,
        booked_at=now,
        carrier="own",
        tracking_number="",
        token=token,
        events=1,
    )
