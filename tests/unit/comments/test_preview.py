"""Looking at a comment before it is posted."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from app.comments.placing import change_states
from app.core import clock
from app.core.database import transaction
from tests.unit.comments.conftest import TULIPS

pytestmark = pytest.mark.database

Say = Callable[..., Any]
_BODY = re.compile(r"<article id=\"c\d+\">.*?<div>(.*?)</div>", re.DOTALL)


def test_a_preview_stores_nothing_and_keeps_what_was_typed(say: Say, comments: Any) -> None:
    answer = say(preview="1")
    assert answer.status_code == 200
    assert comments() == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'value="Bo"' in answer.text
    assert "Mine came up in *snow*.</textarea>" in answer.text


def test_a_preview_is_the_very_markup_that_is_published(
    app: Flask, client: FlaskClient, say: Say
) -> None:
    text = "> Quoted\n\nAnd `code`, a [link](https://example.org/), <b>no HTML</b>.\n\n- a\n- b"
    previewed = _BODY.findall(say(text=text, preview="1").text)
    say(text=text)
    with app.app_context(), transaction() as session:
        change_states(session, {1: State.SHOWN}, at=clock.now())
    assert previewed == _BODY.findall(client.get(TULIPS).text)
    assert len(previewed) == 1


def test_a_preview_is_not_for_search_engines(say: Say) -> None:
    assert '<meta name="robots" content="noindex">' in say(preview="1").text


def test_a_form_with_mistakes_shows_them_instead_of_a_preview(say: Say) -> None:
    answer = say(preview="1", email="nobody")
    assert answer.status_code == 422
    assert "comment-preview" not in answer.text.partition("<form")[0]


def test_posting_right_after_a_preview_is_not_odd(say: Say, comments: Any) -> None:
    shown = re.search(r'name="stamp" value="([^"]+)"', say(preview="1").text)
    assert shown
    assert say(stamp=shown[1]).status_code == 303
    assert len(comments()) == 1


def test_a_preview_gives_a_fresh_stamp_for_one_that_was_odd(say: Say) -> None:
    shown = re.search(r'name="stamp" value="([^"]+)"', say(preview="1", stamp="1.forged").text)
    assert shown
    assert shown[1] != "1.forged"
