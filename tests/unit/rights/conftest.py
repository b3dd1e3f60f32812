"""What tests of self-service stand on."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.database import db
from app.rights.answering import answer_requests
from app.rights.wishes import Wish
from tests.factories import make_comment, make_feedback
from tests.folder import ContentFolder
from tests.mailbox import Mailbox, links_in
from tests.unit.comments.conftest import Clock, stopped

__all__ = ["stopped"]

HOME = "/privacy/my-data/"
OURS = {"Sec-Fetch-Site": "same-origin"}
BO, ADA, EVE = "bo@example.org", "ada@example.org", "eve@example.org"

Ask = Callable[..., TestResponse]
#: Answers the path of the link that was mailed for a wish.
LinkFor = Callable[..., str]


@pytest.fixture
def said(app: Flask, content: ContentFolder, read: Any, stopped: Clock) -> None:
    """A site where Bo commented twice and wrote once, and Ada commented once."""
    content.post("tulips")
    read()
    with app.app_context():
        make_comment(text="Bo’s tulips.", ip="203.0.113.7")
        make_comment(text="Bo’s second thought.", email="BO@example.org")
        make_feedback(text="Bo’s praise.")
        make_comment(text="Ada’s secret tulips.", name="Ada", email=ADA, ip="198.51.100.4")
        db.session.remove()


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """A function that sends the form as a browser does."""

    def ask(email: str = BO, wish: Wish = Wish.SEE, ip: str = "192.0.2.1") -> TestResponse:
        data = {"email": email, "wish": wish.value}
        return client.post(HOME, data=data, headers=OURS, environ_base={"REMOTE_ADDR": ip})

    return ask


@pytest.fixture
def answer(app: Flask) -> Callable[[], int]:
    """A function that lets the job answer what was asked."""

    def answer() -> int:
        with app.app_context():
            done = answer_requests()
            db.session.remove()
        return done

    return answer


@pytest.fixture
def link_for(said: None, ask: Ask, answer: Callable[[], int], outbox: Mailbox) -> LinkFor:
    """A function that asks, and answers the link that came by mail."""

    def link_for(wish: Wish, email: str = BO) -> str:
        ask(email, wish)
        answer()
        return urlsplit(links_in(outbox.to(email)[-1])[0]).path

    return link_for


@pytest.fixture
def press(client: FlaskClient) -> Callable[..., TestResponse]:
    """A function that presses the button of a page."""
    return lambda address, **fields: client.post(address, data=fields, headers=OURS)


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """Inside the app."""
    with app.app_context():
        yield
        db.session.remove()


def words(page: TestResponse) -> str:
    """The text of a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
