"""Labels that carriers made: brought as a file, kept with their parcel, printed as they are, each once."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

import httpx
import pytest

from central.documents.label_file import MOST_BYTES
from contract.keys import Sscc
from contract.messages import LabelPrinted, PrintDocument
from contract.papers import CarrierLabel
from tests.central.conftest import Central
from tests.central.documents.conftest import AT
from tests.central.documents.test_prints import ask, letters, told
from tests.labels.test_carrier import TRACKING, pdf, picture, png

pytestmark = pytest.mark.feature("L2", "S2")
ZPL = f"^XA^PW812^LL1218^FO60,60^A0N,40^FDTransport Express^FS^FO60,400^BY3^BCN,150^FD{TRACKING}^FS^XZ".encode()
PNG = png(picture(812, 1218), 203)
PDF = pdf(101, 150)


@pytest.fixture
async def parcel(api: httpx.AsyncClient, packed: Sscc) -> Sscc:
    """The parcel goes with a carrier whose numbers are entered by hand."""
    told = {"carrier": "Messagerie", "tracking_number": "TEMPORARY1"}
    (await api.post(f"/api/parcels/{packed}/tracking-number", json=told)).raise_for_status()
    return packed


async def bring(api: httpx.AsyncClient, sscc: str, file: bytes, **fields: Any) -> httpx.Response:
    body = {"tracking_number": TRACKING, "file": b64encode(file).decode()} | fields
    return await api.post(f"/api/parcels/{sscc}/carrier-label", json=body)


async def sent(central: Central) -> list[tuple[str, CarrierLabel]]:
    """The labels that went to benches."""
    asked = [each for each in await letters(central) if isinstance(each, PrintDocument)]
    return [(each.print_id, each.document) for each in asked if isinstance(each.document, CarrierLabel)]


async def state(api: httpx.AsyncClient) -> str:
    items = (await api.get("/api/documents", params={"order": "P-1"})).json()["items"]
    (label,) = [item for item in items if item["kind"] == "carrier_label"]
    text: str = label["state"]
    return text


@pytest.mark.parametrize(("file", "form"), [(ZPL, "zpl"), (PNG, "png"), (PDF, "pdf")])
async def test_it_is_kept_as_it_is_and_goes_to_the_bench_that_packed_the_parcel(
    central: Central, api: httpx.AsyncClient, parcel: Sscc, file: bytes, form: str
) -> None:
    answer = await bring(api, parcel, file, carrier="Transport Express")
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["carrier"], shown["tracking_number"]) == ("Transport Express", TRACKING)
    kept = shown["carrier_label"]
    assert (kept["form"], kept["size"], kept["kept_by"]) == (form, len(file), "anna")
    assert kept["sha256"] == hashlib.sha256(file).hexdigest()
    assert (await api.get(f"/api/parcels/{parcel}/carrier-label")).content == file
    ((print_id, label),) = await sent(central)
    assert (label.data, label.tracking, label.copy) == (file, TRACKING, 1)
    assert await state(api) == "sent"
    await told(central, LabelPrinted(print_id, "carrier_label", AT, parcel, 1, "", "zebra"))
    assert await state(api) == "printed"
    happened = [entry["what"] for entry in (await api.get(f"/api/parcels/{parcel}")).json()["timeline"]]
    assert "carrier_label_kept" in happened


async def test_the_same_file_again_prints_nothing_and_a_copy_needs_a_reason(
    central: Central, api: httpx.AsyncClient, parcel: Sscc
) -> None:
    for _ in range(2):
        assert (await bring(api, parcel, ZPL)).status_code == 201
    ((print_id, _),) = await sent(central)
    await told(central, LabelPrinted(print_id, "carrier_label", AT, parcel))
    assert (await bring(api, parcel, ZPL)).status_code == 201
    (refused,) = await ask(api, ("carrier_label", parcel))
    assert "DUPLICATE" in refused["text"]
    (again,) = await ask(api, ("carrier_label", parcel), reason="torn")
    assert again["done"]
    assert [label.copy for _, label in await sent(central)] == [1, 2]


async def test_another_file_is_another_label_once_the_first_is_not_on_its_way(
    central: Central, api: httpx.AsyncClient, parcel: Sscc
) -> None:
    await bring(api, parcel, ZPL)
    other = png(picture(812, 1218, code="8R49999999999"), 203)
    under_way = await bring(api, parcel, other, tracking_number="8R49999999999")
    assert (under_way.status_code, "on its way to pack-1" in under_way.text) == (409, True)
    assert (await api.get(f"/api/parcels/{parcel}")).json()["tracking_number"] == TRACKING
    ((print_id, _),) = await sent(central)
    await told(central, LabelPrinted(print_id, "carrier_label", AT, parcel))
    assert (await bring(api, parcel, other, tracking_number="8R49999999999")).status_code == 201
    assert [(label.tracking, label.copy) for _, label in await sent(central)] == [(TRACKING, 1), ("8R49999999999", 1)]


@pytest.mark.parametrize(
    ("file", "fields", "said"),
    [
        (b"", {}, "The file is empty"),
        (b"GIF89a" + bytes(90), {}, "a file of the kind ZPL, PNG or PDF is expected"),
        (b"%PDF-1.7" + bytes(MOST_BYTES), {}, "a label has at most 180 kB"),
        (b"%PDF-1.7 nothing", {}, "PDF cannot be read"),
        (b"\x89PNG\r\n\x1a\n nothing", {}, "PNG cannot be read"),
        (pdf(101, 150, pages=9), {}, "9 pages, a label has 1 to 8"),
        (pdf(500, 150), {}, "no label"),
        (png(picture(812, 1218), 400), {}, "is for 400 dpi"),
        (PNG, {"tracking_number": "8R40000000000"}, f"it reads only {TRACKING}"),
        (ZPL, {"tracking_number": "8R40000000000"}, f"it reads only {TRACKING}"),
        (ZPL[:-3], {}, "not whole"),
        (ZPL.replace(b"^XZ", b"^PQ2^XZ"), {}, "prints 2 labels"),
        (PNG, {"tracking_number": "no!"}, "not a tracking number"),
        (PNG, {"dpi": 600}, "dpi"),
    ],
)
async def test_what_is_no_label_is_refused_in_words_and_nothing_is_kept(
    central: Central, api: httpx.AsyncClient, parcel: Sscc, file: bytes, fields: dict[str, Any], said: str
) -> None:
    codes = {"codes": [TRACKING]} if said == "not a tracking number" else {}
    answer = await bring(api, parcel, file, **codes, **fields)
    assert answer.status_code in (400, 422)
    assert said in answer.json()["detail"] + str(answer.json().get("errors")), answer.text
    shown = (await api.get(f"/api/parcels/{parcel}")).json()
    assert (shown["carrier_label"], shown["tracking_number"]) == (None, "TEMPORARY1")
    assert not await sent(central)
    assert (await api.get(f"/api/parcels/{parcel}/carrier-label")).status_code == 404


async def test_codes_that_differ_from_the_number_are_told(
    central: Central, api: httpx.AsyncClient, parcel: Sscc
) -> None:
    told = {"tracking_number": "7700123456", "codes": [TRACKING]}
    assert (await bring(api, parcel, PNG, **told)).status_code == 201
    ((_, label),) = await sent(central)
    assert (label.tracking, label.codes) == ("7700123456", (TRACKING,))


async def test_parcels_that_take_no_label_say_why(central: Central, api: httpx.AsyncClient, packed: Sscc) -> None:
    own = await bring(api, packed, ZPL)
    assert (own.status_code, "our own label" in own.text) == (409, True)
    assert (await bring(api, "034012340000000999", ZPL)).status_code == 422
    assert (await bring(api, Sscc.numbered("03401234", 99), ZPL)).status_code == 404
    told = {"carrier": "Messagerie", "tracking_number": "TEMPORARY1"}
    (await api.post(f"/api/parcels/{packed}/tracking-number", json=told)).raise_for_status()
    assert (await bring(api, packed, ZPL, station="nowhere")).status_code == 404
    (await api.post(f"/api/parcels/{packed}/take-apart", json={"reason": "wrong box"})).raise_for_status()
    apart = await bring(api, packed, ZPL)
    assert (apart.status_code, "taken apart" in apart.text) == (409, True)
    assert not await sent(central)
