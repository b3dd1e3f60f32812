"""Mail about decisions: to authors who asked, after the time for second thoughts."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import viewer_for
from app.comments import Comment, State
from app.comments.desk.acts import Act
from app.comments.desk.deciding import decide, undo
from app.core import clock
from app.core.database import db
from app.desk import Mark
from tests.factories import make_comment
from tests.mailbox import Mailbox, links_in, text_of
from tests.people import make_member

pytestmark = pytest.mark.database


@pytest.fixture
def mira(app: Flask, at: Any) -> Any:
    """A function by which Mira, who moderates the garden blog, decides; answers the batch."""
    with app.app_context():
        make_member("mira", role="moderator", blog="garden")
        db.session.remove()

    def decides(number: int, act: Act, told: str | None = None) -> str | None:
        with app.app_context():
            viewer = viewer_for(make_member("mira"))
            revision = db.session.get_one(Comment, number).revision
            return decide(viewer, act, [Mark(number, revision)], told=told).batch

    return decides


@pytest.fixture
def held(app: Flask, at: Any) -> int:
    """Bo's comment that waits, with a proved address and the wish to be told."""
    return add(app)


def add(app: Flask, **facts: Any) -> int:
    wishes: dict[str, Any] = {"wants_replies": True, "proved_at": clock.now(), "state": State.HELD}
    with app.app_context():
        number = make_comment(**wishes | facts).id
        db.session.remove()
        return number


def test_an_author_is_told_that_the_comment_is_published(
    held: int, mira: Any, tell: Any, at: Any, outbox: Mailbox
) -> None:
    mira(held, Act.APPROVE)
    assert tell() == 0
    at(15)
    assert tell() == 1
    (letter,) = outbox
    assert letter["To"] == "bo@example.org"
    assert letter["Subject"] == "Your comment is published: Tulips"
    assert links_in(letter)[0].endswith(f"/garden/tulips/comments/{held}/")


def test_an_author_is_told_why_a_comment_was_refused(
    app: Flask, held: int, mira: Any, tell: Any, at: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    mira(held, Act.REJECT, told="It is about roses.")
    at(15)
    assert tell() == 1
    letter = outbox[0]
    assert letter["Subject"] == "Your comment was not published: Tulips"
    assert "It is about roses." in text_of(letter)
    own = links_in(letter)[0].removeprefix("http://127.0.0.1:8000")
    page = client.get(own)
    assert page.status_code == 200
    assert "Tulips at last." in page.text


def test_what_a_moderator_takes_back_is_not_told(
    app: Flask, held: int, mira: Any, tell: Any, at: Any
) -> None:
    batch = mira(held, Act.REJECT)
    with app.app_context():
        undo(viewer_for(make_member("mira")), batch)
    at(60)
    assert tell() == 0


def test_a_second_decision_is_told_too(
    held: int, mira: Any, tell: Any, at: Any, outbox: Mailbox
) -> None:
    mira(held, Act.REJECT)
    at(15)
    assert tell() == 1
    mira(held, Act.APPROVE)
    at(40)
    assert tell() == 1
    assert "is published" in outbox[1]["Subject"]


def test_only_the_last_word_is_told(
    held: int, mira: Any, tell: Any, at: Any, outbox: Mailbox
) -> None:
    mira(held, Act.REJECT)
    mira(held, Act.APPROVE)
    at(16)
    assert tell() == 1
    assert "is published" in outbox[0]["Subject"]


def test_spam_is_told_nothing(held: int, mira: Any, tell: Any, at: Any) -> None:
    mira(held, Act.SPAM)
    at(60)
    assert tell() == 0


@pytest.mark.parametrize(
    "facts", [{"wants_replies": False}, {"proved_at": None}, {"email": None}], ids=str
)
def test_who_did_not_ask_or_prove_is_not_told(
    app: Flask, mira: Any, tell: Any, at: Any, facts: dict[str, Any]
) -> None:
    mira(add(app, **facts), Act.APPROVE)
    at(60)
    assert tell() == 0


def test_a_comment_shown_at_once_is_no_decision(app: Flask, tell: Any, at: Any) -> None:
    add(app, state=State.SHOWN)
    at(60)
    assert tell() == 0


def test_the_mail_can_be_stopped(
    held: int, mira: Any, tell: Any, at: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    mira(held, Act.REJECT)
    at(15)
    tell()
    link = outbox[0]["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    mira(held, Act.APPROVE)
    at(60)
    assert tell() == 0
