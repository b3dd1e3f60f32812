"""A change by its author waits while readers see the text before it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST, comment, counts, press, undo

pytestmark = pytest.mark.database


@pytest.fixture
def changed(blogs: Flask) -> int:
    """A shown comment whose author wants it to say something else."""
    with blogs.app_context():
        return make_comment(text="old words stay", pending_text="new words come").id


def public(app: Flask) -> str:
    """The post as readers see it."""
    return app.test_client().get("/garden/tulips/").text


def test_it_waits_beside_the_others_with_both_texts(
    blogs: Flask, mira: FlaskClient, changed: int
) -> None:
    page = mira.get(LIST).text
    assert "1 comment waits" in page
    assert f"approve.{changed}." in page
    assert "Take the change" in page
    case = mira.get(f"{LIST}{changed}/").text
    assert "<del>" in case
    assert "<ins>" in case
    assert "old words stay" in public(blogs)
    assert counts(blogs) == {"edited": 1}


def test_taking_it_shows_the_new_words(blogs: Flask, mira: FlaskClient, changed: int) -> None:
    press(mira, "approve", changed)
    assert "new words come" in public(blogs)
    assert comment(blogs, changed).pending_text is None
    assert counts(blogs) == {"shown": 1}


def test_keeping_the_old_words_drops_it(blogs: Flask, mira: FlaskClient, changed: int) -> None:
    press(mira, "keep", changed)
    assert "old words stay" in public(blogs)
    assert comment(blogs, changed).pending_text is None
    assert "No comment waits" in mira.get(LIST).text


@pytest.mark.parametrize("act", ["approve", "keep", "spam"])
def test_undo_brings_both_texts_back(
    blogs: Flask, mira: FlaskClient, changed: int, act: str
) -> None:
    undo(mira, press(mira, act, changed))
    found = comment(blogs, changed)
    assert (found.text, found.pending_text) == ("old words stay", "new words come")
    assert "old words stay" in found.html
    assert found.state is State.SHOWN
    assert counts(blogs) == {"edited": 1}
