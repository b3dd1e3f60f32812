"""Reports: counted once for each reader, damped for those who report to annoy, and answered."""

import uuid
from typing import Any

import pytest

from app.core.database import transaction
from app.moderation import (
    Complaint,
    Filed,
    Outcome,
    ReportDraft,
    dismiss_reports,
    file_report,
    open_reports,
    reports_of,
)
from app.moderation.models import Rules
from app.moderation.reports import MOST_AN_HOUR
from tests.cast import MIRA
from tests.people import member

pytestmark = pytest.mark.database

ITEM = uuid.UUID(int=7)


def tell(
    blog_id: int, item: uuid.UUID = ITEM, ip: str | None = "203.0.113.7", **more: Any
) -> Filed:
    """A report that a reader sends in."""
    facts = {"kind": "comment", "item_id": 1, "complaint": Complaint.SPAM} | more
    return file_report(ReportDraft(blog_id=blog_id, item_uid=item, ip=ip, **facts))


def test_a_report_has_a_reference_and_is_counted(garden: int) -> None:
    filed = tell(garden, complaint=Complaint.ILLEGAL, text=" It is a forgery. ")
    assert len(filed.report.reference) == 10
    assert filed.count == 1
    assert not filed.hides
    assert [report.text for report in reports_of(ITEM)] == ["It is a forgery."]


def test_the_same_reader_counts_once(garden: int) -> None:
    first = tell(garden)
    assert tell(garden).report.id == first.report.id
    assert tell(garden, ip="203.0.113.8").count == 2
    assert tell(garden, item=uuid.uuid4()).count == 1


def test_at_the_threshold_the_item_waits_out_of_sight(garden: int) -> None:
    with transaction() as session:
        session.add(Rules(blog_id=garden, report_threshold=2))
    assert not tell(garden).hides
    assert tell(garden, ip="203.0.113.8").hides


def test_who_reported_for_nothing_twice_no_longer_counts(garden: int) -> None:
    mira = member(MIRA).id
    for number in (1, 2):
        item = uuid.UUID(int=100 + number)
        assert tell(garden, item=item).count == 1
        assert dismiss_reports(item, blog_id=garden, actor_id=mira) == 1
    third = tell(garden)
    assert third.count == 0
    assert reports_of(ITEM)[0].outcome is Outcome.OPEN
    assert open_reports([ITEM]) == {}
    assert open_reports([ITEM], only_counting=False) == {ITEM: 1}


def test_who_reports_everything_within_an_hour_no_longer_counts(garden: int) -> None:
    counts = [tell(garden, item=uuid.UUID(int=number)).count for number in range(MOST_AN_HOUR + 1)]
    assert counts == [1] * MOST_AN_HOUR + [0]


def test_dismissed_reports_are_answered_once(garden: int) -> None:
    tell(garden)
    mira = member(MIRA).id
    assert dismiss_reports(ITEM, blog_id=garden, actor_id=mira) == 1
    assert dismiss_reports(ITEM, blog_id=garden, actor_id=mira) == 0
    report = reports_of(ITEM)[0]
    assert (report.outcome, report.decided_by) == (Outcome.DISMISSED, mira)
