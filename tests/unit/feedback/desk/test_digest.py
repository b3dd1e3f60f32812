"""A mail tells the people of the room what waits: numbers, seldom, and nobody's words."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.feedback.desk.digest import write_digests
from app.feedback.models import State
from tests.factories import make_feedback
from tests.mailbox import Mailbox
from tests.unit.feedback.desk.conftest import LIST
from tests.unit.feedback.desk.test_approve import agreed

pytestmark = pytest.mark.database


def test_it_counts_what_waits_and_quotes_nobody(room: Flask, outbox: Mailbox) -> None:
    agreed(room, "Agreed to be public.")
    with room.app_context():
        make_feedback(text="The gate sticks.", state=State.HELD)
        assert write_digests() == 2
    letters = {str(letter["To"]): letter.get_body(("plain",)).get_content() for letter in outbox}
    assert set(letters) == {"fay@example.org", "finn@example.org"}
    said = letters["fay@example.org"]
    assert "1 to read, and 1 that may be public" in said
    assert LIST in said
    assert "gate" not in said
    assert "bo@" not in said


def test_it_comes_again_only_with_something_new(room: Flask, outbox: Mailbox) -> None:
    with room.app_context():
        make_feedback(state=State.HELD)
        assert write_digests() == 2
    assert len(list(outbox)) == 2
    later = clock.now() + timedelta(days=2)
    with time_machine.travel(later, tick=False), room.app_context():
        assert write_digests() == 0
        make_feedback(state=State.HELD)
        assert write_digests() == 2


def test_one_of_the_room_can_stop_it(room: Flask, finn: FlaskClient, outbox: Mailbox) -> None:
    with room.app_context():
        make_feedback(state=State.HELD)
        write_digests()
    letter = next(each for each in outbox if each["To"] == "finn@example.org")
    stop = letter["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    page = room.test_client().get(f"/{stop}")
    assert "Stop these mails?" in page.text
    assert "feedback that waits" in page.text
    assert "Feedback</th>" in finn.get("/account/mail/").text


def test_when_nothing_waits_nothing_is_written(room: Flask) -> None:
    with room.app_context():
        make_feedback(state=State.OPEN)
        assert write_digests() == 0
