"""Builds the station and runs it. Read from top to bottom: what there is, and who talks to whom."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import nullcontext
from importlib.metadata import version

from msgspec.structs import replace

from contract import topics
from contract.machine import MachineTrouble
from contract.messages import JobOffered, OpenWork
from link.client import Link, Subscription
from link.config import BadConfig
from link.machine import Machine
from link.relay import Relay
from link.tasks import Heart, notify, run_together, until_signalled
from station.ahead import WorkAhead
from station.asking import Asking
from station.at_hand import may_be_opened
from station.bench import Around, Bench
from station.calibrating import STOP, Calibrating, with_calibrations
from station.claim_screen import claim_on_screen, must_claim
from station.claiming import Identity
from station.clock import moment, now_ms
from station.comparing import Comparing
from station.config import StationConfig
from station.devices.keeper import Keeper
from station.devices.ports import DeviceFault, DeviceStatus, Health, Kind, Lamp, Reading, ScaleOrder, ScannedText
from station.inlet import Inlet
from station.journal import Journal
from station.kiosk import offline
from station.kiosk.frames import Frames
from station.kiosk.machine_words import trouble_view
from station.kiosk.pictures import Pictures
from station.kiosk.server import bind, make_app, serve
from station.kiosk.view import DeviceView, Frame, Quiet
from station.machine_watch import MachineWatch
from station.office_papers import OfficePapers, is_office
from station.out_of_order import until_writable
from station.photo_relay import PhotoRelay
from station.photographing import Photographing
from station.photos import PhotoFolder
from station.presence import Presence, will
from station.printing import Printing, targets
from station.renewing import Renewing
from station.restoring import restored
from station.taping import taped
from station.work import phases
from station.work.inputs import AnyInput, DeviceChange, PaperOutcome, PictureMissed, Pressed, Scanned, Ticked, Weighed
from station.work.photo import awaited_in, shot_in
from station.work.session import Session

log = logging.getLogger(__name__)

_RESTARTED = ("The station was started again meanwhile.", "Le poste a redémarré entre-temps.")
_RESTS_MS = 5_000
_TIDY_EVERY_S = 60.0


async def run(config: StationConfig) -> None:
    """Run the station until SIGTERM. Raises `BadConfig`, `JournalFault` or `OSError` when it cannot start."""
    try:
        listening = bind(config.kiosk.host, config.kiosk.port)
    except ValueError as error:
        raise BadConfig(str(error)) from error
    if not await until_writable(config, listening):
        return
    if must_claim(config) and not await claim_on_screen(config, listening):
        return
    async with await Journal.open(
        config.journal, config.site, config.name, now_ms, config.keep_received_days
    ) as journal:
        station = Station(config, journal, await restored(journal, config.settings))
        await station.take_up()
        log.info("kiosk page: http://%s:%d/", *listening.getsockname()[:2])
        with taped(station.keepers, config.tape, config.tapes) if config.tape else nullcontext():
            ended = await run_together(station.tasks(listening))
        notify("STOPPING=1")
        log.info("stopped: %s ended", ended)


class Station:
    """The parts of a running station, and every word that one says to another."""

    def __init__(self, config: StationConfig, journal: Journal, session: Session) -> None:
        site, name = config.site, config.name
        self.journal = journal
        self.name = name
        self.frames = Frames()
        identity = Identity(config.identity)
        self.pictures = Pictures(config.pictures, config.central_url, identity.ca_file)
        self.keepers = [Keeper(device, self) for device in with_calibrations(config.device, config.calibrations)]
        self.calibrating = Calibrating(self.keepers, config.calibrations, lambda: self.bench.refresh(again=True))
        self.renewing = Renewing(identity, config.broker, config.central_url, name, now_ms)
        self.link = Link(
            identity.broker(config.broker),
            name,
            subscriptions=[Subscription(topics.inbox(site, name))],
            deliver=lambda delivery: self.inlet.deliver(delivery),
            will=will(site, name, now_ms()),
            changed=self.link_changed,
        )
        self.relay = Relay(journal, self.link)
        self.presence = Presence(
            journal,
            self.link,
            site,
            name,
            version("packline"),
            now_ms,
            configured=lambda: self.bench.session.configured,
        )
        self.printing = Printing(
            journal,
            targets(self.keepers),
            submit=self.paper_settled,
            now_ms=now_ms,
        )
        self.office_papers = OfficePapers(journal, self.printing, self.relay.wake, now_ms)
        self.photos = PhotoFolder(config.photos_folder, config.photos)
        self.photographing = Photographing(
            self.keepers, self.photos, submit=lambda given: self.bench.submit(given), now_ms=now_ms
        )
        self.photo_relay = PhotoRelay(journal, self.photos, self.link, site, name, self.relay.wake, now_ms)
        self.asking = Asking(
            journal, self.link, site, name, submit=lambda given: self.bench.submit(given), now_ms=now_ms
        )
        self.machine = MachineWatch(
            Machine(config.journal.parent),
            self.asking.ask,
            now_ms,
            certificate=lambda: self.renewing.trouble,
            changed=self.machine_changed,
        )
        self.bench = Bench(
            journal,
            session,
            Around(
                paper=self.printing,
                signal=self.signal,
                ask=self.asking.ask,
                order_scale=self.order_scale,
                open_drawer=self.open_drawer,
                take_picture=self.photographing.take,
                recorded=self.recorded,
                show=self.show,
                quiet=self.quiet,
            ),
            now_ms,
        )
        self.comparing = Comparing(
            journal,
            self.link,
            site,
            name,
            ranges=lambda: tuple(lease.range for lease in self.bench.session.leases),
            resent=self.relay.start_over,
            now_ms=now_ms,
        )
        self.work_ahead = WorkAhead(
            journal,
            phase=lambda: self.bench.session.phase,
            ask=self.asking.ask,
            submit=self.bench.submit,
            moment=moment,
            most=config.bench.ahead,
        )
        self._pulses: set[asyncio.Task[None]] = set()
        self.inlet = Inlet(
            journal,
            self.bench,
            self.office_papers,
            self.work_ahead,
            self.asking,
            settled=self.settled,
            leased=self.leased,
            time_told=self.time_told,
            pictured=self.photo_relay.held,
            comparing=self.comparing,
            now_ms=now_ms,
        )

    async def take_up(self) -> None:
        """Go on where the last run stopped: papers that were under way, and an ask that was not answered."""
        await self.printing.resume()
        phase = self.bench.session.phase
        if isinstance(phase, phases.Opening):
            self.asking.ask(OpenWork(phase.code, phase.packer.badge))
        if (shot := awaited_in(phase)) is not None:
            # Nobody knows what lies under the camera now: the packer may say PHOTO.
            self.bench.submit(PictureMissed(now_ms(), shot.name, *_RESTARTED))

    def tasks(self, listening: socket.socket) -> Mapping[str, Coroutine[object, object, object]]:
        """Everything that runs, by name; the first to end ends the station."""
        return {
            "signals": until_signalled(),
            "bench": self.bench.run(),
            "printing": self.printing.run(),
            "office papers": self.office_papers.run(),
            "asking": self.asking.run(),
            "comparing": self.comparing.run(),
            "inlet": self.inlet.run(),
            "link": self.link.run(),
            "relay": self.relay.run(),
            "photos": self.photo_relay.run(),
            "presence": self.presence.run(),
            "pictures": self.pictures.run(),
            "certificate": self.renewing.run(),
            "machine": self.machine.run(),
            "ticks": self.tick(),
            "kiosk": serve(
                make_app(self.frames, self.touched, self.pictures, self.photos.read, calibrate=self.calibrating.start),
                self.frames,
                listening,
            ),
            "heart": self.beat(),
            **{f"device {keeper.config.name}": keeper.run() for keeper in self.keepers},
        }

    async def tick(self) -> None:
        """Tell the core that time passes; tidy the journal while the bench rests."""
        tidied_at = -_TIDY_EVERY_S
        while True:
            await asyncio.sleep(1.0)
            now = now_ms()
            self.bench.submit(Ticked(now))
            self.work_ahead.look(online=self.link.online)
            # Since when it was tidied is not told by the wall clock: after a jump back it would wait for years.
            beat = time.monotonic()
            if abs(now - self.bench.session.active_at) > _RESTS_MS and beat - tidied_at > _TIDY_EVERY_S:
                tidied_at = beat
                await self.journal.tidy(clock_is_right=self.machine.clock_is_right)
                await self.sweep_photos()

    async def sweep_photos(self) -> None:
        """Delete pictures that no parcel has: they were taken again, or their parcel was emptied."""
        wanted = {waiting.sha256 for waiting in await self.journal.photos()}
        if (shot := shot_in(self.bench.session.phase)) is not None:
            wanted.add(shot.sha256)
        await asyncio.to_thread(self.photos.sweep, wanted)

    async def beat(self) -> None:
        """Ready when the bench takes inputs; alive while the bench and the journal do."""
        await self.bench.probe()
        notify("READY=1")
        await Heart({"bench": self.bench.probe, "journal": self.journal.probe}).run()

    # --- from the devices -------------------------------------------------------------------------------------

    def scanned(self, scan: ScannedText) -> None:
        """A scanner read a code; one that is being calibrated works for nobody else."""
        if scan.device != self.calibrating.device:
            self.bench.submit(Scanned(scan.at, scan.text, scan.device))

    def weighed(self, reading: Reading) -> None:
        """The scale said something."""
        self.bench.submit(Weighed(reading.at, reading))

    def pressed(self, name: str) -> None:
        """A button or the pedal."""
        self.bench.submit(Pressed(now_ms(), name))

    def changed(self, status: DeviceStatus) -> None:
        """A device came, went or fell ill."""
        if status.kind is Kind.PRINTER and status.health is Health.OK:
            self.office_papers.printer_is_well()
        self.presence.device_changed(status)
        self.bench.submit(DeviceChange(now_ms(), status))

    def touched(self, given: AnyInput) -> None:
        """Something was touched on the screen."""
        if isinstance(given, Scanned) and given.text == STOP:
            self.calibrating.stop()
        else:
            self.bench.submit(given)

    def machine_changed(self, troubles: tuple[MachineTrouble, ...]) -> None:
        """The bench's computer has other troubles than before."""
        self.presence.troubles = troubles
        self.bench.refresh()

    # --- from the bench ---------------------------------------------------------------------------------------

    def paper_settled(self, given: PaperOutcome) -> None:
        """A printer has done with a paper, one way or another."""
        if is_office(given.print_id):
            self.office_papers.outcome(given)
        else:
            self.bench.submit(given)

    def signal(self, lamp: Lamp) -> None:
        """Light and sound on whatever shows them."""
        for keeper in self.keepers:
            if keeper.kind is Kind.SIGNALS:
                keeper.show(lamp)

    def order_scale(self, order: ScaleOrder) -> None:
        """Zero or tare, on whatever weighs."""
        for keeper in self.keepers:
            if keeper.kind is Kind.SCALE:
                keeper.order(order)

    def recorded(self) -> None:
        """There are new facts, and a parcel's picture may be among what they tell."""
        self.relay.wake()
        self.photo_relay.wake()

    def open_drawer(self, name: str) -> None:
        """Its pulse takes its turn after the document that its printer prints now."""
        for keeper in self.keepers:
            if keeper.config.name == name:
                pulse = asyncio.create_task(self._pulse(keeper), name="drawer")
                self._pulses.add(pulse)
                pulse.add_done_callback(self._pulses.discard)

    async def _pulse(self, keeper: Keeper) -> None:
        try:
            await keeper.open_drawer()
        except DeviceFault as fault:
            log.warning("the drawer stays shut: %s", fault)

    def show(self, frame: Frame) -> None:
        """The screen, and what the office sees of it. A calibration stands over the work, which goes on below."""
        session, quiet = self.bench.session, frame.quiet
        if not frame.screen.note and (told := offline.note(session, quiet.at_hand, online=quiet.online)):
            frame = replace(frame, screen=replace(frame.screen, note=told))
        over = self.calibrating.screen(session.language)
        self.frames.show(frame if over is None else replace(frame, screen=over))
        self.presence.shown(session, frame)

    def quiet(self) -> Quiet:
        """The corner of the screen."""
        french = self.bench.session.language == "fr"
        return Quiet(
            devices=tuple(
                DeviceView(
                    str(device.kind),
                    device.name,
                    str(device.health),
                    (french and device.detail_fr) or device.detail,
                    can_calibrate=self.calibrating.can(device.name),
                )
                for device in self.presence.devices.values()
            ),
            online=self.link.online,
            queued=self.journal.waiting,
            at_hand=self.at_hand(),
            station=self.name,
            troubles=tuple(trouble_view(each, self.bench.session.language) for each in self.machine.troubles),
        )

    def at_hand(self) -> tuple[str, ...]:
        """The orders that can be opened with no network, as they should be packed."""
        waiting = {job: self.journal.jobs[job] for job in self.journal.at_hand}
        ready = may_be_opened(waiting, self.journal.at_hand, moment())
        return tuple(", ".join(job.orders) for job in ready)

    # --- from central -----------------------------------------------------------------------------------------

    def link_changed(self, online: bool) -> None:
        """The broker came or went. What was under way on the last connection may be lost."""
        if online:
            self.asking.link_is_up()
            self.machine.link_is_up()
            self.work_ahead.compare()
            self.relay.start_over()
            self.photo_relay.wake()
            self.comparing.wake()
            self.presence.link_is_new(remembered=self.link.remembered)
        self.bench.refresh()

    def settled(self, sequences: Iterable[int]) -> None:
        """Central has these facts."""
        self.relay.settle(sequences)
        self.bench.refresh()

    def time_told(self, at: int) -> None:
        """Central's clock. While ours is far from it, what we record says so."""
        self.machine.told(at)
        self.journal.clock_ok = self.machine.clock_ok

    def leased(self, offer: JobOffered) -> None:
        """A job is here: have its pictures before the network goes."""
        self.pictures.prefetch(line.picture for line in offer.job.lines if line.picture)
        self.bench.refresh()
