"""The private page of a comment."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.comments.placing import change_states
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import record
from tests.cast import GARDEN, MIRA
from tests.people import accept_agreement, make_member
from tests.unit.comments.conftest import own_page

pytestmark = pytest.mark.database

Say = Callable[..., Any]


@pytest.fixture
def decide(app: Flask) -> Callable[..., None]:
    """A function that brings the comment into a state."""

    def change(state: State, **columns: Any) -> None:
        with app.app_context(), transaction() as session:
            change_states(session, {1: state}, at=clock.now())
            for name, value in columns.items():
                setattr(session.get_one(Comment, 1), name, value)

    return change


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        (State.HELD, "Waiting for a moderator"),
        (State.SHOWN, "Published"),
        (State.REJECTED, "Not published"),
        (State.SPAM, "Not published"),
    ],
)
def test_it_says_where_the_comment_stands(
    client: FlaskClient, say: Say, decide: Any, state: State, heading: str
) -> None:
    page = own_page(say())
    decide(state)
    assert f"<h1>{heading}</h1>" in client.get(page).text


def test_it_tells_the_moderators_reason(client: FlaskClient, say: Say, decide: Any) -> None:
    page = own_page(say())
    decide(State.REJECTED, told="Please be <kind>.")
    assert "They wrote: “Please be &lt;kind&gt;.”" in client.get(page).text


def test_it_says_what_is_held_masked_and_until_when(
    make_app: Any, client: FlaskClient, say: Say, stopped: Any
) -> None:
    page = client.get(own_page(say())).text
    assert "b•••@e•••.org" in page
    assert "bo@example.org" not in page
    assert "127.0.0.1" not in page
    assert f"{stopped.at.year + 1}</time>" in page
    assert "Not confirmed: " in page


@pytest.mark.promise("look-is-recorded")
def test_it_lists_each_look_with_time_and_purpose_and_without_the_name(
    app: Flask, client: FlaskClient, say: Say
) -> None:
    page = own_page(say())
    assert "Nobody has looked" in client.get(page).text
    with app.app_context():
        make_member(MIRA, role="administrator", blog=GARDEN)
        agreement = accept_agreement(MIRA)
    with app.app_context(), transaction() as session:
        comment = session.get_one(Comment, 1)
        what = {"blog_id": comment.blog_id, "subject_uid": comment.uid, "field": "comment.email"}
        what["agreement_id"] = agreement
        record("look", session, actor_id=None, reason="abuse: he shouts", **what)
    shown = client.get(page).text
    assert "an administrator looked at your email address for stopping abuse." in shown
    assert "he shouts" not in shown


def test_it_is_kept_nowhere_and_found_by_nobody(client: FlaskClient, say: Say) -> None:
    answer = client.get(own_page(say()))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers


def test_the_database_does_not_hold_its_address(app: Flask, say: Say) -> None:
    token = own_page(say()).split("/")[2]
    assert len(token) == 43
    with app.app_context():
        comment = db.session.get_one(Comment, 1)
        assert token.encode() not in comment.status_token_hash
        assert len(comment.status_token_hash) == 32


@pytest.mark.parametrize("token", ["x", "A" * 43, "é" * 43, "a" * 500, "%00"])
def test_a_wrong_address_is_no_page(client: FlaskClient, say: Say, token: str) -> None:
    say()
    for method, path in (("GET", ""), ("POST", "edit/"), ("POST", "delete/")):
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = client.open(f"/comments/{token}/{path}", method=method, headers=headers)
        assert answer.status_code in (400, 404)
