"""Only declared cookies leave, from pages that may set them, and as they are declared."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask, Response, make_response, request

from app.core.registry import Category, Cookie, Feature, Registry
from app.core.web import (
    clear_cookie,
    member,
    private_link,
    public,
    set_cookie,
    sets_cookies,
    visitor,
)
from app.core.web.cookies import CookieRefused, read_cookie
from tests.wire import ask

DECLARED = (
    Cookie("session", Category.NECESSARY, "Keeps you signed in.", None),
    Cookie("receipt", Category.NECESSARY, "Proof.", timedelta(days=2), "/planted/"),
    Cookie("taste", Category.PREFERENCES, "Remembers.", timedelta(days=2)),
    Cookie(
        "stay", Category.PREFERENCES, "Because you ticked.", timedelta(days=2), has_own_box=True
    ),
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


@pytest.mark.promise("cookies-explained")
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


ODD = (
    "session=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=99",
    "session=1; Path=/; HttpOnly; SameSite=Lax; Domain=example.org",
    "session=1; Path=/; HttpOnly; SameSite=None",
    "session=1; Path=/; SameSite=Lax",
    "session=1; Path=/planted/; HttpOnly; SameSite=Lax",
    "session=1; HttpOnly; SameSite=Lax",
    "receipt=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=172800",
    "receipt=1; Path=/planted/; HttpOnly; SameSite=Lax; Max-Age=172801",
    "receipt=1; Path=/planted/; HttpOnly; SameSite=Lax",
    "=1; Path=/",
    "",
)


@pytest.mark.parametrize("line", ODD)
def test_a_cookie_that_differs_from_its_declaration_is_refused(
    make_planted: Any, line: str
) -> None:
    app = make_planted()
    answers = [{"Set-Cookie": line}]
    app.add_url_rule("/odd/", "planted.odd", visitor(lambda: ("odd", answers[0])))
    with pytest.raises(CookieRefused):
        ask(app, "/odd/")
    app.testing = False
    assert "Set-Cookie" not in ask(app, "/odd/").headers


@pytest.mark.promise("no-cookie-before-yes")
@pytest.mark.parametrize(
    ("choice", "taken"), [(None, False), ("1.1.p0m1", False), ("1.1.p1m0", True), ("1.1.p1", False)]
)
def test_a_cookie_of_a_category_that_was_refused_cannot_be_set(
    make_planted: Any, choice: str | None, taken: bool
) -> None:
    app = make_planted()
    app.testing = False
    sent = {"HTTP_COOKIE": f"choice={choice}"} if choice else {}
    assert ("taste" in cookies(app, "/planted/visitor/?taste", **sent)) is taken
    assert "stay" in cookies(app, "/planted/visitor/?stay", **sent)


def test_a_category_that_the_site_does_without_can_only_be_expired(make_planted: Any) -> None:
    app = make_planted(OPTIONAL_COOKIES=())
    app.testing = False
    sent = {"HTTP_COOKIE": "choice=1.1.p1m1"}
    assert cookies(app, "/planted/visitor/?taste&stay", **sent) == {}
    assert set(cookies(app, "/planted/visitor/?clear.taste&clear.stay", **sent)) == {
        "taste",
        "stay",
    }


def test_a_public_page_may_set_the_cookies_it_names_and_no_others(make_planted: Any) -> None:
    app = make_planted()
    named = public(sets_cookies("receipt")(lambda: _set()))
    app.add_url_rule("/planted/named/", "planted.named", named)
    app.testing = False
    assert set(cookies(app, "/planted/named/?receipt&session")) == {"receipt"}
    assert set(cookies(app, "/planted/named/?clear.session")) == {"session"}


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
