"""A worn card and a torn write, in each file of the authority and of a station: told, and nobody falls over it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.claims.authority import Authority, public_key_of
from central.claims.keeping import Keeping
from central.config import read_config
from central.store.sqlite import now_ms
from contract.expiry import DAY_MS
from link.tls import BrokerConfig
from station.claiming import Identity, certificate_in
from station.keys import KeyPair, is_for, is_signed_by
from station.renewing import Renewing
from tests.central.test_process import write_config

pytestmark = [
    pytest.mark.feature("R4", "R5"),
    # Of certificates that a newer version of the library will refuse.
    pytest.mark.filterwarnings("ignore:Parsed a serial number"),
]

Found = TypeVar("Found")

STATION = "bench-7"
PLACES = st.lists(st.tuples(st.integers(0, 60) | st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=3)
"""Rather at the head, where it says what the rest is."""


def worn(sound: bytes, places: list[tuple[int, int]]) -> bytes:
    """With other bytes in these places."""
    content = bytearray(sound)
    for place, byte in places:
        content[place % len(content)] = byte
    return bytes(content)


def blocks(pem: str) -> list[bytes]:
    """What each block of the file encodes."""
    return [base64.b64decode(encoded) for encoded in pem.split("-----")[2::4]]


def worn_inside(pem: bytes, block: int, places: list[tuple[int, int]]) -> bytes:
    """Well-formed outside: the bytes that one of its blocks encodes are others."""
    parts = pem.decode().split("-----")
    at = 2 + 4 * (block % (len(parts) // 4))
    parts[at] = f"\n{base64.encodebytes(worn(base64.b64decode(parts[at]), places)).decode()}"
    return "-----".join(parts).encode()


@st.composite
def damages(draw: st.DrawFn, sound: bytes) -> bytes:
    """The file as it may come back from a bad disk."""
    match draw(
        st.sampled_from(["inside", "inside", "worn", "cut", "garbage"] if b"BEGIN" in sound else ["worn", "cut"])
    ):
        case "inside":
            return worn_inside(sound, draw(st.integers(0, 1)), draw(PLACES))
        case "worn":
            return worn(sound, draw(PLACES))
        case "cut":
            return sound[: draw(st.integers(0, len(sound)))]
        case _:
            return draw(st.binary(max_size=200))


@contextmanager
def instead(file: Path, content: bytes) -> Iterator[None]:
    """That is in the file while the block runs."""
    sound = file.read_bytes()
    file.write_bytes(content)
    try:
        yield
    finally:
        file.write_bytes(sound)


def outcome(read: Callable[[], Found]) -> tuple[Found | None, str]:
    """What was read, or why it cannot be: in one of the two ways that are foreseen."""
    try:
        return read(), ""
    except (OSError, ValueError) as error:
        return None, str(error)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, what it made for central and the pages, and a station that it signed for."""
    folder = tmp_path_factory.mktemp("authority")
    authority, pair = Authority.create(folder, "lyon"), KeyPair.new(STATION)
    authority.for_host("broker", "127.0.0.1")
    authority.for_host("central", "")
    authority.for_office("127.0.0.1")
    issued = authority.for_station(STATION, public_key_of(pair.request))
    authority.write_revoked([issued.serial])
    Identity(folder / "identity").keep(pair.key, issued.certificate, authority.pem)
    return folder


OF_CENTRAL = ("ca.pem", "ca.key", "broker.pem", "central.pem", "office.pem", "revoked.pem", "issued")


@pytest.mark.parametrize("name", OF_CENTRAL)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_central_tells_of_a_damaged_file_and_goes_on(folder: Path, name: str, data: st.DataObject) -> None:
    file = folder / name
    with instead(file, data.draw(damages(file.read_bytes()))):
        authority, why = outcome(lambda: Authority.open(folder))
        if authority is None:
            assert name in ("ca.pem", "ca.key")
            assert why.endswith("restore both from one backup")
            return
        known, why = outcome(authority.issued)
        if known is None:
            assert name in ("revoked.pem", "issued")
            assert name in why
        else:
            assert name == "issued" or [row.station for row in known] == [STATION]
        config = read_config(write_config(folder, 9))
        http = replace(config.http, cert_file=str(folder / "office.pem"), key_file=str(folder / "office.key"))
        broker = replace(config.broker, cert_file=str(folder / "central.pem"))
        Keeping(replace(config, http=http, broker=broker), authority, now_ms).look()


def signed_part(pem: str) -> bytes:
    """What the authority signed: bits outside it say nothing of whose the certificate is."""
    return x509.load_pem_x509_certificate(pem.encode()).tbs_certificate_bytes


def looked(folder: Path, *, is_due: bool) -> float:
    """What a station does every hour, also when it is time to renew; nobody answers there. Until the next look."""
    now = now_ms() + is_due * 80 * DAY_MS
    renewing = Renewing(Identity(folder), BrokerConfig(), "https://127.0.0.1:9", STATION, lambda: now)
    return asyncio.run(renewing.look())


@pytest.mark.parametrize("name", ["station.pem", "ca.pem"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), is_due=st.booleans())
def test_a_station_tells_of_a_damaged_file_and_goes_on(
    folder: Path, name: str, data: st.DataObject, is_due: bool
) -> None:
    file = folder / "identity" / name
    with instead(file, data.draw(damages(file.read_bytes()))):
        assert 0 < looked(folder / "identity", is_due=is_due) <= 3600


@pytest.mark.parametrize(("bit", "first"), [(1, 0), (128, 1)])
def test_no_wrong_bit_in_key_or_certificate_ends_a_station_that_renews(folder: Path, bit: int, first: int) -> None:
    file = folder / "identity/station.pem"
    sound = file.read_bytes()
    for block, size in enumerate(map(len, blocks(sound.decode()))):
        for place in range(first, size, 3):
            wrong = blocks(sound.decode())[block][place] ^ bit
            with instead(file, worn_inside(sound, block, [(place, wrong)])):
                assert 0 < looked(folder / "identity", is_due=True) <= 3600


@pytest.mark.parametrize("bit", [1, 128])
def test_a_station_takes_no_certificate_with_a_wrong_bit(folder: Path, bit: int) -> None:
    """Neither in a claim nor in a renewal."""
    kept, authority = (folder / "identity/station.pem").read_text(), (folder / "ca.pem").read_text()
    pair, sound = KeyPair(kept, "", ""), certificate_in(kept)
    assert is_for(sound, pair)
    assert is_signed_by(sound, authority)
    (encoded,) = blocks(sound)
    for place, byte in enumerate(encoded):
        wrong = worn_inside(sound.encode(), 0, [(place, byte ^ bit)]).decode()
        if is_for(wrong, pair) and is_signed_by(wrong, authority):
            assert signed_part(wrong) == signed_part(sound)


def test_a_line_that_a_power_cut_tore_hides_no_later_certificate(tmp_path: Path) -> None:
    authority, pair = Authority.create(tmp_path, "lyon"), KeyPair.new(STATION)
    first = authority.for_station(STATION, public_key_of(pair.request))
    with (tmp_path / "issued").open("a", encoding="utf-8") as file:
        file.write("\n7a1 bench-8 17000")
    second = authority.for_station(STATION, public_key_of(pair.request))
    assert [row.serial for row in authority.issued()] == [first.serial, second.serial]
