"""Moderators answer, refuse with a reason, keep notes, and ban without seeing an address."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.core.database import db
from app.moderation import Ban, Trust
from tests.factories import make_comment
from tests.unit.comments.desk.conftest import LIST, comment, press, send, undo

pytestmark = pytest.mark.database


@pytest.fixture
def said(blogs: Flask) -> int:
    """A comment that waits, by Bo."""
    with blogs.app_context():
        return make_comment(text="May I ask?", state=State.HELD).id


def write(client: FlaskClient, said: int, way: str, text: str, revision: int = 0) -> Any:
    """Send the form for words, as it stands on the page of the comment."""
    page = client.get(f"{LIST}{said}/?for={way}")
    sent = {"way": way, "text": text, "mark": f"{said}.{revision}"}
    return send(client, f"{LIST}{said}/words/", page, **sent)


def test_a_reply_to_what_waits_shows_both_and_is_marked_as_the_blogs(
    blogs: Flask, mira: FlaskClient, said: int
) -> None:
    assert "Approve and reply" in mira.get(f"{LIST}{said}/").text
    assert write(mira, said, "reply", "You *may*.").status_code == 303
    assert comment(blogs, said).state is State.SHOWN
    with blogs.app_context():
        reply = db.session.scalars(sa.select(Comment).where(Comment.parent_id == said)).one()
        assert (reply.is_by_author, reply.author_name, reply.state) == (True, "mira", State.SHOWN)
        assert reply.author_email is None
    page = blogs.test_client().get("/garden/tulips/").text
    assert page.index("May I ask?") < page.index("You <em>may</em>.")


def test_a_reply_to_what_is_shown_only_replies(blogs: Flask, mira: FlaskClient, said: int) -> None:
    press(mira, "approve", said)
    assert write(mira, said, "reply", "Yes.", revision=1).status_code == 303
    assert comment(blogs, said).revision == 1


@pytest.mark.parametrize("way", ["reply", "reject"])
def test_words_about_one_comment_decide_on_no_other(
    blogs: Flask, mira: FlaskClient, said: int, way: str
) -> None:
    with blogs.app_context():
        other = make_comment(text="Another", state=State.HELD).id
    page = mira.get(f"{LIST}{said}/")
    sent = {"way": way, "text": "Yes.", "mark": f"{other}.0"}
    assert send(mira, f"{LIST}{said}/words/", page, **sent).status_code == 422
    assert comment(blogs, said).state is comment(blogs, other).state is State.HELD
    with blogs.app_context():
        assert not db.session.scalar(sa.select(Comment.id).where(Comment.parent_id == said))


def test_a_reply_to_what_somebody_refused_meanwhile_keeps_its_words(
    blogs: Flask, mira: FlaskClient, max_: FlaskClient, said: int
) -> None:
    press(max_, "spam", said)
    answer = write(mira, said, "reply", "Long and friendly words")
    assert answer.status_code == 409
    assert "Already marked as spam by max" in answer.text
    assert "Long and friendly words" in answer.text


def test_a_refusal_says_why_to_its_author_alone(blogs: Flask, mira: FlaskClient, said: int) -> None:
    assert write(mira, said, "reject", "Ask under a post about roses.").status_code == 303
    refused = comment(blogs, said)
    assert (refused.state, refused.told) == (State.REJECTED, "Ask under a post about roses.")
    assert "roses" not in blogs.test_client().get("/garden/tulips/").text


def test_undo_takes_the_reason_back_with_the_refusal(
    blogs: Flask, mira: FlaskClient, said: int
) -> None:
    first = write(mira, said, "reject", "First reason")
    assert comment(blogs, said).told == "First reason"
    undo(mira, first)
    assert (comment(blogs, said).state, comment(blogs, said).told) == (State.HELD, None)


def test_a_note_is_for_moderators(
    blogs: Flask, mira: FlaskClient, max_: FlaskClient, said: int
) -> None:
    answer = write(mira, said, "note", "Third time this week <b>")
    assert answer.location.endswith("#notes")
    page = max_.get(f"{LIST}{said}/").text
    assert "Third time this week &lt;b&gt;" in page
    assert ">mira, <time" in page
    assert 'class="count">1<' in max_.get(LIST).text
    assert comment(blogs, said).revision == 0


@pytest.mark.parametrize(
    ("way", "text"),
    [
        *(("reply", " "), ("note", ""), ("note", "x" * 1_001), ("reply", "x" * 5_001)),
        *(("reject", "x" * 501), ("shout", "x")),
    ],
)
def test_words_that_will_not_do_come_back(
    blogs: Flask, mira: FlaskClient, said: int, way: str, text: str
) -> None:
    answer = write(mira, said, way, text)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    if way != "shout":
        assert text.strip() in answer.text
    assert comment(blogs, said).revision == 0


def test_a_ban_rests_on_what_is_sealed_and_warns_of_others(
    blogs: Flask, mira: FlaskClient, said: int
) -> None:
    with blogs.app_context():
        make_comment(email="cy@example.org", ip="203.0.113.7")
        make_comment(email="di@example.org", ip="203.0.113.9")
    page = mira.get(f"{LIST}{said}/ban/")
    assert "Both authors known to have written from this address here are kept out." in page.text
    assert "All 3 authors" in page.text
    assert "203.0" not in page.text
    sent = {"scope": "neighbourhood", "lasts": "week", "reason": "Insults", "with_spam": "y"}
    assert send(mira, f"{LIST}{said}/ban/", page, **sent).status_code == 303
    assert comment(blogs, said).state is State.SPAM
    with blogs.app_context():
        assert db.session.scalars(sa.select(Ban.scope)).all() == ["neighbourhood"]
    assert "banned nearby until" in mira.get(f"{LIST}?state=shown").text


def test_a_ban_needs_a_reason(blogs: Flask, mira: FlaskClient, said: int) -> None:
    page = mira.get(f"{LIST}{said}/ban/")
    answer = send(mira, f"{LIST}{said}/ban/", page, scope="email", lasts="week", reason="")
    assert answer.status_code == 422
    assert "Whoever meets the ban is told why." in answer.text


def test_one_approval_of_a_proved_author_without_links_earns_trust_until_undone(
    blogs: Flask, mira: FlaskClient
) -> None:
    from app.core import clock

    with blogs.app_context():
        number = make_comment(state=State.HELD, proved_at=clock.now()).id
        linked = make_comment(
            text="see http://a.example",
            email="cy@example.org",
            state=State.HELD,
            proved_at=clock.now(),
        ).id

    def trusted() -> int:
        with blogs.app_context():
            standing = sa.select(sa.func.count()).where(Trust.revoked_at.is_(None))
            return db.session.scalar(standing) or 0

    press(mira, "approve", linked)
    assert trusted() == 0
    answer = press(mira, "approve", number)
    assert trusted() == 1
    assert "Trusted since" in mira.get(f"{LIST}{number}/").text
    undo(mira, answer)
    assert trusted() == 0
