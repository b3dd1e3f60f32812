"""Readers say that a comment should not be there."""

from app.core import clock
from app.core.database import transaction
from app.moderation import Complaint, ReportDraft, file_report, may_take_part

from .judging import KIND
from .models import Comment, State
from .placing import change_states


def report_comment(comment: Comment, complaint: Complaint, text: str, ip: str) -> int:
    """Take a report about a shown comment; its number.

    When as many readers complained as the blog has set, the comment waits for a moderator
    out of sight. Raises `Banned` for somebody who may not take part here.
    """
    comment_id, blog_id, uid = comment.id, comment.blog_id, comment.uid
    with transaction() as session:
        may_take_part(blog_id, None, ip or None)
        filed = file_report(
            ReportDraft(
                kind=KIND,
                blog_id=blog_id,
                item_id=comment_id,
                item_uid=uid,
                complaint=complaint,
                text=text,
                ip=ip or None,
            )
        )
        if filed.hides:
            change_states(session, {comment_id: State.HELD}, at=clock.now())
        return filed.report.id
