"""The database itself refuses a card without a live grant and a live approval of its text."""

import secrets
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.feedback.cards import published_cards
from tests.factories import make_feedback, make_wording

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]

OTHER = secrets.token_bytes(32)


@pytest.fixture
def wording(inside: None) -> dict[str, Any]:
    """The words of a feedback that nobody has agreed to publish."""
    made = make_wording(make_feedback(text="It just works."))
    return {"feedback_id": made.feedback_id, "text_hash": made.text_hash, "live": True}


@pytest.fixture
def sql(wording: dict[str, Any]) -> Iterator[sa.Connection]:
    """A connection of somebody who writes SQL by hand."""
    with db.engine.begin() as connection:
        yield connection


def insert(sql: sa.Connection, table: str, row: dict[str, Any], **more: Any) -> None:
    values = row | more
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    typed = [
        sa.bindparam(name, type_=sa.DateTime(timezone=True))
        for name in values
        if name.endswith("_at")
    ]
    typed += [sa.bindparam("uid", type_=sa.Uuid())] if "uid" in values else []
    statement = sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})")
    sql.execute(statement.bindparams(*typed), values)


def grant(sql: sa.Connection, row: dict[str, Any], **more: Any) -> None:
    at = clock.now()
    said = {"credit": "anonymous", "credit_line": "Anonymous", "on_home": False, "locale": "en"}
    kept = {"sentence_version": 1, "sentence": "Yes.", "channel": "form", "given_at": at}
    ends = {"ends_at": at + timedelta(days=1), "entry": 1, "mac": bytes(32)}
    uid = {"uid": uuid.uuid4()}
    insert(sql, "feedback_grants", row, **said | kept | ends | uid | more)


def approve(sql: sa.Connection, row: dict[str, Any], **more: Any) -> None:
    made = {"widest": "anonymous", "approved_at": clock.now(), "entry": 1, "mac": bytes(32)}
    uid = {"uid": uuid.uuid4()}
    insert(sql, "feedback_approvals", row, **made | uid | more)


def publish(sql: sa.Connection, row: dict[str, Any], **more: Any) -> None:
    insert(sql, "feedback_cards", row, published_at=clock.now(), **more)


def public() -> int:
    db.session.rollback()
    return len(published_cards())


def test_a_card_without_anything_is_refused(sql: sa.Connection, wording: dict[str, Any]) -> None:
    with pytest.raises(sa.exc.IntegrityError), sql.begin_nested():
        publish(sql, wording)


@pytest.mark.promise("published-with-consent")
def test_a_card_without_a_grant_is_refused(sql: sa.Connection, wording: dict[str, Any]) -> None:
    approve(sql, wording)
    with pytest.raises(sa.exc.IntegrityError), sql.begin_nested():
        publish(sql, wording)


def test_a_card_without_an_approval_is_refused(sql: sa.Connection, wording: dict[str, Any]) -> None:
    grant(sql, wording)
    with pytest.raises(sa.exc.IntegrityError), sql.begin_nested():
        publish(sql, wording)


def test_a_card_of_another_text_is_refused(sql: sa.Connection, wording: dict[str, Any]) -> None:
    grant(sql, wording)
    approve(sql, wording)
    with pytest.raises(sa.exc.IntegrityError), sql.begin_nested():
        publish(sql, wording | {"text_hash": OTHER})


def test_a_grant_that_was_taken_back_carries_no_card(
    sql: sa.Connection, wording: dict[str, Any]
) -> None:
    grant(sql, wording | {"live": None})
    approve(sql, wording)
    with pytest.raises(sa.exc.IntegrityError), sql.begin_nested():
        publish(sql, wording)


def test_a_grant_for_words_that_nobody_wrote_is_refused(
    sql: sa.Connection, wording: dict[str, Any]
) -> None:
    with pytest.raises(sa.exc.IntegrityError), sql.begin_nested():
        grant(sql, wording | {"text_hash": OTHER})


@pytest.mark.parametrize("table", ["grants", "approvals", "cards"])
def test_what_is_live_is_true_or_nothing(
    sql: sa.Connection, wording: dict[str, Any], table: str
) -> None:
    make = {"grants": grant, "approvals": approve, "cards": publish}[table]
    with pytest.raises(sa.exc.IntegrityError), sql.begin_nested():
        make(sql, wording | {"live": False})


@pytest.mark.parametrize("make", [grant, approve])
def test_no_two_rows_about_one_text_are_live(
    sql: sa.Connection, wording: dict[str, Any], make: Any
) -> None:
    make(sql, wording)
    make(sql, wording | {"live": None})
    make(sql, wording | {"live": None})
    with pytest.raises(sa.exc.IntegrityError), sql.begin_nested():
        make(sql, wording)


@pytest.mark.parametrize("table", ["feedback_grants", "feedback_approvals"])
@pytest.mark.parametrize("change", ["UPDATE {} SET live = NULL", "DELETE FROM {}"])
def test_a_card_falls_with_what_it_stands_on(
    wording: dict[str, Any], table: str, change: str
) -> None:
    with db.engine.begin() as sql:
        grant(sql, wording)
        approve(sql, wording)
        publish(sql, wording)
    assert public() == 1
    with db.engine.begin() as sql:
        sql.execute(sa.text(change.format(table)))
    assert public() == 0


def test_deleting_the_feedback_takes_everything_with_it(wording: dict[str, Any]) -> None:
    with db.engine.begin() as sql:
        grant(sql, wording)
        approve(sql, wording)
        publish(sql, wording)
        sql.execute(sa.text("DELETE FROM feedback"))
        for table in ("wordings", "grants", "approvals", "cards"):
            assert sql.scalar(sa.text(f"SELECT count(*) FROM feedback_{table}")) == 0
