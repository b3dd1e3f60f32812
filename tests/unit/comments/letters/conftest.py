"""A garden blog with one post, read, and a clock that can be set."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.comments.letters.digest import write_digests
from app.comments.letters.telling import tell_owed
from app.core.database import db
from tests.folder import ContentFolder

START = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def app(make_app: Any, content: ContentFolder) -> Flask:
    """An app whose garden has a post about tulips, and whose workshop has one about saws."""
    from app.core.content import sync

    content.post("tulips")
    content.post("saws", blog="workshop")
    app: Flask = make_app(LIMITED=False)
    with app.app_context():
        sync()
    return app


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """An application context for the whole test."""
    with app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that sets the clock, in minutes after the start."""

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr("app.core.clock.now", lambda: START + timedelta(minutes=minutes))

    set_clock(0)
    return set_clock


@pytest.fixture
def tell(app: Flask) -> Any:
    """A function that writes the mails that are owed, and answers how many."""

    def tell() -> int:
        with app.app_context():
            return tell_owed()

    return tell


@pytest.fixture
def digest(app: Flask) -> Any:
    """A function that writes the digests that are due, and answers how many mails."""

    def digest() -> int:
        with app.app_context():
            return write_digests()

    return digest
