"""What rules, imports and benches say in English is told in French too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import central
import station
from central.intake.fields import BadField
from central.intake.report import rejected
from central.office.forms import errors_of
from central.office.retelling import SENTENCES, retold
from central.packing import wording

ROOTS = [Path(package.__path__[0]) for package in (central, station)]
SAYS = {
    "Refused": 1,
    "ChangedSince": 1,
    "BadField": 2,
    "BadTable": 0,
    "ProblemRow": 1,
    "raise_problem": 1,
    "Complaint": 1,
}
"""Calls that say something to the office, and which argument is the sentence."""


def value(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    return "Stop: order 7 was cancelled." if ".en}" in ast.unparse(part) else "X-7"


def examples(sentence: ast.expr) -> Iterator[str]:
    """The sentence as it may come out: a value for each of its places."""
    match sentence:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(map(value, parts))
        case ast.IfExp(body=body, orelse=orelse):
            yield from examples(body)
            yield from examples(orelse)


def said_to_the_office() -> Iterator[tuple[str, str]]:
    for file in (path for root in ROOTS for path in root.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in SAYS and len(node.args) > SAYS[name]:
                    for example in examples(node.args[SAYS[name]]):
                        yield f"{file.name}:{node.lineno}", example


@pytest.mark.feature("V1")
def test_every_sentence_for_the_office_has_its_french() -> None:
    found = list(said_to_the_office())
    assert len(found) > 40
    # Only places and marks: nothing to translate.
    worded = [(where, text) for where, text in found if re.search("[a-z]{3}", text.replace("X-7", ""))]
    assert [(where, text) for where, text in worded if retold(text, "fr") == text] == []


def test_places_are_carried_over() -> None:
    for english, french in SENTENCES.items():
        assert sorted(set(re.findall(r"{\w+}", english))) == sorted(set(re.findall(r"{\w+}", french))), english


def test_every_catalogued_sentence_finds_itself() -> None:
    for english, french in SENTENCES.items():
        places = re.findall(r"{(\w+)}", english)
        values = {place: f"Z{n}" for n, place in enumerate(places)}
        if len(places) * 2 < len(english.split()):
            assert retold(english.format(**values), "fr") == french.format(**values)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("1 × BK-12 missing: back-ordered", "1 × BK-12 : manquant ; en reliquat"),
        ("1 × S-14 damaged: another is promised instead", "1 × S-14 : abîmé ; un autre est promis à la place"),
        ("3110 g short: no single cause fits", "3110 g de moins : aucune cause simple ne convient"),
        ("40 g over: one B-17 too many and packed in BOX-L", "40 g de trop : un B-17 en trop et emballé dans BOX-L"),
        ("There is no order 'Z9'.", "Introuvable : commande 'Z9'."),
        (wording.sscc_twice("395212340000000014").en, wording.sscc_twice("395212340000000014").fr),
        (
            "Parcel 1 must not leave: its order was cancelled. "
            "Take it apart: then its label is void and its pieces are free.",
            "Le colis 1 ne doit pas partir : sa commande a été annulée. "
            "Défaites-le : son étiquette est alors annulée et ses pièces sont libres.",
        ),
        (
            "Line 1: only 0 of 1 pieces of V-19 are in stock. Line 2: there is no product 'X'. Import it, or cancel "
            "the order.",
            "Ligne 1 : 0 pièces de V-19 en stock sur 1. Ligne 2 : l'article 'X' n'existe pas. Importez-le ou annulez "
            "la commande.",
        ),
        (
            "Line 1: the columns 'order' (did you mean 'ordre'?), 'name' are missing.",
            "Ligne 1 : il manque les colonnes 'order' (vouliez-vous dire 'ordre' ?), 'name'.",
        ),
        (
            "SSCC 395212340000009999: the check digit is 9, it should be 4",
            "SSCC 395212340000009999 : le chiffre de contrôle est 9, il devrait être 4",
        ),
        ("There is nothing at /nothing.", "Il n'y a rien à l'adresse /nothing."),
        ("Please leave it with the neighbour.", "Please leave it with the neighbour."),
    ],
)
def test_french(english: str, french: str) -> None:
    assert retold(english, "fr") == french
    assert retold(english, "en") == english


def test_an_import_and_a_form_say_the_same_in_french() -> None:
    bad = BadField("quantity", "-2", "a whole number of pieces from 1 to 100000")
    assert retold(rejected(3, "Order 7", bad).text, "fr") == (
        "Ligne 3, quantity : '-2' n'est pas un nombre entier de pièces de 1 à 100000. Commande 7 : pas d'importation."
    )
    assert errors_of(BadField("sku", "", "filled in"), "fr", "order")["sku"] == "À remplir."
    assert errors_of(bad, "fr", "order")["quantity"] == "« -2 » n'est pas un nombre entier de pièces de 1 à 100000."
