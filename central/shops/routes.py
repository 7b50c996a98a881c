"""Where web shops send their webhooks. Public: each delivery proves itself by its signature."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from litestar import Request, Router, post
from litestar.exceptions import NotAuthorizedException
from litestar.params import PathParameter
from msgspec import Struct
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.office.office import Office, TheOffice
from central.office.refusals import answers
from central.orders.importing import keys_of
from central.orders.rules import By
from central.people.scopes import PUBLIC
from central.shops import prestashop, rules, shopify, woocommerce
from central.shops.model import BadPayload, GaveBack, Gone, ShopOrder, Told
from central.shops.rows import key_of
from central.shops.rules import Outcome
from central.shops.settings import Shop
from central.shops.signatures import SCHEMES, is_signed
from central.stations.rows import AsideRow
from contract.keys import OrderId

log = logging.getLogger(__name__)

Name = Annotated[str, PathParameter(max_length=40, description="The shop, as `[[shops]]` of central.toml names it.")]


class Heard(Struct, frozen=True):
    """What a delivery did."""

    outcome: Outcome
    order: str = ""


@post(
    "/{name:str}",
    operation_id="hearShop",
    summary="A shop's webhook",
    description="The raw delivery of Shopify, WooCommerce or PrestaShop, with the shop's own headers. 401: the "
    "signature does not fit, nothing was read. 422: it is signed and cannot be read; it is kept for a person.",
    status_code=200,
    security=[{}],
    responses=answers(404, 413, 422),
)
async def hear(office: TheOffice, request: Request[Any, Any, Any], name: Name) -> Heard:
    shop = office.doors.shops.get(name)
    if shop is None:
        raise not_found("shop", name)
    body = await request.body()
    if shop.kind == "woocommerce" and woocommerce.is_ping(body):
        return Heard("ping")
    scheme = SCHEMES[shop.kind]
    if not is_signed(shop.kind, shop.secret, body, request.headers.get(scheme.signature, "")):
        log.warning("shop %s: a delivery of %d bytes without its signature was turned away", name, len(body))
        raise NotAuthorizedException(
            f"The signature in {scheme.signature} does not fit. Compare the secret of the shop."
        )
    try:
        told = _read(shop, request.headers.get(scheme.topic, ""), body)
    except BadPayload as error:
        row = AsideRow(f"shop/{name}", str(error), body, len(body), office.now())
        await office.store.transact(Keys(), lambda books: books.aside.append(row))
        raise Refused("invalid", f"This delivery cannot be read, and is kept for a person: {error}.") from None
    return Heard("unused") if told is None else await _follow(office, shop, told)


def _read(shop: Shop, topic: str, body: bytes) -> Told:
    if not topic:
        raise BadPayload(f"{SCHEMES[shop.kind].topic}: the header is missing")
    if shop.kind == "shopify":
        told = shopify.read(topic, body)
    elif shop.kind == "woocommerce":
        told = woocommerce.read(topic, body)
    else:
        told = prestashop.read(topic, body, shop.zone)
    if not shop.prefix or not isinstance(told, ShopOrder):
        return told
    number = OrderId(f"{shop.prefix}{told.order.order}")
    return replace(told, order=replace(told.order, order=number))


async def _follow(office: Office, shop: Shop, told: Gone | GaveBack | ShopOrder) -> Heard:
    key = key_of(shop.name, told.reference)
    by = By(shop.name, office.now())
    rows = await office.store.read("shops.order_of", (key,))
    named = frozenset(OrderId(row["order_id"]) for row in rows)
    keys = Keys(orders=named, parcels_of=named, payments_of=named, shop_orders=frozenset({key}))

    def decide(books: Books) -> Outcome:
        if isinstance(told, Gone):
            return rules.throw_away(books, shop.name, told, by)
        if isinstance(told, GaveBack):
            return rules.give_back(books, shop.name, told, by)
        return rules.follow(books, shop.name, told, by)

    if isinstance(told, ShopOrder):
        keys = Keys.union((keys, keys_of(told.order)))
        named = named or frozenset({told.order.order})
    outcome = await office.store.transact(keys, decide)
    return Heard(outcome, next(iter(named), ""))


router = Router("/api/shops", route_handlers=[hear], opt={"area": PUBLIC}, tags=["orders"])
