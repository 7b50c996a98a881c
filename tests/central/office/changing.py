"""A good request for every REST route that needs telling what: it is made first, and belongs to the request alone."""

from __future__ import annotations

import asyncio
import secrets
from base64 import b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from itertools import count
from typing import Any, Final

import httpx
from msgspec import Struct
from msgspec.json import encode
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.orders.commands import keys_to_change
from central.orders.model import NewLine, NewOrder
from central.orders.rules import By
from central.packing.jobs import open_work
from central.payments.rows import IncomingRow
from central.shops.following import contest
from central.shops.rows import ShopOrderRow
from central.shops.taking_over import word_of
from central.tracking.rows import ProblemRow
from contract.claims import ClaimOffer, key_of, new_code, proof_of_offer
from contract.keys import OrderId, Sku, Sscc
from contract.messages import JobOffered, OpenWork, PhotoPiece
from contract.values import Address, Photo
from station.keys import KeyPair
from tests.central.conftest import Central, until
from tests.central.documents.test_carrier_labels import TRACKING, ZPL
from tests.central.orders.test_routes import ANY, BODY, PAID
from tests.central.packed import HOUSE, pack

AT: Final = 1_777_880_000_000
ELSEWHERE: Final = Address("Zoé", ("4 quai du Port",), "69002", "Lyon", "FR")
WHY: Final = {"reason": "Because."}
BEN: Final = "bens-own-secret"
"""Of a token with every right."""
PICTURE: Final = b"\xff\xd8 a picture \xff\xd9"


class Asked(Struct, frozen=True):
    """One request."""

    path: str
    body: Any = None
    file: bytes = b""

    async def send(self, client: httpx.AsyncClient, method: str, key: str) -> httpx.Response:
        files = {"data": ("file.csv", self.file)} if self.file else None
        headers = {"Idempotency-Key": key, "If-Match": "*"}
        return await client.request(method, f"/api{self.path}", json=self.body, files=files, headers=headers)


class Shop:
    """Makes what requests need. Every name ends in a number of its own."""

    def __init__(self, central: Central, api: httpx.AsyncClient) -> None:
        self.central = central
        self.api = api
        self._numbers = count(1)

    def new(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers):04d}"

    async def do(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = await self.api.request(method, f"/api{path}", json=body, headers=ANY)
        assert answer.status_code < 300, f"{path}: {answer.text}"
        return answer.json() if answer.content else None

    async def product(self) -> str:
        """Fifty pieces in a bin of their own."""
        sku = self.new("SKU")
        await self.do(f"/products/{sku}", {"name": sku, "mass_g": 100, "policy": "manual"}, "PUT")
        await self.do(f"/stock/{sku}/received", {"quantity": 50})
        await self.do(f"/stock/{sku}/pick-bin", {"bin": f"BIN-{sku}"})
        await self.do(f"/stock/{sku}/transfer", {"quantity": 50, "to_bin": f"BIN-{sku}"})
        return sku

    async def held(self) -> str:
        number = await self.order()
        await self.do(f"/orders/{number}/hold", WHY)
        return number

    async def contested(self) -> str:
        """Its shop and the office both changed the address."""
        number = await self.order()
        told = word_of(NewOrder(OrderId(number), AT, ELSEWHERE, (NewLine(Sku("MUG-BLUE"), 2),)))

        def differ(books: Books) -> None:
            contest(books, OrderId(number), ("address",), None, told, By("boutique", AT))
            row = ShopOrderRow(f"boutique/{number}", OrderId(number), AT, "", told=encode(told).decode())
            books.shop_orders.put(row)

        await self.central.store.transact(keys_to_change(OrderId(number)), differ)
        return number

    async def unpaid(self) -> str:
        return await self.order(paid=False)

    async def paired(self) -> tuple[str, str]:
        return await self.order(), await self.order()

    async def order(self, *, paid: bool = True) -> str:
        number = self.new("P")
        lines = [{"sku": "MUG-BLUE", "quantity": 2, "unit_price": 1250}, {"sku": "TEA-100", "quantity": 1}]
        await self.do("/orders", (PAID if paid else BODY) | {"order": number, "lines": lines})
        return number

    async def parcel(self) -> Sscc:
        """Of an order of its own, on the way with a carrier."""
        number = await self.order()
        lines = {"MUG-BLUE": 2, "TEA-100": 1}
        serial = next(self._numbers)
        sscc = await pack(self.central.store, number, lines, AT, serial, token=f"token-{serial}")
        told = {"carrier": "Messagerie", "tracking_number": f"TEMPORARY{serial}"}
        await self.do(f"/parcels/{sscc}/tracking-number", told)
        return sscc

    async def serial(self) -> str:
        """That left with a parcel."""
        sscc = await self.parcel()
        contents = (await self.do(f"/parcels/{sscc}", method="GET"))["contents"]
        return str(contents[0]["traces"][0]["serial"])

    async def photographed(self) -> Sscc:
        sscc, name = await self.parcel(), sha256(PICTURE).hexdigest()
        photo = encode(Photo(name, AT, "top", len(PICTURE))).decode()

        def take(books: Books) -> None:
            books.parcels.put(replace(books.parcels[sscc], photo=photo))

        await self.central.store.transact(Keys(parcels=frozenset({sscc})), take)
        self.central.photos.take(PhotoPiece(name, len(PICTURE), 0, PICTURE))
        return sscc

    async def labelled(self) -> Sscc:
        """With its carrier's label."""
        sscc = await self.parcel()
        brought = {"tracking_number": TRACKING, "file": b64encode(ZPL).decode(), "station": "pack-1"}
        await self.do(f"/parcels/{sscc}/carrier-label", brought)
        return sscc

    async def run(self) -> str:
        wish = {"do": "held", "orders": [await self.order()], "reason": "Because."}
        return str((await self.do("/runs", wish))["run"])

    async def bound(self) -> str:
        """Papers in one file, which is ready."""
        papers = [{"kind": "pick_list", "subject": await self.order()}]
        number = (await self.do("/documents/volumes", {"documents": papers}))["number"]
        await until(self.api, f"/api/documents/volumes/{number}", lambda volume: volume["finished"])
        return str(number)

    async def mailed(self) -> None:
        await self.do("/documents/mail", {"documents": [{"kind": "slip", "subject": str(await self.parcel())}]})

    async def held_parcel(self) -> Sscc:
        sscc = await self.parcel()

        def hold(books: Books) -> None:
            parcel = books.parcels[sscc]
            books.parcels.put(replace(parcel, held="order_cancelled"))

        await self.central.store.transact(Keys(parcels=frozenset({sscc})), hold)
        return sscc

    async def at_a_station(self) -> str:
        number = await self.order()

        def ask(books: Books) -> object:
            return open_work(books, HOUSE, "pack-1", OpenWork(number, "7001"), AT)

        offer = await self.central.store.transact(Keys(codes=frozenset({number})), ask)
        assert isinstance(offer, JobOffered)
        return number

    async def supplied(self) -> str:
        number = await self.order()
        await self.do(f"/orders/{number}/lines/1/supplier", {"supplier": "Lampes SA"})
        return number

    async def merged(self) -> str:
        one, other = await self.paired()
        await self.do(f"/orders/{one}/merge", {"orders": [other]})
        return one

    async def planned(self) -> tuple[str, str]:
        """A count and its product."""
        name, sku = self.new("C"), await self.product()
        await self.do(f"/counts/{name}", {"skus": [sku], "blind": False}, "PUT")
        return name, sku

    async def counted(self) -> tuple[str, str]:
        name, sku = await self.planned()
        found = [{"sku": sku, "quantity": 48, "bin": f"BIN-{sku}"}]
        await self.do(f"/counts/{name}/found", {"found": found})
        return name, sku

    async def unexpected(self) -> tuple[str, str]:
        """A number for a delivery, and a product."""
        await self.do("/suppliers/faience", {"name": "Faïencerie"}, "PUT")
        return self.new("D"), await self.product()

    async def delivery(self) -> tuple[str, str]:
        number, sku = await self.unexpected()
        expected = {"supplier": "faience", "lines": [{"sku": sku, "quantity": 10}]}
        await self.do(f"/deliveries/{number}", expected, "PUT")
        return number, sku

    async def lot(self) -> tuple[str, str]:
        """A product and its lot."""
        number, sku = await self.delivery()
        lot = self.new("L")
        arrival = {"sku": sku, "quantity": 5, "bin": f"BIN-{sku}", "lot": lot}
        await self.do(f"/deliveries/{number}/received", {"arrivals": [arrival]})
        return sku, lot

    async def stopped_lot(self) -> tuple[str, str]:
        sku, lot = await self.lot()
        await self.do(f"/stock/{sku}/lots/{lot}/stop", WHY)
        return sku, lot

    async def batch(self) -> str:
        begun = await self.do("/picking", {"kind": "chosen", "orders": [await self.order()]})
        return str(begun["batch"])

    async def walked(self) -> tuple[str, int]:
        """A batch with its tote, and the task that somebody is at."""
        batch = await self.batch()
        await self.do(f"/picking/{batch}/scan", {"code": self.new("TOTE")})
        tasks = (await self.do(f"/picking/{batch}/join"))["tasks"]
        return batch, next(int(task["task"]) for task in tasks if task["picker"])

    async def problem(self) -> int:
        row = ProblemRow("void_label", self.new("Its label must be voided"), AT)
        await self.central.store.transact(Keys(), lambda books: books.problems.append(row))
        (newest,) = (await self.do("/problems?limit=1", method="GET"))["items"]
        return int(newest["problem"])

    async def problems(self) -> tuple[int, int]:
        return await self.problem(), await self.problem()

    async def money(self) -> str:
        row = IncomingRow(self.new("bank"), "received", 3740, "EUR", "transfer", "", "VIR", "", AT)
        await self.central.store.transact(Keys(incoming=frozenset({row.key})), lambda books: books.incoming.put(row))
        return row.key

    async def owed(self) -> tuple[str, str]:
        """Money, and whose it is."""
        return await self.money(), await self.unpaid()

    async def sent_to_print(self) -> str:
        number = await self.order()
        await self.do(
            "/documents/print", {"documents": [{"kind": "pick_list", "subject": number}], "station": "pack-1"}
        )
        (asked,) = (await self.do(f"/documents/prints?q={number}", method="GET"))["items"]
        return str(asked["print_id"])

    async def person(self) -> str:
        account = self.new("zoe")
        await self.do("/people", {"account": account, "name": account, "role": "packer"})
        return account

    async def gone(self) -> str:
        account = await self.person()
        await self.do(f"/people/{account}/deactivate")
        return account

    async def signed_in(self) -> str:
        """With the password that was drawn."""
        account = await self.person()
        drawn = (await self.do(f"/people/{account}/password"))["password"]
        form = {"account": account, "password": drawn}
        async with self.central.client(None) as stranger:
            answer = await stranger.post("/sign-in", data=form, headers={"Origin": self.central.url})
            assert answer.status_code == 303, answer.text
        return account

    async def token(self) -> str:
        name = self.new("till")
        await self.do("/tokens", {"name": name, "scopes": ["orders:read"]})
        return name

    async def claim(self) -> tuple[str, str]:
        """Its name, and the code that the station shows."""
        station = self.new("bench")
        pair, code = await asyncio.to_thread(KeyPair.new, station), new_code(secrets.choice)
        key = await asyncio.to_thread(key_of, code, pair.request)
        offer = ClaimOffer(station, pair.request, proof_of_offer(key, station, pair.request))
        body = {name: getattr(offer, name) for name in offer.__struct_fields__}
        return (await self.do("/claim", body))["claim"], code

    async def certified(self) -> str:
        claim, code = await self.claim()
        answer = await self.do(f"/claims/{claim}/approve", {"code": code})
        return str(max(each["station"] for each in answer["certificates"]))


class Sample(Struct, frozen=True):
    """A request about what is made for it: `{0}`, `{1}` stand for that wherever they are."""

    made: Callable[[Shop], Awaitable[object]]
    path: str
    body: Any = None
    file: str = ""

    async def asked(self, shop: Shop) -> Asked:
        made = await self.made(shop)
        names = made if isinstance(made, tuple) else (made,)
        return Asked(self.path.format(*names), _filled(self.body, names), self.file.format(*names).encode())


def _filled(body: Any, names: tuple[object, ...]) -> Any:
    match body:
        case str():
            return names[int(body[2])] if body in ("#{0}", "#{1}") else body.format(*names)
        case dict():
            return {key: _filled(value, names) for key, value in body.items()}
        case list():
            return [_filled(value, names) for value in body]
    return body


def new(kind: str) -> Callable[[Shop], Awaitable[str]]:
    async def named(shop: Shop) -> str:
        return shop.new(kind)

    return named


ORDER: Final = "/orders/{0}"
STOCK: Final = "/stock/{0}"
PAPERS: Final = [{"kind": "pick_list", "subject": "{0}"}]
SAMPLES: Final[dict[str, Sample]] = {
    "addOrder": Sample(new("P"), "/orders", PAID | {"order": "{0}"}),
    "editOrder": Sample(Shop.order, ORDER, {"gift_note": "Bonne fête"}),
    "holdOrder": Sample(Shop.order, f"{ORDER}/hold", WHY),
    "releaseOrder": Sample(Shop.held, f"{ORDER}/release"),
    "cancelOrder": Sample(Shop.order, f"{ORDER}/cancel", WHY),
    "readdressOrder": Sample(Shop.order, f"{ORDER}/address", BODY["ship_to"] | {"city": "Lyon", "postcode": "69002"}),
    "recontactOrder": Sample(Shop.order, f"{ORDER}/contact", {"email": "zoe@example.org"}),
    "prioritiseOrder": Sample(Shop.order, f"{ORDER}/priority", {"priority": "vip"}),
    "rerouteOrder": Sample(Shop.order, f"{ORDER}/warehouse", {"warehouse": "south"}),
    "chooseBetweenShopAndUs": Sample(Shop.contested, f"{ORDER}/shop", {"choices": {"address": "shop"}}),
    "annotateOrder": Sample(Shop.order, f"{ORDER}/notes", {"audience": "office", "text": "She called."}),
    "takeBackOrder": Sample(Shop.at_a_station, f"{ORDER}/take-back"),
    "splitOrder": Sample(Shop.order, f"{ORDER}/split", {"lines": [{"line": 1, "quantity": 1}]}),
    "repeatOrder": Sample(Shop.order, f"{ORDER}/repeat", {}),
    "splitLine": Sample(Shop.order, f"{ORDER}/lines/1/split", {"quantity": 1}),
    "assignLine": Sample(Shop.order, f"{ORDER}/lines/1/supplier", {"supplier": "Lampes SA"}),
    "supplyLine": Sample(Shop.supplied, f"{ORDER}/lines/1/supply", {"stage": "ordered", "quantity": 1}),
    "mergeOrders": Sample(Shop.paired, f"{ORDER}/merge", {"orders": ["{1}"]}),
    "unmergeOrders": Sample(Shop.merged, f"{ORDER}/unmerge"),
    "importOrders": Sample(
        new("P"),
        "/orders/import",
        file="order,placed_at,name,street,postcode,city,country,sku,quantity\n"
        "{0},2026-05-04T10:00:00Z,Zoé,1 rue A,75002,Paris,FR,MUG-BLUE,1\n",
    ),
    "runOnOrders": Sample(Shop.order, "/runs", {"do": "held", "orders": ["{0}"], "reason": "Because."}),
    "payOrder": Sample(Shop.unpaid, f"{ORDER}/payment", {"method": "cheque", "amount": 1000}),
    "refundOrder": Sample(Shop.order, f"{ORDER}/refund", {"note": "Broken", "amount": 100}),
    "payOrders": Sample(Shop.unpaid, "/payments/batch", {"orders": ["{0}"], "method": "cheque", "slip": "S-1"}),
    "acceptIncoming": Sample(Shop.owed, "/payments/incoming/accept", {"accepted": [{"key": "{0}", "order": "{1}"}]}),
    "decideIncoming": Sample(Shop.money, "/payments/incoming/chosen", {"do": "dismissed", "keys": ["{0}"]}),
    "dismissIncoming": Sample(Shop.money, "/payments/incoming/{0}/dismiss"),
    "importStatement": Sample(new("VIR"), "/payments/statement", file="Date;Libellé;Montant\n04/05/2026;{0};37,40\n"),
    "putProduct": Sample(Shop.product, "/products/{0}", {"name": "Other", "mass_g": 7}),
    "importProducts": Sample(new("SKU"), "/products/import", file="sku,name\n{0},New\n"),
    "importStock": Sample(Shop.product, "/stock/import", file="sku,on_hand\n{0},49\n"),
    "receiveStock": Sample(Shop.product, f"{STOCK}/received", {"quantity": 3}),
    "countStock": Sample(Shop.product, f"{STOCK}/counted", {"on_hand": 49}),
    "transferStock": Sample(
        Shop.product, f"{STOCK}/transfer", {"quantity": 3, "from_bin": "BIN-{0}", "to_bin": "ELSEWHERE"}
    ),
    "setPickBin": Sample(Shop.product, f"{STOCK}/pick-bin", {"bin": "ELSEWHERE"}),
    "stopLot": Sample(Shop.lot, f"{STOCK}/lots/{{1}}/stop", WHY),
    "resumeLot": Sample(Shop.stopped_lot, f"{STOCK}/lots/{{1}}/resume"),
    "putSupplier": Sample(new("S"), "/suppliers/{0}", {"name": "Faïencerie"}),
    "expectDelivery": Sample(
        Shop.unexpected, "/deliveries/{0}", {"supplier": "faience", "lines": [{"sku": "{1}", "quantity": 10}]}
    ),
    "importDeliveries": Sample(
        Shop.unexpected, "/deliveries/import", file="delivery,supplier,sku,quantity\n{0},faience,{1},3\n"
    ),
    "receiveDelivery": Sample(
        Shop.delivery, "/deliveries/{0}/received", {"arrivals": [{"sku": "{1}", "quantity": 4, "bin": "A1"}]}
    ),
    "closeDelivery": Sample(Shop.delivery, "/deliveries/{0}/closed"),
    "planCount": Sample(Shop.product, "/counts/C-{0}", {"skus": ["{0}"], "blind": False}),
    "recordCount": Sample(
        Shop.planned, "/counts/{0}/found", {"found": [{"sku": "{1}", "quantity": 48, "bin": "BIN-{1}"}]}
    ),
    "approveCount": Sample(Shop.counted, "/counts/{0}/approved"),
    "rejectCount": Sample(Shop.counted, "/counts/{0}/rejected"),
    "countAgain": Sample(Shop.counted, "/counts/{0}/again", {"skus": ["{1}"]}),
    "beginBatch": Sample(Shop.order, "/picking", {"kind": "chosen", "orders": ["{0}"]}),
    "joinBatch": Sample(Shop.batch, "/picking/{0}/join"),
    "scanInBatch": Sample(Shop.batch, "/picking/{0}/scan", {"code": "TOTE-{0}"}),
    "tickInBatch": Sample(Shop.walked, "/picking/{0}/tick", {"task": "#{1}"}),
    "shortInBatch": Sample(Shop.walked, "/picking/{0}/short", {"task": "#{1}", "kind": "damaged"}),
    "stopBatch": Sample(Shop.batch, "/picking/{0}/stop"),
    "setTrackingNumber": Sample(Shop.parcel, "/parcels/{0}/tracking-number", {"tracking_number": "NUMBER777"}),
    "addTrackingEvent": Sample(Shop.parcel, "/parcels/{0}/events", {"status": "in_transit"}),
    "shipParcel": Sample(Shop.parcel, "/parcels/{0}/ship"),
    "letParcelGo": Sample(Shop.held_parcel, "/parcels/{0}/let-go"),
    "takeParcelApart": Sample(Shop.parcel, "/parcels/{0}/take-apart", WHY),
    "importTracking": Sample(
        Shop.parcel,
        "/parcels/import",
        file="sscc,carrier,tracking_number,status,at,place,text\n{0},,,in_transit,2026-09-22T10:00:00Z,Lyon,\n",
    ),
    "runOnParcels": Sample(Shop.parcel, "/parcels/many", {"do": "shipped", "parcels": ["{0}"]}),
    "bringCarrierLabel": Sample(
        Shop.parcel,
        "/parcels/{0}/carrier-label",
        {"tracking_number": TRACKING, "file": b64encode(ZPL).decode(), "station": "pack-1"},
    ),
    "printDocuments": Sample(Shop.order, "/documents/print", {"documents": PAPERS, "station": "pack-1"}),
    "withdrawPrint": Sample(Shop.sent_to_print, "/documents/withdraw", {"print_id": "{0}"}),
    "markDocumentsPrinted": Sample(Shop.order, "/documents/mark-printed", {"documents": PAPERS}),
    "mailDocuments": Sample(Shop.parcel, "/documents/mail", {"documents": [{"kind": "slip", "subject": "{0}"}]}),
    "bindDocuments": Sample(Shop.order, "/documents/volumes", {"documents": PAPERS}),
    "acknowledgeProblem": Sample(Shop.problem, "/problems/{0}/acknowledge"),
    "acknowledgeProblems": Sample(Shop.problems, "/problems/acknowledge", {"problems": ["#{0}", "#{1}"]}),
    "addPerson": Sample(new("ben"), "/people", {"account": "{0}", "name": "Ben {0}"}),
    "putPerson": Sample(Shop.person, "/people/{0}", {"name": "Other {0}"}),
    "deactivatePerson": Sample(Shop.person, "/people/{0}/deactivate"),
    "activatePerson": Sample(Shop.gone, "/people/{0}/activate"),
    "resetPassword": Sample(Shop.person, "/people/{0}/password"),
    "drawBadge": Sample(Shop.person, "/people/{0}/badge"),
    "signPersonOut": Sample(Shop.signed_in, "/people/{0}/sign-out"),
    "createToken": Sample(new("till"), "/tokens", {"name": "{0}", "scopes": ["orders:read"]}),
    "revokeToken": Sample(Shop.token, "/tokens/{0}/revoke"),
    "approveClaim": Sample(Shop.claim, "/claims/{0}/approve", {"code": "{1}"}),
    "refuseClaim": Sample(Shop.claim, "/claims/{0}/refuse"),
    "revokeCertificates": Sample(Shop.certified, "/certificates/{0}/revoke"),
}
"""By operation."""
READS: Final[dict[str, Sample]] = {
    "getOrder": Sample(Shop.order, ORDER),
    "getRun": Sample(Shop.run, "/runs/{0}"),
    "getProduct": Sample(Shop.product, "/products/{0}"),
    "listMovements": Sample(Shop.product, f"{STOCK}/movements"),
    "exportMovements": Sample(Shop.product, "/exports/movements?sku={0}"),
    "listPlaces": Sample(Shop.product, f"{STOCK}/places"),
    "recallLot": Sample(Shop.lot, "/lots/{1}/recall"),
    "recallLotSheet": Sample(Shop.lot, "/lots/{1}/recall/csv"),
    "recallSerial": Sample(Shop.serial, "/serials/{0}/recall"),
    "getDelivery": Sample(Shop.delivery, "/deliveries/{0}"),
    "getDeliverySheet": Sample(Shop.delivery, "/deliveries/{0}/csv"),
    "getCount": Sample(Shop.counted, "/counts/{0}"),
    "getCountSheet": Sample(Shop.counted, "/counts/{0}/csv"),
    "getParcel": Sample(Shop.parcel, "/parcels/{0}"),
    "getParcelPhoto": Sample(Shop.photographed, "/parcels/{0}/photo"),
    "getCarrierLabel": Sample(Shop.labelled, "/parcels/{0}/carrier-label"),
    "listScaleChecks": Sample(Shop.order, "/stations/pack-1/scales"),
    "getClaim": Sample(Shop.claim, "/claim/{0}"),
    "listDocuments": Sample(Shop.order, "/documents?order={0}"),
    "getDocument": Sample(Shop.order, "/documents/pdf?kind=pick_list&subject={0}"),
    "getVolume": Sample(Shop.bound, "/documents/volumes/{0}"),
    "getVolumePdf": Sample(Shop.bound, "/documents/volumes/{0}/pdf"),
    "getPerson": Sample(Shop.person, "/people/{0}"),
    "getBatch": Sample(Shop.batch, "/picking/{0}"),
    "getBatchPdf": Sample(Shop.batch, "/picking/{0}/pdf"),
}
"""By operation: of those that must be told what to read."""
