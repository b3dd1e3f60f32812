"""A full disk, a lock held by another, a database that only reads: the text always comes back."""

import html
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.comments import Comment
from app.core.database import db
from tests.folder import ContentFolder

pytestmark = pytest.mark.sqlite("these are the faults of a file")

TEXT = 'It took me an hour\nto write <this> & "that".'
FIELDS = {"name": "Bo", "email": "bo@example.org", "text": TEXT}
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def site(make_app: Any, content: ContentFolder) -> Flask:
    from app.core.content import sync

    content.post()
    app: Flask = make_app(LIMITED=True, TESTING=False)
    with app.app_context():
        sync()
        # Nobody waits for five seconds in a test.
        sa.event.listen(db.engine, "connect", _impatient)
        db.engine.dispose()
    return app


def _impatient(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout = 100")


@contextmanager
def full_disk() -> Iterator[None]:
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.rollback()
        raw.execute("VACUUM")
    with writing_connections("PRAGMA max_page_count = 1"):
        yield


@contextmanager
def read_only() -> Iterator[None]:
    with writing_connections("PRAGMA query_only = ON"):
        yield


@contextmanager
def writing_connections(pragma: str) -> Iterator[None]:
    """Every connection that writes is opened under a pragma."""

    def set_pragma(connection: Any, _record: Any) -> None:
        connection.execute(pragma)

    engine = db.engine
    sa.event.listen(engine, "connect", set_pragma)
    engine.dispose()
    yield
    sa.event.remove(engine, "connect", set_pragma)
    engine.dispose()


@contextmanager
def locked() -> Iterator[None]:
    with db.engine.connect() as connection:
        connection.execute(sa.text("DELETE FROM job_turns WHERE id = -1"))
        yield


FAULTS = {"full": full_disk, "locked": locked, "read only": read_only}


def say(client: FlaskClient, **fields: str) -> TestResponse:
    page = client.get("/garden/tulips/").text
    stamp = re.search(r'name="stamp"[^>]*value="([^"]+)"', page)
    assert stamp
    fields["stamp"] = stamp[1]
    return client.post("/garden/tulips/comments", data=FIELDS | fields, headers=OURS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_comment_that_cannot_be_stored_comes_back_as_text(site: Flask, fault: str) -> None:
    client = site.test_client()
    with site.app_context(), FAULTS[fault]():
        began = time.monotonic()
        answer = say(client, text=TEXT * 90)
        assert time.monotonic() - began < 3
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert TEXT in html.unescape(answer.text)
        assert ", to copy</label>" in answer.text
        # Readers notice nothing.
        assert client.get("/garden/tulips/").status_code == 200
        db.session.remove()
    with site.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Comment.id))) == 0
    # And it works again, without a restart.
    assert say(client, text="Now it fits.").status_code in (200, 303)


def test_a_lock_held_by_another_is_waited_for_but_not_for_ever(site: Flask) -> None:
    with site.app_context(), locked():
        assert say(site.test_client()).status_code == 503
    answer = say(site.test_client())
    assert answer.status_code in (200, 303)


HOSTILE = (
    b"a%00b",
    b"%ff%fe%fd",
    b"\xff\xfe",
    b"%ED%A0%80%ED%BF%BF",
    b"%E2%80%AE" * 500,
    b"a" + b"%CC%81" * 10_000,
    b"%F4%90%80%80",
    b"%EF%BF%BE%EF%BF%BF",
    b"%0A" * 9_000,
    b"%00" * 5_000,
)


@pytest.mark.parametrize("field", [b"text", b"name", b"email", b"stamp", b"check", b"parent"])
def test_hostile_characters_are_cleaned_or_refused_and_never_a_fault(
    site: Flask, field: bytes
) -> None:
    site.config["LIMITED"] = False
    for hostile in HOSTILE:
        fields = {b"name": b"Bo", b"email": b"bo%40example.org", b"text": b"hello"}
        answer = site.test_client().post(
            "/garden/tulips/comments",
            data=b"&".join(
                name + b"=" + value for name, value in (fields | {field: hostile}).items()
            ),
            headers=OURS | {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code in (200, 303, 400, 422), hostile[:20]
        assert "\x00" not in answer.text
        assert "\u202e" not in answer.text
