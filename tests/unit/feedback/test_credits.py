"""How a name becomes a line under a card, and which line says less."""

import pytest

from app.feedback.credits import Signature, says_no_more, signature, within
from app.feedback.records import Credit

LINES = [
    (Credit.ANONYMOUS, "Bo Berg", "Anonymous"),
    (Credit.FIRST, "Bo Berg", "Bo"),
    (Credit.FIRST, "  Bo   van Berg ", "Bo"),
    (Credit.FULL, " Bo  Berg", "Bo Berg"),
    (Credit.INITIALS, "Bo Berg", "B. B."),
    (Credit.INITIALS, "anne-marie o'neill", "A. M. O."),
    (Credit.INITIALS, "Łucja Śliwa", "Ł. Ś."),
    (Credit.INITIALS, "李 小龍", "李. 小."),
    (Credit.INITIALS, "ßeta", "ß."),
    (Credit.FIRST, "“Bo” Berg", "“Bo”"),
    (Credit.ROLE, "Bo Berg", "Gardener"),
]


@pytest.mark.parametrize(("credit", "name", "line"), LINES)
def test_each_choice_makes_its_line(credit: Credit, name: str, line: str) -> None:
    assert signature(credit, name, " Gardener ").line == line


@pytest.mark.parametrize("credit", [Credit.FIRST, Credit.FULL, Credit.INITIALS])
@pytest.mark.parametrize("name", ["", "   ", "123", "…"])
def test_a_name_has_a_letter(credit: Credit, name: str) -> None:
    with pytest.raises(ValueError, match="nothing to sign"):
        signature(credit, name)


def test_a_role_has_words() -> None:
    with pytest.raises(ValueError, match="nothing to sign"):
        signature(Credit.ROLE, "Bo Berg", " ")


def test_anonymous_is_within_everything() -> None:
    assert all(within(Credit.ANONYMOUS, credit) for credit in Credit)


def test_a_first_name_and_initials_each_say_something_the_other_does_not() -> None:
    assert not within(Credit.FIRST, Credit.INITIALS)
    assert not within(Credit.INITIALS, Credit.FIRST)


def test_a_role_says_something_that_no_name_does() -> None:
    assert not within(Credit.ROLE, Credit.FULL)
    assert not within(Credit.FULL, Credit.ROLE)


def test_the_same_line_says_no_more() -> None:
    old = Signature(Credit.ROLE, "Gardener")
    assert says_no_more(Signature(Credit.ROLE, "Gardener"), old)
    assert not says_no_more(Signature(Credit.ROLE, "Head gardener"), old)
