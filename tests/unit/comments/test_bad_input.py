"""Whatever arrives in a field: cleaned or refused in words, given back, never a fault."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.comments import Comment
from tests.unit.comments.conftest import OURS, REMARK, TULIPS

pytestmark = pytest.mark.database

Say = Callable[..., Any]
Only = Callable[[], Comment]
FIELDS = ("name", "email", "text", "wants_replies", "parent", "stamp", "check", "subject")
HOSTILE = {
    "nothing": b"",
    "blanks": b" \t\r\n ",
    "NUL": b"a\x00b",
    "not UTF-8": b"\xff\xfe\x80",
    "surrogate": b"\xed\xa0\x80",
    "turned around": "a\u202eb\u2066c".encode(),
    "marks": ("e" + "\u0301" * 10_000).encode(),
    "invisible": "\u200b\u200d\ufeff".encode(),
    "long": b"x" * 20_000,
    "huge number": b"9" * 100,
    "header": b"a\r\nSet-Cookie: x=1",
    "script": b'"><script>alert(1)</script>',
    "template": b"{{ 7 * 7 }}${7*7}<%= 7 %>",
    "percent": b"%s%n%00",
    "brackets": b"[" * 5_000,
}


def send(client: FlaskClient, fields: dict[str, bytes]) -> Any:
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields.items())
    form = "application/x-www-form-urlencoded"
    return client.post(f"{TULIPS}comments", data=body, content_type=form, headers=OURS)


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_brings_the_page_down(client: FlaskClient, stamp: Any, field: str) -> None:
    good = {name: value.encode() for name, value in REMARK.items()} | {"stamp": stamp().encode()}
    for name, value in HOSTILE.items():
        for more in ({}, {"preview": b"1"}):
            answer = send(client, good | {field: value} | more)
            assert answer.status_code in (200, 303, 400, 409, 413, 422), name
            assert "<script>" not in answer.text, name
            assert "Set-Cookie" not in answer.headers, name
            assert "49" not in answer.text.partition("<form")[0][-50:], name


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Write the name to show over your comment."),
        ("name", "\u200b", "Write the name to show over your comment."),
        ("name", "x" * 81, "A name has at most 80 characters."),
        ("email", "", "Write your email address."),
        ("email", "bo", "That is no email address."),
        ("email", "bo@example.org\nBcc: all@example.org", "That is no email address."),
        ("email", f"{'b' * 250}@example.org", "That is longer than any email address."),
        ("text", "", "Write your comment."),
        ("text", " \n\u200b ", "Write your comment."),
        ("text", "x" * 5_001, "A comment has at most 5,000 characters."),
    ],
)
def test_a_mistake_is_named_first_and_at_its_field(
    say: Say, comments: Any, field: str, value: str, words: str
) -> None:
    answer = say(**{field: value})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert f'<a href="#comment-{field}">{words}' in answer.text
    assert f'id="comment-{field}-error">{words}' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "snow" in answer.text or field == "text"
    assert comments() == []


def test_a_text_of_the_longest_length_is_taken(say: Say, only_comment: Only) -> None:
    say(text="x" * 5_000)
    assert len(only_comment().text) == 5_000


def test_line_breaks_count_once(say: Say, only_comment: Only) -> None:
    say(text="a\r\nb" + "x" * 4_997)
    assert only_comment().text.startswith("a\nb")


def test_harmful_characters_are_taken_out(say: Say, only_comment: Only) -> None:
    say(name="B\u202eo", text="turned \u202e\u2066 around\x00")
    comment = only_comment()
    assert (comment.author_name, comment.text) == ("Bo", "turned  around")


def test_an_email_may_be_left_out_where_the_site_says_so(make_app: Any, content: Any) -> None:
    from app.core.content import sync

    content.post("tulips")
    app: Flask = make_app(COMMENT_EMAIL="optional")
    with app.app_context():
        sync()
    client = app.test_client()
    page = client.get(TULIPS).text
    assert '>Your email <span class="field__optional">(optional)' in page
    sent = REMARK | {"email": "", "wants_replies": "y", "preview": "1"}
    assert client.post(f"{TULIPS}comments", data=sent, headers=OURS).status_code == 200


def test_every_field_has_its_label_hint_and_purpose(client: FlaskClient, tulips: str) -> None:
    page = client.get(tulips).text
    for field in ("name", "email", "text"):
        assert f'<label class="label" for="comment-{field}">' in page
        assert f'aria-describedby="comment-{field}-hint"' in page
    assert 'autocomplete="name"' in page
    assert 'autocomplete="email"' in page
    assert "At most 5,000 characters." in page
    assert "Seen by the administrators of this blog only, for 365 days" in page
    assert 'name="wants_replies" type="checkbox" value="y">' in page


@pytest.mark.parametrize("length", ["2000000000", "-1", "x"])
def test_a_body_no_browser_sends_is_refused(client: FlaskClient, tulips: str, length: str) -> None:
    environ = {"CONTENT_LENGTH": length}
    answer = client.post(f"{tulips}comments", headers=OURS, environ_overrides=environ)
    assert answer.status_code in (400, 413)


def test_a_chunked_body_and_ten_thousand_fields_are_refused(
    client: FlaskClient, tulips: str
) -> None:
    chunked = OURS | {"Transfer-Encoding": "chunked"}
    assert client.post(f"{tulips}comments", headers=chunked).status_code == 411
    body = "&".join(f"f{number}=1" for number in range(10_000))
    form = "application/x-www-form-urlencoded"
    answer = client.post(f"{tulips}comments", data=body, content_type=form, headers=OURS)
    assert answer.status_code == 413


def test_a_database_that_is_away_gives_the_text_back(
    say: Say, comments: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr("app.comments.posting.change_states", locked)
    monkeypatch.setattr("app.comments.posting.remember", locked)
    answer = say(text="Typed with *care*.")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) <= 60
    assert "Typed with *care*." in answer.text
    assert comments() == []
