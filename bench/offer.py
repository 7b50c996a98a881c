"""The benches' side of the pipe: publishes prepared facts, as fast as receipts allow or at a given rate.

Runs as a process of its own (`python -m bench.offer`): reads a plan from standard input, prints what it saw as JSON.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from typing import Any

import msgspec
import paho.mqtt.client as paho
from msgspec import Struct
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from bench.figures import percentile
from contract import topics
from contract.envelope import read_inbox
from contract.messages import Receipts


class Plan(Struct, frozen=True):
    """What to send. With `per_second` 0: as fast as `window` unreceipted facts allow."""

    port: int
    site: str
    facts: list[tuple[str, str, str]]
    """Message id, station, payload as text."""
    per_second: float = 0.0
    window: int = 1000
    patience_s: float = 120.0


class Seen(Struct, frozen=True):
    """What came of it. Milliseconds from publish to receipt."""

    receipted: int
    seconds: float
    p50_ms: float
    p99_ms: float


def at_once(client: paho.Client, userdata: object, sock: Any) -> None:
    """paho never sets TCP_NODELAY: small packets would wait 20 ms and more for each other (measured)."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Offer:
    """One connection that speaks for all stations of the plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sent_at: dict[str, float] = {}
        self._latencies: list[float] = []
        self._change = threading.Condition()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, "bench-offer", protocol=paho.MQTTv5)
        self._client.max_inflight_messages_set(2000)
        self._client.on_message = self._came
        self._client.on_socket_open = at_once
        self._listening = threading.Event()
        self._client.on_subscribe = lambda *_: self._listening.set()

    def _came(self, client: paho.Client, userdata: object, message: Any) -> None:
        now = time.perf_counter()
        body = read_inbox(message.payload).body
        if not isinstance(body, Receipts):
            return
        with self._change:
            for receipt in body.receipts:
                sent = self._sent_at.pop(receipt.message, None)
                if sent is not None:
                    self._latencies.append((now - sent) * 1000)
            self._change.notify_all()

    def run(self) -> Seen:
        """Send all, wait for all receipts. Raises `TimeoutError` when they do not come."""
        clean = Properties(PacketTypes.CONNECT)
        clean.SessionExpiryInterval = 0
        self._client.connect("127.0.0.1", self._plan.port, clean_start=True, properties=clean)
        self._client.loop_start()
        self._client.subscribe(topics.from_stations(self._plan.site, "inbox"), qos=0)
        if not self._listening.wait(self._plan.patience_s):
            raise TimeoutError("the broker did not grant the subscription")
        began = time.perf_counter()
        for number, (message, station, payload) in enumerate(self._plan.facts):
            self._wait_for_turn(began, number)
            self._sent_at[message] = time.perf_counter()
            self._client.publish(f"packline/1/{self._plan.site}/station/{station}/fact", payload, qos=1)
        with self._change:
            done = self._change.wait_for(lambda: not self._sent_at, self._plan.patience_s)
        seconds = time.perf_counter() - began
        self._client.disconnect()
        self._client.loop_stop()
        if not done:
            raise TimeoutError(f"{len(self._sent_at)} of {len(self._plan.facts)} facts got no receipt")
        return Seen(len(self._latencies), seconds, percentile(self._latencies, 0.5), percentile(self._latencies, 0.99))

    def _wait_for_turn(self, began: float, number: int) -> None:
        if self._plan.per_second:
            while (ahead := began + number / self._plan.per_second - time.perf_counter()) > 0:
                time.sleep(ahead)
        else:
            with self._change:
                self._change.wait_for(lambda: len(self._sent_at) < self._plan.window, self._plan.patience_s)


def main() -> None:
    """Plan in, figures out."""
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(Offer(plan).run()) + b"\n")


if __name__ == "__main__":
    main()
