"""Reading sets no cookie and looks at one choice only; other pages set what is declared."""

import re
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.core.registry import registry
from app.core.web.access import KNOWING, PUBLIC, cookies_of, label_of
from tests.crawl import SEEDS, Visited, crawl
from tests.house.conftest import READ_AT
from tests.house.doors import DOORS, Street

pytestmark = pytest.mark.database

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs" / "cookies.md"
#: What a page's shape is read from.
CHOICE = {"Cookie", "Sec-GPC", "DNT"}
FORGED = "session=eyJhIjoxfQ.Zz.forged; remember_token=1|f00; consent=all; x=" + "y" * 500


@pytest.fixture(scope="module")
def as_remembered(shipped: Flask) -> dict[str, Visited]:
    return crawl(shipped, at=READ_AT, headers={"Cookie": FORGED, "Authorization": "Basic eDp5"})


@pytest.mark.promise("reading-leaves-nothing")
def test_no_answer_sets_a_cookie(
    pages: dict[str, Visited], as_remembered: dict[str, Visited]
) -> None:
    for visited in (pages, as_remembered):
        assert [
            visit.address for visit in visited.values() if "Set-Cookie" in visit.answer.headers
        ] == []


def varies(answer: TestResponse) -> set[str]:
    return {word.strip() for word in answer.headers.get("Vary", "").split(",")} - {""}


def test_only_pages_vary_and_only_by_the_choice(pages: dict[str, Visited]) -> None:
    """A style sheet, feed or picture that varied by cookie could be kept by nobody for anybody."""
    odd = {
        address: varies(visit.answer)
        for address, visit in pages.items()
        if visit.answer.status_code == 200
        and varies(visit.answer) - {"Accept-Encoding"} != (CHOICE if visit.markup else set())
    }
    assert odd == {}


def test_everybody_gets_the_same_bytes(
    pages: dict[str, Visited], as_remembered: dict[str, Visited]
) -> None:
    assert pages.keys() == as_remembered.keys()
    assert [
        address
        for address, visit in pages.items()
        if visit.answer.data != as_remembered[address].answer.data
        or visit.answer.headers.get("ETag") != as_remembered[address].answer.headers.get("ETag")
    ] == []


@pytest.mark.parametrize("address", [*SEEDS, "/no-such-page/", "/about", "/%ff/", "/metrics"])
def test_refusals_and_redirects_set_none_either(shipped: Flask, address: str) -> None:
    answer = shipped.test_client().get(address, headers={"Cookie": FORGED})
    assert "Set-Cookie" not in answer.headers
    assert varies(answer) - {"Accept-Encoding"} in (set(), CHOICE)


def set_at(street: Street, who: str) -> list[tuple[str, str, str, SimpleCookie]]:
    """Endpoint, method, address and cookies of every answer at every door that sets any."""
    found = []
    for endpoint, method, address, *_codes in DOORS:
        lines = street.call(who, method, address).headers.getlist("Set-Cookie")
        for line in lines:
            found.append((endpoint, method, address, SimpleCookie(line)))
    return found


@pytest.mark.parametrize("who", ["nobody", "bo", "mira"])
def test_every_door_sets_what_is_declared_and_public_ones_nothing(street: Street, who: str) -> None:
    with street.app.app_context():
        declared = {cookie.name: cookie for cookie in registry().every("cookies")}
    for endpoint, method, address, cookies in set_at(street, who):
        view = street.app.view_functions[endpoint]
        if label_of(view) not in KNOWING:
            assert cookies_of(view).issuperset(cookies), (method, address)
        for name, morsel in cookies.items():
            assert name in declared, (method, address)
            assert morsel["path"] == declared[name].path
            assert morsel["httponly"]
            assert morsel["samesite"] == "Lax"
            assert not morsel["domain"]


def test_pages_that_nobody_may_keep_vary_by_nothing(street: Street) -> None:
    for _endpoint, method, address, *_codes in DOORS:
        for who in ("nobody", "mira"):
            answer = street.call(who, method, address)
            if "no-store" in answer.headers.get("Cache-Control", ""):
                assert varies(answer) == set(), (method, address)


def test_public_pages_set_a_cookie_at_the_two_buttons_about_cookies_only(street: Street) -> None:
    views = street.app.view_functions
    assert {name: set(cookies_of(view)) for name, view in views.items() if cookies_of(view)} == {
        "consent.choose": {"choice", "receipt"},
        "consent.forget": {"receipt"},
    }


def test_public_doors_show_members_what_they_show_everybody(street: Street) -> None:
    differing = []
    for endpoint, method, address, *_codes in DOORS:
        if method == "GET" and label_of(street.app.view_functions[endpoint]) == PUBLIC:
            answers = [street.call(who, method, address) for who in ("nobody", "mira", "otto")]
            if len({(answer.data, answer.headers.get("ETag")) for answer in answers}) > 1:
                differing.append(address)
    assert differing == []


def test_declared_cookies_say_what_they_are_for(street: Street) -> None:
    with street.app.app_context():
        declared = list(registry().every("cookies"))
    assert {"session", "choice", "receipt", "seen"} <= {cookie.name for cookie in declared}
    assert len({cookie.name for cookie in declared}) == len(declared)
    for cookie in declared:
        assert cookie.purpose.endswith(".")
        assert cookie.path.startswith("/")
        assert cookie.read_by
        assert cookie.set_by
        assert cookie.life is None or cookie.life <= timedelta(days=182)


def test_a_session_begins_at_the_log_in_and_nowhere_else(street: Street) -> None:
    """Only a form of the sign-in that was right begins one, so no door does on its own."""
    begun = [
        (method, address)
        for who in ("nobody", "bo")
        for _endpoint, method, address, cookies in set_at(street, who)
        if "session" in cookies and cookies["session"].value
    ]
    assert begun == []


STORAGE = re.compile(
    r"document\s*\.\s*cookie|cookieStore|localStorage|sessionStorage|indexedDB|\bcaches\b"
)


def test_no_script_touches_what_a_browser_keeps() -> None:
    """Nor does any template, should one ever hold a script."""
    files = [*(ROOT / "static").rglob("*.js"), *(ROOT / "templates").rglob("*.*")]
    assert len(files) > 50
    assert [file for file in files if STORAGE.search(file.read_text("utf-8"))] == []


def test_each_behaviour_of_the_manual_has_its_test() -> None:
    rows = re.findall(r"^\| C(\d+) \|.*`([\w/.]+)::(\w+)` \|$", MANUAL.read_text(), re.MULTILINE)
    assert [int(number) for number, _file, _name in rows] == list(range(1, 35))
    for _number, file, name in rows:
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(), (file, name)
