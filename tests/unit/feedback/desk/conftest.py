"""The room and the people of it, and feedback that waits there."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.database import db
from app.feedback.models import Feedback
from tests.cast import FAY, FEEDBACK, GARDEN, MIRA
from tests.people import make_member, make_trusted, sign_in, token_in

LIST = "/admin/feedback/"


@pytest.fixture
def room(app: Flask, read: Any) -> Flask:
    """The room, which Fay administers and Finn moderates; Mira administers the garden."""
    read()
    with app.app_context():
        make_member(FAY, role="administrator", blog=FEEDBACK)
        make_member("finn", role="moderator", blog=FEEDBACK)
        make_member(MIRA, role="administrator", blog=GARDEN)
        make_member("otto", owner=True)
        make_trusted(FAY)
        db.session.remove()
    return app


@pytest.fixture
def fay(room: Flask) -> FlaskClient:
    """Fay's browser, signed in."""
    return sign_in(room, FAY)


@pytest.fixture
def finn(room: Flask) -> FlaskClient:
    """The browser of Finn, who moderates and may see neither emails nor addresses."""
    return sign_in(room, "finn")


@pytest.fixture
def mira(room: Flask) -> FlaskClient:
    """The browser of Mira, who has no right in the room."""
    return sign_in(room, MIRA)


def item(app: Flask, number: int) -> Feedback:
    """A feedback as it is now."""
    with app.app_context():
        found = db.session.get_one(Feedback, number)
        db.session.refresh(found)
        db.session.expunge(found)
        db.session.remove()
    return found


def fields_of(page: TestResponse, name: str) -> list[str]:
    """The values that a page offers under a field's name."""
    given = rf'name="?{name}"?[^>]* value="?([^">]*)"?'
    return [html.unescape(value) for value in re.findall(given, page.text)]


def mark_in(page: TestResponse, number: int) -> str:
    """What a page calls a feedback as it was read."""
    before = r"(?:chosen value=|name=\"mark\" value=\"|do\"? value=\"?[a-z]+\.)"
    found = re.search(rf"{before}({number}\.[0-9]+)", page.text)
    assert found, f"number {number} is not on this page"
    return found[1]


def send(client: FlaskClient, address: str, page: TestResponse, **fields: Any) -> TestResponse:
    """Send a form of a page to an address."""
    return client.post(address, data={"csrf_token": token_in(page)} | fields)


def press(client: FlaskClient, act: str, *numbers: int, shelf: str = "") -> TestResponse:
    """Press a button of the list: for one feedback, or for those that were chosen."""
    page = client.get(f"{LIST}?list={shelf}" if shelf else LIST)
    order = ".".join(re.findall(r'<li class="item" id="c(\d+)"', page.text))
    values: dict[str, Any] = {"order": order, "back": f"list={shelf}" if shelf else ""}
    if len(numbers) == 1:
        values["do"] = f"{act}.{mark_in(page, numbers[0])}"
    else:
        values |= {"do": f"{act}.chosen", "chosen": [mark_in(page, one) for one in numbers]}
    return send(client, f"{LIST}decide/", page, **values)


def back(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Take back what was just done, with the button that the next page has."""
    page = client.get(answer.location)
    (batch,) = fields_of(page, "batch")
    return send(client, f"{LIST}undo/", page, batch=batch, back="")
