"""Whatever arrives in a field of feedback: cleaned or refused in words, never a fault."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.core.database import db
from app.feedback import published_cards
from app.feedback.models import Feedback
from tests.factories import make_feedback, publish_feedback
from tests.unit.comments.test_bad_input import HOSTILE
from tests.unit.feedback.conftest import FORM, OURS, WORDS, Own, stamp_in

pytestmark = pytest.mark.database

FIRST = ("kind", "text", "name", "email", "stamp", "check", "subject")
SECOND = ("text", "credit", "name", "role", "on_wall", "on_home", "leaks_are_meant", "seen", "mask")
#: What may come of a form, whatever was in it.
TAKEN = (200, 303, 400, 409, 413, 422)


def post(client: FlaskClient, address: str, fields: dict[str, bytes]) -> Any:
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields.items())
    form = "application/x-www-form-urlencoded"
    return client.post(address, data=body, content_type=form, headers=OURS)


@pytest.mark.parametrize("field", FIRST)
def test_no_field_brings_the_first_page_down(
    client: FlaskClient, read: Any, stopped: Any, field: str
) -> None:
    read()
    good = {"kind": b"idea", "text": WORDS.encode(), "stamp": stamp_in(client).encode()}
    for name, value in HOSTILE.items():
        answer = post(client, FORM, good | {field: value})
        assert answer.status_code in TAKEN, name
        assert "<script>" not in answer.text, name
        assert "Set-Cookie" not in answer.headers, name


@pytest.mark.parametrize("field", SECOND)
def test_no_field_brings_the_second_page_down(
    client: FlaskClient, stored: Any, own: Own, field: str
) -> None:
    stored(text=WORDS)
    page = own(1) + "publish/"
    good = {"text": WORDS.encode(), "credit": b"full", "name": b"Bo", "on_wall": b"y"}
    for name, value in HOSTILE.items():
        for more in ({}, {"preview": b"1"}):
            answer = post(client, page, good | {field: value} | more)
            assert answer.status_code in TAKEN, name
            assert "<script>" not in answer.text, name
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_answer_brings_the_private_page_down(
    client: FlaskClient, stored: Any, own: Own, value: bytes
) -> None:
    stored()
    for name in ("answer", "renew", "decline", "withdraw"):
        answer = post(client, f"{own(1)}{name}/", {"text": value})
        assert answer.status_code in TAKEN, name


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    "text",
    [
        '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
        "[a](javascript:alert(1)) [b](data:text/html,x) <javascript:alert(1)>",
        "</blockquote></article><h1>Owned</h1>",
        "{{ 7 * 7 }} {% include 'x' %} ${7*7}",
        "![x](https://example.net/x.png)",
        "<style>*{display:none}</style><!-- -->",
    ],
)
def test_no_text_is_more_than_a_text_on_its_card(text: str) -> None:
    publish_feedback(make_feedback(text=text))
    html = published_cards()[0].view.html
    for tag in (
        "<script",
        "<img",
        "<h1",
        "<style",
        "<!--",
        "</article",
        "</blockquote>",
        "<iframe",
    ):
        assert tag not in html
    for address in ("javascript:", "data:"):
        assert f'href="{address}' not in html
    assert "49" not in html


def test_a_database_that_is_away_gives_the_words_back(
    app: Flask, send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("x", None, TimeoutError())

    monkeypatch.setattr("app.feedback.views.send_feedback", fail)
    answer = send()
    assert answer.status_code == 503
    assert WORDS in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Feedback)) == 0


def test_taking_feedback_takes_few_statements(
    send: Callable[..., Any], statements: list[str]
) -> None:
    send(text="Warm up.")
    statements.clear()
    assert send(email="bo@example.org").status_code == 303
    assert len([each for each in statements if "feedback" in each.lower()]) <= 12
