"""Every topic and every filter, as functions. Root: `packline/1/{site}`."""

from __future__ import annotations

from typing import NamedTuple

from contract.complaint import shown
from contract.keys import OrderId, Sku, Sscc, StationId

_ROOT = "packline/1"
_FORBIDDEN = frozenset("+#/\0")


def level(name: str) -> str:
    """`name` as one topic level. Raises `ValueError` for characters that MQTT gives a meaning."""
    if not name or _FORBIDDEN & set(name):
        raise ValueError(f"{shown(name)!r} cannot be part of a topic: it is empty or has one of + # / in it")
    return name


def _escaped(name: str) -> str:
    """`name` for a topic when it is a shop's own text: the characters that MQTT reads become %XX."""
    return "".join(f"%{ord(char):02X}" if char in "+#/%\0" else char for char in name)


def _station(site: str, station: str, channel: str) -> str:
    return f"{_ROOT}/{level(site)}/station/{level(station)}/{channel}"


def fact(site: str, station: StationId) -> str:
    return _station(site, station, "fact")


def ask(site: str, station: StationId) -> str:
    return _station(site, station, "ask")


def state(site: str, station: StationId) -> str:
    return _station(site, station, "state")


def progress(site: str, station: StationId) -> str:
    return _station(site, station, "progress")


def photo(site: str, station: StationId) -> str:
    return _station(site, station, "photo")


def inbox(site: str, station: StationId) -> str:
    return _station(site, station, "inbox")


def from_stations(site: str, channel: str) -> str:
    """The filter for one channel of every station of a site."""
    return f"{_ROOT}/{level(site)}/station/+/{channel}"


def news_order(site: str, order: OrderId) -> str:
    return f"{_ROOT}/{level(site)}/news/order/{_escaped(order)}"


def news_parcel(site: str, sscc: Sscc) -> str:
    return f"{_ROOT}/{level(site)}/news/parcel/{sscc}"


def news_stock(site: str, sku: Sku) -> str:
    return f"{_ROOT}/{level(site)}/news/stock/{_escaped(sku)}"


class StationTopic(NamedTuple):
    """A station's topic, taken apart."""

    site: str
    station: StationId
    channel: str


def parse_station_topic(topic: str) -> StationTopic | None:
    """The parts of a station's topic, or None when it is not one."""
    parts = topic.split("/")
    if len(parts) != 6 or parts[:2] != ["packline", "1"] or parts[3] != "station":
        return None
    return StationTopic(parts[2], StationId(parts[4]), parts[5])
