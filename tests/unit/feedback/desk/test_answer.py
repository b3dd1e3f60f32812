"""The site answers officially: signed, on the sender's page, and the sender is told."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.feedback.links import new_token, own_address
from tests.factories import make_card, make_feedback
from tests.mailbox import Mailbox
from tests.unit.feedback.desk.conftest import LIST, item, send

pytestmark = pytest.mark.database


@pytest.fixture
def number(room: Flask) -> int:
    """One of Bo's, whose address is proved."""
    with room.app_context():
        return make_feedback(text="The gate sticks.", proved_at=clock.now()).id


def answer(client: FlaskClient, number: int, text: str) -> int:
    page = client.get(f"{LIST}{number}/")
    return send(client, f"{LIST}{number}/answer/", page, text=text).status_code


def test_an_answer_is_signed_and_told_with_a_link_only(
    room: Flask, number: int, fay: FlaskClient, outbox: Mailbox
) -> None:
    assert answer(fay, number, "We have oiled it.") == 303
    page = fay.get(f"{LIST}{number}/").text
    assert "We have oiled it." in page
    assert '<p class="context__name">fay' in page
    (letter,) = outbox
    assert letter["To"] == "bo@example.org"
    assert "oiled" not in str(letter)
    with room.app_context():
        address = own_address(new_token(item(room, number)))
    assert "We have oiled it." in room.test_client().get(address).text


def test_it_stands_under_the_card_while_that_is_public(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        number = make_card()
    assert answer(fay, number, "Thank you, **Bo**.") == 303
    assert "Thank you, <strong>Bo</strong>." in room.test_client().get(f"/feedback/{number}/").text


def test_what_is_wrong_is_said_on_the_page_itself(number: int, fay: FlaskClient) -> None:
    page = fay.get(f"{LIST}{number}/")
    sent = send(fay, f"{LIST}{number}/answer/", page, text="  ")
    assert sent.status_code == 422
    assert "Write something first." in sent.text
    long = send(fay, f"{LIST}{number}/answer/", page, text="a" * 5_001)
    assert long.status_code == 422
    assert "a" * 5_001 in long.text


def test_a_moderator_does_not_speak_for_the_site(number: int, finn: FlaskClient) -> None:
    assert "Answer for the site" not in finn.get(f"{LIST}{number}/").text
    assert answer(finn, number, "We have oiled it.") == 404
