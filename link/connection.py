"""One connection to the broker, from CONNECT to its end. It never comes back; `Link` makes the next one."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import paho.mqtt.client as paho
from msgspec import Struct
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from link.tls import BrokerConfig, tls_context

log = logging.getLogger(__name__)

_INFLIGHT = 500
"""QoS 1 messages that paho sends before the first PUBACK; beyond, it queues in memory."""
_MOST_EVENTS = 2_000
"""Noted for the event loop and not taken by it yet: beyond, the socket is left unread until the loop has caught up."""


class LinkDown(ConnectionError):
    """There is no connection to the broker; try again when the link is up."""


class PublishRefused(PermissionError):
    """The broker refused the message: the access list does not let this client write to the topic."""


class Subscription(NamedTuple):
    """A topic filter and the quality that it is wanted with."""

    filter: str
    qos: int = 1


class Will(Struct, frozen=True):
    """What the broker says, retained, when this client vanishes."""

    topic: str
    payload: bytes


class Delivery:
    """A message that the broker brought. Nobody else gets it until `ack`, and this client gets it again."""

    __slots__ = ("_client", "_mid", "_qos", "correlation", "payload", "response_topic", "retained", "topic", "until")

    def __init__(self, client: paho.Client, message: paho.MQTTMessage) -> None:
        self.topic = message.topic
        self.payload = bytes(message.payload)
        self.retained = bool(message.retain)
        self.correlation: bytes | None = getattr(message.properties, "CorrelationData", None)
        self.response_topic: str | None = getattr(message.properties, "ResponseTopic", None)
        lives_s: int | None = getattr(message.properties, "MessageExpiryInterval", None)
        self.until = None if lives_s is None else time.monotonic() + lives_s
        """When its sender does not want it heard any more, by `time.monotonic`; None: it always does."""
        self._client = client
        self._mid = message.mid
        self._qos = message.qos

    def ack(self) -> None:
        """Say PUBACK; what the message caused must be durable by now. Does nothing if its connection is gone."""
        if self._qos and self._client.is_connected():
            self._client.ack(self._mid, self._qos)


def _leave_to_its_thread(client: paho.Client, userdata: object, sock: object) -> None:
    """What is to be written waits in paho's queue, and its thread was woken."""


class Connection:
    """A paho client in a thread of its own. Public methods and callbacks run on the event loop's thread."""

    def __init__(
        self,
        broker: BrokerConfig,
        client_id: str,
        subscriptions: Sequence[Subscription],
        will: Will | None,
        deliver: Callable[[Delivery], None],
        came_up: Callable[[], None],
        most_unacknowledged: int,
    ) -> None:
        self.ready = False
        self.remembered = False
        """Whether the broker knew this client from before; if not, nothing that waited for it is there any more."""
        self._broker = broker
        self._subscriptions = subscriptions
        self._has_will = will is not None
        self._deliver = deliver
        self._came_up = came_up
        self._loop = asyncio.get_running_loop()
        self._published: dict[int, asyncio.Future[None]] = {}
        self._most_unacknowledged = most_unacknowledged
        self._events: deque[Callable[[], None]] = deque()
        self._room = threading.Event()
        self._over = False
        self._wake_lock = threading.Lock()
        self._woken = False
        self._end = "the connection was closed"
        self._client = self._make_client(client_id, will)

    def _make_client(self, client_id: str, will: Will | None) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            protocol=paho.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.max_inflight_messages_set(_INFLIGHT)
        client.max_queued_messages_set(0)
        if will is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        client.on_socket_open = self._socket_opened
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_message = self._message_came
        client.on_publish = self._puback_came
        client.on_disconnect = self._disconnected
        return client

    # --- on the event loop's thread ---------------------------------------------------------------------------

    async def live(self) -> str:
        """Connect and serve until the connection ends; return why, as a sentence. Cancelling says good-bye first."""
        ended: asyncio.Future[None] = self._loop.create_future()
        thread = threading.Thread(target=self._in_thread, args=(ended,), name="mqtt", daemon=True)
        thread.start()
        try:
            await asyncio.shield(ended)
        except asyncio.CancelledError:
            self._say_goodbye()
            await asyncio.wait([ended], timeout=1.0)
            raise
        finally:
            self._over = True
            self._take_events()
            for future in self._published.values():
                if not future.done():
                    future.set_exception(LinkDown(self._end))
                    future.exception()
            self._published.clear()
        return self._end

    def publish(
        self,
        topic: str,
        payload: bytes,
        qos: int,
        *,
        retain: bool = False,
        expiry_s: int | None = None,
        response_topic: str | None = None,
        correlation: bytes | None = None,
    ) -> asyncio.Future[None]:
        """Send; the future ends at PUBACK (QoS 1) or is ended already (QoS 0)."""
        properties = None
        if expiry_s is not None or response_topic is not None or correlation is not None:
            properties = Properties(PacketTypes.PUBLISH)
            if expiry_s is not None:
                properties.MessageExpiryInterval = expiry_s
            if response_topic is not None:
                properties.ResponseTopic = response_topic
            if correlation is not None:
                properties.CorrelationData = correlation
        info = self._client.publish(topic, payload, qos, retain, properties)
        future: asyncio.Future[None] = self._loop.create_future()
        if qos == 0:
            future.set_result(None)
        elif info.rc != paho.MQTT_ERR_SUCCESS:
            future.set_exception(LinkDown(f"the message was not sent: {paho.error_string(info.rc)}"))
        else:
            self._published[info.mid] = future
        return future

    def _say_goodbye(self) -> None:
        # With a will, the broker is told to say it: others see us offline at once.
        code = "Disconnect with will message" if self._has_will else "Normal disconnection"
        self._client.disconnect(reasoncode=ReasonCode(PacketTypes.DISCONNECT, code))

    def _take_events(self) -> None:
        with self._wake_lock:
            self._woken = False
        # Not what comes meanwhile: the loop has other work too.
        for _ in range(len(self._events)):
            self._events.popleft()()
        self._room.set()

    def _now_ready(self) -> None:
        self.ready = True
        self._came_up()

    def _settle(self, mid: int, refusal: str) -> None:
        future = self._published.pop(mid, None)
        if future is None or future.done():
            return
        if refusal:
            future.set_exception(PublishRefused(refusal))
        else:
            future.set_result(None)

    # --- on paho's thread: an exception here would end it silently, so each callback only notes what came --------

    def _in_thread(self, ended: asyncio.Future[None]) -> None:
        try:
            context = tls_context(self._broker)
            if context is not None:
                self._client.tls_set_context(context)
                # Two threads in one TLS connection break it: nobody but this one may write.
                self._client.on_socket_register_write = _leave_to_its_thread
            asked = Properties(PacketTypes.CONNECT)
            asked.SessionExpiryInterval = self._broker.session_expiry_s
            asked.ReceiveMaximum = self._most_unacknowledged
            self._client.connect(
                self._broker.host, self._broker.port, self._broker.keepalive_s, clean_start=False, properties=asked
            )
            if context is None:
                self._client.loop_forever()
            else:
                # Unlike `loop_forever`, it has a way for other threads to wake it.
                while self._client.loop() == paho.MQTT_ERR_SUCCESS:
                    pass
        except ssl.SSLError as error:
            self._end = f"the broker's certificate or ours was refused ({error.reason or error}); check [broker]"
        except OSError as error:
            self._end = f"cannot reach the broker ({error.strerror or error}); is it running, is the address right?"
        except Exception as error:
            log.exception("the MQTT thread failed")
            self._end = f"the MQTT thread failed: {error}"
        self._note(lambda: None if ended.done() else ended.set_result(None))

    def _note(self, event: Callable[[], None]) -> None:
        self._events.append(event)
        with self._wake_lock:
            if self._woken:
                return
            self._woken = True
        try:
            self._loop.call_soon_threadsafe(self._take_events)
        except RuntimeError:
            log.debug("the event loop is closed; the connection's last words are dropped")

    def _socket_opened(self, client: paho.Client, userdata: object, sock: Any) -> None:
        if isinstance(sock, socket.socket):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _connected(
        self, client: paho.Client, userdata: object, flags: paho.ConnectFlags, code: ReasonCode, props: object
    ) -> None:
        self.remembered = flags.session_present
        if code.is_failure:
            self._end = f"the broker refused the connection: {code}"
            client.disconnect()
        elif self._subscriptions:
            client.subscribe([(wanted.filter, wanted.qos) for wanted in self._subscriptions])
        else:
            self._note(self._now_ready)

    def _subscribed(
        self, client: paho.Client, userdata: object, mid: int, codes: list[ReasonCode], props: object
    ) -> None:
        refused = [wanted.filter for wanted, code in zip(self._subscriptions, codes, strict=False) if code.is_failure]
        if refused:
            self._end = f"the broker refused the subscription to {', '.join(refused)}"
            client.disconnect()
        else:
            self._note(self._now_ready)

    def _message_came(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        try:
            delivery = Delivery(client, message)
        except UnicodeDecodeError:
            log.warning("a message on a topic that is not UTF-8 was dropped")
            client.ack(message.mid, message.qos)
            return
        self._note(lambda: self._deliver(delivery))
        self._wait_for_room()

    def _wait_for_room(self) -> None:
        while len(self._events) > _MOST_EVENTS and not self._over:
            self._room.clear()
            if len(self._events) > _MOST_EVENTS:
                self._room.wait(1.0)

    def _puback_came(self, client: paho.Client, userdata: object, mid: int, code: ReasonCode, props: object) -> None:
        refusal = f"the broker refused the message: {code}" if code.is_failure else ""
        self._note(lambda: self._settle(mid, refusal))

    def _disconnected(
        self, client: paho.Client, userdata: object, flags: object, code: ReasonCode, props: object
    ) -> None:
        if str(code) == "Session taken over":
            self._end = "another client connected with our name: two devices have the same station id"
        elif code.is_failure and self._end == "the connection was closed":
            self._end = f"the connection was lost: {code}"
