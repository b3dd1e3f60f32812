"""F16: whatever the mail server does, the comment is taken at once and the mail is not lost."""

import re
import time
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment
from app.core.content import sync
from app.core.database import db
from app.core.mail import MailState, OutgoingMail, send_due
from tests.folder import ContentFolder
from tests.postman import Postman, postman

pytestmark = pytest.mark.database

SENDER = "Garden <garden@example.org>"
HERE = {"Sec-Fetch-Site": "same-origin"}
#: Far less than any server's silence lasts.
AT_ONCE = 3.0


@pytest.fixture
def app_for(make_app: Any, content: ContentFolder) -> Any:
    """A function that makes an app with one post for a mail server."""

    def make(server: Postman) -> Flask:
        content.post("tulips")
        app: Flask = make_app(SMTP_URL=server.address, MAIL_FROM=SENDER)
        with app.app_context():
            sync()
        return app

    return make


def say(app: Flask, number: int = 1) -> float:
    """Comment through the real form; how long the answer took."""
    client = app.test_client()
    page = client.get("/garden/tulips/").text
    stamp = re.search(r'name="stamp"[^>]*value="([^"]+)"', page)
    assert stamp
    began = time.monotonic()
    answer = client.post(
        "/garden/tulips/comments",
        headers=HERE,
        data={
            "name": f"Bo {number}",
            "email": f"bo{number}@example.org",
            "text": f"Tulips at last, {number}.",
            "stamp": stamp[1],
        },
    )
    assert answer.status_code == 303, answer.text
    return time.monotonic() - began


def counts(app: Flask) -> tuple[int, list[MailState]]:
    with app.app_context():
        comments = db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) or 0
        return comments, list(db.session.scalars(sa.select(OutgoingMail.state)))


def work(app: Flask) -> int:
    with app.app_context():
        return send_due()


@pytest.mark.parametrize(
    "way", ["down", "refuses", "greylists", "drops", "takes and drops", "trickles"]
)
def test_a_comment_does_not_wait_for_the_mail_server(
    app_for: Any, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.mail.transport.SECONDS_FOR_ONE", 0.5)
    with postman(way) as server:
        app = app_for(server)
        if way == "down":
            server.shutdown()
            server.server_close()
        assert say(app) < AT_ONCE
        assert server.calls == 0
        assert counts(app) == (1, [MailState.WAITING])
        assert work(app) == 0
        assert counts(app) == (1, [MailState.WAITING])


def test_mail_goes_out_once_the_server_is_back(app_for: Any, at_later: Any) -> None:
    with postman("drops") as server:
        app = app_for(server)
        for number in range(3):
            say(app, number)
        work(app)
        assert server.taken == []
        server.way = None
        at_later(5)
        assert work(app) == 3
        assert work(app) == 0
    assert len({letter["Message-ID"] for letter in server.taken}) == len(server.taken) == 3


def test_a_letter_taken_without_a_word_is_the_same_letter_again(
    app_for: Any, at_later: Any
) -> None:
    with postman("takes and drops") as server:
        app = app_for(server)
        say(app)
        work(app)
        server.way = None
        at_later(5)
        work(app)
        at_later(60)
        assert work(app) == 0
    assert len(server.taken) == 2
    assert len({letter["Message-ID"] for letter in server.taken}) == 1


@pytest.fixture
def at_later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that moves the clock on, in minutes from now."""
    from datetime import UTC, datetime, timedelta

    def move(minutes: float) -> None:
        monkeypatch.setattr(
            "app.core.clock.now", lambda: datetime.now(UTC) + timedelta(minutes=minutes)
        )

    return move
