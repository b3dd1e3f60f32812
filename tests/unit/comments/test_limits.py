"""How often one address may comment."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment
from tests.unit.comments.conftest import OURS, REMARK, TULIPS

pytestmark = pytest.mark.database

Say = Callable[..., Any]


@pytest.fixture
def app(make_app: Any) -> Flask:
    """An app that counts, as running ones do."""
    return make_app(LIMITED=True)


def test_too_many_comments_in_a_minute_are_refused_with_the_text_kept(say: Say) -> None:
    say(text="One.")
    say(text="Two.")
    answer = say(text="And *three*.")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 60
    assert "And *three*." in answer.text


def test_forms_that_come_back_do_not_count(say: Say, only_comment: Callable[[], Comment]) -> None:
    for _ in range(4):
        assert say(text="").status_code == 422
        assert say(preview="1").status_code == 200
    assert say().status_code == 303
    assert only_comment()


def test_an_answer_about_cookies_gives_the_text_back_beyond_the_limit_too(
    say: Say, client: FlaskClient, comments: Callable[[], list[Comment]]
) -> None:
    say(text="One.")
    say(text="Two.")
    typed = REMARK | {"text": "And *three*."}
    answer = client.post(f"{TULIPS}comments?again", data=typed, headers=OURS)
    assert answer.status_code == 200
    assert "And *three*." in answer.text
    assert len(comments()) == 2
