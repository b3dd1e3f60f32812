"""The numbers of the overview, of rules that are tried out, and of how moderation goes."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.blog import feedback_room_id
from app.feedback.models import State
from app.moderation.figures import figures_of
from app.moderation.trying import try_words
from tests.factories import make_card, make_feedback
from tests.unit.feedback.desk.conftest import press
from tests.unit.feedback.desk.test_approve import agreed

pytestmark = pytest.mark.database


def test_the_overview_says_what_waits_and_what_is_public(
    room: Flask, fay: FlaskClient, mira: FlaskClient, statements: list[str]
) -> None:
    agreed(room)
    with room.app_context():
        make_feedback(state=State.HELD)
        make_card()
    fay.get("/admin/")
    statements.clear()
    page = fay.get("/admin/")
    assert len(statements) <= 10, statements
    for words in ("feedback to read", "agreed, not approved", "public on the wall"):
        assert words in page.text
    assert "comments wait" not in page.text
    assert "feedback to read" not in mira.get("/admin/").text


def test_a_word_list_is_tried_out_on_the_feedback_of_the_room(room: Flask) -> None:
    with room.app_context():
        make_feedback(text="Cheap pills here", state=State.SPAM)
        make_feedback(text="These pills help", state=State.OPEN)
        make_feedback(text="A gate")
        trial = try_words(feedback_room_id(), "pills")
    assert trial.held == 2
    assert "1 spam" in trial.sentence
    assert "1 kept open" in trial.sentence
    assert [line for line, *_ in trial.doubtful] == [1]


def test_what_was_decided_counts_in_the_figures(room: Flask, finn: FlaskClient) -> None:
    with room.app_context():
        numbers = [make_feedback(state=State.HELD).id for _ in range(3)]
    for act, number in zip(("open", "spam", "decline"), numbers, strict=True):
        press(finn, act, number)
    with room.app_context():
        figures = figures_of(frozenset({feedback_room_id()}))
    assert (figures.decided, figures.published, figures.refused) == (3, 1, 2)
