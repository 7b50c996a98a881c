"""The station process with its devices' twins and a played central around it, for tests."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

from contract import topics
from contract.envelope import Envelope, encode, read_ask, read_fact, read_photo, read_progress, read_state
from contract.keys import Gtin, JobId, OrderId, Sku, Sscc, StationId
from contract.messages import (
    AheadLent,
    Ask,
    BadgeKnown,
    BadgeUnknown,
    Configure,
    Fact,
    InboxItem,
    JobOffered,
    LeaseSscc,
    LendAhead,
    OpenWork,
    PhotoHeld,
    Progress,
    Receipts,
    SsccLeased,
    StationState,
    TellTime,
    TimeTold,
    WhoIs,
    WorkComing,
    WorkRefused,
)
from contract.values import (
    Address,
    Box,
    ItemCode,
    Job,
    JobLine,
    Person,
    Receipt,
    Service,
    SsccRange,
    UnitMass,
)
from demo.broker import Broker
from demo.children import Child, free_port
from labels import readback
from link.client import BrokerConfig, Delivery, Link, Subscription
from link.identity import new_message_id
from station.clock import now_ms
from station.devices.simulated import SimulatedScale, SimulatedSerialScanner, SimulatedZplPrinter

PATIENCE_S = 60
SITE, STATION = "lyon", StationId("bench-1")
MUG, PLATE = "04006381333931", "00012345678905"
ADA = Person("0001", "Ada", "packer", "en")


class News:
    """Wakes whoever waits for a condition, at every change."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool], what: Callable[[], object]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"waited {PATIENCE_S} s in vain; now it is: {what()}") from None


class PlayedCentral:
    """Central as the station sees it: leases jobs and serials, gives receipts, keeps every fact."""

    def __init__(self, broker: Broker) -> None:
        self.jobs: dict[str, Job] = {}
        """By the code that opens them."""
        self.coming: dict[str, WorkComing] = {}
        """What another station is to give back, by its code."""
        self.facts: dict[str, Envelope[Fact]] = {}
        """By message id: a repeat is the same fact."""
        self.asks: list[Ask] = []
        self.asked: list[str] = []
        """Their names."""
        self.state: StationState | None = None
        self.progress: Progress | None = None
        self.gives_receipts = True
        self.answers = True
        self.repeats = 0
        self.ahead_ms = 0
        """How far central's clock is ahead of the station's."""
        self.photos: dict[str, bytearray] = {}
        """What came of each picture so far, by its SHA-256."""
        self.news = News()
        self._next_serial = 1
        self._tasks: set[asyncio.Task[None]] = set()
        self.link = Link(
            BrokerConfig(host=broker.host, port=broker.port),
            "central",
            subscriptions=[
                Subscription(topics.from_stations(SITE, channel))
                for channel in ("fact", "ask", "photo", "state", "progress")
            ],
            deliver=self._deliver,
            changed=lambda online: self.news.tell(),
        )

    async def send(self, item: InboxItem, correlation: bytes | None = None) -> None:
        await self.send_raw(encode(Envelope(new_message_id(), STATION, 0, 1, item)), correlation)

    async def send_raw(self, payload: bytes, correlation: bytes | None = None) -> None:
        await self.link.publish(topics.inbox(SITE, STATION), payload, correlation=correlation)

    def bodies(self, kind: type[Any]) -> list[Any]:
        """The facts of one kind, in their order."""
        ordered = sorted(self.facts.values(), key=lambda envelope: envelope.sequence)
        return [envelope.body for envelope in ordered if isinstance(envelope.body, kind)]

    async def until(self, condition: Callable[[], bool]) -> None:
        await self.news.until(condition, lambda: [type(fact.body).__name__ for fact in self.facts.values()])

    def _deliver(self, delivery: Delivery) -> None:
        parts = topics.parse_station_topic(delivery.topic)
        assert parts is not None
        match parts.channel:
            case "fact":
                self._booked(delivery)
            case "ask":
                self._answer(delivery)
            case "photo":
                self._keep(delivery)
            case "state":
                self.state = read_state(delivery.payload).body
                delivery.ack()
            case "progress":
                self.progress = read_progress(delivery.payload).body
        self.news.tell()

    def _keep(self, delivery: Delivery) -> None:
        """As central does, in memory."""
        piece = read_photo(delivery.payload).body
        held = self.photos.setdefault(piece.sha256, bytearray())
        if self.gives_receipts:
            if piece.offset == len(held):
                held += piece.data
            self._soon(self.send(PhotoHeld(piece.sha256, len(held))))
        delivery.ack()

    def _booked(self, delivery: Delivery) -> None:
        fact = read_fact(delivery.payload)
        self.repeats += fact.message_id in self.facts
        self.facts[fact.message_id] = fact
        if self.gives_receipts:
            self._soon(self._receipt(fact.message_id, delivery))

    async def _receipt(self, message: str, delivery: Delivery) -> None:
        await self.send(Receipts((Receipt(message),)))
        delivery.ack()

    def _answer(self, delivery: Delivery) -> None:
        envelope = read_ask(delivery.payload)
        ask = envelope.body
        self.asks.append(ask)
        self.asked.append(envelope.message_id)
        if self.answers:
            self._soon(self.send(self._reply(ask), delivery.correlation))
        delivery.ack()

    def _reply(self, ask: Ask) -> InboxItem:
        match ask:
            case OpenWork(code) if code in self.coming:
                return self.coming[code]
            case OpenWork(code) if code in self.jobs:
                return JobOffered(self.jobs[code])
            case OpenWork(code):
                return WorkRefused(code, "unknown", f"No order {code}.", f"Pas de commande {code}.")
            case LeaseSscc(count):
                first = self._next_serial
                self._next_serial += count
                return SsccLeased(SsccRange("0376100", first, first + count - 1))
            case WhoIs(badge):
                return BadgeKnown(ADA) if badge == ADA.badge else BadgeUnknown(badge)
            case TellTime():
                return TimeTold(now_ms() + self.ahead_ms)
            case LendAhead(held=held):
                return AheadLent(len(held))

    def _soon(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(_unless_down(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def kinds(central: PlayedCentral) -> list[str]:
    """What the station said last that is wrong with its computer."""
    return [trouble.kind for trouble in central.state.troubles] if central.state is not None else []


async def _unless_down(work: Any) -> None:
    with suppress(ConnectionError):
        await work


@asynccontextmanager
async def played_central(broker: Broker) -> AsyncIterator[PlayedCentral]:
    central = PlayedCentral(broker)
    task = asyncio.create_task(central.link.run())
    try:
        await central.until(lambda: central.link.online)
        yield central
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Kiosk:
    """Reads the station's stream of frames, as the page does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.frame: dict[str, Any] = {}
        self.news = News()

    @property
    def screen(self) -> dict[str, Any]:
        screen: dict[str, Any] = self.frame.get("screen", {})
        return screen

    @property
    def quiet(self) -> dict[str, Any]:
        quiet: dict[str, Any] = self.frame.get("quiet", {})
        return quiet

    async def run(self) -> None:
        """Read until cancelled, and again when the station comes back."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
                try:
                    writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
                    while line := await reader.readline():
                        if line.startswith(b"data: {"):
                            self.frame = json.loads(line[6:])
                            self.news.tell()
                finally:
                    writer.close()
            await asyncio.sleep(0.05)

    async def until(self, condition: Callable[[], bool]) -> None:
        await self.news.until(condition, lambda: self.frame)


class PlayedBench:
    """One bench: twins of its devices, its configuration, and the station process, which may be killed."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self.folder = folder
        self.scanner = SimulatedSerialScanner(folder / "dev" / "scanner")
        self.scale = SimulatedScale(folder / "dev" / "scale", settle_s=0.1)
        self.when_label_comes: Callable[[], None] = lambda: None
        self.printer = SimulatedZplPrinter(printed=self._label_came)
        self.kiosk = Kiosk(free_port())
        self.config = folder / "station.toml"
        self._broker = broker
        self._process: Child | None = None

    def _label_came(self, label: bytes) -> None:
        self.when_label_comes()
        self.kiosk.news.tell()

    @property
    def process(self) -> Child:
        assert self._process is not None, "the station was not started"
        return self._process

    def write_config(self) -> None:
        self.config.write_text(
            f"""
station = "{STATION}"
site = "{SITE}"
state_dir = "{self.folder / "state"}"
central_url = "http://127.0.0.1:9"
[broker]
host = "{self._broker.host}"
port = {self._broker.port}
[kiosk]
port = {self.kiosk.port}
[[device]]
driver = "serial_scanner"
name = "scanner"
path = "{self.scanner.path}"
[[device]]
driver = "toledo_scale"
name = "scale"
path = "{self.scale.path}"
[[device]]
driver = "zpl_printer"
name = "zebra"
host = "{self.printer.host}"
port = {self.printer.port}
"""
        )

    async def start(self, *through: str) -> None:
        """Start the station, by a command that starts others, and wait until it is ready."""
        argv = [*through, sys.executable, "-m", "station.cli", "run", "--config", str(self.config)]
        root = str(Path(__file__).parents[2])
        self._process = Child("station", argv, self.folder, {"PYTHONPATH": root})
        await self._process.is_ready()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        return await asyncio.to_thread(self.process.stop)

    async def scan(self, text: str) -> None:
        """Scan, and wait for the bench's answer."""
        before = self.kiosk.screen["flash"]
        self.scanner.scan(text)
        await self.kiosk.until(lambda: self.kiosk.screen["flash"] > before)

    async def sign_in(self) -> None:
        await self.scan(f"BADGE-{ADA.badge}")
        await self.kiosk.until(lambda: self.kiosk.screen["packer"] == ADA.name)

    async def sign_in_and_open(self, code: str) -> None:
        """From a bench with nobody at it to the order's lines on the screen."""
        await self.sign_in()
        await self.scan(code)
        await self.kiosk.until(lambda: bool(self.kiosk.screen["lines"]))

    async def pack_all(self) -> None:
        """Every item of `a_job`, then the parcel on the scale."""
        for code in (MUG, MUG, PLATE):
            await self.scan(code)
        self.scale.place(GRAMS)

    async def label(self, number: int = 1) -> bytes:
        """The newest label, once so many have come out."""
        await self.kiosk.until(lambda: len(self.printer.labels) >= number)
        return self.printer.labels[-1]

    async def journal(self) -> dict[str, Any]:
        """What `packline-station journal --json` says."""
        code, out, err = await self.command("journal", "--json")
        assert code == 0, err
        report: dict[str, Any] = json.loads(out)
        return report

    async def command(self, name: str, *options: str) -> tuple[int, str, str]:
        return await command(name, "--config", str(self.config), *options)

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        for twin in (self.scanner, self.scale, self.printer):
            await self._stack.enter_async_context(twin)
        self.write_config()
        self._reading = asyncio.create_task(self.kiosk.run())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        await self._stack.aclose()


async def command(*arguments: str) -> tuple[int, str, str]:
    """Run `packline-station`; its exit code and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "station.cli",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def a_job(order: str = "1001", fence: int = 1) -> Job:
    """Two mugs and a plate: 2 × 300 g + 500 g, in a box of 100 g."""
    home = Address("Zoé Martin", ("12 rue des Lilas",), "69003", "LYON", "FR")
    shop = Address("Packline Shop", ("1 quai Rambaud",), "69002", "LYON", "FR")
    return Job(
        job=JobId(f"J-{order}"),
        fence=fence,
        orders=(OrderId(order),),
        consignee=home,
        sender=shop,
        lines=(
            JobLine(OrderId(order), 1, Sku("MUG"), "Mug", 2, (ItemCode(Gtin(MUG)),), UnitMass(300_000, 500)),
            JobLine(OrderId(order), 2, Sku("PLATE"), "Plate", 1, (ItemCode(Gtin(PLATE)),), UnitMass(500_000, 500)),
        ),
        service=Service("own", "Own label"),
        box="BOX-S",
    )


GRAMS = 1200
"""What the packed job weighs with its box."""
CONFIGURATION = Configure(1, (ADA,), (Box("BOX-S", "Small", 100, 200, 150, 100),))


def sscc_of(label: bytes) -> Sscc:
    """The SSCC that a scanner would read from the printed label."""
    (sscc,) = readback.printed(label).ssccs
    return sscc
