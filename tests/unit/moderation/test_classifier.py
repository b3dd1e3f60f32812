"""Telling spam from the rest by its words: sure of what it knows, unsure of what it does not."""

import random
import re
import time

import pytest

from app.moderation.classifier import (
    FEWEST,
    MOST_TRAITS,
    Classifier,
    Look,
    look_of,
    packed,
    traits_of,
    unpacked,
)

KEY = b"a key of thirty-two random bytes"
SPAM = "casino bonus free click pills order now best loan crypto invest profit win replica".split()
FINE = "tulip bulb soil spring plant garden thanks autumn frost rose water compost shade".split()
COMMON = "the a is and of to in it you for on with this that have".split()


def text_of(words: list[str], seed: int, length: int = 30) -> str:
    """A text in which every third word is of its kind."""
    chance = random.Random(seed)
    return " ".join(chance.choice(words if number % 3 == 0 else COMMON) for number in range(length))


def taught(number: int = 40) -> Classifier:
    """A classifier that has learnt so many texts of each kind."""
    classifier = Classifier()
    for seed in range(number):
        classifier.learn(traits_of(text_of(SPAM, seed), KEY), is_spam=True)
        classifier.learn(traits_of(text_of(FINE, seed), KEY), is_spam=False)
    return classifier


def look(classifier: Classifier, text: str) -> Look:
    """The word it has for a text."""
    return look_of(classifier.judge(traits_of(text, KEY)).percent)


@pytest.mark.parametrize(("words", "expected"), [(SPAM, Look.SPAM), (FINE, Look.FINE)])
def test_a_text_of_known_words_is_told(words: list[str], expected: Look) -> None:
    classifier = taught()
    assert {look(classifier, text_of(words, seed)) for seed in range(500, 520)} == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Unheard vocabulary everywhere.",
        "casino",
        text_of(SPAM, 900) + " " + text_of(FINE, 901),
    ],
)
def test_of_what_it_does_not_know_it_is_unsure(text: str) -> None:
    assert look(taught(), text) is Look.UNSURE


def test_it_speaks_when_it_has_seen_enough_of_both() -> None:
    assert not taught(FEWEST - 1).is_ready
    classifier = taught(FEWEST)
    assert classifier.is_ready
    lopsided = Classifier()
    for seed in range(10 * FEWEST):
        lopsided.learn(traits_of(text_of(SPAM, seed), KEY), is_spam=True)
    assert not lopsided.is_ready


def test_a_text_is_judged_as_if_it_had_not_been_learnt_itself() -> None:
    classifier, traits = taught(), traits_of(text_of(FINE, 3), KEY)
    with_it = classifier.judge(traits, own=False)
    without = taught()
    without.fine.subtract(list(traits))
    without.fine_texts -= 1
    assert with_it == without.judge(traits)


def test_the_order_of_lessons_changes_nothing() -> None:
    lessons = [(text_of(SPAM, seed), True) for seed in range(30)]
    lessons += [(text_of(FINE, seed), False) for seed in range(30)]
    answers = set()
    for seed in range(3):
        random.Random(seed).shuffle(lessons)
        classifier = Classifier()
        for text, is_spam in lessons:
            classifier.learn(traits_of(text, KEY), is_spam=is_spam)
        answers.add(classifier.judge(traits_of(text_of(SPAM + FINE, 77), KEY)))
    assert len(answers) == 1


def test_it_points_at_the_words_that_say_so_most() -> None:
    text = "Thanks for the post. Order a replica at the best casino, click now."
    likelihood = taught().judge(traits_of(text, KEY))
    said = {text[start:end].lower() for start, end in likelihood.places}
    assert said <= {"order", "replica", "best", "casino", "click", "now", "click now"}
    assert len(said) == 5


def test_words_are_known_in_every_dress() -> None:
    plain = traits_of("cheap casino", KEY)
    assert traits_of("CHEAP cásino", KEY).keys() == plain.keys()
    assert traits_of("\uff23\uff28\uff25\uff21\uff30 ca\u200bsino", KEY).keys() == plain.keys()


def test_numbers_are_all_alike_so_that_nobodys_is_learnt() -> None:
    assert traits_of("call 555-0199", KEY).keys() == traits_of("call 321-4567", KEY).keys()


def test_scripts_without_spaces_have_words_too() -> None:
    shared = traits_of("便宜的手表", KEY).keys() & traits_of("我买便宜的", KEY).keys()
    assert len(shared) > 2


def test_traits_say_nothing_without_the_key_and_stand_in_no_order() -> None:
    traits = traits_of("tulips in my garden", KEY)
    assert not traits.keys() & traits_of("tulips in my garden", b"another key").keys() - {0}
    stored = packed(traits)
    assert stored == packed(reversed(traits))
    assert set(unpacked(stored)) == set(traits)
    assert not re.search(rb"tulip|garden", stored)


def test_a_text_of_any_kind_and_length_costs_little() -> None:
    classifier = taught(5)
    for text in ("word " * 2_000, "x" * 10_000, "\u0301" * 10_000, "漢" * 10_000, "[](" * 3_000):
        began = time.perf_counter()
        traits = traits_of(text, KEY)
        assert 0 <= classifier.judge(traits).percent <= 100
        assert len(traits) <= MOST_TRAITS
        assert time.perf_counter() - began < 0.5
