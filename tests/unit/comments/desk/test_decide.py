"""One comment is decided on: one button, one POST, and on with the next."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST, comment, counts, press, send

pytestmark = pytest.mark.database


@pytest.fixture
def waiting(blogs: Flask) -> list[int]:
    """Three comments that wait."""
    with blogs.app_context():
        return [make_comment(text=f"words {number}", state=State.HELD).id for number in range(1, 4)]


@pytest.mark.parametrize(
    ("act", "state"),
    [("approve", State.SHOWN), ("spam", State.SPAM), ("reject", State.REJECTED)],
)
def test_a_button_brings_the_comment_into_its_state(
    blogs: Flask, mira: FlaskClient, waiting: list[int], act: str, state: State
) -> None:
    answer = press(mira, act, waiting[0])
    assert answer.status_code == 303
    assert answer.location.endswith(f"#c{waiting[1]}")
    decided = comment(blogs, waiting[0])
    assert (decided.state, decided.revision) == (state, 1)
    assert decided.decided_at is not None
    assert counts(blogs) == {"held": 2, state.value: 1}


def test_the_title_counts_down_and_a_strip_says_what_was_done(
    mira: FlaskClient, waiting: list[int]
) -> None:
    assert "<title>3 comments wait" in mira.get(LIST).text
    page = mira.get(press(mira, "approve", waiting[1]).location).text
    assert "<title>2 comments wait" in page
    assert "The comment of Bo was approved." in page


def test_after_the_last_of_the_page_comes_the_one_before_it(
    mira: FlaskClient, waiting: list[int]
) -> None:
    assert press(mira, "spam", waiting[2]).location.endswith(f"#c{waiting[1]}")


def test_an_approved_comment_is_on_its_post(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    press(mira, "approve", waiting[0])
    page = blogs.test_client().get("/garden/tulips/").text
    assert "words 1" in page
    assert "words 2" not in page


def test_a_shown_comment_can_be_put_back_to_wait(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    press(mira, "approve", waiting[0])
    press(mira, "hold", waiting[0], at=f"{LIST}?state=shown")
    assert comment(blogs, waiting[0]).state is State.HELD
    assert "words 1" not in blogs.test_client().get("/garden/tulips/").text


def test_only_what_is_possible_is_offered(mira: FlaskClient, waiting: list[int]) -> None:
    page = mira.get(LIST).text
    assert f"approve.{waiting[0]}." in page
    assert f"hold.{waiting[0]}." not in page
    press(mira, "spam", waiting[0])
    page = mira.get(f"{LIST}?state=spam").text
    assert f"hold.{waiting[0]}." in page
    assert "Not spam" in page
    assert f"spam.{waiting[0]}." not in page


def test_the_second_moderator_hears_who_was_faster_and_changes_nothing(
    blogs: Flask, mira: FlaskClient, max_: FlaskClient, waiting: list[int]
) -> None:
    stale = max_.get(LIST)
    press(mira, "approve", waiting[0])
    answer = send(max_, f"{LIST}decide/", stale, do=f"spam.{waiting[0]}.0")
    assert answer.status_code == 409
    assert "Already approved by mira just now" in answer.text
    assert comment(blogs, waiting[0]).state is State.SHOWN
    assert comment(blogs, waiting[0]).revision == 1


def test_pressing_twice_is_pressing_once(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    page = mira.get(LIST)
    for _again in range(2):
        answer = send(mira, f"{LIST}decide/", page, do=f"approve.{waiting[0]}.0")
        assert answer.status_code == 303
    assert comment(blogs, waiting[0]).revision == 1


def test_what_its_author_removed_stays_removed(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        gone = make_comment(state=State.REMOVED).id
    revision = comment(blogs, gone).revision
    page = mira.get(f"{LIST}?state=removed")
    assert f'id="c{gone}"' in page.text
    assert "approve." not in page.text.replace("approve.chosen", "")
    answer = send(mira, f"{LIST}decide/", page, do=f"approve.{gone}.{revision}")
    assert answer.status_code == 409
    assert comment(blogs, gone).state is State.REMOVED


@pytest.mark.parametrize("do", ["", "approve", "delete.1.0", "approve.1", "approve.x.0", "a" * 999])
def test_words_that_are_no_button_change_nothing(
    blogs: Flask, mira: FlaskClient, waiting: list[int], do: str
) -> None:
    answer = send(mira, f"{LIST}decide/", mira.get(LIST), do=do)
    assert answer.status_code == 422
    assert counts(blogs) == {"held": 3}


def test_a_form_without_its_token_changes_nothing(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    answer = mira.post(f"{LIST}decide/", data={"do": f"spam.{waiting[0]}.0"})
    assert answer.status_code == 422
    assert counts(blogs) == {"held": 3}


def test_answers_stay_in_their_place_when_what_they_answer_is_spam(
    blogs: Flask, mira: FlaskClient
) -> None:
    with blogs.app_context():
        parent = make_comment(text="bought words")
        number = parent.id
        make_comment(text="an honest answer", parent=parent, email="cy@example.org")
    press(mira, "spam", number, at=f"{LIST}?state=shown")
    page = blogs.test_client().get("/garden/tulips/").text
    assert "bought words" not in page
    assert "an honest answer" in page
    assert f'id="c{number}"' in page
