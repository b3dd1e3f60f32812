"""Nothing personal is kept longer than its column declares."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts import User
from app.core.database import Model, db, transaction
from app.core.privacy import AuditLink, overdue, seal, sweep

pytestmark = pytest.mark.database

ASKED = datetime(2026, 11, 24, 12, tzinfo=UTC)
PERIOD = timedelta(days=1)


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()


def ask_for_an_address(name: str) -> int:
    """Somebody who asked for another address and did not prove it; the number of their row."""
    with transaction() as session:
        user = User()
        user.rename(name)
        user.email = seal(f"{name}@example.org")
        user.new_email = seal(f"{name}@example.net")
        user.new_email_at = ASKED
        session.add(user)
    return user.id


def kept(user_id: int) -> Any:
    db.session.rollback()
    return db.session.execute(sa.select(User.new_email, User.email).where(User.id == user_id)).one()


@pytest.mark.promise("address-gone-after-period")
@pytest.mark.usefixtures("inside")
def test_a_value_stays_until_the_last_second_of_its_period() -> None:
    bo = ask_for_an_address("bo")
    with time_machine.travel(ASKED + PERIOD - timedelta(seconds=1), tick=False):
        assert sweep() == []
        assert kept(bo).new_email is not None
    with time_machine.travel(ASKED + PERIOD, tick=False):
        assert [due.name for due in sweep()] == ["users.new_email"]
        assert kept(bo).new_email is None


@pytest.mark.usefixtures("inside")
def test_nothing_else_of_the_row_is_touched() -> None:
    bo = ask_for_an_address("bo")
    with time_machine.travel(ASKED + PERIOD, tick=False):
        sweep()
    assert kept(bo).email is not None


@pytest.mark.usefixtures("inside")
def test_what_was_erased_is_on_record_once_and_a_second_run_adds_nothing() -> None:
    ask_for_an_address("bo")
    ask_for_an_address("ada")
    with time_machine.travel(ASKED + PERIOD, tick=False):
        sweep()
        sweep()
    kinds = list(db.session.scalars(sa.select(AuditLink.kind)))
    assert kinds.count("retention") == 1


@pytest.mark.usefixtures("inside")
def test_a_surprising_amount_waits_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.privacy.retention.FEW", 2)
    users = [ask_for_an_address(f"reader{number}") for number in range(3)]
    with time_machine.travel(ASKED + PERIOD, tick=False):
        assert [due.is_surprising for due in sweep()] == [True]
        assert all(kept(user).new_email is not None for user in users)
        sweep(even_if_surprising=True)
        assert all(kept(user).new_email is None for user in users)


@pytest.mark.promise("nothing-past-its-period")
@pytest.mark.usefixtures("inside")
def test_more_than_a_batch_is_erased_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.privacy.retention.BATCH", 2)
    users = [ask_for_an_address(f"reader{number}") for number in range(5)]
    with time_machine.travel(ASKED + PERIOD, tick=False):
        sweep()
        assert [kept(user).new_email for user in users] == [None] * 5


@pytest.mark.promise("nothing-past-its-period")
@pytest.mark.usefixtures("inside")
def test_each_column_tells_how_much_is_held_and_due() -> None:
    ask_for_an_address("bo")
    with time_machine.travel(ASKED + PERIOD, tick=False):
        counts = {due.name: (due.held, due.due) for due in overdue()}
    assert counts["users.new_email"] == (1, 1)


@pytest.mark.usefixtures("inside")
def test_what_is_to_be_emptied_can_be() -> None:
    columns = [due.entry for due in overdue()]
    emptied = [entry for entry in columns if entry.declared.on_expiry == "null"]
    stuck = [
        f"{entry.table}.{entry.column}"
        for entry in emptied
        if not Model.metadata.tables[entry.table].columns[entry.column].nullable
    ]
    assert len(emptied) > 3
    assert stuck == []


def test_the_command_counts_erases_and_asks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.privacy.retention.FEW", 1)
    with app.app_context():
        ask_for_an_address("bo")
        ask_for_an_address("ada")
        db.session.remove()
    runner = app.test_cli_runner()
    with time_machine.travel(ASKED + PERIOD, tick=False):
        counted = runner.invoke(args=["retention", "run", "--dry-run"])
        asked = runner.invoke(args=["retention", "run"])
        told = runner.invoke(args=["retention", "run", "--yes"])
        again = runner.invoke(args=["retention", "run"])
    assert (counted.exit_code, "users.new_email: 2 of 2" in counted.stdout) == (0, True)
    assert (asked.exit_code, "Use --yes" in asked.stderr) == (1, True)
    assert (told.exit_code, again.exit_code, again.output) == (0, 0, "")
