"""SSCC serials: leased to stations, each once, also after the database was restored from an old copy. Pure.

Of a prefix no more than so many are leased in a day (UTC). A restoration therefore knows how many may be out that the
copy does not know of, and goes on behind them: `behind` has the sum, and a test plays any lives of a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from central.desk.books import Books
from central.desk.refused import Refused
from central.shipping.rows import SsccRangeRow
from central.tracking.rows import ProblemRow
from contract.keys import BadKey, Sscc
from contract.values import SsccRange

MOST_AT_ONCE: Final = 10_000
"""Serials of one lease: a station asks for a few hundred."""
_DAY_MS: Final = 24 * 3_600_000
_USUAL_PER_DAY: Final = 10_000


def room_under(prefix: str) -> int:
    """How many serials a prefix has; the first is 1."""
    return int("9" * (17 - len(prefix)))


def usual_per_day(prefix: str) -> int:
    """Far more than a house packs, and so few that a hundred restorations do not use the prefix up."""
    room = room_under(prefix)
    return min(max(_USUAL_PER_DAY, room // 1000), max(1, room // 4))


def lease_range(
    books: Books, prefix: str, count: int, station: str, message_id: str, at: int, per_day: int
) -> SsccRange:
    """Serials that no station had before. The same ask gets the same ones again. Raises `Refused`.

    Load with `Keys(sscc_prefixes={prefix}, sscc_asks={message_id})`.
    """
    for row in books.ranges:
        if row.message_id == message_id:
            return SsccRange(row.prefix, row.first, row.last)
    newest = _newest(books, prefix)
    # A clock that went back does not make a day begin anew.
    at_most = per_day
    if newest is not None and newest.leased_at // _DAY_MS >= at // _DAY_MS:
        at_most = per_day - newest.of_day
        at = max(at, newest.leased_at)
    if at_most <= 0:
        raise Refused(
            "conflict", f"{per_day} SSCCs were leased today, and no more may be: see sscc_per_day in the configuration."
        )
    start = newest.last if newest is not None else 0
    first, last = start + 1, start + min(max(count, 1), MOST_AT_ONCE, at_most)
    try:
        Sscc.numbered(prefix, last)
    except BadKey as error:
        raise Refused("conflict", f"No SSCC is left: {error}. Configure another prefix.") from error
    books.ranges.put(SsccRangeRow(prefix, first, last, station, message_id, at, per_day - at_most + last - start))
    books.note(f"station/{station}", at, "sscc_leased", station=station, text=f"{prefix} {first}–{last}")
    return SsccRange(prefix, first, last)


def behind(taken_at: int, restored_at: int, earlier: int, per_day: int) -> int:
    """How many serials may be out that a copy does not know of.

    `earlier`: restorations between the copy and this one. In a day at most `per_day` are leased by each life of the
    database: so many for each day that began since, the copy's own among them; one more for a clock that was a day
    off. Each earlier restoration began its day anew and added as much of its own: three.
    """
    days = max(0, restored_at // _DAY_MS - taken_at // _DAY_MS) + 1
    return per_day * (days + 1 + 3 * earlier)


def go_behind(books: Books, prefix: str, count: int, at: int) -> None:
    """Nobody is given the next `count` serials: stations may have them. Load with `Keys(sscc_prefixes={prefix})`."""
    newest = _newest(books, prefix)
    start = newest.last if newest is not None else 0
    last = min(start + count, room_under(prefix))
    if last > start:
        books.ranges.put(SsccRangeRow(prefix, start + 1, last, "", f"restored/{at}/{prefix}", at))


def heard(books: Books, station: str, ranges: Iterable[SsccRange], at: int) -> None:
    """A station tells what it was leased: what the books do not know of is never given out, and somebody is told.

    Load with the prefixes in `Keys.sscc_prefixes`.
    """
    for told in ranges:
        newest = _newest(books, told.prefix)
        start = newest.last if newest is not None else 0
        if not (told.prefix.isdecimal() and len(told.prefix) < 17 and start < told.last <= room_under(told.prefix)):
            continue
        name = f"heard/{told.prefix}/{told.last}"
        books.ranges.put(SsccRangeRow(told.prefix, start + 1, told.last, station, name, at))
        text = (
            f"Station {station} has parcel numbers {told.first} to {told.last} under {told.prefix}, which the books "
            "had not given out. They will not be given again; look for parcels with the same number."
        )
        books.problems.append(ProblemRow("sscc_beyond", text, at, station))


def _newest(books: Books, prefix: str) -> SsccRangeRow | None:
    return max((row for row in books.ranges if row.prefix == prefix), key=lambda row: row.last, default=None)
