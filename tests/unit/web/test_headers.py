"""What every answer carries, whatever kind of answer it is."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response, make_response

from app.core.database import db
from app.core.errors import BY_STATUS
from app.core.web import public
from app.core.web.cookies import CookieRefused
from app.core.web.headers import POLICY
from tests.folder import ContentFolder
from tests.street import ADDRESSES, build_street
from tests.wire import Answer, ask

pytestmark = pytest.mark.database

KINDS = (*ADDRESSES, "/about", "/who-we-are/", "/nowhere/", "/media/none.webp", "/metrics", "/\x00")


def assert_carries_policy(headers: Any) -> None:
    for name, value in POLICY.items():
        assert headers.getlist(name) == [value], name
    assert "Set-Cookie" not in headers
    assert "Server" not in headers
    assert "X-Powered-By" not in headers


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "BREW"])
def test_every_kind_of_answer_carries_the_policy(
    app: Flask, content: ContentFolder, read: Any, method: str
) -> None:
    build_street(content)
    read()
    for address in KINDS:
        assert_carries_policy(ask(app, address, method).headers)


def test_a_known_page_carries_it_too(app: Flask, read: Any) -> None:
    read()
    tag = ask(app, "/garden/").headers["ETag"]
    known = ask(app, "/garden/", HTTP_IF_NONE_MATCH=tag)
    assert known.status == 304
    assert_carries_policy(known.headers)


@pytest.mark.parametrize("status", sorted(BY_STATUS))
def test_every_refusal_carries_it(make_lasting: Any, status: int) -> None:
    def refuse() -> None:
        raise BY_STATUS[status]

    app = make_lasting()
    app.add_url_rule("/refused", "refused", public(refuse))
    answer = ask(app, "/refused")
    assert answer.status == status
    assert_carries_policy(answer.headers)


def test_the_pages_of_faults_carry_it(make_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(TESTING=False)

    def away(*_: Any, **__: Any) -> None:
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "execute", away)
    monkeypatch.setattr(db.session, "scalar", away)
    monkeypatch.setattr(db.session, "scalars", away)
    answer = ask(app, "/")
    assert answer.status == 503
    assert_carries_policy(answer.headers)


@pytest.mark.promise("no-third-party")
def test_the_policy_leaves_nothing_to_others() -> None:
    csp = dict(
        part.strip().partition(" ")[::2] for part in POLICY["Content-Security-Policy"].split(";")
    )
    assert csp["default-src"] == "'none'"
    assert csp["base-uri"] == csp["frame-ancestors"] == "'none'"
    allowed = set(" ".join(csp.values()).split())
    assert allowed <= {"'none'", "'self'", "'script'"}
    assert "script-src" not in csp


@pytest.mark.parametrize(
    ("base", "has_hsts"),
    [("https://www.example.org", True), ("http://www.example.org", False)],
)
def test_strict_transport_only_where_the_site_is_secure(
    make_lasting: Any, base: str, has_hsts: bool
) -> None:
    app = make_lasting(BASE_URL=base)
    for address in ("/livez", "/nowhere/", "/static/site.css", "/about"):
        answer = ask(app, address, HTTP_HOST="www.example.org")
        assert ("Strict-Transport-Security" in answer.headers) is has_hsts


def test_a_cookie_on_a_public_page_stops_a_test_and_never_leaves_in_production(
    app: Flask,
) -> None:
    def tempted() -> Response:
        response = make_response("hello")
        response.set_cookie("seen", "1")
        return response

    app.add_url_rule("/tempted", "tempted", public(tempted))
    with pytest.raises(CookieRefused):
        app.test_client().get("/tempted")
    app.testing = False
    answer = ask(app, "/tempted")
    assert answer.status == 200
    assert answer.text == "hello"
    assert_carries_policy(answer.headers)


def test_an_answer_never_says_what_runs_here(app: Flask, read: Any) -> None:
    read()
    answers: list[Answer] = [ask(app, address) for address in ("/", "/nowhere/", "/livez")]
    for answer in answers:
        told = f"{answer.headers} {answer.text}".lower()
        assert not [word for word in ("werkzeug", "flask", "python/", "granian") if word in told]
