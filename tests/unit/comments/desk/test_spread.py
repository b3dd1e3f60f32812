"""What the sorter says, where moderators read it: on rows, in filters, over the spam folder."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.core import clock
from app.core.database import transaction
from app.moderation import Guess
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST, comment, press

pytestmark = pytest.mark.database

SPAM = f"{LIST}?state=spam"


def guessed(percent: int, *, state: State = State.HELD, name: str = "Bo", **guess: object) -> int:
    """A comment that the sorter takes for something; its number."""
    text = "Order at the best casino."
    made = make_comment(state=state, name=name, text=text)
    with transaction() as session:
        session.add(
            Guess(
                blog_id=made.blog_id,
                item_uid=made.uid,
                percent=percent,
                places=guess.get("places", [[0, 5], [18, 24]]),
                changes=60,
                created_at=guess.get("at", clock.now()),
            )
        )
    return made.id


def names_on(client: FlaskClient, address: str) -> set[str]:
    """Whose comments a list holds."""
    return set(re.findall(r'<h2><a href="[^"]*">([^<]*)</a>', client.get(address).text))


def test_each_row_says_in_words_what_it_looks_like(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        for percent in (97, 50, 3):
            guessed(percent)
    page = mira.get(LIST).text
    assert [page.count(f">{word}</b>") for word in ("looks like spam", "unsure", "looks fine")] == [
        *(1, 1, 1)
    ]


def test_a_list_can_be_narrowed_to_what_looks_alike(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        guessed(100, name="Bad")
        guessed(90, name="Worse")
        guessed(89, name="Odd")
        guessed(20, name="Strange")
        guessed(19, name="Good")
        make_comment(state=State.HELD, name="New")
    assert names_on(mira, f"{LIST}?looks=spam") == {"Bad", "Worse"}
    assert names_on(mira, f"{LIST}?looks=unsure") == {"Odd", "Strange"}
    assert names_on(mira, f"{LIST}?looks=fine") == {"Good"}
    assert len(names_on(mira, LIST)) == 6
    assert mira.get(f"{LIST}?looks=lovely").status_code == 400


def test_the_parts_are_offered_where_the_sorter_has_spoken(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        make_comment(state=State.HELD)
    assert "looks=spam" not in mira.get(LIST).text
    with blogs.app_context():
        guessed(97)
    assert f'href="{LIST}?looks=spam"' in mira.get(LIST).text


def test_the_page_of_a_comment_names_the_words_and_says_that_nothing_is_decided(
    blogs: Flask, mira: FlaskClient
) -> None:
    with blogs.app_context():
        number = guessed(97)
    page = mira.get(f"{LIST}{number}/").text
    assert "<mark>Order</mark>, <mark>casino</mark>" in page
    assert "97 of 100" in page
    assert "decides nothing" in page


def test_words_are_named_only_of_the_text_that_was_looked_at(
    blogs: Flask, mira: FlaskClient
) -> None:
    with blogs.app_context():
        number = guessed(97, at=clock.now() - timedelta(minutes=5))
    page = mira.get(f"{LIST}{number}/").text
    assert "97 of 100" in page
    assert "<mark>" not in page


def test_the_spam_folder_shows_what_may_be_there_by_mistake(
    blogs: Flask, mira: FlaskClient
) -> None:
    with blogs.app_context():
        for percent in (0, 55, 90, 99, 100):
            guessed(percent, state=State.SPAM)
    page = mira.get(SPAM).text
    bars = re.findall(r"<title>(\d+ to \d+ %): (\d+)</title>", page)
    assert bars == [("0 to 9 %", "1"), ("50 to 59 %", "1"), ("90 to 100 %", "3")]
    rows = re.findall(r'row">(\d+ to \d+ %)</th>.*?records__number"[^>]*>(\d+)<', page)
    assert len(rows) == 10
    assert {row for row in rows if row[1] != "0"} == set(bars)


def test_a_folder_that_nothing_can_be_said_of_says_why(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        make_comment(state=State.SPAM)
    page = mira.get(SPAM).text
    assert '<svg class="spread__bars' not in page
    assert "Once it has seen 25 spam and 25 published comments" in page
    assert 'href="/admin/moderation/#sorter"' in page


def test_every_row_of_the_folder_says_when_it_is_erased(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        number = make_comment(state=State.HELD).id
    assert "erased on" not in mira.get(LIST).text
    press(mira, "spam", number)
    day = comment(blogs, number).decided_at
    assert day
    day += timedelta(days=30)
    assert f"erased on {day:%-d %B %Y}" in mira.get(SPAM).text
    assert f"erased on {day:%-d %B %Y}" in mira.get(f"{LIST}{number}/").text


def test_what_waits_says_so_in_its_last_week(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        made = make_comment(state=State.HELD, created_at=clock.now() - timedelta(days=24))
        day = made.created_at + timedelta(days=30)
    assert f"erased on {day:%-d %B %Y}" in mira.get(LIST).text


def test_the_folder_takes_few_statements_too(
    blogs: Flask, mira: FlaskClient, statements: list[str]
) -> None:
    with blogs.app_context():
        for percent in range(12):
            guessed(percent * 9, state=State.SPAM)
    page = mira.get(SPAM).text
    press(mira, "approve", int(re.findall(r'id="c(\d+)"', page)[0]), at=SPAM)
    statements.clear()
    assert mira.get(SPAM).status_code == 200
    assert len(statements) <= 8, "\n\n".join(line[:200] for line in statements)


def test_a_guess_never_moves_a_comment(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        bad, good = guessed(100), guessed(0)
    mira.get(LIST)
    assert [comment(blogs, number).state for number in (bad, good)] == [State.HELD, State.HELD]
    assert isinstance(comment(blogs, bad), Comment)
