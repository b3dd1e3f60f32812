"""Recovery codes as they are made, typed and stored."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import recovery


def test_ten_codes_of_at_least_64_bits() -> None:
    codes = recovery.new_codes()
    assert len(set(codes)) == 10
    assert recovery.LENGTH * math.log2(len(recovery.ALPHABET)) >= 64


def test_codes_never_repeat() -> None:
    made = [code for _ in range(200) for code in recovery.new_codes()]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    "typed",
    [
        "01ab-cdef-ghjk-mn1z",
        "01ABCDEFGHJKMN1Z",
        "  01ab cdef ghjk mn1z ",
        "o1ab-cdef-ghjk-mn1z",
        "0lab-cdef-ghjk-mnIz",
    ],
)
def test_a_code_may_be_typed_as_it_was_read(typed: str) -> None:
    assert recovery.code_hash(typed) == recovery.code_hash("01ab-cdef-ghjk-mn1z")


@pytest.mark.parametrize(
    "typed", ["", "01ab-cdef-ghjk-mn1", "01ab-cdef-ghjk-mn1zz", "01ab-cdef-ghjk-mnu!"]
)
def test_what_cannot_be_a_code_has_no_hash(typed: str) -> None:
    assert recovery.code_hash(typed) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_hash(typed: str) -> None:
    hashed = recovery.code_hash(typed)
    assert hashed is None or len(hashed) == 32


def test_what_is_stored_does_not_show_the_code() -> None:
    code = recovery.new_codes()[0]
    hashed = recovery.code_hash(code)
    assert hashed
    assert code.replace("-", "").encode() not in hashed
