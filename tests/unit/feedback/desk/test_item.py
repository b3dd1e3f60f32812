"""The page of one feedback: its words, its history, and one click to what is sealed."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.core.privacy import AuditDetail, AuditLink
from app.feedback.models import State
from app.moderation import Ban, Scope
from tests.factories import make_feedback
from tests.unit.feedback.desk.conftest import LIST, item, mark_in, send

pytestmark = pytest.mark.database


@pytest.fixture
def number(room: Flask) -> int:
    """One that waits."""
    with room.app_context():
        return make_feedback(text="The gate sticks.", state=State.HELD).id


def test_it_has_the_words_and_masks_and_no_more(number: int, fay: FlaskClient) -> None:
    page = fay.get(f"{LIST}{number}/").text
    assert "The gate sticks." in page
    assert "b•••@e•••.org" in page
    assert "bo@example.org" not in page
    assert "203.0.113.7" not in page
    assert "Nobody has seen the email or the address." in page


@pytest.mark.parametrize(("field", "value"), [("email", "bo@example.org"), ("ip", "203.0.113.7")])
def test_one_click_shows_a_value_once_and_is_on_record_first(
    room: Flask, number: int, fay: FlaskClient, field: str, value: str
) -> None:
    address = f"{LIST}{number}/"
    answer = send(fay, address, fay.get(address), field=field, reason="moderation")
    assert answer.status_code == 200
    assert value in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    again = fay.get(address).text
    assert value not in again
    assert "fay saw the" in again
    with room.app_context():
        query = sa.select(AuditDetail.field).join(AuditLink, AuditLink.id == AuditDetail.id)
        looked = db.session.scalars(query.where(AuditLink.kind == "look")).all()
    assert looked == [f"feedback.{field}"]


def test_a_moderator_cannot_look(number: int, finn: FlaskClient) -> None:
    address = f"{LIST}{number}/"
    page = finn.get(address)
    assert "Reveal" not in page.text
    assert send(finn, address, page, field="email", reason="moderation").status_code == 404


def test_another_reason_needs_words(number: int, fay: FlaskClient) -> None:
    address = f"{LIST}{number}/"
    answer = send(fay, address, fay.get(address), field="email", reason="other")
    assert answer.status_code == 422
    assert "Say in words what the reason is." in answer.text
    assert "bo@example.org" not in answer.text


def test_a_note_stays_among_moderators(number: int, finn: FlaskClient, fay: FlaskClient) -> None:
    address = f"{LIST}{number}/"
    page = finn.get(f"{address}?for=note")
    fields = {"way": "note", "mark": mark_in(page, number), "text": "Ask the carpenter."}
    assert send(finn, f"{address}words/", page, **fields).status_code == 303
    assert "Ask the carpenter." in fay.get(address).text
    assert '<b class="count">1</b>' in fay.get(LIST).text


def test_declining_takes_a_reason_for_the_sender(
    room: Flask, number: int, finn: FlaskClient
) -> None:
    address = f"{LIST}{number}/"
    page = finn.get(f"{address}?for=decline")
    fields = {"way": "decline", "mark": mark_in(page, number), "text": "We have no gate."}
    assert send(finn, f"{address}words/", page, **fields).status_code == 303
    declined = item(room, number)
    assert (declined.state, declined.told) == (State.DECLINED, "We have no gate.")


def test_words_for_a_stale_page_come_back(room: Flask, number: int, finn: FlaskClient) -> None:
    address = f"{LIST}{number}/"
    page = finn.get(f"{address}?for=decline")
    fields = {"way": "decline", "mark": mark_in(page, number), "text": "We have no gate."}
    send(finn, f"{LIST}decide/", page, do=f"spam.{mark_in(page, number)}")
    answer = send(finn, f"{address}words/", page, **fields | {"text": "Sorry, no gate here."})
    assert answer.status_code == 409
    assert "Sorry, no gate here." in answer.text
    assert item(room, number).state is State.SPAM


def test_a_ban_rests_on_what_nobody_needs_to_see(
    room: Flask, number: int, finn: FlaskClient
) -> None:
    address = f"{LIST}{number}/ban/"
    page = finn.get(address)
    assert "It keeps out whoever writes with this email" in page.text
    fields = {"scope": "email", "lasts": "week", "reason": "Insults", "with_spam": "y"}
    assert send(finn, address, page, **fields).status_code == 303
    assert item(room, number).state is State.SPAM
    with room.app_context():
        ban = db.session.scalars(sa.select(Ban)).one()
        assert (ban.scope, ban.blog_id) == (Scope.EMAIL, item(room, number).blog_id)
