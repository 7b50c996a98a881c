"""Counts: planned, counted, then approved or not. Pure.

What a line should have had is worked out when somebody decides: what the books have then, without what moved after the
moment of counting. So it does not matter what is packed or received meanwhile, nor when stations tell of it.

Once all is counted, what is far off (`Standing.recount`) is due a second time, blind. Benches give it to somebody else
than who counted first, unless the shop has one person alone; what the office types in may come from anybody's paper.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from central.counting.model import Found, Plan
from central.counting.rows import CountLineRow, CountRow
from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.orders.rules import By
from central.stock.ledger import Cause, Spot, loose, may_oversell, move
from central.stock.promises import keep_promises
from central.stock.rows import LevelRow, Movement
from central.stock.rules import know_lot, take_out
from central.tracking.rows import ProblemRow
from contract.keys import Sku


def keys_to_count(count: str, found: Iterable[Found]) -> Keys:
    """What taking down these touches."""
    skus = frozenset(each.sku for each in found)
    counts = frozenset({count} if count else ())
    return Keys(counts=counts, counts_to_decide=counts, skus=skus, lots_of=skus)


def plan(books: Books, wanted: Plan, by: By) -> None:
    """Make a count job. The same one again changes nothing. Load with `Keys(counts={count}, skus=…)`.

    Raises `Refused`.
    """
    if wanted.count in books.counts:
        return
    warehouse = wanted.warehouse or books.standing.warehouses[0]
    if warehouse not in books.standing.warehouses:
        raise not_found("warehouse", warehouse)
    lines = []
    for sku in dict.fromkeys(wanted.skus):
        if sku not in books.products:
            raise not_found("product", sku)
        spots = _spots(books, books.level_at(sku, warehouse))
        lines += [
            CountLineRow(wanted.count, sku, *spot) for spot in spots if not wanted.bins or spot.bin in wanted.bins
        ]
    if not lines:
        raise Refused("invalid", "There is nothing to count: no product lies in these bins.", "bins", "")
    books.counts.put(CountRow(wanted.count, warehouse, wanted.what, wanted.blind, "open", by.at, by.name))
    for line in lines:
        books.count_lines.put(line)
    books.note(f"count/{wanted.count}", by.at, "count_planned", by=by.name, text=wanted.what)


def _spots(books: Books, level: LevelRow) -> list[Spot]:
    """Every bin and lot where pieces should be; the pick bin when there are none at all."""
    spots = [Spot(row.bin, row.lot) for row in books.holdings.of((level.sku, level.warehouse)) if row.quantity]
    if loose(books, level) or not spots:
        spots.append(Spot(level.pick_bin if not spots and not level.shelf else ""))
    return sorted(spots)


def record(books: Books, count: str, found: Iterable[Found], by: By) -> None:
    """Take down what was found. A spot that is counted again counts as it was found last. Raises `Refused`.

    Load with `keys_to_count`.
    """
    job = known(books, count)
    if job.status in ("approved", "rejected"):
        raise Refused("conflict", f"Count {count} was decided on already; plan another one.", "status", job.status)
    for each in found:
        if each.sku not in books.products:
            raise not_found("product", each.sku)
        if each.quantity < 0:
            raise Refused(
                "invalid",
                f"{each.sku}: {each.quantity} cannot be counted; give zero or more.",
                "counted",
                str(each.quantity),
            )
        if each.made.name:
            know_lot(books, each.sku, each.made)
        _take_down(books, job, each, by)
    _have_counted_again(books, job, by)
    _settle(books, job)


def record_as_told(books: Books, count: str, found: Found, station: str, warehouse: str, badge: str, at: int) -> None:
    """A station's count. One that fits no open job becomes a job of its own, so that it is decided on too.

    Load with `keys_to_count`.
    """
    by = By(badge, at)
    if found.sku not in books.products or found.quantity < 0:
        text = f"{found.quantity} × {found.sku} were counted in {found.bin or 'no bin'}: there is no such product"
        books.problems.append(ProblemRow("count_not_booked", text, at, station, badge, sku=found.sku))
        return
    job = books.counts.get(count)
    if job is None or job.status in ("approved", "rejected"):
        count = f"{count or station}-{at}"
        job = CountRow(count, warehouse, str(found.sku), False, "open", at, badge)
        books.counts.put(job)
    line = books.count_lines.get((count, found.sku, found.bin, found.made.name))
    if line is not None and line.is_due_again and not may_count_again(books, line, badge):
        # He looked once more at what he counted before, and the other person is still to come.
        if at > (line.first_at or 0):
            books.count_lines.put(replace(line, first_counted=found.quantity, first_at=at))
        return
    try:
        record(books, count, (found,), by)
    except Refused as refused:
        record(books, count, (replace(found, lot="", expiry=""),), by)
        books.problems.append(ProblemRow("count_unclear", refused.text, at, station, badge, sku=found.sku))


def may_count_again(books: Books, line: CountLineRow, badge: str) -> bool:
    """Whether who has the badge may count the line a second time. Load with `Keys.badges`."""
    person = books.person(badge)
    names = {badge.casefold(), person.name.casefold() if person else ""}
    return books.standing.recount.by_anyone or line.first_by.casefold() not in names


def is_unsure(books: Books, line: CountLineRow) -> bool:
    """Whether it was far off and nobody who may has counted it since."""
    same_person = line.counted_by == line.first_by and not books.standing.recount.by_anyone
    return line.is_due_again or (line.first_counted is not None and same_person)


def _take_down(books: Books, job: CountRow, found: Found, by: By) -> None:
    key = (job.count, found.sku, found.bin, found.made.name)
    line = books.count_lines.get(key) or CountLineRow(*key)
    # Told twice or late: the newest look at the shelf counts, and what came before the first one is no second.
    if by.at >= (line.counted_at or 0) and by.at > (line.first_at or -1):
        books.count_lines.put(replace(line, counted=found.quantity, counted_at=by.at, counted_by=by.name))


def _have_counted_again(books: Books, job: CountRow, by: By) -> None:
    """Make what is far off due a second time, each once, when the whole job is counted."""
    lines = books.count_lines.of(job.count)
    if any(line.counted is None for line in lines):
        return
    off = [
        line
        for line in lines
        if line.first_counted is None and books.standing.recount.wants(expected_of(books, job, line), line.counted or 0)
    ]
    for line in off:
        books.count_lines.put(line.due_again)
    if off:
        text = ", ".join(f"{line.bin} {line.sku}".strip() for line in off[:20])
        books.note(f"count/{job.count}", by.at, "count_due_again", text=text)


def _settle(books: Books, job: CountRow) -> None:
    lines = books.count_lines.of(job.count)
    status = "counted" if all(line.counted is not None for line in lines) else "open"
    if status != job.status:
        books.counts.put(replace(job, status=status))


def expected_of(books: Books, job: CountRow, line: CountLineRow) -> int:
    """What the books had of the line at the moment it was counted, or have now. Load with `Keys.counts_to_decide`."""
    level = books.level_at(line.sku, job.warehouse)
    now = _there(books, level, Spot(line.bin, line.lot))
    if line.counted_at is None:
        return now
    since = [*books.moved_since, *books.movements]
    return now - sum(_change(each, job, line) for each in since if each.at > line.counted_at)


def _there(books: Books, level: LevelRow, spot: Spot) -> int:
    if spot == Spot():
        return loose(books, level)
    row = books.holdings.get((level.sku, level.warehouse, *spot))
    return row.quantity if row else 0


def _change(movement: Movement, job: CountRow, line: CountLineRow) -> int:
    """What a movement did to the line's spot."""
    if (movement.sku, movement.warehouse, movement.lot) != (line.sku, job.warehouse, line.lot):
        return 0
    came = movement.target == "shelf" and movement.target_bin == line.bin
    went = movement.source == "shelf" and movement.source_bin == line.bin
    return movement.quantity * (came - went)


def approve(books: Books, count: str, by: By, account: str = "", reason: str = "") -> None:
    """Make the stock what was found. Promises for which nothing is left are taken back, the newest orders first.

    `account`: of a person who may not approve what he counted himself; load it. `reason`: why what is far off needs no
    second count by somebody else; without one it is refused. Load with `Keys(counts={count},
    counts_to_decide={count}, orders=…)`: the orders that are promised what was not found. Raises `Refused`.
    """
    job = known(books, count)
    if job.status == "approved":
        return
    unsure = sum(is_unsure(books, line) for line in books.count_lines.of(count))
    lines = [line.at_last for line in books.count_lines.of(count)]
    if job.status == "rejected" or any(line.counted is None for line in lines):
        raise Refused(
            "conflict", f"Count {count} is not complete; it can be approved once all is counted.", "status", ""
        )
    if unsure and not reason:
        raise Refused(
            "conflict",
            f"Count {count} has lines that are far off and that nobody else has counted again ({unsure}). Say why "
            "that is not needed.",
            "reason",
            "",
        )
    if account:
        _not_his_own(lines, count, {by.name, books.accounts[account].badge} - {""})
    decided = [replace(line, expected=expected_of(books, job, line)) for line in lines]
    for line in decided:
        books.count_lines.put(line)
        _adjust(books, job, line, Cause(f"count/{count}", by.name, by.at))
    for sku in dict.fromkeys(line.sku for line in decided):
        _keep_promises(books, sku, job.warehouse, by)
        books.counted.add(sku)
    books.counts.put(replace(job, status="approved", decided_at=by.at, decided_by=by.name))
    books.note(f"count/{count}", by.at, "count_approved", by=by.name, text=reason)


def _not_his_own(lines: Iterable[CountLineRow], count: str, names: set[str]) -> None:
    """Four eyes: what one counted another approves."""
    own = sum(line.counted_by in names for line in lines)
    if own:
        raise Refused(
            "conflict",
            f"You counted {own} lines of count {count} yourself; somebody else approves it.",
            "counted_by",
            str(own),
        )


def _adjust(books: Books, job: CountRow, line: CountLineRow, cause: Cause) -> None:
    difference = (line.counted or 0) - (line.expected or 0)
    level, spot = books.level_at(line.sku, job.warehouse), Spot(line.bin, line.lot)
    if difference > 0:
        move(books, level, "", "shelf", difference, "counted", cause, spot)
    elif difference < 0:
        lost = -difference if may_oversell(books, line.sku) else min(-difference, level.shelf)
        gone = min(lost, max(0, _there(books, level, spot)))
        if gone:
            level = move(books, level, "shelf", "", gone, "counted", cause, spot)
        # What was taken since from a bin that had less than the books thought came from elsewhere.
        if lost > gone:
            take_out(books, level, lost - gone, "counted", cause)


def _keep_promises(books: Books, sku: Sku, warehouse: str, by: By) -> None:
    """Take promises back until the shelf has what is promised. Raises `Refused`."""
    if lacking := keep_promises(books, sku, warehouse, by):
        raise Refused(
            "conflict",
            f"{sku}: {lacking} more are promised to orders than were found; release or cancel orders first.",
            "counted",
            str(lacking),
        )


def reject(books: Books, count: str, by: By) -> None:
    """Leave the stock as it is. Raises `Refused`."""
    job = known(books, count)
    if job.status == "approved":
        raise Refused("conflict", f"Count {count} was approved already; plan another one.", "status", job.status)
    books.counts.put(replace(job, status="rejected", decided_at=by.at, decided_by=by.name))
    books.note(f"count/{count}", by.at, "count_rejected", by=by.name)


def count_again(books: Books, count: str, skus: Iterable[Sku], by: By) -> None:
    """Forget what was found of these products: they are counted once more. Raises `Refused`."""
    job = known(books, count)
    if job.status in ("approved", "rejected"):
        raise Refused("conflict", f"Count {count} was decided on already; plan another one.", "status", job.status)
    wanted = set(skus)
    for line in books.count_lines.of(count):
        if line.sku in wanted:
            books.count_lines.put(CountLineRow(count, line.sku, line.bin, line.lot))
    books.note(f"count/{count}", by.at, "count_again", by=by.name, text=", ".join(sorted(wanted)))
    _settle(books, job)


def known(books: Books, count: str) -> CountRow:
    """The count. Raises `Refused`."""
    job = books.counts.get(count)
    if job is None:
        raise not_found("count", count)
    return job
