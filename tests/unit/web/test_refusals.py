"""Every "no" and every fault is a designed page that gives nothing away."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, render_template
from werkzeug.exceptions import HTTPException, default_exceptions

from app.core.database import db
from app.core.errors import BY_STATUS, TooMany
from app.core.web import public
from tests.crawl import Markup
from tests.wire import Answer, ask

pytestmark = pytest.mark.database

SECRET = "canary-7f3a"


def raising(app: Flask, error: Callable[[], BaseException]) -> Answer:
    def fail() -> None:
        raise error()

    app.add_url_rule("/failing", "failing", public(fail))
    return ask(app, "/failing")


def markup(answer: Answer) -> Markup:
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    found = Markup()
    found.feed(answer.text)
    return found


def assert_designed(answer: Answer, status: int) -> None:
    assert answer.status == status
    elements = markup(answer).elements
    names = [tag for tag, _ in elements]
    assert names.count("h1") == names.count("main") == names.count("title") == 1
    assert "style" not in names
    assert ("link", "stylesheet") in [(tag, given.get("rel")) for tag, given in elements]
    assert "noindex" in [
        given.get("content") for _, given in elements if given.get("name") == "robots"
    ]
    assert str(status) in re.sub(r"<[^>]+>", " ", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "Traceback" not in answer.text
    assert "File &#34;" not in answer.text
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("status", [status for status in sorted(BY_STATUS) if status != 503])
def test_every_refusal_has_a_page_that_says_what_and_what_now(
    make_app: Any, read: Any, status: int
) -> None:
    kind = BY_STATUS[status]
    answer = raising(make_app(TESTING=False), kind)
    assert_designed(answer, status)
    assert kind.message.replace("'", "&#39;") in answer.text
    assert (kind.advice or "").replace("'", "&#39;") in answer.text


@pytest.mark.parametrize("code", sorted(set(default_exceptions) - {500, 501, 502, 503, 504, 505}))
def test_every_error_of_the_library_is_told_in_our_words(lasting: Flask, code: int) -> None:
    error: type[HTTPException] = default_exceptions[code]
    with lasting.test_request_context("/"):
        answer = lasting.make_response(lasting.handle_user_exception(error(SECRET)))
    assert answer.status_code == code
    text = answer.get_data(as_text=True)
    assert SECRET not in text
    assert str(error.description or "nothing")[:40] not in text


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_can_be_searched_for(app: Flask, status: int) -> None:
    elements = markup(raising(app, BY_STATUS[status])).elements
    forms = [given["action"] for tag, given in elements if tag == "form"]
    assert [action for action in forms if action != "/privacy/cookies/"] == ["/search/"]
    assert [given["name"] for tag, given in elements if given.get("type") == "search"] == ["q"]


@pytest.mark.parametrize("status", [400, 403, 405, 413, 429])
def test_other_refusals_have_no_search_box(app: Flask, status: int) -> None:
    assert 'role="search"' not in raising(app, BY_STATUS[status]).text


def test_a_limit_says_when_to_try_again(app: Flask) -> None:
    answer = raising(app, lambda: TooMany(retry_after=42))
    assert answer.headers["Retry-After"] == "42"
    assert "42 seconds" in answer.text


def test_a_refusal_can_say_its_own_sentence_and_it_is_escaped(app: Flask) -> None:
    answer = raising(app, lambda: TooMany("Too <b>fast</b>", advice="Wait <i>now</i>"))
    assert "Too &lt;b&gt;fast" in answer.text
    assert "Wait &lt;i&gt;now" in answer.text


@pytest.mark.parametrize(
    "error",
    [
        lambda: RuntimeError(SECRET),
        lambda: KeyError(SECRET),
        lambda: RecursionError(SECRET),
        lambda: MemoryError(SECRET),
        lambda: UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
        lambda: sa.exc.ProgrammingError(SECRET, {"email": SECRET}, Exception(SECRET)),
        lambda: sa.exc.IntegrityError(SECRET, {"email": SECRET}, Exception(SECRET)),
        lambda: default_exceptions[501](SECRET),
        lambda: default_exceptions[500](SECRET),
    ],
)
def test_a_fault_is_a_calm_page_with_a_number(
    make_app: Any, error: Callable[[], BaseException]
) -> None:
    answer = raising(make_app(TESTING=False), error)
    assert_designed(answer, 500)
    assert SECRET not in answer.text
    reference = re.search(r"<code>([0-9a-f]{8})</code>", answer.text)
    assert reference
    assert answer.headers["X-Request-Reference"] == reference[1]


@pytest.mark.parametrize(
    "error",
    [
        lambda: sa.exc.OperationalError(SECRET, {"email": SECRET}, Exception("disk is full")),
        lambda: sa.exc.InterfaceError(SECRET, {}, Exception("gone")),
        lambda: sa.exc.DatabaseError(SECRET, {}, Exception("file is not a database")),
        lambda: sa.exc.TimeoutError("all connections are in use"),
        lambda: default_exceptions[503](SECRET),
        lambda: BY_STATUS[503](SECRET),
    ],
)
def test_what_is_away_is_told_so_and_when_to_come_back(
    make_app: Any, error: Callable[[], BaseException]
) -> None:
    answer = raising(make_app(TESTING=False), error)
    assert_designed(answer, 503)
    assert SECRET not in answer.text
    assert int(answer.headers["Retry-After"]) > 0


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", away)
    monkeypatch.setattr("sqlalchemy.engine.Engine.raw_connection", away)


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize(
    "path",
    ["/", "/about/", "/garden/", "/garden/x/", "/search/?q=x", "/x/feed.xml", "/sitemap.xml"],
)
def test_without_a_database_pages_are_503_not_500(make_app: Any, path: str) -> None:
    assert_designed(ask(make_app(TESTING=False), path), 503)


@pytest.mark.usefixtures("no_database")
def test_even_a_refusal_has_a_page_without_a_database(make_app: Any) -> None:
    app = make_app(TESTING=False)
    for path, more in (("/\x00", {}), ("/", {"HTTP_HOST": "evil.example"})):
        answer = ask(app, path, **more)
        assert answer.status == 503
        assert "<h1>" in answer.text
    assert_designed(raising(make_app(TESTING=False), lambda: RuntimeError(SECRET)), 500)


@pytest.mark.usefixtures("no_database")
def test_static_files_and_liveness_need_no_database(make_app: Any) -> None:
    app = make_app(TESTING=False)
    assert ask(app, "/livez").status == 200
    assert ask(app, "/static/site.css").status == 200
    assert ask(app, "/static/fonts/figtree.woff2").status == 200


def test_faults_need_no_template(make_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(TESTING=False)

    def broken(*_: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(app.jinja_env, "get_or_select_template", broken)
    monkeypatch.setattr(app.jinja_env, "get_template", broken)
    assert_designed(ask(app, "/search/"), 500)
    assert_designed(ask(app, "/nowhere/"), 500)


@pytest.mark.parametrize(
    "text", ["{{ unknown.name }}", "{% include 'none.html' %}", "{{", "{{ 1/0 }}"]
)
def test_a_broken_template_is_a_fault_of_ours(
    make_app: Any, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Flask = make_app(TESTING=False)
    app.add_url_rule(
        "/page", "page", public(lambda: render_template(app.jinja_env.from_string(text)))
    )
    assert_designed(ask(app, "/page"), 500)


def test_a_failed_page_leaves_the_connection_usable(make_app: Any, read: Any) -> None:
    app = make_app(TESTING=False)

    def fail() -> None:
        db.session.execute(sa.text("SELECT * FROM nowhere"))

    app.add_url_rule("/failing", "failing", public(fail))
    assert ask(app, "/failing").status in (500, 503)
    assert ask(app, "/").status in (200, 404)


def test_the_reference_is_new_each_time(make_app: Any) -> None:
    app = make_app(TESTING=False)

    def fail() -> None:
        raise RuntimeError

    app.add_url_rule("/failing", "failing", public(fail))
    assert len({ask(app, "/failing").headers["X-Request-Reference"] for _ in range(20)}) == 20
