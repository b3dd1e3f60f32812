"""Whatever is sealed comes back, nowhere else, and from no other bytes."""

import ipaddress
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.privacy import Sealed, Unreadable
from app.core.privacy.columns import SEALS
from app.core.privacy.keys import ring
from app.core.privacy.normal import address_bytes, address_text, neighbourhood, normal_email
from app.core.privacy.sealed import envelope_of
from app.core.privacy.vault import hash_of, open_sealed, seal_text

EMAIL, IP = SEALS["comment.email"], SEALS["comment.ip"]
OTHER = SEALS["user.email"]

texts = st.text(max_size=300)
emails = st.emails() | texts
addresses = st.ip_addresses()
uids = st.uuids()


@pytest.fixture(scope="module", autouse=True)
def inside(shipped: Flask) -> Iterator[None]:
    """Keys are all that is needed."""
    with shipped.app_context():
        yield


@given(texts, uids)
def test_any_text_comes_back(text: str, uid: uuid.UUID) -> None:
    assert open_sealed(EMAIL, uid, seal_text(EMAIL, uid, text)) == text


@given(addresses, uids)
def test_any_address_comes_back(address: ipaddress.IPv4Address, uid: uuid.UUID) -> None:
    opened = open_sealed(IP, uid, seal_text(IP, uid, str(address)))
    mapped = getattr(address, "ipv4_mapped", None)
    assert ipaddress.ip_address(opened) == (mapped or address)


@given(texts, uids, uids)
def test_nothing_opens_for_another_row_or_column(
    text: str, uid: uuid.UUID, other: uuid.UUID
) -> None:
    sealed = seal_text(EMAIL, uid, text)
    places = [(OTHER, uid)] + ([(EMAIL, other)] if other != uid else [])
    for column, row in places:
        with pytest.raises(Unreadable):
            open_sealed(column, row, sealed)


@given(texts, uids, st.data())
def test_no_changed_envelope_opens(text: str, uid: uuid.UUID, data: st.DataObject) -> None:
    envelope = bytearray(envelope_of(seal_text(EMAIL, uid, text)))
    place = data.draw(st.integers(0, len(envelope) - 1))
    envelope[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        open_sealed(EMAIL, uid, Sealed(bytes(envelope)))


@given(st.binary(max_size=200), uids)
def test_bytes_of_anybody_never_open_and_never_crash(rubbish: bytes, uid: uuid.UUID) -> None:
    for column in (EMAIL, IP):
        with pytest.raises(Unreadable):
            open_sealed(column, uid, Sealed(rubbish))


@given(emails)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    once = normal_email(text)
    assert normal_email(once) == once
    assert normal_email(f"  {text}\t") == once


@given(addresses)
def test_an_address_has_one_form_and_one_neighbourhood(address: ipaddress.IPv4Address) -> None:
    text = address_text(address_bytes(str(address)))
    assert address_bytes(text) == address_bytes(str(address))
    assert neighbourhood(text) == neighbourhood(str(address))
    assert neighbourhood(neighbourhood(text).decode()) == neighbourhood(text)


@given(texts)
def test_a_search_takes_any_text(text: str) -> None:
    key_id = next(iter(ring().months))
    for is_near in (False, True):
        try:
            assert len(hash_of(IP, text, is_near=is_near, key_id=key_id)) == 32
        except ValueError:
            continue
