"""The list of the room: what waits, in which order, and what each row says."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.feedback.models import Kind, State
from tests.factories import make_feedback
from tests.unit.feedback.desk.conftest import LIST

pytestmark = pytest.mark.database


def test_what_is_held_waits_oldest_first_and_is_counted_in_title_and_menu(
    room: Flask, fay: FlaskClient
) -> None:
    with room.app_context():
        now = clock.now()
        for number, days in enumerate((1, 3, 2)):
            sent = now - timedelta(days=days)
            make_feedback(text=f"Words {number}", state=State.HELD, created_at=sent)
        make_feedback(text="Read already")
    page = fay.get(LIST).text
    assert "<title>3 to look at" in page
    assert page.index("Words 1") < page.index("Words 2") < page.index("Words 0")
    assert "Read already" not in page


def test_each_shelf_has_its_own_and_says_how_many(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        for state in (State.OPEN, State.DECLINED, State.SPAM):
            make_feedback(text=f"This is {state}.", state=state)
    for shelf, state in (("open", "open"), ("declined", "declined"), ("spam", "spam")):
        page = fay.get(f"{LIST}?list={shelf}").text
        assert f"This is {state}." in page
        assert page.count('class="item"') == 1
    assert fay.get(f"{LIST}?list=all").text.count('class="item"') == 3


def test_a_row_names_the_rule_that_held_it_with_the_words_that_did(
    room: Flask, fay: FlaskClient
) -> None:
    reason = {"rule": "words", "sentence": "It has a word of your list.", "field": "text"}
    with room.app_context():
        span = {"start": 4, "end": 9}
        make_feedback(text="Buy pills now", state=State.HELD, reasons=[reason | span])
    page = fay.get(LIST).text
    assert "It has a word of your list." in page
    assert "<mark>pills</mark>" in page


def test_a_row_shows_masks_and_how_many_share_its_address(
    room: Flask, fay: FlaskClient, finn: FlaskClient
) -> None:
    with room.app_context():
        make_feedback(state=State.HELD)
        make_feedback(email="di@example.org", state=State.SPAM)
    for client in (fay, finn):
        page = client.get(LIST).text
        assert "b•••@e•••.org" in page
        assert "bo@example.org" not in page
        assert "203.0.113.7" not in page
        assert "same address as 1 other" in page
    assert "203.0.•.•" in fay.get(LIST).text
    assert "203.0.•.•" not in finn.get(LIST).text


def test_the_list_narrows_by_kind_and_words(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        make_feedback(text="More tulips", kind=Kind.IDEA)
        make_feedback(text="Fewer tulips", kind=Kind.PROBLEM)
    page = fay.get(f"{LIST}?list=open&kind=idea&text=tulips").text
    assert "More tulips" in page
    assert "Fewer tulips" not in page
    assert fay.get(f"{LIST}?kind=nonsense").status_code == 400


def test_a_page_holds_fifty_and_leads_on_without_gap(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        for number in range(53):
            make_feedback(text=f"Number {number:02}.", state=State.HELD)
    first = fay.get(LIST)
    assert first.text.count('class="item"') == 50
    onward = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = fay.get(onward.replace("&amp;", "&")).text
    assert second.count('class="item"') == 3
    assert "Number 52." in second


def test_the_list_takes_eight_statements_however_long_it_is(
    room: Flask, fay: FlaskClient, statements: list[str]
) -> None:
    with room.app_context():
        for _ in range(20):
            make_feedback(state=State.HELD)
    fay.get(LIST)
    statements.clear()
    assert fay.get(LIST).status_code == 200
    assert len(statements) <= 8, statements
