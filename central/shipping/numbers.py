"""SSCC serials: leased to stations, each once, also after the database was restored from an old copy. Pure.

Of a prefix no more than so many are leased in a day (UTC). A restoration therefore knows how far the numbers may have
come that the copy does not know of, and goes on behind them: `may_be_out` has the sum, and a test plays any lives of a
database.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

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

    Load with `Keys(sscc_prefixes={prefix}, sscc_days={day_of(at)}, sscc_asks={message_id})`.
    """
    for row in books.ranges:
        if row.message_id == message_id:
            return SsccRange(row.prefix, row.first, row.last)
    # Each day by the clock has its own limit: one that was years ahead must not use up the days after it was put right.
    at_most = per_day - _of_day(books, prefix, at)
    if at_most <= 0:
        raise Refused(
            "conflict", f"{per_day} SSCCs were leased today, and no more may be: see sscc_per_day in the configuration."
        )
    start = newest_serial(books, prefix)
    first, last = start + 1, start + min(max(count, 1), MOST_AT_ONCE, at_most)
    try:
        Sscc.numbered(prefix, last)
    except BadKey as error:
        raise Refused("conflict", f"No SSCC is left: {error}. Configure another prefix.") from error
    books.ranges.put(SsccRangeRow(prefix, first, last, station, message_id, at, per_day - at_most + last - start))
    books.note(f"station/{station}", at, "sscc_leased", station=station, text=f"{prefix} {first}–{last}")
    return SsccRange(prefix, first, last)


class Reached(Struct, frozen=True):
    """How far the serials of a prefix had come at a moment: none above was out, whatever became of the database."""

    serial: int
    at: int


def may_be_out(known: Iterable[Reached], at: int, per_day: int, unread: int = 0) -> int:
    """The highest serial that may be out.

    In a day at most `per_day` are leased by each life of the database: so many for each day that began since, the first
    and the last among them; one more for a day that a wrong clock named. `unread`: restorations since of which it is
    not known how far they went; the guess is that each began behind all that those before it could have given out.
    """
    return max(
        (each.serial + per_day * (max(0, day_of(at) - day_of(each.at)) + 2) * 3**unread for each in known), default=0
    )


def go_behind(books: Books, prefix: str, serial: int, at: int) -> int:
    """Nobody is given a serial up to this one: stations may have them. From where on they are given.

    Load with `Keys(sscc_prefixes={prefix})`.
    """
    start, last = newest_serial(books, prefix), min(serial, room_under(prefix))
    if last > start:
        books.ranges.put(SsccRangeRow(prefix, start + 1, last, "", f"restored/{at}/{prefix}", at))
    return max(start, last)


def heard(books: Books, station: str, ranges: Iterable[SsccRange], at: int) -> None:
    """A station tells what it was leased: what the books do not know of is never given out, and somebody is told.

    Load with the prefixes in `Keys.sscc_prefixes`.
    """
    for told in ranges:
        start = newest_serial(books, told.prefix)
        if not (told.prefix.isdecimal() and len(told.prefix) < 17 and start < told.last <= room_under(told.prefix)):
            continue
        name = f"heard/{told.prefix}/{told.last}"
        books.ranges.put(SsccRangeRow(told.prefix, start + 1, told.last, station, name, at))
        text = (
            f"Station {station} has parcel numbers {told.first} to {told.last} under {told.prefix}, which the books "
            "had not given out. They will not be given again; look for parcels with the same number."
        )
        books.problems.append(ProblemRow("sscc_beyond", text, at, station))


def day_of(at: int) -> int:
    """Counted from 1970, in UTC."""
    return at // _DAY_MS


def _of_day(books: Books, prefix: str, at: int) -> int:
    """How many were leased on the day already."""
    leased = (row.of_day for row in books.ranges if row.prefix == prefix and day_of(row.leased_at) == day_of(at))
    return max(leased, default=0)


def newest_serial(books: Books, prefix: str) -> int:
    """The highest that the books know of; 0: none. Load with `Keys(sscc_prefixes={prefix})`."""
    return max((row.last for row in books.ranges if row.prefix == prefix), default=0)
