"""Administrators may cut with visible marks and black out; anything else is told apart."""

import random

import pytest

from app.feedback.redaction import CUT, cut_out, is_redaction_of, sentences_of
from app.moderation import BLACK, blacked_out

TEXT = "Bo here. The gate is not bad. Call me at 555-0100! Thanks."


@pytest.mark.parametrize(
    "new",
    [
        "Bo here. The gate is not bad. […] Thanks.",
        "[…] The gate is not bad. […]",
        f"Bo here. The gate is not bad. Call me at {BLACK}! Thanks.",
        f"{BLACK} here. The gate is not bad. […] Thanks.",
        "Bo here. […]",
        "[…]Thanks.",
    ],
)
def test_marks_in_place_of_words_are_a_redaction(new: str) -> None:
    assert is_redaction_of(TEXT, new)


@pytest.mark.parametrize(
    "new",
    [
        TEXT,
        "",
        CUT,
        f"{CUT} {BLACK}",
        # Without a mark.
        "Bo here. The gate is not bad. Thanks.",
        "The gate is not bad.",
        # Other words, other order, and words said twice.
        "Bo here. The gate is bad. […] Thanks.",
        "Bo here. The gate is NOT bad. […] Thanks.",
        "[…] Thanks. Bo here. […]",
        "Bo here. […] Bo here.",
        f"{TEXT} […]",
        f"[…]{TEXT}",
        "Bo here. […]The gate is not bad. […] Great!",
        # A mark that stands for nothing.
        "Bo here. […] The gate is not bad. Call me at 555-0100! Thanks.",
        # Marks that only look like ours.
        "Bo here. [...] Thanks.",
        "Bo here. … Thanks.",
    ],
)
def test_anything_else_is_not(new: str) -> None:
    assert not is_redaction_of(TEXT, new)


def test_a_mark_cannot_become_the_words_of_a_link() -> None:
    old = "Look here (https://example.org/)."
    assert not is_redaction_of(old, "[…](https://example.org/).")
    assert is_redaction_of(old, f"{BLACK} (https://example.org/).")


def test_marks_that_the_sender_wrote_are_words_like_others() -> None:
    old = "He said […] no more. Then he left."
    assert is_redaction_of(old, "He said […] no more. […]")
    assert not is_redaction_of("He said no more.", "He said […] no more.")


def test_whatever_is_cut_or_blacked_out_is_a_redaction_of_what_it_was_cut_from() -> None:
    chance = random.Random(4)
    for _ in range(300):
        text = "".join(chance.choice("ab .\n") for _ in range(chance.randint(2, 40)))
        spans = [tuple(sorted(chance.choices(range(len(text) + 1), k=2))) for _ in range(2)]
        spans = [(start, end) for start, end in spans if start < end]
        new = chance.choice((cut_out, blacked_out))(text, spans)
        has_words = any(letter in "ab" for letter in new)
        assert is_redaction_of(text, new) == (bool(spans) and has_words), (text, new)


def test_sentences_that_stand_together_leave_one_mark() -> None:
    spans = sentences_of(TEXT)
    assert [TEXT[start:end] for start, end in spans][1] == "The gate is not bad."
    assert cut_out(TEXT, spans[1:3]) == "Bo here. […] Thanks."
    assert cut_out(TEXT, [spans[0], spans[2]]) == "[…] The gate is not bad. […] Thanks."


def test_a_long_hostile_text_costs_little() -> None:
    old = "a" * 5_000
    new = f"{CUT}a" * 1_000 + "b"
    assert not is_redaction_of(old, new)
    assert len(sentences_of("." * 5_000 + "a?" * 2_000)) >= 1
