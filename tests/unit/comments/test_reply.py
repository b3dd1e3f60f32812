"""Answering a comment."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from tests.cast import WORKSHOP
from tests.factories import make_comment
from tests.unit.comments.conftest import TULIPS, own_page

pytestmark = pytest.mark.database

Say = Callable[..., Any]


@pytest.fixture
def said(app: Flask, tulips: str) -> int:
    """A comment that is shown."""
    with app.app_context():
        return make_comment(text="Who planted *first*?", name="Ola").id


def test_the_form_opens_with_what_is_answered(client: FlaskClient, said: int) -> None:
    page = client.get(f"{TULIPS}?reply={said}").text
    assert "Answer <bdi>Ola</bdi>" in page
    assert "<p>Who planted first?</p></blockquote>" in page
    assert f'name="parent" value="{said}"' in page
    assert 'href="?#comment-form">Cancel the answer' in page


def test_every_comment_has_a_way_to_answer_it(client: FlaskClient, said: int) -> None:
    assert f'href="?reply={said}#comment-form">Reply</a>' in client.get(TULIPS).text


@pytest.mark.parametrize("wish", ["999", "x", "-1", "", "1" * 30, "٣"])
def test_a_wish_for_what_is_not_there_is_ignored(client: FlaskClient, said: int, wish: str) -> None:
    page = client.get(TULIPS, query_string={"reply": wish})
    assert page.status_code == 200
    assert "Write a comment" in page.text


def test_a_comment_of_another_post_or_out_of_sight_cannot_be_answered(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        foreign = make_comment("planes", blog=WORKSHOP).id
        held = make_comment(state=State.HELD).id
    for comment in (foreign, held):
        assert "Write a comment" in client.get(f"{TULIPS}?reply={comment}").text


def test_an_answer_is_stored_under_what_it_answers(said: int, say: Say, comments: Any) -> None:
    own_page(say(parent=str(said)))
    answer = comments()[1]
    assert (answer.parent_id, answer.root_id, answer.branch_id) == (said, said, None)


def test_what_is_answered_stays_through_mistakes_and_previews(said: int, say: Say) -> None:
    for answer in (say(parent=str(said), text=""), say(parent=str(said), preview="1")):
        assert f'name="parent" value="{said}"' in answer.text
        assert "Answer <bdi>Ola</bdi>" in answer.text


def test_an_answer_to_what_was_taken_back_meanwhile_comes_back_whole(
    app: Flask, tulips: str, say: Say, comments: Any
) -> None:
    with app.app_context():
        held = make_comment(state=State.HELD).id
    answer = say(parent=str(held), text="I *agree*.")
    assert answer.status_code == 409
    assert "The comment you answer is gone" in answer.text
    assert "I *agree*." in answer.text
    assert len(comments()) == 1
