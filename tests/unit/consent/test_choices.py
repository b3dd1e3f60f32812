"""Reading a choice from headers: a pure function that takes anything and never fails."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from app.consent.choices import VARIANTS, Choice, Terms, read_choice

BOTH = Terms(cookie="choice", revision=3, offered=frozenset({"preferences", "measurement"}))
NOTHING = Choice()


def read(value: str | None = None, terms: Terms = BOTH, **signals: str) -> Choice:
    headers = Headers([(name.replace("_", "-"), text) for name, text in signals.items()])
    if value is not None:
        headers["Cookie"] = f"a=b; {terms.cookie}={value}; c=d"
    return read_choice(headers, terms)


@pytest.mark.promise("no-cookie-before-yes")
def test_a_browser_that_says_nothing_is_asked_and_nothing_is_on() -> None:
    assert read() == NOTHING
    assert NOTHING.variant == "ask"
    assert not NOTHING.preferences
    assert not NOTHING.measurement


@pytest.mark.parametrize(
    ("value", "variant", "preferences", "measurement"),
    [
        ("1.3.p0m0", "decided", False, False),
        ("1.3.p1m0", "decided", True, False),
        ("1.3.p0m1", "decided", False, True),
        ("1.3.p1m1", "decided", True, True),
        ("1.3.p1m0-dark", "decided-dark", True, False),
        ("1.3.p1m1-light", "decided-light", True, True),
    ],
)
def test_an_answer_is_what_it_says(
    value: str, variant: str, preferences: bool, measurement: bool
) -> None:
    choice = read(value)
    assert (choice.preferences, choice.measurement) == (preferences, measurement)
    assert choice.variant == variant
    assert choice.to_cookie(3) == value


MALFORMED = (
    *("", "1", "1.3", "1.3.", "1.3.p1", "1.3.p1m", "1.3.p1m2", " 1.3.p1m1x", "yes"),
    *(
        "1.3.p1m1-",
        "1.3.p1m1-blue",
        "1.3.p1m1-dark-dark",
        "1.3.p0m1-dark",
        "1.3.P1M1",
        "01.3.p1m1x",
    ),
    *(
        "1.3.p\u0661m1",
        "1.\u0663.p1m1",
        "1.3.p1m1%00",
        "1.3.p1m1\\",
        '"1.3.p1m1',
        "{}",
        "a" * 9_000,
    ),
    *(
        "1.3.p1m1" + "1" * 40,
        "9" * 5_000 + ".3.p1m1",
        "2.3.p1m1",
        "0.3.p1m1",
        "1.2.p1m1",
        "1.4.p1m1",
    ),
    *("1.999999999999.p1m1", "-1.3.p1m1", "1.3.p1m1,1.3.p1m1"),
)


@pytest.mark.parametrize("value", MALFORMED)
def test_what_cannot_be_read_is_no_answer(value: str) -> None:
    assert read(value) == NOTHING


def test_two_answers_that_differ_are_none() -> None:
    twice = Headers({"Cookie": "choice=1.3.p0m0; choice=1.3.p1m1"})
    assert read_choice(twice, BOTH) == NOTHING
    same = Headers({"Cookie": "choice=1.3.p1m1; choice=1.3.p1m1"})
    assert read_choice(same, BOTH).measurement


@given(st.text(max_size=200))
def test_no_cookie_is_a_fault_or_an_agreement_that_was_not_written_by_us(text: str) -> None:
    choice = read_choice(
        Headers([("Cookie", "choice=" + text.replace("\n", "").replace("\r", ""))]), BOTH
    )
    if choice.preferences or choice.measurement:
        assert text.split(";")[0].strip().strip('"').startswith("1.3.p")


@given(st.text(alphabet="0123456789.pm-lightdark;= ", max_size=40))
def test_near_misses_agree_to_nothing_unless_they_say_so(text: str) -> None:
    choice = read_choice(Headers([("Cookie", f"choice={text}")]), BOTH)
    assert not choice.measurement or "m1" in text
    assert not choice.preferences or "p1" in text


@pytest.mark.parametrize("signal", ["Sec_GPC", "DNT"])
@pytest.mark.parametrize("value", [None, "1.3.p0m0", "1.3.p0m1", "1.3.p1m1", "1.3.p1m1-dark", "?"])
def test_a_signal_shuts_measurement_whatever_was_answered(signal: str, value: str | None) -> None:
    choice = read(value, **{signal: "1"})
    assert choice.has_signal
    assert not choice.measurement
    assert choice.variant != "ask"


@pytest.mark.parametrize("signal", ["Sec_GPC", "DNT"])
def test_preferences_that_were_ticked_hold_under_a_signal(signal: str) -> None:
    choice = read("1.3.p1m0-dark", **{signal: "1"})
    assert choice.preferences
    assert choice.variant == "decided-dark"


@pytest.mark.parametrize("word", ["0", "", "true", "yes", "01", " 1 1", "2", "null"])
def test_only_a_one_is_a_signal_and_no_word_of_it_is_an_agreement(word: str) -> None:
    choice = read(Sec_GPC=word, DNT=word)
    assert choice == NOTHING


def test_a_category_that_the_site_does_without_is_off() -> None:
    only = Terms(cookie="choice", revision=3, offered=frozenset({"preferences"}))
    assert not read("1.3.p1m1", only).measurement
    none = Terms(cookie="choice", revision=3, offered=frozenset())
    assert read(terms=none).variant == "decided"
    assert not read("1.3.p1m1-dark", none).preferences
    assert read("1.3.p1m1-dark", none).colours is None


def test_all_that_can_be_answered_makes_five_kinds_of_pages_and_few_cookies() -> None:
    """So few that they name nobody, and that a cache keeps them all."""
    variants, cookies = set(), set()
    values = [
        None,
        *(f"1.3.p{p}m{m}{c}" for p, m, c in product("01", "01", ("", "-light", "-dark"))),
    ]
    for value, signal in product(values, ("0", "1")):
        choice = read(value, Sec_GPC=signal)
        variants.add(choice.variant)
        cookies.add(choice.to_cookie(3))
    assert variants == set(VARIANTS)
    assert len(cookies) == 8
