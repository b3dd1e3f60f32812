"""A look at an email or an address: by few, for a reason, on record, and once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from app.core.database import db
from app.core.privacy import AuditDetail, AuditLink
from tests.cast import GARDEN
from tests.factories import make_comment
from tests.mailbox import Mailbox, text_of
from tests.people import make_member, sign_in, token_in
from tests.unit.comments.desk.conftest import LIST

pytestmark = pytest.mark.database


@pytest.fixture
def said(blogs: Flask) -> int:
    """A comment that waits, by Bo."""
    with blogs.app_context():
        return make_comment(state=State.HELD, email="bo@example.org", ip="203.0.113.7").id


def look(
    client: FlaskClient, said: int, field: str, reason: str = "moderation", **sent: str
) -> Any:
    """Press the button beside a mask."""
    page = client.get(f"{LIST}{said}/")
    data = {"csrf_token": token_in(page), "field": field, "reason": reason} | sent
    return client.post(f"{LIST}{said}/", data=data)


def looks(app: Flask) -> list[tuple[str, str | None]]:
    """The looks on record: field and reason."""
    with app.app_context():
        query = (
            sa.select(AuditDetail.field, AuditDetail.reason)
            .join(AuditLink, AuditLink.id == AuditDetail.id)
            .where(AuditLink.kind == "look")
            .order_by(AuditLink.id)
        )
        return [(row.field, row.reason) for row in db.session.execute(query)]


@pytest.mark.parametrize(
    ("field", "value", "hidden"),
    [("email", "bo@example.org", "203.0.113.7"), ("ip", "203.0.113.7", "bo@example.org")],
)
def test_one_click_shows_one_value_and_says_its_record(
    blogs: Flask, mira: FlaskClient, said: int, field: str, value: str, hidden: str
) -> None:
    answer = look(mira, said, field)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert value in answer.text
    assert hidden not in answer.text
    number = re.search(r"recorded as #(\d+)", answer.text)
    assert number
    assert looks(blogs) == [(f"comment.{field}", "moderation")]
    assert f"#{number[1]}" in mira.get(f"{LIST}{said}/").text


def test_loading_the_page_again_covers_it(mira: FlaskClient, said: int) -> None:
    look(mira, said, "email")
    page = mira.get(f"{LIST}{said}/").text
    assert "bo@example.org" not in page
    assert "b•••@e•••.org" in page
    assert "mira saw the email" in page


@pytest.mark.parametrize(
    ("field", "reason", "note"),
    [("email", "curious", ""), ("email", "", ""), ("email", "other", " "), ("text", "spam", "")],
)
def test_without_a_reason_nothing_is_opened(
    blogs: Flask, mira: FlaskClient, said: int, field: str, reason: str, note: str
) -> None:
    answer = look(mira, said, field, reason, note=note)
    assert answer.status_code == 422
    assert "bo@example.org" not in answer.text
    assert looks(blogs) == []


def test_a_reason_of_ones_own_is_kept_in_words(blogs: Flask, mira: FlaskClient, said: int) -> None:
    look(mira, said, "ip", "other", note="police report 7")
    assert looks(blogs) == [("comment.ip", "other: police report 7")]


def test_who_may_not_look_yet_is_led_to_what_is_missing(blogs: Flask, said: int) -> None:
    with blogs.app_context():
        make_member("nia", role="administrator", blog=GARDEN)
    nia = sign_in(blogs, "nia")
    answer = look(nia, said, "email")
    assert answer.status_code == 303
    assert answer.location == f"/account/first-look/?next={LIST}{said}/"
    assert looks(blogs) == []


def test_a_sign_in_of_yesterday_is_not_enough(
    blogs: Flask, mira: FlaskClient, said: int, later: Callable[[int], None]
) -> None:
    blogs.config["RECENT_SIGN_IN_HOURS"] = 1
    later(2 * 3600)
    answer = look(mira, said, "email")
    assert answer.status_code == 303
    assert looks(blogs) == []


def test_a_moderator_has_no_button_and_no_way_around_it(
    blogs: Flask, max_: FlaskClient, said: int
) -> None:
    page = max_.get(f"{LIST}{said}/").text
    assert "Reveal" not in page
    assert "203.0" not in page
    assert look(max_, said, "ip").status_code == 404
    assert look(max_, said, "email").status_code == 404
    assert looks(blogs) == []


def test_a_look_without_the_token_of_the_session_is_none(
    blogs: Flask, mira: FlaskClient, said: int
) -> None:
    answer = mira.post(f"{LIST}{said}/", data={"field": "email", "reason": "spam"})
    assert answer.status_code == 422
    assert "bo@example.org" not in answer.text
    assert looks(blogs) == []


def test_what_is_erased_cannot_be_asked_for(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        number = make_comment(email=None, ip=None).id
    page = mira.get(f"{LIST}{number}/").text
    assert "none kept" in page
    assert "Reveal" not in page


def test_many_looks_in_a_day_are_told_once_to_those_who_share_the_duty(
    blogs: Flask, mira: FlaskClient, said: int, outbox: Mailbox
) -> None:
    blogs.config["LOOKS_A_DAY"] = 2
    with blogs.app_context():
        make_member("nia", role="administrator", blog=GARDEN)
    for _again in range(5):
        assert look(mira, said, "email").status_code == 200
    letters = [letter for letter in outbox if "looked more than" in letter["Subject"]]
    assert sorted(letter["To"] for letter in letters) == ["nia@example.org", "otto@example.org"]
    assert "mira has looked at more than 2" in " ".join(text_of(letters[0]).split())
    assert "bo@example.org" not in letters[0].as_string()
