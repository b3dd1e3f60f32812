"""Only declared cookies leave, from pages that may set them, and as they are declared."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask, Response, make_response, request

from app.core.registry import Category, Cookie, Feature, Registry
from app.core.web import clear_cookie, member, private_link, public, set_cookie, visitor
from app.core.web.cookies import CookieRefused, read_cookie
from tests.wire import ask

DECLARED = (
    Cookie("session", Category.NECESSARY, "Keeps you signed in.", None),
    Cookie("receipt", Category.NECESSARY, "Proof.", timedelta(days=2), "/planted/"),
)


@pytest.fixture
def make_planted(make_app: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    def every(self: Registry, slot: str) -> Any:
        if slot == "cookies":
            return iter(DECLARED)
        return (entry for feature in self.features for entry in getattr(feature, slot))

    monkeypatch.setattr(Registry, "every", every)

    def make(**changes: Any) -> Flask:
        app: Flask = make_app(**changes)
        for name, label in (("visitor", visitor), ("public", public), ("link", private_link)):
            app.add_url_rule(f"/planted/{name}/", f"planted.{name}", label(lambda: _set()))
        return app

    return make


def _set() -> Response:
    response = make_response("done")
    for name in request.args:
        if name.startswith("raw."):
            response.set_cookie(name.removeprefix("raw."), "1")
        elif name.startswith("clear."):
            clear_cookie(response, name.removeprefix("clear."))
        else:
            set_cookie(response, name, "abc")
    return response


def cookies(app: Flask, path: str, **more: Any) -> SimpleCookie:
    found: SimpleCookie = SimpleCookie()
    for line in ask(app, path, **more).headers.getlist("Set-Cookie"):
        found.load(line)
    return found


def test_a_cookie_on_a_secure_site_is_held_to_it(make_planted: Any) -> None:
    app = make_planted(BASE_URL="https://www.example.org")
    found = cookies(app, "/planted/visitor/?session&receipt", HTTP_HOST="www.example.org")
    assert set(found) == {"__Host-session", "__Secure-receipt"}
    session, receipt = found["__Host-session"], found["__Secure-receipt"]
    assert (session["path"], session["domain"], session["max-age"]) == ("/", "", "")
    assert (receipt["path"], receipt["domain"], receipt["max-age"]) == ("/planted/", "", "172800")
    for cookie in (session, receipt):
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_on_a_plain_site_it_has_its_plain_name(make_planted: Any) -> None:
    app = make_planted()
    found = cookies(app, "/planted/visitor/?session&receipt")
    assert set(found) == {"session", "receipt"}
    assert not found["session"]["secure"]
    assert found["session"]["httponly"]


@pytest.mark.parametrize("base", ["https://www.example.org", "http://www.example.org"])
def test_forgetting_a_cookie_names_it_as_it_was_set(make_planted: Any, base: str) -> None:
    app = make_planted(BASE_URL=base)
    host = {"HTTP_HOST": "www.example.org"}
    before = cookies(app, "/planted/visitor/?session&receipt", **host)
    after = cookies(app, "/planted/visitor/?clear.session&clear.receipt", **host)
    assert set(before) == set(after)
    for name, cookie in after.items():
        assert cookie.value == ""
        assert cookie["max-age"] == "0"
        for trait in ("path", "secure", "httponly", "samesite"):
            assert cookie[trait] == before[name][trait]


@pytest.mark.parametrize("path", ["/planted/public/?session", "/planted/link/?session"])
def test_a_page_without_a_session_may_set_not_even_a_declared_one(
    make_planted: Any, path: str
) -> None:
    app = make_planted()
    with pytest.raises(CookieRefused, match=r"planted\."):
        ask(app, path)
    app.testing = False
    assert "Set-Cookie" not in ask(app, path).headers


@pytest.mark.parametrize(
    "name", ["raw.seen", "raw.session_", "raw.__Host-session", "raw.SESSION", "raw.flash"]
)
def test_an_undeclared_cookie_is_refused_and_a_declared_one_beside_it_passes(
    make_planted: Any, name: str
) -> None:
    app = make_planted()
    with pytest.raises(CookieRefused):
        ask(app, f"/planted/visitor/?{name}&session")
    app.testing = False
    assert set(cookies(app, f"/planted/visitor/?{name}&session")) == {"session"}


def test_no_card_no_cookie(make_planted: Any) -> None:
    app = make_planted()
    with app.test_request_context("/"):
        with pytest.raises(CookieRefused, match="no card declares"):
            set_cookie(make_response(""), "seen", "1")
        with pytest.raises(CookieRefused, match="no card declares"):
            read_cookie("seen")


def test_a_secure_site_does_not_listen_to_the_plain_name(make_planted: Any) -> None:
    app = make_planted(BASE_URL="https://www.example.org")
    for name, value in (("__Host-session", "abc"), ("session", None)):
        with app.test_request_context("/", headers={"Cookie": f"{name}=abc"}):
            assert read_cookie("session") == value


def test_private_pages_vary_by_no_cookie_because_they_are_kept_nowhere(make_planted: Any) -> None:
    answer = ask(make_planted(), "/planted/visitor/?session")
    assert "Vary" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_two_features_cannot_both_say_who_is_looking() -> None:
    one, other = (Feature(name=name, load_viewer=lambda _cookie: None) for name in "ab")
    assert Registry([one]).load_viewer
    assert Registry([]).load_viewer is None
    with pytest.raises(ValueError, match="one feature only"):
        _ = Registry([one, other]).load_viewer


def test_members_get_the_page_of_their_session(make_planted: Any) -> None:
    app = make_planted()
    app.add_url_rule("/planted/member/", "planted.member", member(lambda: "in"))
    assert ask(app, "/planted/member/", HTTP_COOKIE="session=none").status == 303
