"""Files as banks in France write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.intake.table import BadTable
from central.payments.statement import Columns, read

SIGNED = """Compte chèques n° 00012345678;;;
Solde au 06/05/2026;1 204,55;;
;;;
Date opération;Date valeur;Libellé;Montant
04/05/2026;04/05/2026;"VIR INST   M LEFEVRE P-1001";37,40
04/05/2026;04/05/2026;PRLV EDF;-120,00
05/05/2026;05/05/2026;REMISE CHEQUES 3;1 250,00
05/05/2026;05/05/2026;REMISE CHEQUES 3;1 250,00
""".encode("cp1252")
TWO_COLUMNS = b"Date;Libell\xe9;D\xe9bit euros;Cr\xe9dit euros\n04/05/26;CARTE X;12,00;\n05/05/26;VIR DUPONT;;1.250,5\n"


@pytest.mark.feature("O3", "I4")
def test_one_signed_column_after_lines_about_the_account() -> None:
    found = read(SIGNED, Columns())
    assert [(row.label, row.amount, row.method) for row in found.credits] == [
        ("VIR INST M LEFEVRE P-1001", 3740, "transfer"),
        ("REMISE CHEQUES 3", 125_000, "cheque"),
        ("REMISE CHEQUES 3", 125_000, "cheque"),
    ]
    assert (found.debits, found.rejected, len({row.key for row in found.credits})) == (1, (), 3)
    assert read(SIGNED, Columns()) == found


@pytest.mark.feature("O3", "I4")
def test_two_columns_and_columns_by_configuration() -> None:
    found = read(TWO_COLUMNS, Columns())
    assert ([(row.label, row.amount) for row in found.credits], found.debits) == ([("VIR DUPONT", 125_050)], 1)
    own = "Jour|Texte|Somme".replace("|", ";") + "\n2026-05-04;VIR A;12.5\n"
    with pytest.raises(BadTable, match=r"Name the columns in \[bank\]"):
        read(own.encode(), Columns())
    (row,) = read(own.encode(), Columns("Jour", "Texte", "Somme")).credits
    assert (row.amount, row.at) == (1250, 1_777_852_800_000)


@pytest.mark.feature("O3", "I4")
def test_a_row_that_is_wrong_is_named_and_stops_no_other() -> None:
    wrong = SIGNED + b"31/02/2026;;VIR B;5,00\n06/05/2026;;VIR C;beaucoup\n06/05/2026;;VIR D\n"
    found = read(wrong, Columns())
    assert [(bad.line, bad.field, bad.value) for bad in found.rejected] == [
        (9, "date", "31/02/2026"),
        (10, "amount", "beaucoup"),
        (11, "amount", ""),
    ]
    assert len(found.credits) == 3


@given(
    st.binary(max_size=200) | st.text(alphabet='";,\n0123456789/Date Libellé Montant-', max_size=200).map(str.encode)
)
def test_any_file_is_read_or_refused_in_words(data: bytes) -> None:
    for content in (data, SIGNED + data):
        try:
            found = read(content, Columns())
        except BadTable as error:
            refusal = str(error)
            assert refusal.endswith(".")
        else:
            assert all(row.amount > 0 for row in found.credits)
