"""An app for a whole file of requests, and the log as its readers get it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.core.config import Config
from tests.databases import disconnect


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
        disconnect(app)


@pytest.fixture(scope="module")
def lasting(make_lasting: Any) -> Flask:
    """An app that all tests of a file share."""
    return make_lasting()


class Log:
    """What a test prints and logs, as text and as the entries of its lines."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture
        self.told = ""

    @property
    def text(self) -> str:
        """Everything written so far."""
        printed = self.capture.readouterr()
        self.told += printed.out + printed.err
        return self.told

    @property
    def entries(self) -> list[dict[str, Any]]:
        """One entry a line; every line must parse."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log(capfd: pytest.CaptureFixture[str]) -> Log:
    """What apps made after this fixture print and log."""
    return Log(capfd)
