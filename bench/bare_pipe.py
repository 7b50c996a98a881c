"""The floor under central: paho, a group of what has arrived, the same rows into the same tables, one commit. No rules.

The rows of every message were worked out beforehand (`prepare`); they are what central would write for it.
Run as a process of its own: `python -m bench.bare_pipe PORT SITE DATABASE ROWS`.
"""

from __future__ import annotations

import pickle
import sqlite3
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from bench.offer import at_once
from bench.shop import HOUSE
from central.desk.batch import decide, keys_of
from central.desk.deliveries import FactCame, read
from central.desk.outgoing import outgoing
from central.policy.standing import NOTHING_DECIDED
from central.store.queries import sqlite_queries
from central.store.rows import load, write
from contract import topics
from contract.envelope import Envelope, encode, read_fact
from contract.keys import StationId
from contract.messages import Receipts
from contract.values import Receipt
from link.identity import new_message_id

Rows = dict[str, list[tuple[object, ...]]]
_NEWEST_ONLY = {"stock.write_levels": 0, "desk.write_news": 0}
"""Central writes a row of these once a group: by which column."""
_AT_ONCE = 200


class Recorder(sqlite3.Connection):
    """Loads truly; notes what would be written."""

    written: Rows

    def rows(self, query: str, *params: object) -> Iterable[tuple[Any, ...]]:
        return self.execute(sqlite_queries()[query], params).fetchall()

    def many(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        self.written.setdefault(query, []).extend(rows)


def prepare(database: Path, facts: Sequence[tuple[str, str, str]], target: Path) -> None:
    """Work out for each fact (id, station, JSON) what central would write into `database`, and keep it in `target`."""
    connection = sqlite3.connect(database, factory=Recorder)
    prepared: dict[str, Rows] = {}
    for message, station, payload in facts:
        came = read(HOUSE.site, topics.fact(HOUSE.site, StationId(station)), payload.encode())
        assert isinstance(came, FactCame), came
        connection.written = {}
        books = load(connection, keys_of(HOUSE, [came], came.envelope.recorded_at), NOTHING_DECIDED)
        decide(books, HOUSE, [came], iter([f"floor-{message}"]), came.envelope.recorded_at)
        write(connection, books, *outgoing(books, HOUSE.site, came.envelope.recorded_at))
        prepared[message] = connection.written
    connection.close()
    target.write_bytes(pickle.dumps(prepared))


class BarePipe:
    """paho's thread takes messages, the main thread writes them."""

    def __init__(self, port: int, site: str, database: Path, prepared: dict[str, Rows]) -> None:
        self._site = site
        self._prepared = prepared
        self._database = sqlite3.connect(database, isolation_level=None, cached_statements=512)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = 1", "cache_size = -65536"):
            self._database.execute(f"PRAGMA {pragma}")
        self._arrived: deque[paho.MQTTMessage] = deque()
        self._change = threading.Semaphore(0)
        self._client = paho.Client(CallbackAPIVersion.VERSION2, "bare", protocol=paho.MQTTv5, manual_ack=True)
        self._client.on_message = self._came
        self._client.on_socket_open = at_once
        self._client.on_subscribe = lambda *_: print("ready", flush=True)
        self._client.connect("127.0.0.1", port, clean_start=True)
        self._client.subscribe(topics.from_stations(site, "fact"), qos=1)
        self._client.loop_start()

    def _came(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        self._arrived.append(message)
        self._change.release()

    def run(self) -> None:
        """Write until killed."""
        while True:
            self._change.acquire()
            group = [self._arrived.popleft()]
            while self._arrived and len(group) < _AT_ONCE and self._change.acquire(blocking=False):
                group.append(self._arrived.popleft())
            self._take(group)

    def _take(self, group: list[paho.MQTTMessage]) -> None:
        envelopes = [read_fact(bytes(message.payload)) for message in group]
        rows: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
        for envelope in envelopes:
            for query, wanted in self._prepared[envelope.message_id].items():
                rows[query] += wanted
        self._database.execute("BEGIN IMMEDIATE")
        for query, wanted in rows.items():
            if query in _NEWEST_ONLY:
                wanted = list({row[_NEWEST_ONLY[query]]: row for row in wanted}.values())
            self._database.executemany(sqlite_queries()[query], wanted)
        self._database.execute("COMMIT")
        receipts: defaultdict[str, list[Receipt]] = defaultdict(list)
        for message, envelope in zip(group, envelopes, strict=True):
            self._client.ack(message.mid, message.qos)
            receipts[envelope.station].append(Receipt(envelope.message_id))
        for station, known in receipts.items():
            letter = Envelope(new_message_id(), station, 1, 1, Receipts(tuple(known)))
            self._client.publish(topics.inbox(self._site, StationId(station)), encode(letter), qos=1)


def main() -> None:
    """Arguments: port, site, database, prepared rows."""
    port, site, database, rows = sys.argv[1:]
    # Our own file, written a moment ago by `prepare`.
    prepared = pickle.loads(Path(rows).read_bytes())
    BarePipe(int(port), site, Path(database), prepared).run()


if __name__ == "__main__":
    main()
