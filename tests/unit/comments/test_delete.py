"""Taking one's own comment back."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.blog import Post
from app.comments import Comment, State
from app.comments.editing import remove_comment
from app.comments.tidying import drop_unpublished, repair_threads
from app.core.database import db, transaction
from tests.factories import make_comment
from tests.unit.comments.conftest import OURS, own_page

pytestmark = pytest.mark.database

Say = Callable[..., Any]
Only = Callable[[], Comment]


def test_nothing_of_it_is_left(client: FlaskClient, say: Say, only_comment: Only) -> None:
    page = own_page(say())
    assert client.post(f"{page}delete/", headers=OURS).status_code == 303
    comment = only_comment()
    assert comment.state is State.REMOVED
    assert comment.author_name == comment.text == comment.html == ""
    held = (comment.author_email, comment.author_email_lookup, comment.author_ip)
    assert held == (None, None, None)
    assert (comment.author_ip_lookup, comment.author_ip_near) == (None, None)
    assert comment.created_at.astimezone(UTC).time().isoformat() == "00:00:00"


def test_its_page_says_that_it_is_gone(client: FlaskClient, say: Say) -> None:
    page = own_page(say())
    client.post(f"{page}delete/", headers=OURS)
    shown = client.get(page).text
    assert "<h1>Deleted</h1>" in shown
    assert "Neither your email nor your network address is held any more." in shown


def test_it_can_be_taken_back_at_any_time_and_twice(
    client: FlaskClient, say: Say, stopped: Any
) -> None:
    page = own_page(say())
    stopped.advance(days=100)
    for _ in range(2):
        assert client.post(f"{page}delete/", headers=OURS).location == page


def test_looking_at_the_page_deletes_nothing(
    client: FlaskClient, say: Say, only_comment: Only
) -> None:
    page = own_page(say())
    assert client.get(f"{page}delete/").status_code == 405
    assert client.head(page).status_code == 200
    assert only_comment().state is State.HELD


def test_an_empty_place_stays_while_there_are_answers(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        first = make_comment(text="The root of it.")
        answer = make_comment(text="An answer.", parent=first)
        remove_comment(first.id)
        thread = client.get(tulips).text
        assert "Removed by its author." in thread
        assert "The root of it." not in thread
        assert "An answer." in thread
        remove_comment(answer.id)
    thread = client.get(tulips).text
    assert "Removed by its author." not in thread
    assert "Nobody has said anything yet." in thread


def test_the_middle_of_a_deep_conversation_keeps_its_shape(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        chain = [make_comment(text="Level 1.")]
        for level in range(2, 6):
            chain.append(make_comment(text=f"Level {level}.", parent=chain[-1]))
        remove_comment(chain[1].id)
        remove_comment(chain[3].id)
    thread = client.get(tulips).text
    assert "Level 2." not in thread
    assert "Level 4." not in thread
    assert thread.count("Removed by its author.") == 1
    assert "In reply to a comment that was removed</p><header>" in thread


def test_the_number_of_comments_follows(app: Flask, tulips: str) -> None:
    with app.app_context():
        first = make_comment()
        make_comment(text="Another.")
        remove_comment(first.id)
        count = db.session.scalar(sa.select(Post.comment_count).where(Post.slug == "tulips"))
    assert count == 1


def test_empty_places_go_after_their_time_from_the_outside_in(
    app: Flask, tulips: str, stopped: Any, comments: Any
) -> None:
    with app.app_context():
        root = make_comment()
        middle = make_comment(parent=root)
        leaf = make_comment(parent=middle)
        make_comment(text="Unrelated.")
        for comment in (root, middle, leaf):
            remove_comment(comment.id)
        assert drop_unpublished() == 0
        stopped.advance(days=31)
        assert drop_unpublished() == 3
        assert drop_unpublished() == 0
    assert [comment.text for comment in comments()] == ["Unrelated."]


def test_a_refused_comment_with_answers_loses_its_words_after_that_time(
    app: Flask, tulips: str, stopped: Any, comments: Any
) -> None:
    from app.comments.placing import change_states
    from app.core import clock

    with app.app_context():
        root = make_comment(text="Refused.")
        make_comment(text="Answer.", parent=root)
        with transaction() as session:
            change_states(session, {root.id: State.REJECTED}, at=clock.now())
        stopped.advance(days=31)
        drop_unpublished()
        drop_unpublished()
    refused, answer = comments()
    assert (refused.text, refused.author_email) == ("", None)
    assert answer.text == "Answer."


def test_numbers_that_went_astray_are_repaired(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        make_comment(text="Lost in the import.")
        with transaction() as session:
            session.execute(sa.update(Comment).values(page=None))
            session.execute(sa.update(Post).values(comment_count=7, comment_pages=0))
        assert repair_threads() == 3
        assert repair_threads() == 0
    assert "Lost in the import." in client.get(tulips).text
    assert "1 comment<" in client.get(tulips).text
