"""Two blogs with a post each, and those who keep them."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.blog import Blog
from app.comments import Comment
from app.comments.desk.tallies import count_states
from app.core import clock
from app.core.database import db
from tests.cast import GARDEN, MIRA, NOOR, WORKSHOP
from tests.folder import ContentFolder
from tests.people import make_member, make_trusted, sign_in, token_in

LIST = "/admin/comments/"


@pytest.fixture
def blogs(app: Flask, content: ContentFolder, read: Any) -> Flask:
    """The garden, which Mira administers and Max moderates; the workshop, which is Noor's."""
    content.post("tulips")
    content.post("chairs", blog=WORKSHOP)
    read()
    with app.app_context():
        make_member(MIRA, role="administrator", blog=GARDEN)
        make_member("max", role="moderator", blog=GARDEN)
        make_member(NOOR, role="administrator", blog=WORKSHOP)
        make_member("otto", owner=True)
        make_trusted(MIRA)
        make_trusted(NOOR)
    return app


@pytest.fixture
def mira(blogs: Flask) -> FlaskClient:
    """Mira's browser, signed in."""
    return sign_in(blogs, MIRA)


@pytest.fixture
def max_(blogs: Flask) -> FlaskClient:
    """The browser of Max, who moderates the garden and may see neither emails nor addresses."""
    return sign_in(blogs, "max")


@pytest.fixture
def noor(blogs: Flask) -> FlaskClient:
    """Noor's browser, signed in."""
    return sign_in(blogs, NOOR)


def comment(app: Flask, comment_id: int) -> Comment:
    """A comment as it is now."""
    with app.app_context():
        db.session.rollback()
        return db.session.get_one(Comment, comment_id)


def counts(app: Flask) -> dict[str, int]:
    """The kept numbers of the garden, as far as they are not zero."""
    with app.app_context():
        found = count_states(frozenset({comment_blog()}))
    return {slot: count for states in found.values() for slot, count in states.items() if count}


def comment_blog() -> int:
    """The number of the garden."""
    return db.session.scalars(sa.select(Blog.id).where(Blog.slug == GARDEN)).one()


def press(client: FlaskClient, act: str, comment_id: int, at: str = LIST, **sent: str) -> Any:
    """Press a button of the list, as it stands there now."""
    page = client.get(at)
    found = re.search(rf'value="?({act}\.{comment_id}\.\d+)"?', page.text)
    assert found, f"no button to {act} {comment_id}"
    return send(client, f"{LIST}decide/", page, do=found[1], **sent)


def send(client: FlaskClient, to: str, page: TestResponse, **sent: Any) -> Any:
    """Send a form of a page, with what the page put into it."""
    hidden = {
        name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])  # type: ignore[index]
        for name in ("back", "order")
        if f'name="{name}"' in page.text
    }
    return client.post(to, data={"csrf_token": token_in(page)} | hidden | sent)


def undo(client: FlaskClient, answer: TestResponse) -> Any:
    """Press the button of the strip that stands on the page after an act."""
    page = client.get(answer.location)
    found = re.search(r'name="batch" value="([^"]+)"', page.text)
    assert found, "no way back"
    return send(client, f"{LIST}undo/", page, batch=found[1])


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that lets seconds pass."""
    real, passed = clock.now, [timedelta()]
    monkeypatch.setattr("app.core.clock.now", lambda: real() + passed[0])

    def wait(seconds: int) -> None:
        passed[0] += timedelta(seconds=seconds)

    return wait
