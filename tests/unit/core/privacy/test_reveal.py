"""A look: only for administrators who promised, recorded before it happens, whatever follows."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts import User
from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Forbidden, Unacceptable
from app.core.privacy import (
    REASONS,
    Look,
    LookRefused,
    Need,
    Tampered,
    Unreadable,
    count_entries,
    entries,
    reveal,
)
from app.core.privacy import reveal as reveal_itself
from app.core.privacy.audit import AuditDetail, AuditLink

from .conftest import comment

pytestmark = pytest.mark.database


@pytest.fixture
def row(leave: Any) -> Any:
    """A comment with an email and an address."""
    return comment(leave())


def test_an_administrator_sees_what_was_sealed(row: Any, mira: Any) -> None:
    assert reveal(row, "author_email", mira, "moderation").value == "bo@example.org"
    assert reveal(row, "author_ip", mira, "abuse").value == "203.0.113.9"


def test_a_look_is_on_record_with_all_that_matters_and_not_the_value(row: Any, mira: Any) -> None:
    seen = reveal(row, "author_email", mira, "other", note="  he asked\n for it ")
    (entry,) = entries()
    assert (entry.number, entry.kind, entry.field) == (seen.number, "look", "comment.email")
    assert (entry.actor_id, entry.blog_id, entry.subject_uid) == (mira.id, row.blog_id, row.uid)
    assert entry.reason == "other: he asked for it"
    assert "bo@example.org" not in repr(entry)
    assert db.session.get_one(Look, seen.number).agreement_id == mira.agreement_id


def test_a_revealed_value_is_not_printed_by_accident(row: Any, mira: Any) -> None:
    assert "bo@example.org" not in repr(reveal(row, "author_email", mira, "spam"))


@pytest.mark.parametrize("reason", REASONS)
def test_every_listed_reason_is_taken(row: Any, mira: Any, reason: str) -> None:
    assert reveal(row, "author_email", mira, reason, note="because").value


@pytest.mark.parametrize(
    ("reason", "note"),
    [("", ""), ("curiosity", ""), ("other", ""), ("other", "  \n"), ("spam", "x" * 201)],
)
def test_without_a_reason_nothing_is_opened(row: Any, mira: Any, reason: str, note: str) -> None:
    with pytest.raises(Unacceptable):
        reveal(row, "author_email", mira, reason, note)
    assert count_entries() == 0


@pytest.mark.promise("own-blog-only")
@pytest.mark.parametrize(
    ("changed", "need"),
    [
        ({"blog_id": 99}, Need.ROLE),
        ({"agreement_id": None}, Need.AGREEMENT),
        ({"has_second_factor": False}, Need.SECOND_FACTOR),
        ({"signed_in_at": clock.now() - timedelta(hours=12, minutes=1)}, Need.RECENT_SIGN_IN),
    ],
)
def test_whoever_may_not_look_is_told_why_and_put_on_record(
    row: Any, mira: Any, changed: dict[str, Any], need: Need
) -> None:
    with pytest.raises(LookRefused) as refusal:
        reveal(row, "author_email", replace(mira, **changed), "moderation")
    assert refusal.value.need is need
    assert isinstance(refusal.value, Forbidden)
    (entry,) = entries()
    assert (entry.kind, entry.actor_id, entry.facts) == ("look.refused", mira.id, {"need": need})


@pytest.mark.promise("own-blog-only")
def test_the_owner_of_the_site_is_no_administrator_of_its_blogs(row: Any, mira: Any) -> None:
    with pytest.raises(LookRefused):
        reveal(row, "author_email", replace(mira, is_owner=True, blog_id=99), "moderation")


def test_a_second_factor_may_be_waived_by_setting(row: Any, mira: Any, app: Any) -> None:
    app.config["REQUIRE_SECOND_FACTOR"] = False
    assert reveal(row, "author_email", replace(mira, has_second_factor=False), "spam").value


def test_what_is_not_for_administrators_is_not_revealed_to_any(mira: Any) -> None:
    account = db.session.get_one(User, mira.id)
    account.blog_id = mira.blog_id  # type: ignore[attr-defined]
    with pytest.raises(LookRefused):
        reveal(account, "email", mira, "moderation")


def test_a_look_at_nothing_is_no_look(leave: Any, mira: Any) -> None:
    with pytest.raises(Unreadable):
        reveal(comment(leave(email=None)), "author_email", mira, "moderation")
    assert count_entries() == 0


def test_a_look_inside_a_transaction_is_refused(row: Any, mira: Any) -> None:
    with transaction(), pytest.raises(RuntimeError, match="inside a transaction"):
        reveal(row, "author_email", mira, "moderation")
    assert count_entries() == 0


def test_without_a_record_there_is_no_value(
    row: Any, mira: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    module = __import__("sys").modules[reveal_itself.__module__]
    monkeypatch.setattr(module, "open_sealed", lambda *given: opened.append(given))

    def full(*_: Any, **__: Any) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(module, "record", full)
    with pytest.raises(OSError, match="No space"):
        reveal(row, "author_email", mira, "moderation")
    assert opened == []


@pytest.mark.promise("look-is-recorded")
def test_the_record_is_there_before_the_value_is_opened(
    row: Any, mira: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = __import__("sys").modules[reveal_itself.__module__]
    seen_elsewhere: list[int] = []

    def look_from_elsewhere() -> None:
        with app.app_context():
            seen_elsewhere.append(count_entries(kinds=("look",)))
            db.session.remove()

    def open_late(*_: Any) -> str:
        other = threading.Thread(target=look_from_elsewhere)
        other.start()
        other.join()
        return "value"

    monkeypatch.setattr(module, "open_sealed", open_late)
    reveal(row, "author_email", mira, "moderation")
    assert seen_elsewhere == [1]


def test_the_record_survives_what_fails_afterwards(row: Any, mira: Any) -> None:
    table, row_id = type(row).__table__, row.id
    with transaction() as session:
        other = sa.select(table.c.author_ip).where(table.c.id == row_id).scalar_subquery()
        session.execute(sa.update(table).where(table.c.id == row_id).values(author_email=other))
    with pytest.raises(Tampered):
        reveal(comment(row_id), "author_email", mira, "moderation")
    assert count_entries(kinds=("look",)) == 1


@pytest.mark.promise("look-is-recorded")
def test_a_look_without_a_promise_cannot_even_be_stored(mira: Any) -> None:
    before = {
        "at": clock.now(),
        "kind": "look",
        "key_id": 1,
        "detail_until": clock.now(),
        "commitment": b"c" * 32,
        "mac": b"m" * 32,
    }
    for refused in _ways_around(before):
        with pytest.raises(sa.exc.DBAPIError), transaction() as session:
            refused(session)


def _ways_around(link: dict[str, Any]) -> Iterator[Any]:
    def no_look(session: Any) -> None:
        session.execute(sa.insert(AuditLink).values(id=1, **link))
        session.execute(sa.insert(AuditDetail).values(id=1, salt=b"s" * 32))

    def no_agreement(session: Any) -> None:
        session.execute(sa.insert(AuditLink).values(id=1, **link))
        session.execute(sa.text("INSERT INTO looks (id, agreement_id) VALUES (1, NULL)"))

    def unknown_agreement(session: Any) -> None:
        session.execute(sa.insert(AuditLink).values(id=1, **link))
        session.execute(sa.insert(Look).values(id=1, agreement_id=999_999))

    yield from (no_look, no_agreement, unknown_agreement)
