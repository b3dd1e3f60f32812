"""Two blogs and those who keep them: Mira the garden, Noor the workshop."""

from collections.abc import Callable, Iterator
from contextvars import Context
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts import Role
from app.blog import Blog
from app.core.database import db
from tests.cast import GARDEN, MIRA, NOOR, WORKSHOP
from tests.folder import ContentFolder
from tests.people import make_member, sign_in, token_in

MO = "mo"


class Browser:
    """A member's browser, whose requests know nothing of the context that the test stands in."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client = Context().run(sign_in, app, username)

    def get(self, page: str) -> TestResponse:
        """Open a page."""
        return self._ask("GET", page)

    def post(self, page: str, **fields: Any) -> TestResponse:
        """Send a form as it is."""
        return self._ask("POST", page, data=fields)

    def send(self, page: str, action: str | None = None, **fields: Any) -> TestResponse:
        """Send a form of a page, with its token."""
        return self.post(action or page, csrf_token=token_in(self.get(page)), **fields)

    def _ask(self, method: str, page: str, **more: Any) -> TestResponse:
        db.session.rollback()
        return Context().run(self.client.open, page, method=method, **more)


@pytest.fixture
def inside(app: Flask, content: ContentFolder, read: Callable[[], Any]) -> Iterator[None]:
    """An app context with both blogs, a post in each, and their administrators."""
    content.post("tulips")
    content.post("planes", blog=WORKSHOP)
    read()
    with app.app_context():
        make_member(MIRA, role=Role.ADMINISTRATOR, blog=GARDEN)
        make_member(NOOR, role=Role.ADMINISTRATOR, blog=WORKSHOP)
        yield
        db.session.remove()


@pytest.fixture
def garden(inside: None) -> int:
    """The number of the garden blog."""
    return _number(GARDEN)


@pytest.fixture
def workshop(inside: None) -> int:
    """The number of the workshop blog."""
    return _number(WORKSHOP)


@pytest.fixture
def mira(app: Flask, garden: int) -> Browser:
    """Mira's browser; she administers the garden blog."""
    return Browser(app, MIRA)


@pytest.fixture
def noor(app: Flask, garden: int) -> Browser:
    """Noor's browser; she administers the workshop blog."""
    return Browser(app, NOOR)


@pytest.fixture
def mo(app: Flask, garden: int) -> Browser:
    """Mo's browser; he moderates the garden blog."""
    make_member(MO, role=Role.MODERATOR, blog=GARDEN)
    return Browser(app, MO)


def _number(slug: str) -> int:
    found = db.session.scalar(sa.select(Blog.id).where(Blog.slug == slug))
    assert found
    return found
