"""Values as people read them: times in the site's zone, numbers with their units. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from contract.values import Language
from labels.countries import names_of

_MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
}
_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£"}
_THIN: Final = "\u202f"
"""Narrow space that does not break: French groups thousands with it."""
_FIXED: Final = "\u00a0"


def moment(at: int, zone: ZoneInfo) -> datetime:
    """Milliseconds since the epoch as a time of the zone."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)


def short_time(at: int, now: int, zone: ZoneInfo, language: Language) -> str:
    """`14:05` today, `4 May 14:05` this year, `4 May 2025` before."""
    then, today = moment(at, zone), moment(now, zone)
    clock = f"{then.hour:02d}:{then.minute:02d}"
    if then.date() == today.date():
        return clock
    day = f"{then.day}{_FIXED}{_MONTHS[language][then.month - 1]}"
    return f"{day} {clock}" if then.year == today.year else f"{day} {then.year}"


def exact_time(at: int, zone: ZoneInfo) -> str:
    """To the second, with the zone's own name."""
    return moment(at, zone).strftime("%Y-%m-%d %H:%M:%S %Z")


def number(value: int, language: Language) -> str:
    """Thousands in groups."""
    grouped = f"{value:,}"
    return grouped.replace(",", _THIN) if language == "fr" else grouped


def pieces(value: int, language: Language) -> str:
    """A count; nothing is a dash, so that what there is stands out."""
    return number(value, language) if value else "–"


def grams(value: int | None, language: Language) -> str:
    """`1,240 g`, or a dash when nobody knows."""
    return "–" if value is None else f"{number(value, language)}{_FIXED}g"


def signed_grams(value: int, language: Language) -> str:
    """A difference: `+5 g`, `−3 g`, `0 g`."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{grams(abs(value), language)}"


def country(code: str, language: Language) -> str:
    """`DE` as `Allemagne` or `Germany`."""
    french, english = names_of(code)
    return french if language == "fr" else english


def money(minor: int, currency: str, language: Language) -> str:
    """Minor units as `€37.40` or `37,40 €`."""
    whole, rest = divmod(abs(minor), 100)
    sign = "−" if minor < 0 else ""
    unit = _SIGNS.get(currency, currency)
    if language == "fr":
        return f"{sign}{number(whole, 'fr')},{rest:02d}{_FIXED}{unit}"
    gap = "" if currency in _SIGNS else _FIXED
    return f"{sign}{unit}{gap}{number(whole, 'en')}.{rest:02d}"
