"""Three orders are packed, and everything that can be unplugged is unplugged in their middle."""

from __future__ import annotations

import asyncio
import grp
import json
import stat
from pathlib import Path
from typing import Any, Final

import httpx
from guest import camera, printer, scales, scanner, tables
from guest.act import PATIENCE_S, Act, Seen, health_of
from guest.bench import Bench
from guest.camera import Camera
from guest.hid_scales import UsbScale, WirelessScale
from guest.installing import FIRST_ORDER, HOST, OFFICE, as_user, configure_station, install, run, stock_up
from guest.memory import browser_takes_all, station_takes_too_much
from guest.pins import Pins
from guest.printer import UsbPrinter
from guest.revoking import revoked
from guest.scales import SerialScale
from guest.scanner import HUMAN_S, FrenchScanner
from guest.services import CENTRAL, STATION, exposure, journal, rights, shown, systemctl
from guest.troubles import (
    camera_goes,
    camera_is_missed,
    chip_goes,
    disk_fills,
    drawer_and_door,
    half_a_scan,
    hang,
    lights_and_buttons,
    overhear,
    overrun,
    printer_goes,
    scale_goes,
    stand_still,
    started_again,
)

from demo.packer import Place

_WIRELESS_ORDER: Final = "1008"
_SECOND_ORDER: Final = "1005"
_NODES: Final = (scanner.NODE, scales.SERIAL_NODE, printer.NODE, camera.NODE)


async def tell(seen: Seen) -> None:
    """The whole story; what was seen is put into `seen` as it goes."""
    await asyncio.to_thread(install)
    pins = await asyncio.to_thread(Pins)
    await pins.plug()
    await systemctl("start", "mosquitto", CENTRAL)
    await asyncio.to_thread(stock_up)
    usb, wireless, serial = UsbScale(port=2), WirelessScale(), SerialScale(port=1)
    bench = Bench(FrenchScanner(), usb, UsbPrinter(port=0), pins, Camera())

    configure_station(tables.SCANNER + tables.USB_SCALE + tables.PRINTER_BY_IDENTITY + tables.LIGHTS + tables.CAMERA)
    await systemctl("start", STATION)
    async with bench.working():
        await _first(seen, bench)
        await systemctl("stop", STATION)
        await usb.unplug()
        bench.scale = wireless
        configure_station(tables.SCANNER + tables.WIRELESS_SCALE + tables.PRINTER_BY_IDENTITY + tables.CAMERA)
        await systemctl("start", STATION)
        await _without_a_socket(seen, bench)
        await systemctl("stop", STATION)
        await wireless.unplug()
        bench.scale = serial
        bench.scanner.key_s = HUMAN_S
        configure_station(tables.SCANNER + tables.SERIAL_SCALE + tables.PRINTER_BY_PATH + tables.LIGHTS + tables.CAMERA)
        await systemctl("start", STATION)
        await _second(seen, bench)
    seen["booked"] = await _booked()
    seen["pictures"] = await _pictures(seen["booked"]["parcels"])
    seen["scanned_again"] = bench.scanned_again
    seen["labels"] = _labels_kept(bench)
    await _hardening(seen)
    await revoked(seen)


async def _first(seen: Seen, bench: Bench) -> None:
    """The USB scale, a scanner at scanner speed."""
    act = Act(seen, bench, FIRST_ORDER)
    async with act.eyes.open():
        seen["without_devices"] = health_of(act.eyes.frame)
        bench.scanner.plug()
        await bench.scale.plug()
        await bench.printer.plug()
        for device in ("scanner", "scale", "printer", "lights", "camera"):
            await act.health(device, "ok")
        seen["nodes"] = {UsbScale.node: _owner(UsbScale.node)}
        seen["scale_names"] = _names(UsbScale.node)
        await act.comes_to(lambda: act.packed == 1)
        await lights_and_buttons(act)
        await drawer_and_door(act)
        await chip_goes(act)
        await overrun(act)
        await act.comes_to(lambda: act.packed == 2)
        await half_a_scan(act)

        async def packs_on() -> None:
            await act.comes_to(lambda: isinstance(act.table.next, Place))
            await scale_goes(act, "USB scale")
            await act.comes_to(lambda: bool(act.table.closed))

        await camera_goes(act, packs_on)
        await act.table.do(Place(0, "take the parcel off"))
    seen["first"] = list(act.table.closed)


async def _without_a_socket(seen: Seen, bench: Bench) -> None:
    """A scale that comes by air: the kernel has its reports from a program, as from BlueZ."""
    act = Act(seen, bench, _WIRELESS_ORDER)
    async with act.eyes.open():
        await bench.scale.plug()
        for device in ("scanner", "scale", "printer", "camera"):
            await act.health(device, "ok")
        seen["nodes"][WirelessScale.node] = _owner(WirelessScale.node)
        listed = await asyncio.to_thread(run, *as_user("packline-station"), "devices", "--json")
        (seen["wireless_listed"],) = (each for each in json.loads(listed) if each["place"] == WirelessScale.node)
        await act.comes_to(lambda: isinstance(act.table.next, Place))
        await scale_goes(act, "wireless scale")
        await act.comes_to(lambda: bool(act.table.closed))
        await act.table.do(Place(0, "take the parcel off"))
    seen["wireless"] = list(act.table.closed)


async def _second(seen: Seen, bench: Bench) -> None:
    """The serial scale, a scanner as slow as a person who types, services that hang, a printer that is away."""
    act = Act(seen, bench, _SECOND_ORDER)
    async with act.eyes.open():
        await bench.scale.plug()
        for device in ("scanner", "scale", "printer", "lights", "camera"):
            await act.health(device, "ok")
        await act.comes_to(lambda: act.packed == 1)
        await overhear(act)
        await disk_fills(act)
        await stand_still(CENTRAL)
        await hang(act)
        await started_again(CENTRAL)
        await browser_takes_all(act)
        await station_takes_too_much(act)
        await act.comes_to(lambda: act.packed == 3)

        async def weighs() -> None:
            await act.comes_to(lambda: isinstance(act.table.next, Place))
            await act.replugged("scale", "serial scale", bench.scale.unplug, bench.scale.plug)
            await act.table.do(act.table.next)

        await camera_is_missed(act, weighs)
        await printer_goes(act)
        await act.comes_to(lambda: bool(act.table.closed))
        await act.table.do(Place(0, "take the parcel off"))
        seen["health"] = health_of(act.eyes.frame)
        seen["nodes"] |= {node: _owner(node) for node in (*_NODES, f"/dev/{bench.pins.chip}")}
        seen["second"] = list(act.table.closed)


async def _booked() -> dict[str, Any]:
    """What central has of the orders, when it has booked them."""
    async with httpx.AsyncClient(base_url=OFFICE, timeout=30) as client:
        booked: dict[str, Any] = {}
        for order in (FIRST_ORDER, _WIRELESS_ORDER, _SECOND_ORDER):
            for _ in range(PATIENCE_S):
                lines = (await client.get(f"/api/orders/{order}")).json()["lines"]
                if all(line["packed"] == line["ordered"] for line in lines):
                    break
                await asyncio.sleep(1)
            booked[order] = [[line["sku"], line["ordered"], line["packed"]] for line in lines]
        page = await client.get("/stations/station/events", headers={"Accept": "text/html", "Accept-Language": "fr"})
        booked["drawer"] = page.text.count("Tiroir ouvert")
        booked["parcels"] = [parcel["sscc"] for parcel in (await client.get("/api/parcels")).json()["items"]]
    return booked


async def _pictures(parcels: list[str]) -> dict[str, Any]:
    """What central has of each parcel's open box, when the bench has delivered it or said that there is none."""
    found: dict[str, Any] = {}
    async with httpx.AsyncClient(base_url=OFFICE, timeout=30) as client:
        for sscc in parcels:
            for _ in range(PATIENCE_S):
                photo = (await client.get(f"/api/parcels/{sscc}")).json()["photo"]
                answer = await client.get(f"/api/parcels/{sscc}/photo")
                if answer.is_success or photo["missing"]:
                    break
                await asyncio.sleep(1)
            if answer.is_success:
                _keep(f"{sscc}.jpg", answer.content)
            found[sscc] = photo | {"status": answer.status_code}
    return found


def _keep(name: str, content: bytes) -> None:
    """For the host to look at."""
    Path(HOST, name).write_bytes(content)


def _labels_kept(bench: Bench) -> list[str]:
    kept = []
    for number, label in enumerate(bench.printer.labels, 1):
        name = f"label-{number}.zpl"
        _keep(name, label)
        kept.append(name)
    return kept


async def _hardening(seen: Seen) -> None:
    seen["units"] = {
        unit: {
            "active": await shown(unit, "ActiveState"),
            "exposure": await exposure(unit),
            "rights": await rights(unit),
            "restarts": int(await shown(unit, "NRestarts")),
            "watchdog": (await journal(unit)).count("Watchdog timeout"),
        }
        for unit in (STATION, CENTRAL)
    }
    await systemctl("stop", STATION, CENTRAL)
    for unit in (STATION, CENTRAL):
        seen["units"][unit]["result"] = await shown(unit, "Result")


def _names(node: str) -> list[str]:
    """What the shipped rule calls the same node."""
    names, itself = Path("/dev/packline"), Path(node).resolve()
    return sorted(str(name.relative_to(names)) for name in names.rglob("*") if name.resolve() == itself)


def _owner(node: str) -> list[str]:
    """Group and mode."""
    found = Path(node).stat()
    return [grp.getgrgid(found.st_gid).gr_name, f"{stat.S_IMODE(found.st_mode):04o}"]
