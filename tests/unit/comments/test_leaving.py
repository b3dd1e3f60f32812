"""Somebody who answered for a blog closes their account."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role, viewer_for
from app.accounts.closing import close_account
from app.comments import Comment
from app.comments.desk.writing import answer
from tests.people import make_member, member
from tests.unit.comments.conftest import TULIPS

pytestmark = pytest.mark.database


@pytest.fixture
def mira_answered(app: Flask, say: Any, only_comment: Callable[[], Comment]) -> None:
    say()
    asked = only_comment().id
    with app.app_context():
        mira = make_member("mira", role=Role.ADMINISTRATOR, blog="garden")
        answer(viewer_for(mira), asked, "Snow does them no harm.")


@pytest.mark.usefixtures("mira_answered")
@pytest.mark.parametrize(("forgets", "name"), [(False, "mira"), (True, "Anonymous")])
def test_answers_stay_and_lose_their_name_if_asked(
    app: Flask,
    client: FlaskClient,
    comments: Callable[[], list[Comment]],
    forgets: bool,
    name: str,
) -> None:
    with app.app_context():
        close_account(member("mira").id, forgets_name=forgets)
    (given,) = [comment for comment in comments() if comment.is_by_author]
    assert given.author_name == name
    assert given.text == "Snow does them no harm."
    # What it answers is still held, so the page shows neither; it must show all the same.
    assert client.get(TULIPS).status_code == 200


@pytest.mark.usefixtures("mira_answered")
def test_other_peoples_names_stay(app: Flask, comments: Callable[[], list[Comment]]) -> None:
    with app.app_context():
        close_account(member("mira").id, forgets_name=True)
    assert "Bo" in {comment.author_name for comment in comments()}
