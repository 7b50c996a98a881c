"""What others see of the station: its retained state and its live progress."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from msgspec.structs import replace

from contract import topics
from contract.envelope import Envelope, encode
from contract.keys import OrderId, StationId
from contract.machine import MachineTrouble
from contract.messages import Message, Progress, StationState
from contract.values import DeviceState, Person
from link.client import Link, LinkDown, PublishRefused, Will
from link.identity import new_message_id
from station.devices.ports import DeviceStatus
from station.journal import Journal
from station.kiosk.view import Frame
from station.work import phases
from station.work.session import Session

_STATE_EVERY_S = 0.5
_STATE_AGAIN_S = 60.0
"""Central may have let one go, or heard one that was late: the newest is said again."""
_PROGRESS_EVERY_S = 1.0


def will(site: str, station: StationId, now_ms: int) -> Will:
    """What the broker says, retained, when the station vanishes."""
    return Will(topics.state(site, station), _enveloped(station, now_ms, StationState(online=False, since=now_ms)))


async def publish_state(link: Link, site: str, station: StationId, now_ms: int, state: StationState) -> bool:
    """Publish the state, retained; False when the line went down meanwhile, which says so itself."""
    try:
        await link.publish(topics.state(site, station), _enveloped(station, now_ms, state), retain=True)
    except (LinkDown, PublishRefused):
        return False
    return True


def _enveloped(station: StationId, now_ms: int, body: Message) -> bytes:
    """Not from the outbox, so it has no number."""
    return encode(Envelope(new_message_id(), station, 0, now_ms, body))


class Presence:
    """Tell it what changed; it publishes at a pace that others can follow."""

    def __init__(
        self,
        journal: Journal,
        link: Link,
        site: str,
        station: StationId,
        version: str,
        now_ms: Callable[[], int],
        configured: Callable[[], int],
        *,
        again_s: float = _STATE_AGAIN_S,
    ) -> None:
        """`configured`: the version of the configuration that the bench goes by."""
        self.devices: dict[str, DeviceStatus] = {}
        self.troubles: tuple[MachineTrouble, ...] = ()
        """What is wrong with the station's computer."""
        self._journal = journal
        self._link = link
        self._site = site
        self._station = station
        self._progress_topic = topics.progress(site, station)
        self._version = version
        self._now_ms = now_ms
        self._configured = configured
        self._again_s = again_s
        self._since = now_ms()
        self._forgotten_at: int | None = None
        self._sent: StationState | None = None
        self._progress: Progress | None = None
        self._posted: Progress | None = None

    def device_changed(self, status: DeviceStatus) -> None:
        """The device is like this now."""
        self.devices[status.name] = status

    def shown(self, session: Session, frame: Frame) -> None:
        """The packer sees this now."""
        screen = frame.screen
        packer = _packer(session.phase)
        self._progress = Progress(
            phase=type(session.phase).__name__,
            sentence=screen.sentence,
            at=0,
            badge=packer.badge if packer else "",
            orders=tuple(dict.fromkeys(OrderId(line.order) for line in screen.lines if line.order)),
            packed=sum(line.packed for line in screen.lines),
            to_pack=sum(line.quantity - line.short for line in screen.lines),
            grams=screen.weight.grams if screen.weight else None,
        )

    def link_is_new(self, *, remembered: bool) -> None:
        """The broker may have said our last will meanwhile: it must hear from us again.

        `remembered`: it knew us; if not, central must say again what waited there.
        """
        self._sent = None
        if not remembered:
            self._forgotten_at = self._now_ms()

    async def run(self) -> None:
        """Publish until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_state(), name="state topic")
            group.create_task(self._keep_progress(), name="progress topic")

    async def _keep_state(self) -> None:
        sent_at = 0.0
        while True:
            state = StationState(
                online=True,
                version=self._version,
                devices=tuple(map(_state_of, self.devices.values())),
                queued=self._journal.waiting,
                since=self._since,
                troubles=self.troubles,
                restored_at=self._journal.comparison.restored_at if self._journal.comparison.done else -1,
                configured=self._configured(),
                forgotten_at=self._forgotten_at,
            )
            now = time.monotonic()
            if (
                (state != self._sent or now - sent_at >= self._again_s)
                and self._link.online
                and await publish_state(self._link, self._site, self._station, self._now_ms(), state)
            ):
                self._sent, sent_at = state, now
            await asyncio.sleep(_STATE_EVERY_S)

    async def _keep_progress(self) -> None:
        while True:
            if self._progress is not None and self._progress != self._posted:
                self._posted = self._progress
                now = self._now_ms()
                self._link.post(self._progress_topic, _enveloped(self._station, now, replace(self._posted, at=now)))
            await asyncio.sleep(_PROGRESS_EVERY_S)


def _packer(phase: phases.AnyPhase) -> Person | None:
    match phase:
        case phases.SignedOut():
            return None
        case phases.Away():
            return phase.before.packer
        case _:
            return phase.packer


def _state_of(status: DeviceStatus) -> DeviceState:
    return DeviceState(status.name, str(status.kind), str(status.health), status.detail)
