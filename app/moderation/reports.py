"""Reports: a reader says what is wrong, and somebody decides. Few people cannot hide much."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import matches, record, seal

from .records import Complaint, Outcome, Report
from .rulebook import rules_of

#: After so many reports came to nothing, further ones from there are read and do not count.
DISMISSED_BEFORE = 2
#: More than this in an hour from one address is no reading.
MOST_AN_HOUR = 5


@dataclass(frozen=True, kw_only=True)
class ReportDraft:
    """What a reader sent in about an item."""

    kind: str
    blog_id: int
    item_id: int
    item_uid: uuid.UUID
    complaint: Complaint
    text: str = ""
    email: str | None = None
    ip: str | None = None


@dataclass(frozen=True)
class Filed:
    """A report that was taken, and what follows from the number of them."""

    report: Report
    #: Reports about the item that count and wait.
    count: int
    #: Whether the blog's threshold is reached: the item waits for a decision, out of sight.
    hides: bool


def file_report(draft: ReportDraft) -> Filed:
    """Take a report. A second one about the same item from the same address is the first one."""
    with transaction() as session:
        report = _same(draft)
        if report is None:
            report = Report(
                blog_id=draft.blog_id,
                kind=draft.kind,
                item_id=draft.item_id,
                item_uid=draft.item_uid,
                complaint=draft.complaint,
                text=draft.text.strip(),
                counts=_is_credible(draft.ip),
                email=seal(draft.email) if draft.email else None,
                ip=seal(draft.ip) if draft.ip else None,
            )
            session.add(report)
            session.flush()
        count = open_reports([draft.item_uid]).get(draft.item_uid, 0)
        threshold = rules_of(draft.blog_id).report_threshold
    return Filed(report, count, hides=0 < threshold <= count)


def open_reports(
    item_uids: Iterable[uuid.UUID], *, only_counting: bool = True
) -> dict[uuid.UUID, int]:
    """How many reports wait for an answer, for each item that has any."""
    waiting = (
        sa.select(Report.item_uid, sa.func.count())
        .where(Report.item_uid.in_(list(item_uids)), Report.outcome == Outcome.OPEN)
        .group_by(Report.item_uid)
    )
    if only_counting:
        waiting = waiting.where(Report.counts)
    return dict(db.session.execute(waiting).all())


def reports_of(item_uid: uuid.UUID) -> list[Report]:
    """Every report about an item, the oldest first."""
    found = sa.select(Report).where(Report.item_uid == item_uid).order_by(Report.id)
    return list(db.session.scalars(found))


def dismiss_reports(item_uid: uuid.UUID, *, blog_id: int, actor_id: int) -> int:
    """Answer an item's open reports with "it stays"; how many there were."""
    with transaction() as session:
        number = close_reports([item_uid], Outcome.DISMISSED, actor_id=actor_id)
        if number:
            record(
                "report.dismiss",
                session,
                actor_id=actor_id,
                blog_id=blog_id,
                subject_uid=item_uid,
                facts={"reports": number},
            )
    return number


def close_reports(
    item_uids: Iterable[uuid.UUID] | sa.Select, outcome: Outcome, *, actor_id: int | None
) -> int:
    """Close every open report about some items; how many there were."""
    among = item_uids if isinstance(item_uids, sa.Select) else list(item_uids)
    with transaction() as session:
        closed: Any = session.execute(
            sa.update(Report)
            .where(Report.item_uid.in_(among), Report.outcome == Outcome.OPEN)
            .values(outcome=outcome, decided_at=clock.now(), decided_by=actor_id)
        )
    return int(closed.rowcount)


def _same(draft: ReportDraft) -> Report | None:
    if not draft.ip:
        return None
    return db.session.scalar(
        sa.select(Report).where(Report.item_uid == draft.item_uid, matches(Report.ip, draft.ip))
    )


def _is_credible(ip: str | None) -> bool:
    if not ip:
        return True
    hour = clock.now() - timedelta(hours=1)
    upheld, dismissed, lately = db.session.execute(
        sa.select(
            sa.func.count().filter(Report.outcome == Outcome.UPHELD),
            sa.func.count().filter(Report.outcome == Outcome.DISMISSED),
            sa.func.count().filter(Report.created_at > hour),
        ).where(matches(Report.ip, ip))
    ).one()
    return lately < MOST_AN_HOUR and not dismissed >= max(DISMISSED_BEFORE, upheld + 1)
