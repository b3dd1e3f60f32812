"""Readers say that a comment should not be there."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.moderation import (
    Complaint,
    Move,
    Reason,
    ReportDraft,
    file_report,
    may_take_part,
    record_decision,
)

from .judging import KIND
from .models import Comment, State
from .placing import change_states

REPORTED = Reason("reported", "As many readers as this blog has set have reported it.")


@dataclass(frozen=True)
class Said:
    """What a reader says about a comment; with an email, they are told what came of it."""

    complaint: Complaint
    text: str = ""
    email: str | None = None


def report_comment(comment: Comment, said: Said, ip: str) -> str:
    """Take a report about a shown comment; the reference that the reader is given.

    When as many readers complained as the blog has set, the comment waits for a moderator
    out of sight. Raises `Banned` for somebody who may not take part here.
    """
    comment_id = comment.id
    draft = ReportDraft(
        kind=KIND,
        blog_id=comment.blog_id,
        item_id=comment_id,
        item_uid=comment.uid,
        complaint=said.complaint,
        text=said.text,
        email=said.email,
        ip=ip or None,
    )
    with transaction() as session:
        may_take_part(draft.blog_id, said.email, ip or None)
        filed = file_report(draft)
        if filed.hides:
            _hide(session, comment_id)
        return filed.report.reference


def _hide(session: Session, comment_id: int) -> None:
    """Let a comment wait out of sight, by nobody's decision but the readers'."""
    comment = session.get_one(Comment, comment_id, with_for_update=True)
    if comment.state is not State.SHOWN:
        return
    comment.reasons = [
        *(reason for reason in comment.reasons or () if reason["rule"] != REPORTED.rule),
        REPORTED.as_json(),
    ]
    move = Move(
        kind=KIND,
        blog_id=comment.blog_id,
        item_id=comment.id,
        item_uid=comment.uid,
        from_state=State.SHOWN.value,
        to_state=State.HELD.value,
        rules=(REPORTED.rule,),
    )
    record_decision(move, actor_id=None)
    session.flush()
    change_states(session, {comment_id: State.HELD}, at=clock.now())
