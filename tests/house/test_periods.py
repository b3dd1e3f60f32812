"""Every period that a column declares is kept to the second; what has none says what ends it."""

import importlib
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import Model, db, transaction
from app.core.privacy import inventory, overdue, record, sweep
from app.core.privacy.columns import Entry
from app.core.privacy.periods import holds, table_of, timed
from tests.planting import plant, something_for

pytestmark = pytest.mark.database

#: Of columns without a period: each event that is said to end them, and what does it then.
ENDS = {
    "the author's file is removed": "app.blog.services:remove_author",
    "the account is closed": "app.accounts.closing:close_account",
    "the app is removed or the account is closed": "app.accounts.second_factor:remove_app",
    "the session ends": "app.accounts.tidying:forget_sessions",
    "the last look made under your promise is forgotten": "app.accounts.unused:forget_promises",
    "they want it again, or leave the blog": "app.desk.leaving:forget_choices",
    "its author or an administrator removes it": "app.comments.editing:remove_comment",
    "the change is decided on": "app.comments.desk.edits:settled_edits",
    "the choice is taken back": "app.comments.letters.telling:stop_replies",
    "the comment is removed": "app.comments.editing:remove_comment",
    "the comment is published or erased": "app.moderation.sorting:forget_lost",
    "the feedback it belongs to is deleted": "app.feedback.erasing:erase_feedback",
    "you take it back, or agreeing to it has ended and the rest is deleted": (
        "app.feedback.erasing:erase_feedback"
    ),
}


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context(), time_machine.travel(clock.now(), tick=False):
        yield
        db.session.remove()


def plant_pair(session: Session, entry: Entry) -> tuple[int, int]:
    """Rows whose value has one second left, and none."""
    period = entry.declared.period()
    assert period is not None
    ends = clock.now() - period
    return plant_at(session, entry, ends + timedelta(seconds=1)), plant_at(session, entry, ends)


def plant_at(session: Session, entry: Entry, begun: datetime) -> int:
    """A row with something in the column, whose period began at that moment."""
    table = table_of(entry)
    if entry.declared.ends:
        return record_at(session, entry, begun)
    given = {entry.column: something_for(table.columns[entry.column])}
    return plant(session, table, **given | {entry.declared.clock: begun})


def record_at(session: Session, entry: Entry, at: datetime) -> int:
    """An entry of the audit log from then: its link, promise and detail are one statement."""
    promise = plant(session, Model.metadata.tables["acceptances"])
    with time_machine.travel(at, tick=False):
        return record(
            "look",
            session,
            actor_id=1,
            subject_uid=uuid.uuid4(),
            reason="moderating this comment",
            facts={"count": 1},
            agreement_id=promise,
        )


def holding(session: Session, entry: Entry, number: int) -> bool:
    """Whether there is still something in the column of a row."""
    table = table_of(entry)
    key = table.primary_key.columns[0]
    there = sa.select(sa.func.count()).select_from(table).where(key == number, holds(entry))
    return bool(session.scalar(there))


def mechanism(name: str) -> Any:
    module, function = name.split(":")
    return getattr(importlib.import_module(module), function, None)


@pytest.mark.usefixtures("inside")
@pytest.mark.promise("nothing-past-its-period")
def test_every_timed_value_is_there_a_second_before_its_end_and_gone_at_it() -> None:
    with transaction() as session:
        planted = {entry: plant_pair(session, entry) for entry in timed()}
    assert len(planted) > 25
    before = {due.name: due.due for due in overdue()}
    sweep(even_if_surprising=True)
    db.session.rollback()
    names = {entry: f"{entry.table}.{entry.column}" for entry in planted}
    assert [names[entry] for entry in planted if not before[names[entry]]] == []
    kept = [names[e] for e, (_young, old) in planted.items() if holding(db.session, e, old)]
    lost = [names[e] for e, (young, _old) in planted.items() if not holding(db.session, e, young)]
    assert (kept, lost) == ([], [])
    assert [due.name for due in overdue() if due.due] == []


def test_a_column_that_is_kept_has_no_period_that_would_say_otherwise() -> None:
    wrong = [
        f"{entry.table}.{entry.column}"
        for entry in inventory()
        if entry.declared.keep is not None and entry.declared.on_expiry == "keep"
    ]
    assert wrong == []


def test_every_column_without_a_period_says_what_ends_it_and_something_does() -> None:
    said = {entry.declared.until for entry in inventory() if entry.declared.keep is None}
    assert said == ENDS.keys()
    assert [name for name in ENDS.values() if not callable(mechanism(name))] == []
