"""Every act can be taken back, and then everything is as it was."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.comments.desk.undoing import ReplacedWords, forget_words
from app.core.database import db
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST, comment, counts, press, send, undo

pytestmark = pytest.mark.database

IGNORED = {"revision", "page", "root_id", "branch_id"}


def facts(app: Flask, comment_id: int) -> dict[str, Any]:
    """All that is stored with a comment, but for its revision and its place once given."""
    found = comment(app, comment_id)
    return {
        column.key: getattr(found, column.key)
        for column in sa.inspect(Comment).column_attrs
        if column.key not in IGNORED and not column.key.startswith(("author_email", "author_ip"))
    }


@pytest.mark.parametrize("act", ["approve", "spam", "reject"])
def test_undo_restores_the_very_state_and_the_numbers(
    blogs: Flask, mira: FlaskClient, act: str
) -> None:
    with blogs.app_context():
        number = make_comment(state=State.HELD).id
    before, kept = facts(blogs, number), counts(blogs)
    answer = press(mira, act, number)
    assert facts(blogs, number) != before
    back = undo(mira, answer)
    assert back.status_code == 303
    assert facts(blogs, number) == before
    assert counts(blogs) == kept
    assert "everything is as it was before" in mira.get(back.location).text


def test_undo_restores_who_had_decided_before(
    blogs: Flask, mira: FlaskClient, max_: FlaskClient
) -> None:
    with blogs.app_context():
        number = make_comment(state=State.HELD).id
    press(max_, "reject", number)
    before = facts(blogs, number)
    undo(mira, press(mira, "approve", number, at=f"{LIST}?state=rejected"))
    assert facts(blogs, number) == before
    assert "by max" in mira.get(f"{LIST}?state=rejected").text


def test_undo_leaves_alone_what_somebody_changed_since(
    blogs: Flask, mira: FlaskClient, max_: FlaskClient
) -> None:
    with blogs.app_context():
        number = make_comment(state=State.HELD).id
    answer = press(mira, "approve", number)
    press(max_, "spam", number, at=f"{LIST}?state=shown")
    assert undo(mira, answer).status_code == 410
    assert comment(blogs, number).state is State.SPAM


def test_only_who_did_it_can_undo_it(blogs: Flask, mira: FlaskClient, max_: FlaskClient) -> None:
    with blogs.app_context():
        number = make_comment(state=State.HELD).id
    answer = press(mira, "approve", number)
    batch = answer.location.partition("done=")[2].partition("#")[0]
    assert 'name="batch"' not in max_.get(answer.location).text
    assert send(max_, f"{LIST}undo/", max_.get(LIST), batch=batch).status_code == 410
    assert comment(blogs, number).state is State.SHOWN


def test_after_ten_minutes_it_is_too_late(
    blogs: Flask, mira: FlaskClient, later: Callable[[int], None]
) -> None:
    with blogs.app_context():
        number = make_comment(state=State.HELD).id
    answer = press(mira, "approve", number)
    page = mira.get(answer.location)
    assert "min" in page.text
    later(601)
    batch = answer.location.partition("done=")[2].partition("#")[0]
    assert 'name="batch"' not in mira.get(answer.location).text
    assert send(mira, f"{LIST}undo/", page, batch=batch).status_code == 410
    with blogs.app_context():
        assert forget_words() == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ReplacedWords)) == 0
