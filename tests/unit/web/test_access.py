"""Labels decide who enters, and public pages have no memory."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, flash, session

from app.core.web import public
from app.core.web.session import SessionTouched, ShutSession
from tests.wire import ask

TOKEN = "m" * 40


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer  {TOKEN}", 404),
        (f"Basic {TOKEN}", 404),
        (f"Bearer {TOKEN}x", 404),
        (f"Bearer {TOKEN[:-1]}", 404),
        ("Bearer ", 404),
        ("Bearer", 404),
        (TOKEN, 404),
        ("Bearer \udcff\u00ff", 404),
        (None, 404),
    ],
)
@pytest.mark.database
def test_only_the_whole_token_opens_the_metrics(make_lasting: Any, given: str, status: int) -> None:
    app = make_lasting(METRICS_TOKEN=TOKEN)
    assert ask(app, "/metrics", HTTP_AUTHORIZATION=given).status == status


@pytest.mark.database
def test_without_a_token_set_no_token_opens(lasting: Flask) -> None:
    for given in ("Bearer", "Bearer ", "Bearer None", "Bearer x"):
        assert ask(lasting, "/metrics", HTTP_AUTHORIZATION=given).status == 404


@pytest.mark.database
@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.9.10", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("203.0.113.9", 404),
        ("::ffff:203.0.113.9", 404),
        ("0.0.0.0", 404),
        ("localhost", 404),
        ("127.0.0.1.example.org", 404),
        ("", 404),
        (None, 404),
    ],
)
def test_this_machine_is_known_by_its_address(lasting: Flask, place: str, status: int) -> None:
    assert ask(lasting, "/metrics", REMOTE_ADDR=place).status == status


def _index() -> None:
    session["seen"] = True


def _delete() -> None:
    del session["seen"]


def _or() -> None:
    session.__ior__({"seen": True})


WRITES: dict[str, Callable[[], Any]] = {
    "by index": _index,
    "by delete": _delete,
    "by update": lambda: session.update(seen=True),
    "by setdefault": lambda: session.setdefault("seen", True),
    "by pop": lambda: session.pop("seen", None),
    "by popitem": lambda: session.popitem(),
    "by clear": lambda: session.clear(),
    "by or": _or,
    "by permanence": lambda: setattr(session, "permanent", True),
    "by flash": lambda: flash("hello"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_public_page_cannot_remember(log: Any, app: Flask, write: Callable[[], Any]) -> None:
    def remember() -> str:
        write()
        return "remembered"

    app.add_url_rule("/remember", "remember", public(remember))
    answer = app.test_client().get("/remember")
    assert answer.status_code == 500
    assert SessionTouched.__name__ in log.text
    assert "Set-Cookie" not in answer.headers


def test_a_forged_session_reads_as_empty(app: Flask) -> None:
    forged = app.session_interface.__class__.__mro__  # the shut kind, whatever Flask brings
    assert "ShutSessions" in [kind.__name__ for kind in forged]
    app.add_url_rule(
        "/told", "told", public(lambda: f"{dict(session)} {session.get('user')} {len(session)}")
    )
    answer = app.test_client().get("/told", headers={"Cookie": "session=eyJ1c2VyIjoxfQ.aaa.bbb"})
    assert answer.text == "{} None 0"
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_every_way_to_change_a_dictionary_is_shut() -> None:
    changing = {"__setitem__", "__delitem__", "__ior__", "update", "setdefault"}
    changing |= {"pop", "popitem", "clear"}
    for name in changing:
        assert getattr(ShutSession, name) is ShutSession._refuse
