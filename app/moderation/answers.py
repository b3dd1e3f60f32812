"""Telling readers what came of their reports, once that can no longer be undone."""

from datetime import timedelta

import sqlalchemy as sa

from app.blog import Blog
from app.core import clock
from app.core.database import transaction
from app.core.mail import enqueue

from .records import Outcome, Report

#: Later than any moderator can take a decision back.
AFTER = timedelta(minutes=20)
AT_ONCE = 100


def tell_reporters() -> int:
    """Mail those who asked to be told, and forget their addresses; how many were told."""
    with transaction() as session:
        owed = session.execute(
            sa.select(Report, Blog.title)
            .join(Blog, Blog.id == Report.blog_id)
            .where(
                Report.outcome != Outcome.OPEN,
                Report.email.is_not(None),
                Report.decided_at < clock.now() - AFTER,
            )
            .order_by(Report.id)
            .limit(AT_ONCE)
            .with_for_update(of=Report)
        ).all()
        for report, blog in owed:
            enqueue(
                "moderation/report",
                to=(report, "email"),
                blog=blog,
                reference=report.reference,
                is_upheld=report.outcome is Outcome.UPHELD,
            )
            report.email = None
    return len(owed)
