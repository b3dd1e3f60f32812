"""Two blogs and those who keep them: Mira the garden, Noor the workshop."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import Role
from app.blog import Blog
from app.core.database import db
from tests.cast import GARDEN, MIRA, NOOR, WORKSHOP
from tests.folder import ContentFolder
from tests.people import make_member


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


def _number(slug: str) -> int:
    found = db.session.scalar(sa.select(Blog.id).where(Blog.slug == slug))
    assert found
    return found
