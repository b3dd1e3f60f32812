"""What tests of feedback stand on."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.database import db, transaction
from app.feedback.links import new_token, own_address
from app.feedback.models import Feedback
from tests.factories import make_feedback
from tests.unit.comments.conftest import Clock, stopped

__all__ = ["stopped"]

FORM = "/feedback/new/"
WORDS = "Mine came up in snow."
OURS = {"Sec-Fetch-Site": "same-origin"}
BO = {"REMOTE_ADDR": "203.0.113.7"}

#: Answers the private address of a feedback by its number.
Own = Callable[[int], str]
MakeFeedback = Callable[..., Feedback]


@pytest.fixture
def inside(app: Flask, read: Any) -> Iterator[None]:
    """Inside the app, on a site whose content was read."""
    read()
    with app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def stored(app: Flask, read: Any) -> MakeFeedback:
    """A function that stores a feedback, by Bo, and answers it."""
    read()

    def make(**values: Any) -> Feedback:
        with app.app_context():
            feedback = make_feedback(**values)
            db.session.refresh(feedback)
            db.session.expunge(feedback)
            db.session.remove()
        return feedback

    return make


@pytest.fixture
def send(client: FlaskClient, read: Any, stopped: Clock) -> Callable[..., Any]:
    """A function that sends the form as Bo's browser does, and answers the answer."""
    read()

    def send(**fields: str) -> Any:
        if "stamp" not in fields:
            fields["stamp"] = stamp_in(client)
        given = {"kind": "praise", "text": WORDS, "name": "Bo Berg", "subject": ""} | fields
        return client.post(FORM, data=given, headers=OURS, environ_base=BO)

    return send


@pytest.fixture
def only(app: Flask) -> Callable[[], Feedback]:
    """A function that answers the one feedback there is."""

    def only() -> Feedback:
        with app.app_context():
            found = db.session.scalars(sa.select(Feedback)).one()
            db.session.expunge(found)
            db.session.remove()
        return found

    return only


def stamp_in(client: FlaskClient) -> str:
    """The stamp of the form, as of a page that has been open for a while."""
    page = client.get(FORM)
    found = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


@pytest.fixture
def own(app: Flask) -> Own:
    """A function that answers the private address of a feedback."""

    def own(number: int) -> str:
        with app.app_context(), transaction() as session:
            return own_address(new_token(session.get_one(Feedback, number)))

    return own


@pytest.fixture
def proved() -> dict[str, Any]:
    """What makes an email one that may be written to."""
    return {"email": "bo@example.org", "proved_at": clock.now()}
