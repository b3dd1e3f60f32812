"""Decisions: every one on record, ten thousand as cheap as one, and each act can be undone."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.database import db
from app.core.errors import Missing
from app.core.privacy.audit import AuditDetail
from app.moderation import (
    Complaint,
    Decision,
    Move,
    Outcome,
    ReportDraft,
    file_report,
    record_decision,
    record_decisions,
    reports_of,
    undo,
)
from tests.cast import MIRA
from tests.people import member

pytestmark = pytest.mark.database


def moves(blog_id: int, number: int = 1, **more: Any) -> list[Move]:
    """Items that go from the queue to where spam is."""
    way = {"from_state": "held", "to_state": "spam", "kind": "comment"} | more
    return [
        Move(blog_id=blog_id, item_id=item, item_uid=uuid.UUID(int=item), **way)
        for item in range(1, number + 1)
    ]


def decided(batch: uuid.UUID) -> Sequence[Decision]:
    """What one act wrote down."""
    return db.session.scalars(sa.select(Decision).where(Decision.batch == batch)).all()


def test_a_decision_says_who_moved_what_from_where_to_where(garden: int) -> None:
    mira = member(MIRA).id
    move = moves(garden, rules=("first", "links"), waited=timedelta(minutes=3))[0]
    batch = record_decision(move, actor_id=mira, reason="spam")
    (row,) = decided(batch)
    assert (row.actor_id, row.from_state, row.to_state) == (mira, "held", "spam")
    assert (row.rules, row.waited, row.reason) == (["first", "links"], 180, "spam")
    assert row.undone_at is None


def test_each_act_is_one_entry_of_the_audit_for_each_blog(garden: int, workshop: int) -> None:
    record_decisions([*moves(garden, 3), *moves(workshop, 2)], actor_id=member(MIRA).id)
    rows = db.session.scalars(sa.select(AuditDetail).order_by(AuditDetail.id)).all()
    facts = {row.blog_id: row.facts for row in rows if row.facts}
    assert facts == {garden: {"held-spam": 3}, workshop: {"held-spam": 2}}


def test_ten_thousand_decisions_take_no_more_statements_than_one(
    garden: int, statements: list[str]
) -> None:
    mira = member(MIRA).id
    taken = []
    for number in (1, 10_000):
        statements.clear()
        batch = record_decisions(moves(garden, number), actor_id=mira)
        taken.append(len(statements))
        statements.clear()
        assert len(undo(batch, blogs=frozenset({garden}), actor_id=mira)) == number
        taken.append(len(statements))
    assert taken[0] == taken[2] <= 5
    assert taken[1] == taken[3] <= 7


def test_undoing_gives_back_exactly_what_was(garden: int) -> None:
    mira = member(MIRA).id
    before = {"decided_at": None, "revision": 4}
    act = moves(garden, 2, before=before, from_state="shown")
    batch = record_decisions(act, actor_id=mira)
    back = undo(batch, blogs=frozenset({garden}), actor_id=mira)
    assert [(move.item_id, move.from_state, move.before) for move in back] == [
        (1, "shown", before), (2, "shown", before)
    ]  # fmt: skip
    assert all(row.undone_at and row.undone_by == mira for row in decided(batch))


def test_an_act_is_undone_once(garden: int) -> None:
    mira = member(MIRA).id
    batch = record_decisions(moves(garden), actor_id=mira)
    assert undo(batch, blogs=frozenset({garden}), actor_id=mira)
    assert undo(batch, blogs=frozenset({garden}), actor_id=mira) == []


def test_what_touched_a_blog_that_is_not_yours_cannot_be_undone(garden: int, workshop: int) -> None:
    batch = record_decisions([*moves(garden), *moves(workshop)], actor_id=member(MIRA).id)
    for blogs in (frozenset({garden}), frozenset[int]()):
        with pytest.raises(Missing):
            undo(batch, blogs=blogs, actor_id=member(MIRA).id)
    with pytest.raises(Missing):
        undo(uuid.uuid4(), blogs=frozenset({garden}), actor_id=member(MIRA).id)


def test_nothing_decided_is_nothing_written(garden: int) -> None:
    assert decided(record_decisions([], actor_id=member(MIRA).id)) == []


def test_removing_what_was_reported_upholds_the_report_and_undoing_reopens_it(garden: int) -> None:
    mira, item = member(MIRA).id, uuid.UUID(int=1)
    file_report(
        ReportDraft(
            kind="comment", blog_id=garden, item_id=1, item_uid=item, complaint=Complaint.ABUSE
        )
    )
    batch = record_decisions(moves(garden, from_state="shown"), actor_id=mira)
    assert [report.outcome for report in reports_of(item)] == [Outcome.UPHELD]
    undo(batch, blogs=frozenset({garden}), actor_id=mira)
    db.session.expire_all()
    assert [report.outcome for report in reports_of(item)] == [Outcome.OPEN]
