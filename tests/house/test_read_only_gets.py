"""Reading changes nothing, and could not if it tried."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.database import Model, db, transaction
from app.core.jobs import JobTurn
from tests.folder import ContentFolder
from tests.street import ADDRESSES, build_street

pytestmark = pytest.mark.database

HERE = {"REMOTE_ADDR": "127.0.0.1"}


def every_row() -> dict[str, list[Any]]:
    """Every row of every table, by table."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in Model.metadata.sorted_tables
        }


def test_no_get_changes_the_database(app: Flask, content: ContentFolder, read: Any) -> None:
    build_street(content)
    read()
    with app.app_context():
        before = every_row()
    for method in ("GET", "HEAD", "OPTIONS"):
        for address in (*ADDRESSES, "/metrics", "/nowhere/", "/garden/later/"):
            app.test_client().open(address, method=method, buffered=True)
    with app.app_context():
        assert every_row() == before


def test_every_rule_that_can_be_read_is_walked(
    app: Flask, content: ContentFolder, read: Any
) -> None:
    build_street(content)
    read()
    walked = set()
    for address in (*ADDRESSES, "/metrics", "/media/none.webp"):
        with app.test_request_context(address, environ_base=HERE) as context:
            app.preprocess_request()
            assert context.request.url_rule
            walked.add(context.request.url_rule.rule)
    assert walked == {rule.rule for rule in app.url_map.iter_rules()}


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
