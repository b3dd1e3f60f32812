"""An app for a whole file of requests, and the log as its readers get it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.core.config import Config
from app.core.database import db
from app.core.logs import JsonLines


@pytest.fixture(scope="module")
def make_lasting(tmp_path_factory: pytest.TempPathFactory, new_database: Any) -> Iterator[Any]:
    """A function that makes apps which all tests of a file share; they have no content."""
    address = new_database()
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        instance = tmp_path_factory.mktemp("lasting")
        values = {"INSTANCE": instance, "DATABASE_URL": address, "TESTING": False}
        app = create_app(Config.for_tests(**values | changes))
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture(scope="module")
def lasting(make_lasting: Any) -> Flask:
    """An app that all tests of a file share."""
    return make_lasting()


class Log:
    """The log of a test, as text and as the entries of its lines."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        """Everything written so far."""
        return self.stream.getvalue()

    @property
    def entries(self) -> list[dict[str, Any]]:
        """One entry a line; every line must parse."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    """What the test logs, Flask's and the root's words included."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger("app"), logging.getLogger()]
    for logger in loggers:
        logger.addHandler(handler)
    yield Log(stream)
    for logger in loggers:
        logger.removeHandler(handler)
