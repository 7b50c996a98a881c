"""The files that the office is given: orders in three layouts, the bank's movements, carriers' news."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.e2e.week.story import Script

MAPPING = """\
delimiter = ";"
encoding = "cp1252"
decimal = ","
date = "%d/%m/%Y %H:%M:%S"
timezone = "Europe/Paris"

[columns]
order = "N° commande"
placed_at = "Date"
name = "Client"
street = "Adresse"
postcode = "CP"
city = "Ville"
country = "Pays"
email = "Courriel"
sku = "Réf."
quantity = "Qté"
unit_price = "P.U."
total = "Total"
paid_method = "Réglé par"
paid_reference = "Réf. paiement"

[constants]
currency = "EUR"
language = "fr"
"""
BROKEN = 3
"""Rows of each mapped file that nobody can read."""


def euros(cents: int, mark: str = ".") -> str:
    return f"{cents // 100}{mark}{cents % 100:02d}"


def written(rows: Sequence[Mapping[str, object]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    # What a small code page does not have, such a shop does not print either.
    return stream.getvalue().encode(encoding, "replace")


def is_paid(script: Script) -> bool:
    """Whether the order comes with its money."""
    return script.money == "at once"


def packline_csv(scripts: Iterable[Script]) -> bytes:
    """Packline's own layout."""
    return written([row for script in scripts for row in _packline_rows(script)])


def _packline_rows(script: Script) -> list[dict[str, object]]:
    who = script.customer
    head: dict[str, object] = {
        "placed_at": _iso(script.placed_at), "name": who.name, "company": who.company, "street": who.street,
        "street2": who.street2, "postcode": postcode(script), "city": who.city, "country": who.country,
        "email": who.email, "phone": who.phone, "language": who.language, "total": euros(script.total),
        "paid_method": "card" if is_paid(script) else "",
        "paid_reference": reference(script) if is_paid(script) else "",
    }  # fmt: skip
    return [
        {"order": script.number, "sku": line.sku, "quantity": line.quantity, "unit_price": euros(line.price)}
        | (dict.fromkeys(head, "") if place else head)
        for place, line in enumerate(script.lines)
    ]


def mapped_csv(scripts: Sequence[Script]) -> bytes:
    """As a French shop writes it; three rows at the end are broken."""
    rows = [row for script in scripts for row in _mapped_rows(script)]
    like = rows[0]
    rows += [
        like | {"N° commande": "M-broken-1", "Qté": "deux"},
        like | {"N° commande": "M-broken-2", "Date": "hier"},
        like | {"N° commande": ""},
    ]
    return written(rows, ";", "cp1252")


def _mapped_rows(script: Script) -> list[dict[str, object]]:
    who = script.customer
    return [
        {
            "N° commande": script.number,
            "Date": datetime.fromtimestamp(script.placed_at / 1000, ZoneInfo("Europe/Paris")).strftime(
                "%d/%m/%Y %H:%M:%S"
            ),
            "Client": who.name, "Adresse": who.street, "CP": postcode(script), "Ville": who.city, "Pays": who.country,
            "Courriel": who.email, "Réf.": line.sku, "Qté": line.quantity, "P.U.": euros(line.price, ","),
            "Total": euros(script.total, ","), "Réglé par": "carte" if is_paid(script) else "",
            "Réf. paiement": reference(script) if is_paid(script) else "", "Vendeur": "comptoir",
        }
        for line in script.lines
    ]  # fmt: skip


def shopify_csv(scripts: Iterable[Script]) -> bytes:
    """As a Shopify shop exports its orders."""
    return written([row for script in scripts for row in _shopify_rows(script)])


def _shopify_rows(script: Script) -> list[dict[str, object]]:
    who, paid = script.customer, is_paid(script)
    placed = datetime.fromtimestamp(script.placed_at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S +0000")
    head: dict[str, object] = {
        "Email": who.email, "Financial Status": "paid" if paid else "pending", "Paid at": placed if paid else "",
        "Fulfillment Status": "unfulfilled", "Currency": "EUR", "Total": euros(script.total),
        "Shipping Method": "Standard", "Created at": placed, "Shipping Name": who.name,
        "Shipping Address1": who.street, "Shipping Address2": who.street2, "Shipping Company": who.company,
        "Shipping City": who.city, "Shipping Zip": f"'{postcode(script)}", "Shipping Country": who.country,
        "Shipping Phone": who.phone and f"'{who.phone}", "Payment Method": "Shopify Payments" if paid else "",
        "Payment Reference": reference(script) if paid else "", "Id": 5_550_000 + script.serial,
    }  # fmt: skip
    return [
        {"Name": script.number, "Lineitem quantity": line.quantity, "Lineitem name": line.sku,
         "Lineitem price": euros(line.price), "Lineitem sku": line.sku, "Lineitem requires shipping": "true",
         "Lineitem fulfillment status": "pending"}
        | (dict.fromkeys(head, "") if place else head)
        for place, line in enumerate(script.lines)
    ]  # fmt: skip


def bank_csv(paid: Iterable[tuple[str, str, int]]) -> bytes:
    """A bank's movements: name, order and cents of each transfer; and some that are nobody's business here."""
    today = datetime.now(UTC).strftime("%d/%m/%Y")
    rows = [f'{today};{today};"VIR INST {name.upper()} {number}";{euros(cents, ",")}' for name, number, cents in paid]
    rows.append(f"{today};{today};PRLV EDF;-120,00")
    return ("Compte n° 00012345678;;;\nDate opération;Date valeur;Libellé;Montant\n" + "\n".join(rows) + "\n").encode(
        "cp1252", "replace"
    )


def tracking_csv(ssccs: Iterable[str], status: str) -> bytes:
    """What a carrier tells of parcels."""
    return written([{"sscc": sscc, "status": status, "place": "Lyon"} for sscc in ssccs])


def postcode(script: Script) -> str:
    return "7500" if script.fate == "bad postcode" else script.customer.postcode


def reference(script: Script) -> str:
    return f"PAY-{script.serial}"


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat()
