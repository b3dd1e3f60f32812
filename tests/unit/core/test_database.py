"""The database: moments are aware, reading cannot write, a transaction is all or nothing."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.database import db, transaction
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
