"""Whoever reads something long can say so to the others; nobody is kept from deciding."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.feedback.models import State
from tests.factories import make_feedback
from tests.unit.feedback.desk.conftest import LIST, item, press, send

pytestmark = pytest.mark.database


@pytest.fixture
def number(room: Flask) -> int:
    """One that waits."""
    with room.app_context():
        return make_feedback(state=State.HELD).id


def take(client: FlaskClient, number: int, what: str = "take") -> str:
    page = client.get(f"{LIST}{number}/")
    assert f'name="claim" value="{what}"' in page.text
    answer = send(client, f"{LIST}{number}/claim/", page, claim=what)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_the_others_read_who_is_looking(number: int, fay: FlaskClient, finn: FlaskClient) -> None:
    assert "You are looking at this" in take(fay, number)
    assert "fay is looking at this" in finn.get(LIST).text
    take(fay, number, "go")
    assert "looking at this" not in finn.get(LIST).text


def test_a_claim_keeps_nobody_from_deciding(
    room: Flask, number: int, fay: FlaskClient, finn: FlaskClient
) -> None:
    take(fay, number)
    assert press(finn, "open", number).status_code == 303
    assert item(room, number).state is State.OPEN


def test_of_what_is_settled_there_is_nothing_to_claim(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        number = make_feedback(state=State.SPAM).id
    assert f"{number}/claim/" not in fay.get(f"{LIST}{number}/").text
