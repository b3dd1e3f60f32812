"""Feedback is found by an exact email or address, and shown under its mask all the same."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import make_feedback
from tests.unit.feedback.desk.conftest import LIST, send

pytestmark = pytest.mark.database

FIND = f"{LIST}find/"


@pytest.fixture(autouse=True)
def sent(room: Flask) -> None:
    """Two of Bo's, one of Cy's from next door."""
    with room.app_context():
        make_feedback(text="First of Bo.")
        make_feedback(text="Second of Bo.", ip="198.51.100.2")
        make_feedback(text="One of Cy.", email="cy@example.org", ip="203.0.113.8")


def found(client: FlaskClient, kind: str, text: str) -> str:
    answer = send(client, FIND, client.get(FIND), kind=kind, text=text)
    assert answer.status_code == 303
    assert text not in answer.location
    return client.get(answer.location).text


def test_all_of_one_sender(finn: FlaskClient) -> None:
    page = found(finn, "author", "BO@example.org")
    assert "First of Bo." in page
    assert "Second of Bo." in page
    assert "One of Cy." not in page
    assert "bo@example.org" not in page


def test_all_from_one_address_or_near_it(fay: FlaskClient) -> None:
    assert "One of Cy." not in found(fay, "address", "203.0.113.7")
    page = found(fay, "near", "203.0.113.7")
    assert "First of Bo." in page
    assert "One of Cy." in page


def test_a_moderator_cannot_ask_for_an_address(finn: FlaskClient) -> None:
    page = finn.get(FIND)
    assert 'value="address"' not in page.text
    assert send(finn, FIND, page, kind="address", text="203.0.113.7").status_code == 404


def test_what_nobody_wrote_with_is_not_found(finn: FlaskClient) -> None:
    answer = send(finn, FIND, finn.get(FIND), kind="author", text="no@example.org")
    assert answer.status_code == 200
    assert "Nothing of yours to moderate has that" in answer.text
