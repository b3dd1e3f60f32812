"""Comments are found by an email or an address that nobody gets to see."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from tests.cast import WORKSHOP
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST, send

pytestmark = pytest.mark.database

FIND = f"{LIST}find/"


@pytest.fixture
def said(blogs: Flask) -> dict[str, int]:
    """Comments by two people from three addresses, and one in another blog."""
    with blogs.app_context():
        return {
            "bo": make_comment(text="by bo", email="bo@example.org", ip="203.0.113.7").id,
            "bo again": make_comment(text="again", email="BO@Example.org", ip="203.0.113.80").id,
            "cy": make_comment(text="by cy", email="cy@example.org", ip="198.51.100.4").id,
            "elsewhere": make_comment(
                "chairs", blog=WORKSHOP, text="elsewhere", email="bo@example.org", ip="203.0.113.7"
            ).id,
        }


def find(client: FlaskClient, kind: str, text: str) -> str:
    """The page that a search leads to."""
    answer = send(client, FIND, client.get(FIND), kind=kind, text=text)
    assert answer.status_code == 303, answer.text
    assert text.partition("@")[0] not in answer.location.replace("author", "")
    return client.get(answer.location).text


def test_by_email_however_it_is_typed(mira: FlaskClient, said: dict[str, int]) -> None:
    page = find(mira, "author", "  Bo@EXAMPLE.org ")
    assert "by bo" in page
    assert "again" in page
    assert "by cy" not in page
    assert "elsewhere" not in page
    assert "bo@example.org" not in page.lower()
    assert "b•••@e•••.org" in page


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("address", "203.0.113.7", ["by bo"]),
        ("near", "203.0.113.200", ["by bo", "again"]),
        ("near", "203.0.113.0/24", ["by bo", "again"]),
        ("near", "198.51.100.4", ["by cy"]),
    ],
)
def test_by_address_and_neighbourhood(
    mira: FlaskClient, said: dict[str, int], kind: str, text: str, found: list[str]
) -> None:
    page = find(mira, kind, text)
    assert [words for words in ("by bo", "again", "by cy") if words in page] == found
    assert "203.0.113" not in page
    assert "198.51.100" not in page


def test_what_nobody_wrote_from_is_not_found(mira: FlaskClient, said: dict[str, int]) -> None:
    for kind, text in (("author", "no@example.org"), ("address", "192.0.2.1")):
        answer = send(mira, FIND, mira.get(FIND), kind=kind, text=text)
        assert answer.status_code == 200
        assert "Nothing of yours to moderate has that" in answer.text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("author", ""),
        ("author", "bo"),
        ("address", "203.0.113"),
        ("near", "x"),
        ("address", "é" * 99),
    ],
)
def test_what_is_no_email_and_no_address_is_said_so(
    mira: FlaskClient, said: dict[str, int], kind: str, text: str
) -> None:
    answer = send(mira, FIND, mira.get(FIND), kind=kind, text=text)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_moderator_finds_by_email_and_not_by_address(
    max_: FlaskClient, said: dict[str, int]
) -> None:
    assert "by bo" in find(max_, "author", "bo@example.org")
    page = max_.get(FIND).text
    assert 'value="address"' not in page
    answer = send(max_, FIND, max_.get(FIND), kind="address", text="203.0.113.7")
    assert "Nothing of yours to moderate has that" in answer.text
    assert max_.get(f"{LIST}?state=all&address={said['bo']}").status_code == 404
    assert max_.get(f"{LIST}?state=all&near={said['bo']}").status_code == 404


def test_a_moderator_sees_no_part_of_an_address(
    blogs: Flask, max_: FlaskClient, said: dict[str, int]
) -> None:
    with blogs.app_context():
        make_comment(text="third", ip="203.0.113.7", state=State.HELD)
    page = max_.get(LIST).text
    assert "same address as 1 other comment" in page
    assert "203.0" not in page
    assert "b•••@e•••.org" in page
