"""Changing one's own comment by its private link."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.comments.editing import is_large
from app.comments.placing import change_states
from app.core import clock
from app.core.database import transaction
from tests.unit.comments.conftest import OURS, TULIPS, own_page

pytestmark = pytest.mark.database

Say = Callable[..., Any]
Only = Callable[[], Comment]
LONG = "The tulips by the gate came up in snow, and nobody had seen them so early before."


@pytest.fixture
def show(app: Flask) -> Callable[[], None]:
    """A function that approves the comment."""

    def approve() -> None:
        with app.app_context(), transaction() as session:
            change_states(session, {1: State.SHOWN}, at=clock.now())

    return approve


@pytest.fixture
def edit(client: FlaskClient) -> Callable[[str, str], Any]:
    """A function that sends a new text to a private page."""
    return lambda page, text: client.post(f"{page}edit/", data={"text": text}, headers=OURS)


def test_a_held_comment_is_simply_replaced(say: Say, edit: Any, only_comment: Only) -> None:
    page = own_page(say())
    assert edit(page, "Other words, https://example.org/").location == f"{page}#saved"
    comment = only_comment()
    assert (comment.text, comment.pending_text) == ("Other words, https://example.org/", None)
    assert "example.org" in comment.html
    assert comment.state is State.HELD


def test_a_small_change_of_a_shown_comment_is_public_at_once(
    client: FlaskClient, say: Say, show: Any, edit: Any, only_comment: Only
) -> None:
    page = own_page(say(text=LONG))
    show()
    edit(page, LONG.replace("nobody", "no one"))
    assert only_comment().edited_at
    thread = client.get(TULIPS).text
    assert "no one had seen" in thread
    assert "</time></a> edited</header>" in thread


@pytest.mark.parametrize(
    "text", [f"{LONG} See https://example.org/", "Something else."], ids=["link", "rewritten"]
)
def test_a_large_change_waits_while_the_words_before_stay(
    client: FlaskClient, say: Say, show: Any, edit: Any, text: str
) -> None:
    page = own_page(say(text=LONG))
    show()
    edit(page, text)
    thread = client.get(TULIPS).text
    assert LONG in thread
    assert text not in thread
    assert "with a change that waits" in client.get(page).text
    assert text in client.get(page).text


def test_time_is_over_after_a_quarter_of_an_hour(
    client: FlaskClient, say: Say, edit: Any, stopped: Any, only_comment: Only
) -> None:
    page = own_page(say())
    assert "which is 15 minutes from" in client.get(page).text
    stopped.advance(minutes=14, seconds=59)
    assert "which is 1 minute from" in client.get(page).text
    stopped.advance(seconds=2)
    assert "Save the change" not in client.get(page).text
    answer = edit(page, "Too *late*.")
    assert answer.status_code == 409
    assert "Too *late*." in answer.text
    assert only_comment().text == "Mine came up in *snow*."


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5_001])
def test_what_is_no_comment_is_not_saved_and_comes_back(say: Say, edit: Any, text: str) -> None:
    answer = edit(own_page(say()), text)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert f"{text.strip()}</textarea>" in answer.text


def test_saving_the_same_words_changes_nothing(say: Say, edit: Any, only_comment: Only) -> None:
    page = own_page(say())
    edit(page, "Mine came up in *snow*.")
    assert only_comment().revision == 0


def test_a_change_from_another_site_is_refused(
    client: FlaskClient, say: Say, only_comment: Only
) -> None:
    page = own_page(say())
    for site in ("cross-site", "same-site", "none"):
        headers = {"Sec-Fetch-Site": site}
        answer = client.post(f"{page}edit/", data={"text": "Forged."}, headers=headers)
        assert answer.status_code == 403
    assert only_comment().text == "Mine came up in *snow*."


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("one two three four five six", "one two three four five six", False),
        ("one two three four five six", "one two three four five sixx", False),
        ("one two three four five six", "six other words altogether here now", True),
        ("short", "shirt", True),
        ("see https://example.org/", "see https://example.org/ ", False),
        ("see https://example.org/ and more", "see https://example.com/ and more", True),
        ("a " * 2_500, "b " * 2_500, True),
    ],
)
def test_how_large_a_change_is(before: str, after: str, expected: bool) -> None:
    assert is_large(before, after) is expected
