"""Cleaning text: whatever is typed, what is left can be stored, shown and measured."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.web import clean_line, clean_text
from app.core.web.texts import MOST_MARKS

ANY_TEXT = st.text(st.characters(), max_size=200)
HOSTILE = "".join(
    map(chr, (0, 7, 0x1B, 0x7F, 0x85, 0x202E, 0x2066, 0xD800, 0xDFFF, 0xFEFF, 0xFFFF))
)


@given(ANY_TEXT)
def test_what_is_left_is_harmless(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert "\r" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    controls = [letter for letter in cleaned if unicodedata.category(letter) in ("Cc", "Cs")]
    assert set(controls) <= {"\n", "\t"}


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(ANY_TEXT)
def test_a_line_is_one_line_without_blanks_at_its_ends(text: str) -> None:
    line = clean_line(text)
    assert "\n" not in line
    assert line == line.strip()
    assert "  " not in line


@given(st.text("abcäöüßéñ中文字עִבְרִיתहिन्दी .,!?\n-", max_size=200))
def test_what_people_write_stays(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


def test_everything_hostile_goes() -> None:
    assert clean_text(f"a{HOSTILE}b") in ("ab", "a\nb")


def test_breaks_of_every_kind_are_line_feeds() -> None:
    assert clean_text("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h") == "a\nb\nc\nd\ne\nf\ng\nh"


def test_emoji_families_and_joiners_stay() -> None:
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    assert clean_text(family) == family
    assert clean_text("ك\u200cتاب\u200f") == "ك\u200cتاب\u200f"


@pytest.mark.parametrize("mark", ["\u0301", "\u0323\u0301", "\u20dd", "\u0489"])
def test_ten_thousand_marks_are_a_few_and_soon(mark: str) -> None:
    began = time.perf_counter()
    cleaned = clean_text("a" + mark * 10_000 + "b")
    assert time.perf_counter() - began < 0.5
    assert len(cleaned) <= MOST_MARKS + 2
    assert cleaned.endswith("b")


def test_the_largest_form_is_cleaned_at_once() -> None:
    began = time.perf_counter()
    clean_text("ä\u0301\u202e" * 87_000)
    assert time.perf_counter() - began < 1
