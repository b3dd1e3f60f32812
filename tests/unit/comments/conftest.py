"""The tulips of the garden blog, Bo who comments on them, and a clock that stands still."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.comments import Comment
from app.core.database import db
from tests.cast import WORKSHOP
from tests.folder import ContentFolder

TULIPS = "/garden/tulips/"
OURS = {"Sec-Fetch-Site": "same-origin"}
#: What Bo writes unless a test says otherwise.
REMARK = {"name": "Bo", "email": "bo@example.org", "text": "Mine came up in *snow*."}


class Clock:
    """A clock that moves when a test says so."""

    def __init__(self) -> None:
        # In this month, as addresses are sealed under the month's key; a form is older than 2 s.
        self.at = datetime.now(UTC).replace(minute=30, second=0, microsecond=0)

    def now(self) -> datetime:
        """The moment it shows."""
        return self.at

    def advance(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the product, standing still."""
    clock = Clock()
    monkeypatch.setattr("app.core.clock.now", clock.now)
    return clock


@pytest.fixture
def tulips(app: Flask, content: ContentFolder, read: Any, stopped: Clock) -> str:
    """The address of a post of the garden blog; the workshop has one about planes."""
    content.post("tulips")
    content.post("roses")
    content.post("planes", blog=WORKSHOP)
    read()
    return TULIPS


@pytest.fixture
def stamp(tulips: str, client: FlaskClient) -> Callable[..., str]:
    """A function that reads the stamp of a post's form."""

    def read_stamp(address: str = TULIPS) -> str:
        found = re.search(r'name="stamp" value="([^"]+)"', client.get(address).text)
        assert found
        return found[1]

    return read_stamp


@pytest.fixture
def say(client: FlaskClient, stamp: Callable[..., str]) -> Callable[..., TestResponse]:
    """A function that sends Bo's comment as his browser would; keywords change its fields."""
    own_stamp = stamp()

    def send(address: str = TULIPS, *, headers: Any = OURS, **fields: Any) -> TestResponse:
        sent = REMARK | {"stamp": own_stamp} | fields
        sent = {name: value for name, value in sent.items() if value is not None}
        return client.post(f"{address}comments", data=sent, headers=headers)

    return send


@pytest.fixture
def comments(app: Flask) -> Callable[[], list[Comment]]:
    """A function that answers every stored comment, oldest first."""

    def stored() -> list[Comment]:
        with app.app_context():
            return list(db.session.scalars(sa.select(Comment).order_by(Comment.id)))

    return stored


@pytest.fixture
def only_comment(comments: Callable[[], list[Comment]]) -> Callable[[], Comment]:
    """A function that answers the one comment there is."""

    def only() -> Comment:
        (comment,) = comments()
        return comment

    return only


def own_page(answer: TestResponse) -> str:
    """The private page that an answer leads to, without its fragment."""
    assert answer.status_code == 303, answer.status_code
    assert answer.location.startswith("/comments/")
    return answer.location.partition("#")[0]
