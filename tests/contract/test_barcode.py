"""What a scan says: symbologies, GS1 fields, keys, and texts that are none of it."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.barcode import GS, BadBarcode, Barcode, read_barcode
from contract.keys import BadKey, Gtin, Sscc, check_digit

EAN13 = "4006381333931"
SSCC = "340123450000000017"
assert check_digit(SSCC[:-1]) == SSCC[-1]


@pytest.mark.feature("P4")
@pytest.mark.parametrize(
    "text",
    [EAN13, f"]E0{EAN13}", f"0{EAN13}", f"]C1010{EAN13}", f"]d2010{EAN13}{GS}21A7", f"]e0010{EAN13}", f" {EAN13}\r\n"],
)
def test_one_product_has_one_gtin_whatever_carries_it(text: str) -> None:
    assert read_barcode(text).gtin == "04006381333931"


@pytest.mark.feature("P4")
def test_gtins_of_all_lengths_are_compared_as_14_digits() -> None:
    assert read_barcode("]E440170725").gtin == Gtin("40170725") == "00000040170725"
    assert read_barcode("036000291452").gtin == read_barcode("]E00036000291452").gtin == "00036000291452"


def test_a_full_gs1_code_gives_all_its_fields() -> None:
    code = read_barcode(f"]C1010{EAN13}17271100" + f"10L-42{GS}21S/7{GS}3712")
    assert code == Barcode(
        text=f"010{EAN13}1727110010L-42{GS}21S/7{GS}3712",
        symbology="]C1",
        gtin=Gtin(EAN13),
        count=12,
        lot="L-42",
        serial="S/7",
        expiry="2027-11-00",
    )


@pytest.mark.parametrize("text", [f"]C100{SSCC}", f"00{SSCC}", f"]C1{GS}00{SSCC}", SSCC])
def test_an_sscc_is_found_with_and_without_its_identifiers(text: str) -> None:
    assert read_barcode(text).sscc == Sscc(SSCC)


@pytest.mark.feature("P4")
def test_an_in_store_code_names_the_item_without_its_price() -> None:
    body = "212345600199"
    code = read_barcode(body + check_digit(body))
    assert code.in_store == "2123456"


def test_measures_and_company_fields_do_not_hide_what_follows() -> None:
    code = read_barcode(f"]C1010{EAN13}3103001250" + "10AB")
    assert (code.gtin, code.lot) == (Gtin(EAN13), "AB")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("4006381333932", "check digit is 2, it should be 1"),
        ("]E04006381333932", "check digit is 2, it should be 1"),
        ("]C10104006381333932", "check digit is 2, it should be 1"),
        (f"]C100{SSCC[:-1]}0", "check digit is 0, it should be 7"),
        ("", "empty"),
        ("]C1", "empty"),
        ("]E0ABC", "not a GTIN"),
        ("]C1ZZ12", "no GS1 application identifier"),
        ("]C1010400638", "needs 14 characters"),
        (f"]C1010{EAN13}10{'A' * 21}", "drops the separators"),
        (f"]C1010{EAN13}171313", "(17) needs 6"),
        (f"]C1010{EAN13}17271301", "not a date"),
        (f"]C1010{EAN13}10A{GS}10B", "twice"),
        ("x" * 600, "600 characters"),
    ],
)
def test_a_code_that_cannot_be_says_why(text: str, says: str) -> None:
    with pytest.raises((BadBarcode, BadKey), match=re.escape(says)):
        read_barcode(text)


@pytest.mark.parametrize("text", ["B-17", "]A0TOTE-9", "0104", "FR-2026-000123", "01abc", "²²²²²²²²²²²²²"])
def test_other_texts_stay_texts(text: str) -> None:
    code = read_barcode(text)
    assert (code.gtin, code.sscc, code.in_store) == (None, None, "")


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="]CEedQ0123479" + GS, max_size=60),
        st.from_regex(r"\](C1|e0|d2|Q3|E0|E4|A0)[0-9\x1d]{0,50}", fullmatch=True),
        st.from_regex(r"(00|01|10|17|21|30|37|31[0-6]\d|4[0-3]\d|8\d\d\d)[0-9A-Z\x1d]{0,40}", fullmatch=True),
    )
)
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(BadBarcode, BadKey):
        assert read_barcode(text).text


@given(st.integers(0, 10**12 - 1), st.integers(0, 9))
def test_a_wrong_check_digit_is_never_a_product(body: int, digit: int) -> None:
    digits = f"{body:012d}"
    text = f"{digits}{digit}"
    if check_digit(digits) == str(digit):
        assert read_barcode(text).gtin == "0" + text
    else:
        with pytest.raises(BadKey):
            read_barcode(text)


@pytest.mark.feature("P6")
@pytest.mark.parametrize(
    ("text", "lot", "serial", "expiry"),
    [
        (f"https://id.gs1.org/01/0{EAN13}", "", "", ""),
        (f"https://id.gs1.org/01/0{EAN13}/22/2A/10/AB%2F1/21/12%20A?17=291130", "AB/1", "12 A", "2029-11-30"),
        (f"]Q1HTTP://SHOP.EXAMPLE:8080/some/path/01/{EAN13}?21=7&10=L&linkType=all&99999=x", "L", "7", ""),
    ],
)
def test_a_digital_link_says_what_a_gs1_code_does(text: str, lot: str, serial: str, expiry: str) -> None:
    code = read_barcode(text)
    assert (code.gtin, code.lot, code.serial, code.expiry) == (Gtin(EAN13), lot, serial, expiry)


@pytest.mark.feature("P6")
def test_a_digital_link_may_name_a_parcel() -> None:
    assert read_barcode(f"https://track.example/00/{SSCC}").sscc == Sscc(SSCC)


@pytest.mark.parametrize(
    "text", ["https://shop.example/01/2345", "http://[x/01/04006381333931", "https://shop.example/", "https://"]
)
def test_other_addresses_are_plain_texts(text: str) -> None:
    assert read_barcode(text) == Barcode(text)


@pytest.mark.feature("R4")
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("https://id.gs1.org/01/04006381333932", "check digit"),
        (f"https://id.gs1.org/01/0{EAN13}/10/{'x' * 21}", "21 characters"),
        (f"https://id.gs1.org/01/0{EAN13}?17=29113", "needs 6 characters"),
        (f"https://id.gs1.org/01/0{EAN13}?17=293130", "not a date"),
    ],
)
def test_a_digital_link_with_a_wrong_field_is_refused(text: str, complaint: str) -> None:
    with pytest.raises((BadBarcode, BadKey), match=complaint):
        read_barcode(text)
