"""A leased job as the station gets it: everything that the bench needs with no network. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast, get_args

import msgspec

from central.desk.books import Books
from central.orders.rows import LineRow, OrderRow
from central.packing.house import House
from central.packing.masses import learned
from central.packing.rows import JobRow
from central.stock.rows import ProductRow
from contract.values import Instruction, Job, JobLine, Language, PhotoPolicy, Policy, UnitMass

_STRICTNESS: Final[tuple[PhotoPolicy, ...]] = get_args(PhotoPolicy)
_NAMES = msgspec.json.Decoder(tuple[str, ...])


def job_of(books: Books, house: House, orders: Sequence[OrderRow], row: JobRow) -> Job:
    """What is reserved of the orders and not packed yet, with what an earlier station had in hand."""
    first = orders[0]
    lines = [line for order in orders for line in books.lines.of(order.order_id) if line.reserved]
    numbers = tuple(order.order_id for order in orders)
    return Job(
        job=row.job_id,
        fence=row.fence,
        orders=numbers,
        consignee=first.address,
        sender=house.sender,
        lines=tuple(_line(books, line) for line in lines),
        service=house.service(first.service),
        language=cast(Language, first.language),
        instructions=tuple(each for order in orders for each in _instructions(books, order, lines, len(orders) > 1)),
        short_policy=house.short_policy,
        box=first.actions.box if len(orders) == 1 else "",
        in_hand=row.pieces,
        parcels_closed=len({piece.sscc for piece in books.parcel_lines if piece.order_id in numbers}),
        confirmed=_NAMES.decode(row.confirmed),
        codes=_codes(books, orders),
        box_masses=learned(row for row in books.masses if row.kind == "box"),
        contact=house.contact,
        photo=max((_photo(house, order) for order in orders), key=_STRICTNESS.index),
        returns=next((order.actions.returns for order in orders if order.actions.returns), house.returns),
        returns_within_days=house.returns_within_days,
    )


def _codes(books: Books, orders: Sequence[OrderRow]) -> tuple[str, ...]:
    """Totes, pick lists, and the parcels that were packed of it before."""
    numbers = {order.order_id for order in orders}
    papers = [code for order in orders for code in (order.tote, order.pick_list) if code]
    parcels = [str(piece.sscc) for piece in books.parcel_lines if piece.order_id in numbers]
    return tuple(dict.fromkeys((*papers, *parcels)))


def _photo(house: House, order: OrderRow) -> PhotoPolicy:
    return cast(PhotoPolicy, order.photo) if order.photo else house.photographs(order.service)


def _line(books: Books, line: LineRow) -> JobLine:
    product = books.products.get(line.sku)
    if product is None:
        return JobLine(line.order_id, line.line, line.sku, line.name or line.sku, line.reserved)
    return JobLine(
        order=line.order_id,
        line=line.line,
        sku=line.sku,
        name=product.name,
        quantity=line.reserved,
        codes=product.item_codes,
        mass=_mass(books, product),
        policy=cast(Policy, product.policy),
        picture=product.picture,
        fragile=bool(product.fragile),
        requires=product.traced,
        size=product.size,
    )


def _mass(books: Books, product: ProductRow) -> UnitMass | None:
    """As learned once enough were seen, before that as on file."""
    row = books.masses.get(("product", product.sku))
    return (row.learned if row is not None else None) or product.mass


def _instructions(books: Books, order: OrderRow, lines: list[LineRow], several: bool) -> tuple[Instruction, ...]:
    """What must be read for one order of the job; among `several` each names its own."""
    number = order.order_id
    prefix, about = (f"{number}/", f"{number}: ") if several else ("", "")
    notes = [note.text for note in order.noted if note.audience == "packer"]
    said = [Instruction(f"{prefix}note-{count}", f"{about}{text}") for count, text in enumerate(notes, 1)]
    if order.gift_note:
        said.append(Instruction(f"{prefix}gift-note", f"{about}{order.gift_note}", kind="gift_note"))
    for line in lines:
        product = books.products.get(line.sku)
        if line.order_id == number and product is not None and product.instruction:
            said.append(
                Instruction(
                    f"{prefix}line-{line.line}",
                    product.instruction,
                    kind="condition",
                    scope="item",
                    line=line.line,
                    order=number if several else None,
                )
            )
    return tuple(said)
