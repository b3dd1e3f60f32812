"""A request that came by support mail is entered as a private item, which can only be asked for."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.core.privacy import AuditLink
from app.feedback.erasing import erase_feedback
from app.feedback.models import Channel, Feedback, Kind, State
from tests.factories import make_feedback, publish_feedback
from tests.mailbox import Mailbox
from tests.unit.feedback.desk.conftest import LIST, send

pytestmark = pytest.mark.database

NEW = f"{LIST}new/"
MAIL = {
    "kind": "praise",
    "text": "Your gate is\r\nlovely.",
    "name": "Cy",
    "email": "cy@example.org",
}


def stored(app: Flask) -> list[Feedback]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Feedback)))


def test_it_is_private_and_nobody_is_written_to(
    room: Flask, fay: FlaskClient, outbox: Mailbox
) -> None:
    answer = send(fay, NEW, fay.get(NEW), **MAIL)
    assert answer.status_code == 303
    (kept,) = stored(room)
    assert (kept.channel, kept.kind, kept.state) == (Channel.SUPPORT, Kind.PRAISE, State.OPEN)
    assert kept.text == "Your gate is\nlovely."
    assert "lovely" not in room.test_client().get("/feedback/").text
    assert list(outbox) == []
    with room.app_context():
        kinds = db.session.scalars(sa.select(AuditLink.kind)).all()
    assert "feedback.enter" in kinds


def test_there_is_no_button_that_publishes_it(room: Flask, fay: FlaskClient) -> None:
    page = fay.get(send(fay, NEW, fay.get(NEW), **MAIL).location).text
    assert "by support mail" in page
    assert "Approve exactly this" not in page
    assert "Its sender has not agreed to publish it" in page


def test_what_is_wrong_is_said_and_what_was_typed_comes_back(room: Flask, fay: FlaskClient) -> None:
    answer = send(fay, NEW, fay.get(NEW), **MAIL | {"email": "cy at example"})
    assert answer.status_code == 422
    assert "That is not an email address." in answer.text
    assert "lovely." in answer.text
    assert stored(room) == []


def test_what_its_sender_has_erased_is_not_kept_again(room: Flask, fay: FlaskClient) -> None:
    with room.test_request_context():
        erased = publish_feedback(make_feedback(text="Your gate is\nlovely."))
        erase_feedback(erased.id)
    answer = send(fay, NEW, fay.get(NEW), **MAIL)
    assert answer.status_code == 422
    assert "has erased it" in answer.text
    assert len(stored(room)) == 1


def test_a_moderator_enters_nothing(finn: FlaskClient) -> None:
    assert finn.get(NEW).status_code == 404
    assert "Enter support mail" not in finn.get(LIST).text
