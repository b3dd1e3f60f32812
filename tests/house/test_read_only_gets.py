"""Reading changes nothing, and could not if it tried."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core import clock
from app.core.database import Model, db, transaction
from app.core.jobs import JobTurn
from app.core.privacy import AuditLink
from tests.house.doors import CAST, DOORS, Street
from tests.street import ADDRESSES

pytestmark = pytest.mark.database

AUDIT = {"audit_chain", "audit_details"}
HERE = {"REMOTE_ADDR": "127.0.0.1"}


def every_row() -> dict[str, list[Any]]:
    """Every row of every table, by table."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in Model.metadata.sorted_tables
        }


def rows_of(street: Street) -> dict[str, list[Any]]:
    with street.app.app_context():
        return every_row()


def walk(street: Street, who: str) -> None:
    """Read at every door, as one of the cast and in every way that reads."""
    for _endpoint, method, address, *_codes in DOORS:
        if method == "GET":
            for verb in ("GET", "HEAD", "OPTIONS"):
                street.call(who, verb, address)


@pytest.mark.promise("reading-leaves-nothing")
@pytest.mark.parametrize("who", CAST)
def test_no_get_changes_the_database(street: Street, who: str) -> None:
    """What is recorded is that somebody asked for what another blog's readers left."""
    before, count = rows_of(street), recorded(street)
    walk(street, who)
    for address in (*ADDRESSES, "/metrics", "/nowhere/", "/garden/later/"):
        street.app.test_client().get(address, environ_base=HERE, buffered=True)
    after = rows_of(street)
    assert {name for name in after if after[name] != before[name]} <= AUDIT
    assert set(recorded(street)[len(count) :]) <= {"comment.elsewhere", "feedback.elsewhere"}


def recorded(street: Street) -> list[str]:
    """The kinds of all entries of the audit log, in their order."""
    with street.app.app_context():
        return list(db.session.scalars(sa.select(AuditLink.kind).order_by(AuditLink.id)))


def test_the_one_thing_noted_is_that_a_session_is_still_used(street: Street) -> None:
    before = rows_of(street)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        street.call("mira", "GET", "/account/")
        noted = rows_of(street)
        street.call("mira", "GET", "/admin/")
        assert rows_of(street) == noted
    assert {name for name, rows in noted.items() if rows != before[name]} == {"sessions"}


@pytest.mark.promise("reading-leaves-nothing")
@pytest.mark.parametrize(
    "statement",
    [
        sa.insert(JobTurn).values(name="sneaked in", due_at=clock.now(), failures=0),
        sa.delete(JobTurn),
        sa.text("CREATE TABLE sneaked_in (id INTEGER)"),
    ],
)
def test_a_write_on_the_reading_connection_raises(app: Flask, statement: Any) -> None:
    with app.app_context(), pytest.raises(sa.exc.DBAPIError):
        db.session.execute(statement)


def test_a_write_at_flush_raises_too(app: Flask) -> None:
    with app.app_context():
        db.session.add(JobTurn(name="sneaked in", due_at=clock.now()))
        with pytest.raises(sa.exc.DBAPIError):
            db.session.commit()
        db.session.rollback()


def test_a_transaction_may_write_and_the_next_read_may_not(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            session.add(JobTurn(name="allowed", due_at=clock.now()))
        assert db.session.scalar(sa.select(JobTurn.name)) == "allowed"
        with pytest.raises(sa.exc.DBAPIError):
            db.session.execute(sa.delete(JobTurn))


def test_a_failed_transaction_leaves_nothing(app: Flask) -> None:
    def fail() -> None:
        with transaction() as session:
            session.add(JobTurn(name="half", due_at=clock.now()))
            session.flush()
            raise LookupError

    with app.app_context():
        with pytest.raises(LookupError):
            fail()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(JobTurn)) == 0
