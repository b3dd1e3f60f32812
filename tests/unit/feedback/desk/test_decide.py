"""Feedback is decided on: one button, one POST, and on with the next; and taken back."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.feedback.models import State
from tests.factories import make_feedback
from tests.people import sign_in
from tests.unit.feedback.desk.conftest import LIST, back, item, mark_in, press, send

pytestmark = pytest.mark.database


@pytest.fixture
def waiting(room: Flask) -> list[int]:
    """Three that wait."""
    with room.app_context():
        return [make_feedback(text=f"Words {n}", state=State.HELD).id for n in range(1, 4)]


@pytest.mark.parametrize(
    ("act", "state"),
    [("open", State.OPEN), ("spam", State.SPAM), ("decline", State.DECLINED)],
)
def test_a_button_brings_it_into_its_state_and_leads_to_the_next(
    room: Flask, finn: FlaskClient, waiting: list[int], act: str, state: State
) -> None:
    answer = press(finn, act, waiting[0])
    assert answer.status_code == 303
    assert answer.location.endswith(f"#c{waiting[1]}")
    decided = item(room, waiting[0])
    assert (decided.state, decided.revision) == (state, 1)
    assert "<title>2 to look at" in finn.get(LIST).text


def test_many_are_decided_on_at_once_and_taken_back_at_once(
    room: Flask, finn: FlaskClient, waiting: list[int]
) -> None:
    answer = press(finn, "spam", *waiting)
    assert {item(room, number).state for number in waiting} == {State.SPAM}
    assert "3 were marked as spam." in finn.get(answer.location).text
    assert back(finn, answer).status_code == 303
    assert {item(room, number).state for number in waiting} == {State.HELD}
    assert item(room, waiting[0]).decided_at is None


def test_taking_back_ends_after_ten_minutes(
    room: Flask, finn: FlaskClient, waiting: list[int]
) -> None:
    answer = press(finn, "spam", waiting[0])
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert "undo undo--" not in finn.get(answer.location).text
        page = finn.get(LIST)
        batch = answer.location.split("done=")[1].split("&")[0].split("#")[0]
        assert send(finn, f"{LIST}undo/", page, batch=batch, back="").status_code == 410
    assert item(room, waiting[0]).state is State.SPAM


def test_the_second_of_two_learns_who_was_faster(
    room: Flask, finn: FlaskClient, waiting: list[int]
) -> None:
    fay = sign_in(room, "fay")
    page = fay.get(LIST)
    press(finn, "spam", waiting[0])
    do = f"open.{mark_in(page, waiting[0])}"
    answer = send(fay, f"{LIST}decide/", page, do=do)
    assert answer.status_code == 409
    assert "Already marked as spam by finn" in answer.text
    assert item(room, waiting[0]).state is State.SPAM


def test_what_its_sender_removed_stays_removed(room: Flask, finn: FlaskClient) -> None:
    with room.app_context():
        number = make_feedback(state=State.REMOVED).id
    page = finn.get(f"{LIST}?list=all")
    assert f"open.{number}" not in page.text
    answer = send(finn, f"{LIST}decide/", page, do=f"open.{number}.0")
    assert answer.status_code == 409
    assert item(room, number).state is State.REMOVED


def test_a_decision_on_the_list_is_in_the_log_of_decisions(
    finn: FlaskClient, waiting: list[int]
) -> None:
    press(finn, "decline", waiting[0])
    page = finn.get("/admin/decisions/").text
    assert f'href="/admin/feedback/{waiting[0]}/"' in page
    assert "declined" in page
