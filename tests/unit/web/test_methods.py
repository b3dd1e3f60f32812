"""Asking for a page in other ways than by reading it."""

from typing import Any

import pytest
from flask import Flask

from tests.folder import ContentFolder
from tests.street import ADDRESSES, build_street
from tests.wire import ask

pytestmark = pytest.mark.database

OWN = {"HTTP_SEC_FETCH_SITE": "same-origin"}
ALLOWED = "GET, HEAD, OPTIONS"


@pytest.fixture
def street(app: Flask, content: ContentFolder, read: Any) -> Flask:
    build_street(content)
    read()
    return app


def test_head_is_get_without_its_body(street: Flask) -> None:
    others = ("/nowhere/", "/about", "/who-we-are/", "/metrics", "/x\x00")
    for address in (*ADDRESSES, *others):
        for encoding in (None, "br"):
            got = ask(street, address, HTTP_ACCEPT_ENCODING=encoding)
            told = ask(street, address, "HEAD", HTTP_ACCEPT_ENCODING=encoding)
            assert told.data == b"", address
            assert told.status == got.status, address
            assert _settled(told) == _settled(got), address
            if got.status == 200:
                assert int(told.headers["Content-Length"]) == len(got.data), address


def test_options_says_what_can_be_asked_and_nothing_else(street: Flask) -> None:
    for address in ("/", "/about/", "/garden/tulips/", "/robots.txt", "/static/site.css"):
        answer = ask(street, address, "OPTIONS")
        assert answer.status == 200
        assert answer.data == b""
        assert ", ".join(sorted(answer.headers["Allow"].split(", "))) == ALLOWED
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_405_says_what_is_allowed(street: Flask, method: str) -> None:
    for address in ("/", "/about/", "/garden/", "/garden/tulips/", "/livez", "/nowhere/"):
        answer = ask(street, address, method, **OWN)
        assert answer.status == 405, address
        assert answer.headers["Allow"] == ALLOWED
        assert answer.headers["Cache-Control"] == "no-store"


def _settled(answer: Any) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers if name != "Date"]
