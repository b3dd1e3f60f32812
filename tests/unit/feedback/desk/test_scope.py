"""Whoever has no right in the room gets what an address that is nowhere answers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from app.core.privacy import AuditLink
from tests.factories import make_feedback
from tests.people import sign_in, token_in
from tests.unit.feedback.desk.conftest import LIST

pytestmark = pytest.mark.database


def test_to_moderators_of_blogs_and_to_the_owner_the_room_is_not_there(
    room: Flask, mira: FlaskClient
) -> None:
    with room.app_context():
        number = make_feedback().id
    for client in (mira, sign_in(room, "otto")):
        nowhere = client.get("/admin/nowhere/")
        for rest in ("", f"{number}/", f"{number}/ban/", "find/", f"{number + 1}/"):
            answer = client.get(LIST + rest)
            assert (answer.status_code, answer.data) == (404, nowhere.data), rest


def test_nothing_can_be_sent_there_either(room: Flask, mira: FlaskClient) -> None:
    with room.app_context():
        number = make_feedback().id
    token = {"csrf_token": token_in(mira.get("/account/"))}
    for address in ("decide/", "undo/", "keys/", "find/", f"{number}/", f"{number}/words/"):
        fields = {"do": f"spam.{number}.0", "field": "email", "way": "note", "text": "x"}
        assert mira.post(LIST + address, data=token | fields).status_code == 404, address


def test_asking_for_one_without_a_right_is_on_record(room: Flask, mira: FlaskClient) -> None:
    with room.app_context():
        number = make_feedback().id
    mira.get(f"{LIST}{number}/")
    with room.app_context():
        kinds = [link.kind for link in db.session.query(AuditLink)]
    assert kinds.count("feedback.elsewhere") == 1


def test_the_room_is_in_the_menu_of_its_people_and_comments_are_not(
    fay: FlaskClient, mira: FlaskClient
) -> None:
    own, other = fay.get("/admin/").text, mira.get("/admin/").text
    assert 'href="/admin/feedback/"' in own
    assert 'href="/admin/comments/"' not in own
    assert 'href="/admin/feedback/"' not in other
    assert 'href="/admin/comments/"' in other
