"""The log tells what failed and where, and nothing that a visitor sent."""

import json
import logging
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request

from app.core.database import db
from app.core.logs import JsonLines, quiet_trace
from app.core.web import public
from tests.wire import ask

pytestmark = pytest.mark.database

CANARY = "canary-7f3a"


def planted() -> dict[str, Any]:
    """A request with something recognisable everywhere a visitor can put it."""
    import io

    body = f"name={CANARY}-body".encode()
    return {
        "HTTP_USER_AGENT": f"{CANARY}-agent",
        "HTTP_REFERER": f"http://localhost/{CANARY}-referrer",
        "HTTP_COOKIE": f"session={CANARY}-cookie",
        "HTTP_AUTHORIZATION": f"Bearer {CANARY}-token",
        "HTTP_X_FORWARDED_FOR": f"{CANARY}-forwarded",
        "HTTP_X_ANYTHING": f"{CANARY}-header",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "REMOTE_ADDR": "203.0.113.77",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }


def by_message(name: str) -> str:
    raise ValueError(f"{name} {request.form['name']} {request.args['q']} {request.cookies}")


def by_key(name: str) -> str:
    return {}[name + request.form["name"]]


def by_cause(name: str) -> str:
    try:
        int(request.form["name"])
    except ValueError as problem:
        raise LookupError(request.args["q"]) from problem
    return ""


def by_group(name: str) -> str:
    raise ExceptionGroup(name, [ValueError(request.args["q"])])


def by_statement(name: str) -> str:
    db.session.execute(
        sa.text("SELECT nothing FROM nowhere WHERE email = :email"), {"email": request.form["name"]}
    )
    return ""


def by_value(name: str) -> str:
    db.session.execute(sa.text("SELECT CAST(:text AS INTEGER), abs(:text, 1)"), {"text": name})
    return ""


@pytest.mark.parametrize("fail", [by_message, by_key, by_cause, by_group, by_statement, by_value])
def test_a_failed_request_leaves_nothing_of_itself_but_its_rule(
    log: Any, make_app: Any, fail: Any
) -> None:
    app = make_app(TESTING=False)
    app.add_url_rule("/failing/<name>", "failing", public(fail), methods=["GET", "POST"])
    answer = ask(app, f"/failing/{CANARY}-path?q={CANARY}-query", "POST", **planted())
    assert answer.status in (500, 503)
    assert CANARY not in log.text
    assert "203.0.113" not in log.text
    entry = log.entries[-1]
    assert entry["route"] == "/failing/<name>"
    assert entry["method"] == "POST"
    assert entry["status"] == answer.status
    assert entry["reference"] == answer.headers["X-Request-Reference"]
    assert f"in {fail.__name__}" in entry["trace"]


def test_a_fault_before_any_view_is_quiet_too(
    log: Any, make_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(TESTING=False)

    def away(*_: Any, **__: Any) -> None:
        raise sa.exc.OperationalError("SELECT", {"x": CANARY}, Exception(CANARY))

    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", away)
    assert ask(app, f"/garden/{CANARY}/?q={CANARY}", **planted()).status == 503
    assert CANARY not in log.text
    assert log.entries[-1]["status"] == 503


def test_a_fault_after_the_view_tells_where_it_happened(log: Any, make_app: Any) -> None:
    app = make_app(TESTING=False)

    stumbles = iter([LookupError(CANARY)])

    def stumble(response: Any) -> Any:
        for error in stumbles:
            raise error
        return response

    app.after_request(stumble)
    assert ask(app, "/livez").status == 500
    assert "LookupError" in log.entries[-1]["trace"]
    assert CANARY not in log.text


def test_a_cookie_taken_off_is_told_without_its_value(log: Any, make_app: Any) -> None:
    from flask import make_response

    app = make_app(TESTING=False)

    def tempted() -> Any:
        response = make_response("hello")
        response.set_cookie("x", CANARY)
        return response

    app.add_url_rule("/tempted", "tempted", public(tempted))
    assert "Set-Cookie" not in ask(app, "/tempted").headers
    assert log.entries[-1]["event"] == "cookie taken off"
    assert CANARY not in log.text


def test_ordinary_requests_and_refusals_are_not_logged(log: Any, app: Flask, read: Any) -> None:
    read()
    before = log.text
    for path in ("/", "/garden/", f"/{CANARY}/", f"/search/?q={CANARY}", "/\x00"):
        ask(app, path, **planted())
    assert log.text == before


def test_error_texts_of_the_database_carry_no_values(app: Flask) -> None:
    with app.app_context(), pytest.raises(sa.exc.DBAPIError) as raised:
        db.session.execute(sa.text("SELECT nothing FROM nowhere WHERE x = :x"), {"x": CANARY})
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize(
    "message",
    [
        "two\nlines",
        "\x1b[31mred",
        "\u2028separator",
        'quote" \\ brace}',
        "\x00nul",
        "\ud800lone",
        "é日本",
    ],
)
def test_an_entry_is_one_line_whatever_it_says(message: str) -> None:
    record = logging.makeLogRecord({"msg": "%s", "args": (message,), "route": message})
    line = JsonLines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["event"] == message
    assert "\x1b" not in line
    line.encode()


def test_a_trace_names_each_place_and_kind_from_cause_to_effect() -> None:
    def cause() -> None:
        raise ValueError(CANARY)

    def effect() -> None:
        try:
            cause()
        except ValueError as problem:
            raise LookupError(CANARY) from problem

    with pytest.raises(LookupError) as raised:
        effect()
    told = quiet_trace(raised.value)
    assert told.index("ValueError") < told.index("LookupError")
    assert "in cause" in told
    assert CANARY not in told
