"""The moderators' list: what waits, in order, with all that a decision needs."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from tests.factories import make_comment
from tests.unit.comments.admin.conftest import LIST

pytestmark = pytest.mark.database


def test_what_waits_is_shown_oldest_first(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        first = make_comment(text="first words", state=State.HELD).id
        second = make_comment(text="second words", state=State.HELD).id
        make_comment(text="shown words")
    page = mira.get(LIST).text
    assert page.index(f'id="c{first}"') < page.index(f'id="c{second}"')
    assert "shown words" not in page
    assert "2 comments wait" in page
