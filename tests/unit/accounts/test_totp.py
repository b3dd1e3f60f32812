"""Codes of an authenticator app."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import totp

AT = datetime(2026, 11, 24, 12, 0, 10, tzinfo=UTC)
STEP = int(AT.timestamp()) // 30
#: RFC 6238, appendix B, the SHA-1 rows, cut to six digits.
RFC = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(("seconds", "code"), RFC.items())
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_at(RFC_SECRET, at) == code
    assert totp.matching_step(RFC_SECRET, code, at, None) == seconds // 30


def test_a_secret_has_160_bits_and_never_repeats() -> None:
    made = {totp.new_secret() for _ in range(500)}
    assert len(made) == 500
    assert {len(secret) for secret in made} == {32}


@pytest.mark.parametrize(("late", "holds"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(late: int, holds: bool) -> None:
    secret = totp.new_secret()
    code = totp.code_at(secret, AT + timedelta(seconds=late))
    assert (totp.matching_step(secret, code, AT, None) is not None) is holds


def test_a_code_is_good_once() -> None:
    secret = totp.new_secret()
    code = totp.code_at(secret, AT)
    assert totp.matching_step(secret, code, AT, None) == STEP
    assert totp.matching_step(secret, code, AT, STEP) is None
    assert totp.matching_step(secret, code, AT + timedelta(seconds=30), STEP) is None


def test_a_code_from_before_the_last_one_is_not_taken() -> None:
    secret = totp.new_secret()
    earlier = totp.code_at(secret, AT - timedelta(seconds=30))
    assert totp.matching_step(secret, earlier, AT, STEP) is None


def test_a_code_may_be_typed_with_spaces() -> None:
    secret = totp.new_secret()
    code = totp.code_at(secret, AT)
    assert totp.matching_step(secret, f" {code[:3]} {code[3:]}\n", AT, None) == STEP


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "²²²²²²", "12345é"]
)
def test_what_is_no_code_does_not_match(code: str) -> None:
    assert totp.matching_step(RFC_SECRET, code, AT, None) is None


@given(st.text(max_size=20))
def test_no_text_breaks_the_check(code: str) -> None:
    known = {totp.code_at(RFC_SECRET, AT + timedelta(seconds=late)) for late in (-30, 0, 30)}
    plain = "".join(code.split()).replace("-", "")
    assert (totp.matching_step(RFC_SECRET, code, AT, None) is not None) == (plain in known)


def test_the_address_names_person_and_site() -> None:
    address = totp.set_up_address(RFC_SECRET, "mira", "Green & Garden")
    read = pyotp.parse_uri(address)
    assert (read.name, read.issuer, read.secret) == ("mira", "Green & Garden", RFC_SECRET)


def test_the_picture_obeys_a_policy_without_styles() -> None:
    drawn = totp.picture(totp.set_up_address(RFC_SECRET, "mira", "Garden"))
    assert drawn.startswith('<svg role="img" ')
    assert "<title>QR code" in drawn
    assert "style" not in drawn
    assert "script" not in drawn
    assert RFC_SECRET not in drawn


def test_the_key_is_shown_in_groups() -> None:
    assert totp.in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"
