"""Writing through the contact page: feedback like any other, and private for good."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core import clock
from app.core.database import db
from app.core.privacy import masked
from app.feedback.models import Channel, Feedback, Kind
from tests.folder import ContentFolder

pytestmark = pytest.mark.database

OURS = {"Sec-Fetch-Site": "same-origin"}
WORDS = "Do you also mend clocks?"

Write = Callable[..., TestResponse]


@pytest.fixture
def stamp(client: FlaskClient, content: ContentFolder, read: Any) -> str:
    """The stamp of the form on the contact page."""
    content.page("contact", sections=[{"type": "contact", "title": "Write to us"}])
    read()
    found = re.search(r'name="stamp" value="([^"]+)"', client.get("/contact/").text)
    assert found
    return found[1]


@pytest.fixture
def write(client: FlaskClient, stamp: str) -> Write:
    """A function that sends Bo's message as his browser would; keywords change its fields."""

    def send(*, headers: Any = OURS, **fields: Any) -> TestResponse:
        sent = {"text": WORDS, "name": "Bo", "email": "bo@example.org", "stamp": stamp} | fields
        with time_machine.travel(clock.now() + timedelta(seconds=5)):
            return client.post("/contact/", data=sent, headers=headers)

    return send


@pytest.fixture
def stored(app: Flask) -> Callable[[], list[Feedback]]:
    """A function that answers all feedback there is."""

    def stored() -> list[Feedback]:
        with app.app_context():
            return list(db.session.scalars(sa.select(Feedback).order_by(Feedback.id)))

    return stored


@pytest.mark.promise("somebody-answers")
def test_the_page_shows_the_form_beside_the_address(client: FlaskClient, stamp: str) -> None:
    page = client.get("/contact/").text
    assert 'href="mailto:hello@example.org"' in page
    assert (
        '<form class="form" id="contact-fields" method="post" action="/contact/#problems">' in page
    )
    assert "It stays private" in page
    assert stamp in page


def test_a_message_is_stored_sealed_and_its_sender_gets_a_page(
    app: Flask, client: FlaskClient, write: Write, stored: Any
) -> None:
    answer = write()
    assert answer.status_code == 303
    assert answer.location.startswith("/feedback/mine/")
    [message] = stored()
    assert (message.kind, message.channel) == (Kind.MESSAGE, Channel.CONTACT)
    assert (message.text, message.sender_name) == (WORDS, "Bo")
    assert f"{message.sender_email} {message.sender_ip}" == "••• •••"
    with app.app_context():
        assert masked(message, "sender_email") == "b•••@e•••.org"


@pytest.mark.promise("somebody-answers")
def test_text_is_enough(write: Write, stored: Any) -> None:
    assert write(name="", email="").status_code == 303
    [message] = stored()
    assert (message.sender_name, message.sender_email) == (None, None)


def test_a_message_is_counted_nowhere_and_can_never_be_public(
    client: FlaskClient, write: Write, stored: Any
) -> None:
    own = write().location
    assert "<strong>0</strong> received" in client.get("/feedback/").text
    [message] = stored()
    assert not message.may_become_public
    assert client.get(f"/feedback/{message.id}/").status_code == 404
    page = client.get(own)
    assert page.status_code == 200
    assert WORDS in page.text
    assert "publish" not in page.text.lower().replace("published", "")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " "}, "Write what you want to tell us."),
        ({"text": "long " * 1_001}, "At most 5,000 characters, please."),
        ({"email": "nobody"}, "That is no email address."),
        ({"name": "B" * 81}, "A name has at most 80 characters."),
    ],
)
def test_what_is_wrong_is_said_on_the_same_page_and_nothing_is_lost(
    write: Write, stored: Any, fields: dict[str, str], sentence: str
) -> None:
    answer = write(**fields)
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<title>Error: Contact" in answer.text
    assert sentence in answer.text
    assert 'href="mailto:hello@example.org"' in answer.text
    for value in ({"text": WORDS, "name": "Bo"} | fields).values():
        assert value.strip() in answer.text
    assert stored() == []


def test_an_odd_message_is_asked_about_once_and_taken_then(write: Write, stored: Any) -> None:
    first = write(subject="Cheap clocks")
    assert first.status_code == 200
    assert "One more look, please" in first.text
    assert WORDS in first.text
    assert stored() == []
    check = re.search(r'name="check" value="([^"]+)"', first.text)
    assert check
    again = [write(subject="Cheap clocks", check=check[1]).location for _ in range(2)]
    assert again[0] == again[1]
    assert len(stored()) == 1


def test_the_same_message_sent_twice_is_one(write: Write, stored: Any) -> None:
    assert write().location == write().location
    assert len(stored()) == 1


def test_a_page_without_the_form_still_gives_the_text_back(
    client: FlaskClient, content: ContentFolder, read: Any, write: Write
) -> None:
    content.page("contact", "Write a letter.")
    read()
    answer = write(text=WORDS, email="nobody")
    assert answer.status_code == 422
    assert "Write a letter." in answer.text
    assert WORDS in answer.text


def test_without_the_page_the_text_is_given_back_to_copy(
    content: ContentFolder, read: Any, write: Write
) -> None:
    content.remove("pages/contact.md")
    read()
    answer = write(text=WORDS, email="nobody")
    assert answer.status_code == 410
    assert WORDS in answer.text


def test_another_site_cannot_send_it(client: FlaskClient, stamp: str, stored: Any) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post("/contact/", data={"text": WORDS, "stamp": stamp}, headers=foreign)
    assert answer.status_code == 403
    assert stored() == []


def test_an_answer_about_cookies_brings_a_half_written_message_back(
    client: FlaskClient, stamp: str
) -> None:
    typed = {"text": WORDS, "name": "Bo", "email": "bo@example.org", "stamp": stamp}
    page = client.get("/contact/").text
    button = re.search(r'form="contact-fields" formnovalidate formaction="([^"]+)"', page)
    assert button
    asked = client.post(button[1], data=typed | {"banner": "refuse"}, headers=OURS)
    assert asked.status_code == 307
    shown = client.post(asked.headers["Location"], data=typed, headers=OURS)
    assert shown.status_code == 200
    assert WORDS in shown.text
    assert "There is a problem" not in shown.text


def test_a_message_that_is_only_shown_again_is_not_stored(
    client: FlaskClient, stamp: str, stored: Callable[[], list[Feedback]]
) -> None:
    typed = {"text": WORDS, "stamp": stamp, "banner": "refuse"}
    assert client.post("/contact/?again", data=typed, headers=OURS).status_code == 200
    assert stored() == []
