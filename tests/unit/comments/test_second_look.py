"""Submissions that look odd: shown to their author once more, never lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.core.database import transaction
from app.moderation import Rules
from tests.cast import GARDEN
from tests.people import blog_id
from tests.unit.comments.conftest import own_page

pytestmark = pytest.mark.database

Say = Callable[..., Any]
Only = Callable[[], Comment]
ORIGIN = {"Origin": "http://127.0.0.1:8000"}


def token_in(page: str) -> str:
    found = re.search(r'name="check" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"stamp": None}, "form-missing"),
        ({"stamp": "1795514400.00"}, "form-forged"),
        ({"stamp": "x"}, "form-forged"),
        ({"subject": "Buy tulips"}, "form-trap"),
        ({"headers": ORIGIN}, "form-fetch"),
        ({"headers": {}}, "form-fetch"),
    ],
    ids=["no stamp", "forged", "no stamp at all", "trap", "no metadata", "no word at all"],
)
def test_an_odd_submission_is_shown_again_and_then_held_with_its_reason(
    say: Say, comments: Any, changes: dict[str, Any], rule: str
) -> None:
    answer = say(**changes)
    assert answer.status_code == 200
    assert "One more look" in answer.text
    assert "<em>snow</em>" in answer.text
    assert comments() == []
    own_page(say(check=token_in(answer.text), stamp=None))
    (comment,) = comments()
    assert comment.state is State.HELD
    assert rule in [reason["rule"] for reason in comment.reasons]


def test_a_form_that_was_open_for_days_is_shown_again(say: Say, stopped: Any) -> None:
    stopped.advance(days=2, minutes=1)
    assert "One more look" in say().text


def test_a_form_that_comes_back_at_once_is_shown_again(say: Say) -> None:
    shown = say(preview="1", stamp=None).text
    stamp = re.search(r'name="stamp" value="([^"]+)"', shown)
    assert stamp
    assert "One more look" in say(stamp=stamp[1]).text


def test_a_confirmation_taken_twice_is_one_comment(say: Say, only_comment: Only) -> None:
    token = token_in(say(stamp=None).text)
    first, second = say(check=token), say(check=token, text="Changed meanwhile.")
    assert first.location == second.location
    assert only_comment().text == "Mine came up in *snow*."


def test_the_text_may_be_changed_on_the_way(say: Say, only_comment: Only) -> None:
    token = token_in(say(stamp=None).text)
    say(check=token, text="Better words.")
    assert only_comment().text == "Better words."


def test_a_confirmation_survives_mistakes_and_previews(say: Say) -> None:
    token = token_in(say(stamp=None).text)
    assert token_in(say(check=token, text="").text) == token
    assert token_in(say(check=token, preview="1").text) == token


def test_a_confirmation_is_for_one_post(say: Say, stamp: Any) -> None:
    token = token_in(say(stamp=None).text)
    answer = say("/garden/roses/", check=token, stamp=None)
    assert "One more look" in answer.text


def test_a_confirmation_ends_after_a_day(say: Say, stopped: Any) -> None:
    token = token_in(say(stamp=None).text)
    stopped.advance(hours=25)
    assert "One more look" in say(check=token, stamp=None).text


@pytest.mark.parametrize("forged", ["", "x", "1.2.3.4", "9" * 400, "1795514400.aa.missing.00", "é"])
def test_a_forged_confirmation_confirms_nothing(say: Say, comments: Any, forged: str) -> None:
    assert "One more look" in say(check=forged, stamp=None).text
    assert comments() == []


def test_what_was_odd_is_held_even_where_comments_are_published_first(
    app: Flask, say: Say, only_comment: Only
) -> None:
    with app.app_context(), transaction() as session:
        session.add(Rules(blog_id=blog_id(GARDEN), publishes_first=True))
    token = token_in(say(subject="x").text)
    say(check=token)
    assert only_comment().state is State.HELD


def test_a_form_of_another_site_is_refused(say: Say, comments: Any) -> None:
    answer = say(headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Mine came up in *snow*." in answer.text
    assert comments() == []


def test_the_trap_is_out_of_sight_and_out_of_the_way(client: FlaskClient, tulips: str) -> None:
    page = client.get(tulips).text
    trap = page[page.index('<p class="hidden"><label for="comment-subject">') :]
    assert "Leave this field empty" in trap
    assert 'autocomplete="off"' in trap
    assert 'tabindex="-1"' in trap
