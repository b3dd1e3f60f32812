"""Who passes which label, and what the others get."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core import clock
from app.core.registry import Registry
from app.core.web import member, public, recently_confirmed, right, viewer, viewer_or_none
from app.core.web.access import UnlabelledEndpoint, check_labels
from app.core.web.forms import TokenUnchecked
from app.core.web.viewing import NoViewer
from tests.unit.web.planted import CAST, plant
from tests.wire import Answer, ask

pytestmark = pytest.mark.database

OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}
FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
PATIENT = "A long remark\nthat took an hour to write."


@pytest.fixture
def planted(make_app: Any, read: Any, monkeypatch: pytest.MonkeyPatch) -> Flask:
    load = property(lambda _registry: lambda cookie: CAST[cookie]())
    monkeypatch.setattr(Registry, "load_viewer", load)
    app: Flask = make_app(TESTING=True)
    plant(app)
    return app


def visit(app: Flask, who: str, path: str, method: str = "GET", **more: Any) -> Answer:
    return ask(app, path, method, HTTP_COOKIE=f"session={who}", **more)


def post(app: Flask, who: str, path: str, body: str = "", **more: Any) -> Answer:
    import io

    sent = {"wsgi.input": io.BytesIO(body.encode()), "CONTENT_LENGTH": str(len(body.encode()))}
    return visit(app, who, path, "POST", **OURS | FORM | sent | more)


LABELS = """
                   nobody bo  moderator mira otto stale
    public          200  200  200       200  200  200
    private_link    200  200  200       200  200  200
    visitor         200  200  200       200  200  200
    member          303  200  200       200  200  200
    moderate        303  404  200       200  404  404
    administer      303  404  404       200  404  404
    own             303  404  404       404  200  200
    either          303  404  404       200  200  200
    recent          303  404  404       404  200  303
"""
WHO, *ROWS = (line.split() for line in LABELS.strip().splitlines())


def test_each_label_admits_its_people(planted: Flask) -> None:
    seen = {
        (label, who): visit(planted, who, f"/planted/{label}/").status
        for label, *_codes in ROWS
        for who in WHO
    }
    wanted = {
        (label, who): int(code)
        for label, *codes in ROWS
        for who, code in zip(WHO, codes, strict=True)
    }
    assert seen == wanted


def test_whoever_is_not_signed_in_is_led_there_and_back(planted: Flask) -> None:
    answer = visit(planted, "nobody", "/planted/member/?page=2")
    assert answer.headers["Location"] == "/account/log-in/?next=%2Fplanted%2Fmember%2F%3Fpage%3D2"
    assert answer.headers["Cache-Control"] == "no-store"
    assert visit(planted, "stale", "/planted/recent/").headers["Location"] == (
        "/account/confirm/?next=%2Fplanted%2Frecent%2F"
    )


def test_a_sign_in_is_recent_for_twelve_hours(planted: Flask) -> None:
    signed_in = CAST["otto"]()
    for hours, status in ((11.9, 200), (12.1, 303)):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
            CAST["waiting"] = lambda: signed_in
            assert visit(planted, "waiting", "/planted/recent/").status == status
    del CAST["waiting"]


@pytest.mark.parametrize("name", ["moderate", "administer", "own"])
def test_what_is_not_for_you_looks_as_if_it_were_not_there(planted: Flask, name: str) -> None:
    shut = visit(planted, "bo", f"/planted/{name}/")
    missing = visit(planted, "bo", "/planted/nowhere/")
    assert (shut.status, missing.status) == (404, 404)
    assert shut.data == missing.data
    assert dict(shut.headers) == dict(missing.headers)


@pytest.mark.parametrize("name", ["private_link", "visitor", "member", "own"])
def test_private_pages_are_kept_nowhere(planted: Flask, name: str) -> None:
    answer = visit(planted, "otto", f"/planted/{name}/")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "ETag" not in answer.headers
    may_run = "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert may_run is (name != "private_link")


def test_public_pages_run_nothing_and_know_nobody(planted: Flask, caplog: Any) -> None:
    planted.add_url_rule("/asks/", "asks", public(lambda: viewer().username))
    planted.add_url_rule("/asks-too/", "asks_too", public(lambda: str(viewer_or_none())))
    assert "script-src" not in visit(planted, "otto", "/").headers["Content-Security-Policy"]
    for path in ("/asks/", "/asks-too/"):
        assert visit(planted, "otto", path).status == 500
        assert NoViewer.__name__ in caplog.records[-1].trace


def test_a_form_sent_without_a_session_comes_back_with_its_text(planted: Flask) -> None:
    body = f"title=T&remark={PATIENT}&passphrase=hunter2hunter2&csrf_token=abc"
    answer = post(planted, "nobody", "/planted/note/", body.replace("\n", "%0A"))
    assert answer.status == 403
    assert PATIENT in answer.text
    assert 'name="remark"' in answer.text
    assert 'name="title" value="T"' in answer.text
    assert "hunter2" not in answer.text
    assert "csrf_token" not in answer.text
    assert "/account/log-in/?next=" in answer.text


def test_without_text_there_is_nothing_to_keep(planted: Flask) -> None:
    came_from = {"HTTP_REFERER": "http://localhost/admin/comments/?page=3"}
    answer = post(planted, "nobody", "/planted/act/", "id=3", **came_from)
    assert answer.status == 303
    assert answer.headers["Location"].endswith("?next=%2Fadmin%2Fcomments%2F%3Fpage%3D3")
    foreign = {"HTTP_REFERER": "http://evil.example/x"}
    answer = post(planted, "nobody", "/planted/act/", "id=3", **foreign)
    assert answer.headers["Location"].endswith("?next=%2Faccount%2F")


def test_a_view_that_forgets_the_token_fails_its_tests(planted: Flask) -> None:
    with pytest.raises(TokenUnchecked):
        post(planted, "bo", "/planted/lax/")


def test_labels_that_make_no_sense_stop_the_start(app: Flask) -> None:
    with pytest.raises(UnlabelledEndpoint, match="reign"):
        right("reign")
    with pytest.raises(UnlabelledEndpoint):
        right()
    app.add_url_rule("/odd/", "odd", recently_confirmed(public(lambda: "")))
    with pytest.raises(UnlabelledEndpoint, match="nobody in particular"):
        check_labels(app)
    app.view_functions["odd"] = recently_confirmed(member(lambda: ""))
    check_labels(app)
