"""No keystroke is lost: every refusal of a form gives its text back, and never a secret."""

import html
import io
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import sqlalchemy as sa
from flask import Flask, request
from wtforms import PasswordField, StringField, TextAreaField

from app.core.errors import BY_STATUS
from app.core.web import PublicForm, limit, public
from app.core.web.bounds import LARGEST_BODY, LARGEST_FORM, MOST_PARTS
from tests.wire import Answer, ask

pytestmark = pytest.mark.database

TEXT = 'First line\nsecond <b>line</b> & "more"'
SECRET = "hunter2-hunter2-hunter2\nhunter2"
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}


class LetterForm(PublicForm):
    """A form of which only the letter is long."""

    sender = StringField("Sender")
    letter = TextAreaField("Your letter")
    answer = TextAreaField("Your answer")
    pass_word = PasswordField("Password")


def send(app: Flask, body: bytes | None = None, **more: Any) -> Answer:
    if body is None:
        fields = {"sender": "Bo", "letter": TEXT, "pass_word": SECRET, "csrf_token": SECRET}
        body = urlencode(fields | {"unknown": SECRET}).encode()
    given = {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    return ask(app, "/letters/", "POST", **OURS | given | more)


def planted(app: Flask, raises: BaseException | None = None) -> Flask:
    def take() -> str:
        if raises:
            raise raises
        return str(len(request.form))

    app.add_url_rule("/letters/", "letters", public(take), methods=["POST"])
    return app


def test_what_never_was_a_page_is_not_led_back_to(make_app: Any) -> None:
    app = planted(make_app(), BY_STATUS[409]())
    assert "Back to where you were" not in send(app, b"").text


def assert_kept(answer: Answer) -> None:
    assert f">\n{TEXT}</textarea>" in html.unescape(answer.text)
    assert "<b>line" not in answer.text
    assert "Your letter, to copy" in answer.text
    assert "hunter2" not in answer.text
    assert 'for="kept-1"' in answer.text
    assert 'id="kept-1"' in answer.text
    assert "kept-2" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", sorted(BY_STATUS))
def test_every_refusal_gives_the_text_back(make_app: Any, read: Any, status: int) -> None:
    answer = send(planted(make_app(TESTING=False), BY_STATUS[status]()))
    assert answer.status == status
    assert_kept(answer)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full")), 503),
        (sa.exc.OperationalError("INSERT", {}, Exception("database is locked")), 503),
        (sa.exc.OperationalError("INSERT", {}, Exception("attempt to write a readonly")), 503),
        (sa.exc.TimeoutError("no connection"), 503),
        (RuntimeError("a fault"), 500),
    ],
)
def test_so_does_every_fault(make_app: Any, error: Exception, status: int) -> None:
    answer = send(planted(make_app(TESTING=False), error))
    assert answer.status == status
    assert_kept(answer)


def test_so_does_a_form_from_a_browser_that_does_not_say_where_from(make_app: Any) -> None:
    answer = send(planted(make_app()), HTTP_SEC_FETCH_SITE="cross-site")
    assert answer.status == 403
    assert_kept(answer)


def test_so_does_a_limit_and_it_says_when(make_app: Any) -> None:
    app: Flask = make_app(LIMITED=True)
    view = limit("test.letters", "1/hour")(public(lambda: "thanks"))
    app.add_url_rule("/letters/", "letters", view, methods=["POST"])
    assert send(app).status == 200
    answer = send(app)
    assert answer.status == 429
    assert_kept(answer)
    assert "60 minutes" in answer.text or "1 hour" in answer.text


def test_what_is_too_large_to_be_taken_is_given_back(make_app: Any) -> None:
    long = "word " * (LARGEST_FORM // 5 + 1)
    answer = send(planted(make_app()), urlencode({"letter": long}).encode())
    assert answer.status == 413
    assert long.strip() in answer.text


def test_what_is_too_large_to_be_read_is_not(make_app: Any) -> None:
    app = planted(make_app())
    answer = send(app, b"letter=x", CONTENT_LENGTH=str(LARGEST_BODY + 1))
    assert (answer.status, "kept-1" in answer.text) == (413, False)
    many = b"letter=abc&" + b"x=1&" * MOST_PARTS
    answer = send(app, many)
    assert (answer.status, "kept-1" in answer.text) == (413, False)


def test_several_long_fields_come_back_under_their_names(make_app: Any) -> None:
    app = planted(make_app(), BY_STATUS[409]())
    answer = send(app, urlencode({"letter": "one", "answer": "two"}).encode())
    for label in ("Your letter, to copy", "Your answer, to copy"):
        assert label in answer.text


@pytest.mark.parametrize("body", [b"", b"letter=", b"letter=%20%0A", b"sender=Bo", b"=&&=&"])
def test_nothing_typed_nothing_kept(make_app: Any, body: bytes) -> None:
    assert "to copy" not in send(planted(make_app(), BY_STATUS[409]()), body).text


@pytest.mark.parametrize(
    "letter",
    [
        b"a\xff\xfeb",
        b"a%ff%feb",
        b"a%ED%A0%80b",
        b"a%00b",
        b"a%E2%80%AEb",
        quote("a" + "\u0301" * 10_000 + "b").encode(),
        quote("</textarea><script>alert(1)</script>").encode(),
    ],
)
def test_hostile_letters_are_cleaned_and_never_a_fault(make_app: Any, letter: bytes) -> None:
    app = make_app(TESTING=False)
    for error in (BY_STATUS[409](), RuntimeError()):
        answer = send(planted(make_app(TESTING=False), error), b"letter=" + letter)
        assert answer.status in (409, 500)
        assert "to copy" in answer.text
        assert "<script>alert" not in answer.text
        assert "\x00" not in answer.text
        assert "\u202e" not in answer.text
    assert send(planted(app), b"letter=" + letter).status == 200


def test_reading_gives_nothing_back(make_app: Any) -> None:
    answer = ask(make_app(), "/nowhere/?letter=abc")
    assert (answer.status, "to copy" in answer.text) == (404, False)
