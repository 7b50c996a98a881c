"""Keys prove their check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import topics
from contract.keys import BadKey, Gtin, OrderId, Sku, Sscc, StationId, check_digit

digits = st.text("0123456789", min_size=17, max_size=17)


@pytest.mark.feature("P4")
def test_lengths_of_a_gtin_compare_equal() -> None:
    assert Gtin("96385074") == Gtin("0000096385074") == Gtin("00000096385074")
    assert Gtin("036000291452") == Gtin("0036000291452") == "00036000291452"


@pytest.mark.parametrize("text", ["", "123", "4006381333932", "٤٠٠٦٣٨١٣٣٣٩٣١", "400638133393x", "-006381333931"])
def test_what_is_no_gtin(text: str) -> None:
    with pytest.raises(BadKey):
        Gtin(text)


def test_the_complaint_names_the_right_digit() -> None:
    with pytest.raises(BadKey, match="the check digit is 2, it should be 1"):
        Gtin("4006381333932")


@given(digits)
def test_one_wrong_digit_is_always_seen(body: str) -> None:
    good = Sscc(body + check_digit(body))
    for place in range(18):
        wrong = good[:place] + str((int(good[place]) + 1) % 10) + good[place + 1 :]
        with pytest.raises(BadKey):
            Sscc(wrong)


@given(st.integers(0, 9_999_999))
def test_numbered_sscc(serial: int) -> None:
    sscc = Sscc.numbered("0376012345", serial)
    assert sscc.startswith("0376012345")
    assert int(sscc[10:17]) == serial
    assert sscc.grouped.replace("(00)", "").replace(" ", "") == sscc


def test_a_serial_that_does_not_fit() -> None:
    with pytest.raises(BadKey, match="7 digits are left"):
        Sscc.numbered("0376012345", 10_000_000)


def test_topics() -> None:
    topic = topics.fact("main", StationId("bench-1"))
    assert topic == "packline/1/main/station/bench-1/fact"
    assert topics.parse_station_topic(topic) == ("main", "bench-1", "fact")
    assert topics.parse_station_topic("packline/1/main/news/order/1") is None
    assert topics.news_order("main", OrderId("A/1#+%")) == "packline/1/main/news/order/A%2F1%23%2B%25"
    assert topics.news_stock("main", Sku("B-17")) == "packline/1/main/news/stock/B-17"


@pytest.mark.parametrize("name", ["", "a/b", "+", "#", "a\0"])
def test_a_station_name_with_a_meaning_in_mqtt_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        topics.fact("main", StationId(name))
