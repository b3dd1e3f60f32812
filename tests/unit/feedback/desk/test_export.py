"""The room's feedback as a file, whole at any size, and of its senders nothing."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.blog import feedback_room_id
from app.core import clock
from app.core.database import transaction
from app.feedback.desk.exporting import COLUMNS, WITH_WORDS
from app.feedback.models import Channel, Feedback, Kind, State
from tests.factories import make_card, make_feedback
from tests.unit.feedback.desk.conftest import LIST

pytestmark = pytest.mark.database

EXPORT = f"{LIST}export.csv"


def read(text: str) -> Iterator[dict[str, Any]]:
    return csv.DictReader(io.StringIO(text, newline=""))


@pytest.mark.parametrize("many", [0, 1, 101, 10_001])
def test_it_can_be_read_back_at_any_size(room: Flask, fay: FlaskClient, many: int) -> None:
    fill(room, many)
    answer = fay.get(EXPORT)
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(read(answer.text))
    assert [int(row["number"]) for row in rows] == list(range(1, many + 1))
    assert all(set(row) == set(COLUMNS) and None not in row.values() for row in rows)


def test_nothing_in_it_says_who_wrote_or_what(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        make_feedback(text="I am Bo of Mill Lane.", name="Bo Berg")
    text = fay.get(EXPORT).text
    for word in ("Bo", "Berg", "bo@example.org", "203.0.113", "Mill Lane"):
        assert word not in text


def test_with_words_it_has_them_and_no_formula(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        make_feedback(text='=1+1\n"quoted", and more')
    answer = fay.get(f"{EXPORT}?words=yes")
    (row,) = read(answer.text)
    assert tuple(row) == WITH_WORDS
    assert row["text"] == '\'=1+1\n"quoted", and more'
    assert "bo@example.org" not in answer.text


def test_it_says_what_is_public_and_under_which_kind_of_credit(
    room: Flask, fay: FlaskClient
) -> None:
    with room.app_context():
        make_card(credit="Bo Berg")
    (row,) = read(fay.get(EXPORT).text)
    assert (row["agreed"], row["public"], row["credit"]) == ("yes", "yes", "full")


def test_it_is_for_administrators_of_the_room(finn: FlaskClient, mira: FlaskClient) -> None:
    assert finn.get(EXPORT).status_code == 404
    assert mira.get(EXPORT).status_code == 404


def fill(app: Flask, many: int) -> None:
    """Store so many in a few statements."""
    with app.app_context(), transaction() as session:
        same = {
            "blog_id": feedback_room_id(),
            "created_at": clock.now(),
            "kind": Kind.IDEA,
            "channel": Channel.FORM,
            "state": State.OPEN,
            "revision": 0,
            "text": "More tulips.",
            "html": "<p>More tulips.</p>",
            "html_version": 1,
            "reasons": [],
        }
        rows = [same | {"link_token_hash": number.to_bytes(32, "big")} for number in range(many)]
        if rows:
            session.execute(sa.insert(Feedback), rows)
