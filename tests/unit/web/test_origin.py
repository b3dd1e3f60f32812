"""Unsafe methods are taken from our own pages only."""

from typing import Any

import pytest
from flask import Flask

from app.core.web import looked_at_twice, public
from tests.wire import ask

HOST = {"HTTP_HOST": "www.example.org"}
OURS, OTHERS = "https://www.example.org", "https://evil.example"

#: name: (headers, taken?)
SENDERS: dict[str, tuple[dict[str, str], bool]] = {
    "our page": ({"HTTP_SEC_FETCH_SITE": "same-origin"}, True),
    "our page, with its origin": (
        {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": OURS},
        True,
    ),
    "a sister site": ({"HTTP_SEC_FETCH_SITE": "same-site"}, False),
    "another site": ({"HTTP_SEC_FETCH_SITE": "cross-site"}, False),
    "another site, naming us": ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": OURS}, False),
    "nobody's page": ({"HTTP_SEC_FETCH_SITE": "none"}, False),
    "an unknown word": ({"HTTP_SEC_FETCH_SITE": "same-origin, cross-site"}, False),
    "a word in capitals": ({"HTTP_SEC_FETCH_SITE": "Same-Origin"}, False),
    "an empty word": ({"HTTP_SEC_FETCH_SITE": ""}, False),
    "an old browser on our page": ({"HTTP_ORIGIN": OURS}, True),
    "an old browser elsewhere": ({"HTTP_ORIGIN": OTHERS}, False),
    "a page without an origin": ({"HTTP_ORIGIN": "null"}, False),
    "an empty origin": ({"HTTP_ORIGIN": ""}, False),
    "our host by another scheme": ({"HTTP_ORIGIN": "ftp://www.example.org"}, False),
    "our host on another port": ({"HTTP_ORIGIN": "https://www.example.org:8443"}, False),
    "our name as a beginning": ({"HTTP_ORIGIN": f"{OURS}.evil.example"}, False),
    "our name as a user": ({"HTTP_ORIGIN": "https://www.example.org@evil.example"}, False),
    "an origin with a path": ({"HTTP_ORIGIN": f"{OURS}/x"}, False),
    "two origins": ({"HTTP_ORIGIN": f"{OURS} {OTHERS}"}, False),
    "another app of this machine": ({"HTTP_ORIGIN": "http://127.0.0.1:5000"}, False),
    "a referrer only": ({"HTTP_REFERER": f"{OURS}/"}, False),
    "nothing": ({}, False),
}


@pytest.fixture(scope="module")
def site(make_lasting: Any) -> Flask:
    app: Flask = make_lasting(BASE_URL=OURS)
    methods = ["GET", "POST"]
    app.add_url_rule("/form", "form", public(lambda: "taken"), methods=methods)
    second = public(looked_at_twice(lambda: "taken"))
    app.add_url_rule("/second", "second", second, methods=methods)
    return app


@pytest.mark.parametrize(("headers", "is_taken"), SENDERS.values(), ids=SENDERS)
def test_a_form_is_taken_from_our_own_pages(
    site: Flask, headers: dict[str, str], is_taken: bool
) -> None:
    answer = ask(site, "/form", "POST", **HOST, **headers)
    assert (answer.status, answer.text == "taken") == ((200, True) if is_taken else (403, False))


@pytest.mark.parametrize(("headers", "is_taken"), SENDERS.values(), ids=SENDERS)
def test_where_a_second_look_is_asked_for_saying_nothing_is_taken_too(
    site: Flask, headers: dict[str, str], is_taken: bool
) -> None:
    says_nothing = not headers or headers.keys() == {"HTTP_REFERER"}
    answer = ask(site, "/second", "POST", **HOST, **headers)
    assert (answer.status == 200) is (is_taken or says_nothing)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize(("headers", "is_taken"), SENDERS.values(), ids=SENDERS)
def test_no_sender_gets_another_unsafe_method_through(
    site: Flask, method: str, headers: dict[str, str], is_taken: bool
) -> None:
    assert ask(site, "/form", method, **HOST, **headers).status == 405


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(("headers", "is_taken"), SENDERS.values(), ids=SENDERS)
def test_reading_asks_nobody_where_they_come_from(
    site: Flask, method: str, headers: dict[str, str], is_taken: bool
) -> None:
    answer = ask(site, "/form", method, **HOST, **headers)
    assert answer.status == 200
    assert not {"Origin", "Sec-Fetch-Site"} & set(answer.headers.get("Vary", "").split(", "))


def test_an_old_browser_at_the_address_it_typed_is_taken(site: Flask) -> None:
    """A first visit on the machine itself, over plain HTTP and with a port of its own."""
    own = {"HTTP_HOST": "localhost:8000", "HTTP_ORIGIN": "http://localhost:8000"}
    assert ask(site, "/form", "POST", **own).status == 200


def test_what_is_refused_is_not_read(site: Flask) -> None:
    class Unread:
        def read(self, *_: Any) -> bytes:
            raise AssertionError("the body was read")

    answer = ask(site, "/form", "POST", **HOST, CONTENT_LENGTH="1000", **{"wsgi.input": Unread()})
    assert answer.status == 403
