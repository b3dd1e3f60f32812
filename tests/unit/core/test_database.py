"""The database: moments are aware, reading cannot write, a transaction is all or nothing."""

import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.database import db, transaction, update_each
from app.core.jobs import JobTurn

pytestmark = pytest.mark.database

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def turns(app: Flask) -> list[JobTurn]:
    """All that is stored, as a later reader sees it."""
    with app.app_context():
        return list(db.session.scalars(sa.select(JobTurn)))


def test_a_moment_comes_back_the_same_and_in_utc(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        there = MOMENT.astimezone(timezone(timedelta(hours=9)))
        session.add(JobTurn(name="a", due_at=there))
    assert [(turn.due_at, turn.due_at.tzinfo) for turn in turns(app)] == [(MOMENT, UTC)]


def store(*turns: JobTurn, fault: type[BaseException] | None = None) -> None:
    """Store turns in one transaction that ends with a fault, if one is given."""
    with transaction() as session:
        session.add_all(turns)
        session.flush()
        if fault:
            raise fault


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    naive = JobTurn(name="a", due_at=MOMENT.replace(tzinfo=None))
    with app.app_context(), pytest.raises(sa.exc.StatementError):
        store(naive)


def test_a_transaction_that_fails_leaves_nothing(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        store(JobTurn(name="a", due_at=MOMENT), fault=KeyboardInterrupt)
    assert turns(app) == []


def test_a_transaction_inside_another_ends_with_it(app: Flask) -> None:
    def outer() -> None:
        with transaction():
            store(JobTurn(name="a", due_at=MOMENT))
            raise RuntimeError

    with app.app_context(), pytest.raises(RuntimeError):
        outer()
    assert turns(app) == []


def test_what_is_read_outside_a_transaction_cannot_be_written(app: Flask) -> None:
    with app.app_context():
        db.session.add(JobTurn(name="a", due_at=MOMENT))
        with pytest.raises(sa.exc.DBAPIError):
            db.session.flush()
        db.session.rollback()
    assert turns(app) == []


def test_a_fault_says_nothing_of_the_values(app: Flask) -> None:
    twice = (JobTurn(name="secretword", due_at=MOMENT) for _number in range(2))
    with app.app_context(), pytest.raises(sa.exc.IntegrityError) as fault:
        store(*twice)
    assert "secretword" not in str(fault.value).split("DETAIL")[0]


def test_a_database_that_somebody_else_writes_for_too_long_is_unavailable(
    make_app: Any, monkeypatch: pytest.MonkeyPatch, on_postgresql: bool
) -> None:
    if on_postgresql:
        pytest.skip("writers do not wait for each other there")
    monkeypatch.setattr("app.core.database.BUSY_TIMEOUT_MS", 50)
    app = make_app()
    with app.app_context():
        file = db.engine.url.database.removeprefix("file:")
        with sqlite3.connect(file, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(sa.exc.OperationalError), transaction() as session:
                session.execute(sa.text("SELECT 1"))
            other.execute("ROLLBACK")
        other.close()
        with transaction() as session:
            session.execute(sa.text("SELECT 1"))


def test_many_rows_get_values_of_their_own_by_one_statement(
    app: Flask, statements: list[str]
) -> None:
    later = MOMENT + timedelta(microseconds=1)
    with app.app_context(), transaction() as session:
        session.add_all(JobTurn(name=name, due_at=MOMENT, started_at=MOMENT) for name in "abc")
        ids = {turn.name: turn.id for turn in session.scalars(sa.select(JobTurn))}
        statements.clear()
        one = {"id": ids["a"], "name": "ß\"'", "due_at": later, "started_at": None}
        other = {"id": ids["b"], "name": None, "due_at": None, "started_at": later}
        update_each(session, JobTurn, [one, other])
        assert len(statements) == 1
    assert sorted((turn.name, turn.due_at, turn.started_at) for turn in turns(app)) == [
        ("b", MOMENT, later),
        ("c", MOMENT, MOMENT),
        ("ß\"'", later, None),
    ]


def test_writers_of_one_process_take_turns(app: Flask) -> None:
    written: list[int] = []

    def write(number: int) -> None:
        with app.app_context(), transaction() as session:
            session.execute(sa.text("SELECT 1"))
            written.append(number)
            time.sleep(0.02)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written) == list(range(40))
