"""Posting a comment."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.comments.placing import change_states
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import masked
from app.moderation import Rules
from tests.cast import GARDEN
from tests.people import blog_id
from tests.unit.comments.conftest import OURS, REMARK, TULIPS, own_page

pytestmark = pytest.mark.database

Say = Callable[..., Any]
Only = Callable[[], Comment]


@pytest.fixture
def publishing_first(app: Flask, tulips: str) -> None:
    """The garden blog publishes first and reviews afterwards."""
    with app.app_context(), transaction() as session:
        session.add(Rules(blog_id=blog_id(GARDEN), publishes_first=True))


def test_a_strangers_comment_waits_for_a_moderator(
    client: FlaskClient, say: Say, only_comment: Only
) -> None:
    page = own_page(say())
    assert only_comment().state is State.HELD
    assert "Waiting for a moderator" in client.get(page).text
    assert "snow" not in client.get(TULIPS).text


def test_taking_a_comment_needs_eight_statements_and_one_commit(
    app: Flask, say: Say, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LIMITED", True)
    say(text="The first one, which has the address asked whether it is Bo's.")
    with app.app_context():
        commits: list[Any] = []
        sa.event.listen(db.engine, "commit", commits.append)
        statements.clear()
        own_page(say(text="The second one, as nearly all of them are: about *tulips* in snow."))
    assert len(statements) <= 8, "\n\n".join(statements)
    assert len(commits) == 1


def test_a_held_comment_keeps_the_reasons_why(say: Say, only_comment: Only) -> None:
    say()
    assert [reason["rule"] for reason in only_comment().reasons] == ["first"]


@pytest.mark.promise("sealed-at-rest")
def test_email_and_address_are_sealed_at_once(app: Flask, say: Say, only_comment: Only) -> None:
    say()
    comment = only_comment()
    assert f"{comment.author_email} {comment.author_ip}" == "••• •••"
    with app.app_context():
        assert masked(comment, "author_email") == "b•••@e•••.org"


@pytest.mark.promise("field-says-why")
def test_the_form_says_what_is_kept_of_the_network_address(
    client: FlaskClient, tulips: str
) -> None:
    page = client.get(tulips).text
    assert "The network address you write from is sealed" in page
    assert "by the administrators of this blog only, for 90 days, so that abuse can be stop" in page


def test_the_text_is_rendered_when_it_is_stored(say: Say, only_comment: Only) -> None:
    say()
    assert only_comment().html == "<p>Mine came up in <em>snow</em>.</p>"


@pytest.mark.usefixtures("publishing_first")
def test_a_comment_shown_at_once_leads_to_its_place_on_the_private_page(
    client: FlaskClient, say: Say, only_comment: Only
) -> None:
    answer = say()
    assert answer.location.endswith("#c1")
    assert only_comment().state is State.SHOWN
    page = client.get(own_page(answer)).text
    assert "Published" in page
    assert f'href="{TULIPS}#c1"' in page
    assert "<em>snow</em>" in client.get(TULIPS).text


@pytest.mark.usefixtures("publishing_first")
def test_listeners_hear_of_a_comment_that_became_public(say: Say) -> None:
    from app.comments import comment_shown

    heard: list[int] = []

    def listen(_sender: Any, id: int) -> None:
        heard.append(id)

    with comment_shown.connected_to(listen):
        say()
    assert heard == [1]


def test_the_same_comment_within_an_hour_is_one(say: Say, only_comment: Only) -> None:
    first, second = say(), say()
    assert first.location == second.location
    assert only_comment()


def test_the_same_words_after_an_hour_are_another_comment(
    say: Say, comments: Any, stopped: Any
) -> None:
    say()
    stopped.advance(minutes=61)
    say()
    assert len(comments()) == 2


@pytest.mark.parametrize(
    "change",
    [{"text": "Others."}, {"name": "Bea"}, {"email": "bea@example.org"}],
    ids=["text", "name", "email"],
)
def test_what_differs_is_another_comment(say: Say, comments: Any, change: dict[str, str]) -> None:
    say()
    say(**change)
    assert len(comments()) == 2


def test_the_same_words_from_elsewhere_are_another_comment(
    client: FlaskClient, say: Say, comments: Any, stamp: Any
) -> None:
    say()
    sent = REMARK | {"stamp": stamp()}
    elsewhere = {"REMOTE_ADDR": "198.51.100.9"}
    client.post(f"{TULIPS}comments", data=sent, headers=OURS, environ_overrides=elsewhere)
    assert len(comments()) == 2


def test_a_public_comment_does_not_give_its_private_page_away(app: Flask, say: Say) -> None:
    say()
    with app.app_context(), transaction() as session:
        change_states(session, {1: State.SHOWN}, at=clock.now())
    assert say().location == f"{TULIPS}#c1"


def test_an_unknown_post_takes_no_comment(client: FlaskClient, say: Say, comments: Any) -> None:
    assert say("/garden/nothing/").status_code == 404
    assert comments() == []


def test_reloading_the_answer_to_a_form_leads_back_to_it(client: FlaskClient, tulips: str) -> None:
    answer = client.get(f"{tulips}comments")
    assert (answer.status_code, answer.location) == (303, f"{tulips}#comment-form")
