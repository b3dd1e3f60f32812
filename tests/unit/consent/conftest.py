"""One small site for all tests of a file, and browsers that answer its question."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.core.config import Config
from app.core.content import sync
from tests.databases import disconnect
from tests.folder import ContentFolder
from tests.street import build_street

HOME = "/privacy/cookies/"
POST = "/garden/tulips/"


class Visitor:
    """A browser, with what it says about cookies and what it was told to keep."""

    def __init__(self, app: Flask, headers: dict[str, str]) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.headers = headers

    def read(self, address: str = POST, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(address, headers=self.headers | headers, buffered=True)

    def answer(self, address: str = HOME, **fields: str) -> TestResponse:
        """Send one of the forms about cookies."""
        own = {"Sec-Fetch-Site": "same-origin"}
        return self.client.post(address, data=fields, headers=self.headers | own)

    def cookie(self, name: str, path: str = "/") -> str | None:
        """What the browser keeps under a name."""
        kept = self.client.get_cookie(name, path=path)
        return kept.value if kept else None

    def keep(self, name: str, value: str, path: str = "/") -> None:
        """Put a cookie into the browser, as somebody with a keyboard can."""
        self.client.set_cookie(name, value, path=path)

    @property
    def receipt(self) -> str | None:
        """The number of the receipt."""
        return self.cookie("receipt", HOME)


def given(answer: TestResponse) -> dict[str, Any]:
    """The cookies that an answer sets, by name."""
    found: SimpleCookie = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        found.load(line)
    return dict(found)


@pytest.fixture(scope="module")
def make_site(
    tmp_path_factory: pytest.TempPathFactory, new_database: Any, key_file: Path
) -> Iterator[Any]:
    """A function that makes a furnished site which the tests of a file share."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        folder = tmp_path_factory.mktemp("choices")
        content = ContentFolder(folder / "content")
        content.furnish()
        build_street(content)
        values = {"INSTANCE": folder / "instance", "CONTENT": content.root, "KEY_FILE": key_file}
        (folder / "instance").mkdir()
        app = create_app(Config.for_tests(**values | {"DATABASE_URL": new_database()} | changes))
        with app.app_context():
            sync()
        made.append(app)
        return app

    yield make
    for app in made:
        disconnect(app)


@pytest.fixture(scope="module")
def site(make_site: Any) -> Flask:
    """A site that asks about preferences and measurement."""
    app: Flask = make_site()
    return app


@pytest.fixture
def ada(site: Flask) -> Visitor:
    """A browser that has never been here."""
    return Visitor(site, {})


@pytest.fixture(params=["Sec-GPC", "DNT"])
def quiet(site: Flask, request: pytest.FixtureRequest) -> Visitor:
    """A browser that asks every site not to track it, in one of the two ways."""
    return Visitor(site, {request.param: "1"})
