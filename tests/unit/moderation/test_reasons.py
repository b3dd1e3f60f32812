"""Reasons are stored with an item, and their places are marked in its text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.moderation import Action, Reason, Verdict, marked, reasons_from


def spans(*places: tuple[int, int], field: str = "text") -> list[Reason]:
    """Reasons that point at these places."""
    return [Reason("words", "A word.", field, start, end) for start, end in places]


def test_reasons_come_back_as_they_were_stored() -> None:
    verdict = Verdict(Action.HOLD, (Reason("first", "It is."), *spans((1, 4))))
    assert verdict.holds
    assert reasons_from(json.loads(json.dumps(verdict.as_json()))) == verdict.reasons
    assert reasons_from(None) == ()


def test_what_a_later_version_stored_does_not_break_this_one() -> None:
    stored = [{"rule": "new", "sentence": "It is.", "weight": 3}]
    assert reasons_from(stored) == (Reason("new", "It is."),)


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([], [("abcdef", False)]),
        ([(1, 3)], [("a", False), ("bc", True), ("def", False)]),
        ([(0, 2), (1, 4)], [("abcd", True), ("ef", False)]),
        ([(4, 99)], [("abcd", False), ("ef", True)]),
        ([(9, 12), (3, 3)], [("abcdef", False)]),
    ],
)
def test_places_are_marked(places: list[tuple[int, int]], expected: list[tuple[str, bool]]) -> None:
    assert marked("abcdef", spans(*places)) == expected


def test_a_name_and_a_text_are_marked_apart() -> None:
    assert marked("abc", spans((0, 1), field="name")) == [("abc", False)]
    assert marked("abc", spans((0, 1), field="name"), field="name")[0] == ("a", True)


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40))))
def test_the_pieces_are_always_the_text(text: str, places: list[tuple[int, int]]) -> None:
    assert "".join(piece for piece, _ in marked(text, spans(*places))) == text
