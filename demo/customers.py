"""Who orders in the sample shop: names and places of several countries. Nobody of these exists."""

# A row of the tables is a line, however long.
# ruff: noqa: E501

from __future__ import annotations

import random
from typing import Final

from msgspec import Struct

_NAMES: Final = {
    "FR": ("Camille Lefèvre|Noémie Durand|Étienne Garçon|Aïcha Benali|Loïc Kervella|Zoé Bœuf|Maëlle Le Goff|Hugo Çelik|"
           "Jeanne d’Arcangues|Anaïs Prévôt|René Châtelain|Fanny Moreau|Théo Lacroix|Inès Fontaine|Mathéo Gauthier|Élise Roux"),
    "DE": ("Jürgen Weiß|Käthe Müller|Sören Groß|Ännchen Schröder|Lukas Bäcker|Heike Vöge|Friederike Jäger|Jonas Kühn"),
    "GR": ("Ελένη Παπαδοπούλου|Γιώργος Νικολαΐδης|Μαρία Οικονόμου|Δημήτρης Ζαφειρίου|Κατερίνα Ψαρρού|Νίκος Θεοδωρίδης"),
    "BE": "Liesbeth De Smet|Benoît Dubois|Anouk Peeters",
    "CH": "Beat Zürcher|Solène Favre",
    "AT": "Magdalena Höß|Florian Gruber",
    "LU": "Josée Schmit",
    "GB": "Siobhán O’Neill|Gareth Pugh",
}  # fmt: skip
_PLACES: Final = {
    "FR": ("12 rue des Tanneurs|69001|Lyon;4 bis avenue Jean Jaurès|44000|Nantes;231 chemin de l’Étang|13100|Aix-en-Provence;"
           "7 place du Marché-aux-Herbes|67000|Strasbourg;18 quai de la Fontaine|30000|Nîmes;3 impasse des Lilas|29200|Brest;"
           "56 cours Berriat|38000|Grenoble;9 rue du Faubourg-Saint-Antoine|75011|Paris;1 allée des Pins|33120|Arcachon;"
           "22 route de Bélénos|64200|Biarritz;88 boulevard Gambetta|59000|Lille;5 rue Haute|20200|Bastia"),
    "DE": ("Königstraße 12|70173|Stuttgart;Am Mühlgraben 3|01099|Dresden;Große Bleichen 44|20354|Hamburg;"
           "Schloßallee 7|80639|München;Lindenweg 15|07743|Jena;Südring 101|50667|Köln"),
    "GR": ("Ερμού 45|105 63|Αθήνα;Τσιμισκή 112|546 22|Θεσσαλονίκη;Οδός Νίκης 8|491 00|Κέρκυρα;25ης Αυγούστου 17|712 02|Ηράκλειο"),
    "BE": "Kerkstraat 9|9000|Gent;Rue Neuve 71|1000|Bruxelles",
    "CH": "Bahnhofstrasse 22|8001|Zürich;Rue du Bourg 5|1003|Lausanne",
    "AT": "Mariahilfer Straße 60|1070|Wien",
    "LU": "14 Rue de la Gare|L-1611|Luxembourg",
    "GB": "27 Castle Street|EH2 3DN|Edinburgh;3 Mill Lane|CB2 1RX|Cambridge",
}  # fmt: skip
_WEIGHTS: Final = {"FR": 58, "DE": 16, "GR": 10, "BE": 5, "CH": 4, "AT": 3, "LU": 1, "GB": 3}
_COMPANIES: Final = ("", "", "", "", "", "Crèche Les Hirondelles", "Café du Port", "Atelier Nord SARL")
_COMPLEMENTS: Final = ("", "", "", "Bâtiment C, 3e étage", "Appartement 12", "Interphone 42B")


class Customer(Struct, frozen=True):
    """A consignee as an order file has it."""

    name: str
    company: str
    street: str
    street2: str
    postcode: str
    city: str
    country: str
    email: str
    phone: str
    language: str


def customer(chance: random.Random, number: int, country: str = "") -> Customer:
    """Somebody; `number` makes the mail address and the telephone number theirs."""
    country = country or chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    street, postcode, city = chance.choice(_PLACES[country].split(";")).split("|")
    french = country in ("FR", "LU") or city in ("Bruxelles", "Lausanne")
    return Customer(
        name=chance.choice(_NAMES[country].split("|")),
        company=chance.choice(_COMPANIES) if french else "",
        street=street,
        street2=chance.choice(_COMPLEMENTS) if country == "FR" else "",
        postcode=postcode,
        city=city,
        country=country,
        email=f"customer{number}@example.org",
        # 06 39 98 xx xx is kept for fiction in France.
        phone=f"+33 6 39 98 {number // 100 % 100:02d} {number % 100:02d}" if country == "FR" else "",
        language="fr" if french else "en",
    )
