"""What tests of the wall stand on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.core.database import db
from tests import factories
from tests.folder import ContentFolder

Publish = Callable[..., int]
TakeBack = Callable[[int], None]


@pytest.fixture
def home(content: ContentFolder) -> None:
    """A home page that quotes people."""
    content.page("home", sections=[{"type": "quotes", "title": "They say"}])


@pytest.fixture
def publish(app: Flask, read: Any) -> Iterator[Publish]:
    """A function that makes a feedback public and answers its number."""
    read()

    def publish(**values: Any) -> int:
        with app.app_context():
            number = factories.make_card(**values)
            db.session.remove()
        return number

    return publish


@pytest.fixture
def take_back(app: Flask) -> TakeBack:
    """A function by which the sender takes back their word."""

    def take_back(number: int) -> None:
        with app.app_context():
            factories.take_back(number)
            db.session.remove()

    return take_back
